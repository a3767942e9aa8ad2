"""What currencies bring: their exchange rates."""

from cardwright.currencies import api
from cardwright.features.declaration import Feature

FEATURE = Feature(operations=api.OPERATIONS)

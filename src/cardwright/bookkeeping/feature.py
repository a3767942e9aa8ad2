"""What bookkeeping brings."""

from cardwright.bookkeeping import api
from cardwright.features.declaration import Feature

FEATURE = Feature(operations=api.OPERATIONS)

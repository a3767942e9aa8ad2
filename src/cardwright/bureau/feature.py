"""What the card bureau brings."""

from cardwright.bureau import api
from cardwright.features.declaration import Feature

FEATURE = Feature(operations=api.OPERATIONS)

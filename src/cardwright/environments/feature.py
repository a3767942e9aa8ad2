"""What environments bring."""

from cardwright.environments import api, flows
from cardwright.features.declaration import Feature

FEATURE = Feature(operations=api.OPERATIONS, deadlines=flows.HANDLERS)

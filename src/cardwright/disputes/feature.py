"""What disputes bring."""

from cardwright.disputes import api, flows
from cardwright.features.declaration import Feature

FEATURE = Feature(
    operations=api.OPERATIONS,
    loaders={"issuing.dispute": api.LOADER},
    deadlines=flows.HANDLERS,
)

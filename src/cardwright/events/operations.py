"""Every operation of events and their receivers."""

from cardwright.events import attempts, failing, resending, rolling, v1, v2
from cardwright.wire.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *v1.OPERATIONS,
    *resending.OPERATIONS,
    *v2.OPERATIONS,
    *attempts.OPERATIONS,
    *failing.OPERATIONS,
    *rolling.OPERATIONS,
)

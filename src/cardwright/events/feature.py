"""What events bring."""

from cardwright.events import attempts, delivery, failing, resending, retention, rolling, v1, v2
from cardwright.events.deliverer import Deliverer
from cardwright.features.declaration import Feature
from cardwright.features.process import Process
from cardwright.tenancy.worker import Mover


def deliverer(process: Process) -> Deliverer:
    """The loop of deliveries; it hears of every transaction that has events."""
    made = Deliverer(process.database, process.outbound)
    process.database.before_commit = made.write_events
    return made


def mover(process: Process) -> Mover:
    """The loop of clocks: one stands still at its target once receivers have heard of everything
    that happened on the way."""
    return Mover(process.database, delivery.undelivered_on_clock)


FEATURE = Feature(
    operations=(
        *v1.OPERATIONS,
        *resending.OPERATIONS,
        *v2.OPERATIONS,
        *attempts.OPERATIONS,
        *failing.OPERATIONS,
        *rolling.OPERATIONS,
    ),
    purges={"events": retention.purge},
    parts=(mover, deliverer),
)

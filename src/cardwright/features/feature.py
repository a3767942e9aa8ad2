"""What the rooms below this one bring, which stand too low to say it themselves."""

from cardwright.features.declaration import Feature
from cardwright.features.process import Process
from cardwright.tenancy.worker import PURGES, Worker
from cardwright.wire import idempotency


def worker(process: Process) -> Worker:
    """The loop that meets deadlines and removes what is old."""
    return Worker(process.database, PURGES)


FEATURE = Feature(purges={"answers": idempotency.purge}, parts=(worker,))

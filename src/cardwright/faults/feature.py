"""What faults bring."""

from cardwright.events.deliverer import Deliverer
from cardwright.faults import api, flows
from cardwright.faults.active import ActiveFaults
from cardwright.features.declaration import Feature
from cardwright.features.process import Process


def active_faults(process: Process) -> ActiveFaults:
    """What goes wrong on purpose, with calls and with deliveries."""
    made = ActiveFaults(process.database)
    process.part(Deliverer).disturb = made.on_delivery
    process.pipe.disturb = made.on_call
    process.pipe.renewals.append(made.read)
    return made


FEATURE = Feature(
    operations=api.OPERATIONS,
    purges={"faults": flows.purge},
    parts=(active_faults,),
)

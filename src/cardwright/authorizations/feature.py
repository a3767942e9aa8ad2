"""What authorizations bring."""

from cardwright.authorizations import api, deadlines, lifetime, operator, settings
from cardwright.authorizations.authorizer import Authorizer
from cardwright.authorizations.lane.lanes import Lanes
from cardwright.authorizations.real_time import authorization_webhook
from cardwright.authorizations.real_time.asking import Asker
from cardwright.authorizations.real_time.request_health import RequestHealth
from cardwright.events.deliverer import Deliverer
from cardwright.features.declaration import Feature
from cardwright.features.process import Process


def request_health(process: Process) -> RequestHealth:
    """The loop that alerts of questions that are not answered."""
    return RequestHealth(process.database)


def asker(process: Process) -> Asker:
    """What asks the platforms."""
    return Asker(process.database, process.outbound, process.part(RequestHealth))


def lanes(process: Process) -> Lanes:
    """The lanes that decide."""
    made = Lanes(process.database, committed=process.part(Deliverer).hint)
    process.pipe.authorizer = Authorizer(made, process.part(Asker))
    return made


FEATURE = Feature(
    operations=(
        *api.OPERATIONS,
        *authorization_webhook.OPERATIONS,
        *settings.OPERATIONS,
        *operator.OPERATIONS,
    ),
    loaders={"issuing.authorization": api.LOADER},
    edits=lifetime.EDITS,
    deadlines=deadlines.HANDLERS,
    parts=(request_health, asker, lanes),
)

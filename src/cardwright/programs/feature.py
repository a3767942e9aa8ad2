"""What card programs bring."""

from cardwright.accounts.record.model import CapabilitiesChanged
from cardwright.features.declaration import Feature
from cardwright.features.happenings import on
from cardwright.programs import api, flows, operator
from cardwright.programs.model import Program
from cardwright.wire import expand

FEATURE = Feature(
    operations=(*api.OPERATIONS, *operator.OPERATIONS),
    loaders={"issuing.program": expand.loader(Program)},
    listeners=(on(CapabilitiesChanged, flows.attach_standard),),
    provisioning=(flows.create_platform_programs,),
)

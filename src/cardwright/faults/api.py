"""``/_cardwright/faults``: switch on what goes wrong, look at it, switch it off."""

from typing import Any

from cardwright.faults import flows
from cardwright.faults.model import Fault, NewFault
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation

PATH = "/_cardwright/faults"


async def create(tx: Tx, call: Call[NewFault]) -> Fault:
    """Switch a fault on."""
    return await flows.create_fault(tx, call.given.value())


async def delete(tx: Tx, call: Call[Any]) -> dict[str, Any]:
    """Switch a fault off."""
    await flows.delete_fault(tx, call.path["id"])
    return {"id": call.path["id"], "object": "fault", "deleted": True}


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=NewFault,
        returns=Fault,
        platform_only=True,
        test_only=True,
        invalidates=True,
    ),
    Operation(
        method="DELETE",
        path=f"{PATH}/{{id}}",
        handler=delete,
        platform_only=True,
        test_only=True,
        invalidates=True,
    ),
    *standard.operations(Fault, PATH, platform_only=True, test_only=True),
)

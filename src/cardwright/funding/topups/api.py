"""``/v1/topups``, and how the operator says what became of one."""

from typing import Any

from cardwright.funding import verbs
from cardwright.funding.failure_codes import Failed
from cardwright.funding.topups import flows
from cardwright.funding.topups.model import NewTopup, Topup
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation

TOPUPS = "/v1/topups"
OPERATOR = "/_cardwright/topups/{id}"


async def create(tx: Tx, call: Call[NewTopup]) -> Topup:
    """Create a top-up."""
    return await flows.create_topup(tx, call.given)


async def cancel(tx: Tx, call: Call[Any]) -> Topup:
    """Cancel a pending top-up."""
    return await flows.cancel(tx, call.path["id"])


async def succeed(tx: Tx, call: Call[Any]) -> Topup:
    """The money of a pending top-up has arrived."""
    return await verbs.mark_topup_succeeded(tx, call.path["id"])


async def fail(tx: Tx, call: Call[Failed]) -> Topup:
    """A pending top-up will not arrive."""
    return await verbs.fail_topup(tx, call.path["id"], call.given.value().failure_code)


async def reverse(tx: Tx, call: Call[Failed]) -> Topup:
    """The bank has taken a top-up back."""
    return await verbs.reverse_topup(tx, call.path["id"], call.given.value().failure_code)


OPERATIONS = (
    *standard.operations(Topup, TOPUPS, update=flows.update_topup),
    Operation(method="POST", path=TOPUPS, handler=create, takes=NewTopup, returns=Topup),
    Operation(method="POST", path=f"{TOPUPS}/{{id}}/cancel", handler=cancel, returns=Topup),
    Operation(method="POST", path=f"{OPERATOR}/mark_succeeded", handler=succeed, returns=Topup),
    Operation(method="POST", path=f"{OPERATOR}/fail", handler=fail, takes=Failed, returns=Topup),
    Operation(
        method="POST", path=f"{OPERATOR}/reverse", handler=reverse, takes=Failed, returns=Topup
    ),
)

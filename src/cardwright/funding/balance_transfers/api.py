"""``/v1/balance_transfers``, which exist in preview versions."""

from typing import Any

from cardwright.funding import verbs
from cardwright.funding.balance_transfers import flows
from cardwright.funding.balance_transfers.model import BalanceTransfer, NewBalanceTransfer
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation

PATH = "/v1/balance_transfers"


async def create(tx: Tx, call: Call[NewBalanceTransfer]) -> BalanceTransfer:
    """Move money between the payments and the Issuing balance."""
    return await flows.create_balance_transfer(tx, call.given)


async def arrive(tx: Tx, call: Call[Any]) -> BalanceTransfer:
    """The operator says that the money has arrived."""
    return await verbs.mark_balance_transfer_arrived(tx, call.path["id"])


OPERATIONS = (
    *standard.operations(BalanceTransfer, PATH, preview=True),
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=NewBalanceTransfer,
        returns=BalanceTransfer,
        preview=True,
    ),
    Operation(
        method="POST",
        path="/_cardwright/balance_transfers/{id}/mark_arrived",
        handler=arrive,
        returns=BalanceTransfer,
    ),
)

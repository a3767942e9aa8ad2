"""``/_cardwright/accounts/:account/transactions/:id/purchase_details``: what a merchant tells of a
purchase after it was captured, told by the operator.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1.
"""

from typing import Annotated

from cardwright.accounts.record.acting import named_account
from cardwright.kernel.database import Tx
from cardwright.transactions import flows
from cardwright.transactions.model import Transaction
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters

PATH = "/_cardwright/accounts/{account}/transactions/{id}/purchase_details"


class Details(Parameters):
    """What was bought."""

    purchase_details: Annotated[PurchaseDetails, Mark(need="c")]


async def record(tx: Tx, call: Call[Details]) -> Transaction:
    """Record what was bought."""
    at = await named_account(tx, call.path["account"])
    details = call.given.value().purchase_details
    return await flows.record_purchase_details(at, call.path["id"], details)


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=record,
        takes=Details,
        returns=Transaction,
        platform_only=True,
    ),
)

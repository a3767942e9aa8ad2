"""``/v1/payouts``, payment files, and how the operator says what became of a payout."""

from typing import Any

from cardwright.funding import verbs
from cardwright.funding.failure_codes import Failed
from cardwright.funding.payouts import exporting, flows
from cardwright.funding.payouts.model import NewPayout, Payout, PayoutReversal
from cardwright.funding.payouts.payment_file import NewPaymentFile, PaymentFile
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

PAYOUTS = "/v1/payouts"
FILES = "/_cardwright/payment_files"
OPERATOR = "/_cardwright/payouts/{id}"


async def create(tx: Tx, call: Call[NewPayout]) -> Payout:
    """Create a payout."""
    return await flows.create_payout(tx, call.given)


async def cancel(tx: Tx, call: Call[Any]) -> Payout:
    """Cancel a pending payout."""
    return await flows.cancel(tx, call.path["id"])


async def reverse(tx: Tx, call: Call[PayoutReversal]) -> Payout:
    """Call a paid payout back."""
    return await flows.reverse(tx, call.path["id"], call.given)


async def mark_paid(tx: Tx, call: Call[Any]) -> Payout:
    """The bank has the money."""
    return await verbs.mark_payout_paid(tx, call.path["id"])


async def fail(tx: Tx, call: Call[Failed]) -> Payout:
    """The bank did not take the money, or sent it back."""
    return await verbs.fail_payout(tx, call.path["id"], call.given.value().failure_code)


async def export(tx: Tx, call: Call[NewPaymentFile]) -> PaymentFile:
    """Put the payouts that wait into a file for the bank."""
    return await exporting.export(tx, call.given)


async def content(tx: Tx, call: Call[Any]) -> Body:
    """What the bank is given."""
    text = await exporting.content_of(tx, call.path["id"])
    return {"id": call.path["id"], "object": "payment_file_content", "content": text}


OPERATIONS = (
    *standard.operations(Payout, PAYOUTS, update=flows.update_payout),
    Operation(method="POST", path=PAYOUTS, handler=create, takes=NewPayout, returns=Payout),
    Operation(method="POST", path=f"{PAYOUTS}/{{id}}/cancel", handler=cancel, returns=Payout),
    Operation(
        method="POST",
        path=f"{PAYOUTS}/{{id}}/reverse",
        handler=reverse,
        takes=PayoutReversal,
        returns=Payout,
    ),
    Operation(method="POST", path=f"{OPERATOR}/mark_paid", handler=mark_paid, returns=Payout),
    Operation(method="POST", path=f"{OPERATOR}/fail", handler=fail, takes=Failed, returns=Payout),
    *standard.operations(PaymentFile, FILES, platform_only=True),
    Operation(
        method="POST",
        path=FILES,
        handler=export,
        takes=NewPaymentFile,
        returns=PaymentFile,
        platform_only=True,
    ),
    Operation(method="GET", path=f"{FILES}/{{id}}/content", handler=content, platform_only=True),
)

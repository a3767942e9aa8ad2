"""``/v1/test_helpers/issuing/transactions``: what a card network presents, in test mode only."""

from typing import Annotated

from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.simulator.api import merchant_of
from cardwright.simulator.model import TestMerchant
from cardwright.transactions import presentments
from cardwright.transactions.model import Transaction
from cardwright.transactions.presentments import Presented
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Currency, Mark, Parameters

PATH = "/v1/test_helpers/issuing/transactions"


class TestTransaction(Parameters):
    """A purchase, or a refund, without an authorization."""

    amount: Annotated[int, Mark("c", need="c", low=1, high=AMOUNT_MINOR_MAX)]
    card: Annotated[str, Mark("c", need="c")]
    currency: Currency | None = None
    merchant_data: TestMerchant | None = None
    purchase_details: PurchaseDetails | None = None


class Refund(Parameters):
    """How much of a capture is given back; all that is left unless an amount is given."""

    refund_amount: Annotated[int | None, Mark("c", low=1, high=AMOUNT_MINOR_MAX)] = None


async def force_capture(tx: Tx, call: Call[TestTransaction]) -> Transaction:
    """Capture without an authorization."""
    return await presentments.force_capture(tx, _presented(call))


async def unlinked_refund(tx: Tx, call: Call[TestTransaction]) -> Transaction:
    """Refund without a capture."""
    return await presentments.refund_unlinked(tx, _presented(call))


async def refund(tx: Tx, call: Call[Refund]) -> Transaction:
    """Refund a capture, or a part of it."""
    return await presentments.refund(tx, call.path["id"], call.given.value().refund_amount)


def _presented(call: Call[TestTransaction]) -> Presented:
    given = call.given.value()
    return Presented(
        card=given.card,
        amount_minor=given.amount,
        currency=given.currency,
        merchant_data=merchant_of(given.merchant_data or TestMerchant()),
        purchase_details=given.purchase_details,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PATH}/create_force_capture",
        handler=force_capture,
        takes=TestTransaction,
        returns=Transaction,
        test_only=True,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/create_unlinked_refund",
        handler=unlinked_refund,
        takes=TestTransaction,
        returns=Transaction,
        test_only=True,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}/refund",
        handler=refund,
        takes=Refund,
        returns=Transaction,
        test_only=True,
    ),
)

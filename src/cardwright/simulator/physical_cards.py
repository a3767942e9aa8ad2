"""``/v1/test_helpers/issuing/cards/{id}/shipping``: a bureau and a carrier, in test mode only."""

from typing import Any

from cardwright.cards import shipping, shipping_rules
from cardwright.cards.model import IssuedCard
from cardwright.cards.shipping_shapes import ShippingStatus
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.simulator import refusals
from cardwright.wire.operation import Call, Operation

PATH = "/v1/test_helpers/issuing/cards/{id}/shipping"
STEPS: dict[str, ShippingStatus] = {
    "deliver": "delivered",
    "fail": "failure",
    "return": "returned",
    "ship": "shipped",
    "submit": "submitted",
}


def _step(name: str, status: ShippingStatus) -> Operation:
    async def step(tx: Tx, call: Call[Any]) -> IssuedCard:
        unsubmitted = call.version.date < shipping_rules.SUBMISSION_SINCE
        if status == "submitted" and unsubmitted:
            fail(
                refusals.VERSION_TOO_OLD,
                param="Stripe-Version",
                version=call.version.text,
                first="2024-09-30.acacia",
            )
        return await shipping.simulate(tx, call.path["id"], status, unsubmitted=unsubmitted)

    step.__doc__ = f"Say that a card of the test environment is {status}."
    return Operation(
        method="POST",
        path=f"{PATH}/{name}",
        handler=step,
        returns=IssuedCard,
        test_only=True,
    )


OPERATIONS = tuple(_step(name, status) for name, status in STEPS.items())

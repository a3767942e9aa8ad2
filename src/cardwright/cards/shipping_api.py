"""``/_cardwright/issuing/cards/{id}/shipping``: what the bureau and the carrier say of a card.

The public API moves shipments in the test environment alone; this is the door of the live one.
Form, answers and errors are those of v1.
"""

from cardwright.cards import shipping
from cardwright.cards.model import IssuedCard
from cardwright.cards.shipping_shapes import ShippingReport
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation

PATH = "/_cardwright/issuing/cards/{id}/shipping"


async def report(tx: Tx, call: Call[ShippingReport]) -> IssuedCard:
    """Say what became of a card on its way."""
    return await shipping.report(tx, call.path["id"], call.given.value())


OPERATIONS = (
    Operation(method="POST", path=PATH, handler=report, takes=ShippingReport, returns=IssuedCard),
)

"""What an operator does with PINs; form, answers and errors are those of v1, acting on the account
named."""

from typing import Annotated

from cardwright.cards import pin_verification
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Sealed
from cardwright.wire.versions import Body

PATH = "/_cardwright/issuing/cards/{id}/pin"


class PresentedPin(Parameters):
    """A PIN as it was typed."""

    pin: Annotated[Sealed, Mark(need="c", longest=12, pattern=r"[0-9]{4,12}")]


async def verify(tx: Tx, call: Call[PresentedPin]) -> Body:
    """Compare a PIN with the card's; three wrong ones in a row block it."""
    pin: Sealed = call.given.get("pin")
    found = await pin_verification.verify_pin(tx, call.path["id"], pin.reveal())
    return {
        "object": "issuing.pin_verification",
        "card": found.card,
        "livemode": tx.livemode,
        "result": found.result,
        "tries_left": found.tries_left,
    }


async def unblock(tx: Tx, call: Call[Card]) -> IssuedCard:
    """Unblock the PIN of a card, and activate the card."""
    return await pin_verification.unblock_pin(tx, call.path["id"])


OPERATIONS = (
    Operation(method="POST", path=f"{PATH}/verify", handler=verify, takes=PresentedPin),
    Operation(method="POST", path=f"{PATH}/unblock", handler=unblock, returns=IssuedCard),
)

"""The doors of PINs outside of the public resources: the key they are encrypted to, and what an
operator does with them.

``GET /v1/keys`` has the place and the shape of the key server of the public API; it needs no API
key. Under ``/_cardwright`` form, answers and errors are those of v1, acting on the account named.
"""

from typing import Annotated, Any

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

from cardwright.cards import pin_encryption, pin_verification
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.database import Database, Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Sealed
from cardwright.wire.versions import Body

KEYS = "/v1/keys"
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


def handlers(database: Database) -> list[HTTPRouteHandler]:
    """The route of the public key."""

    @get(KEYS, media_type=MediaType.JSON)
    async def keys() -> Response[dict[str, Any]]:
        """The public key that PINs are encrypted to; pages of any origin may ask for it."""
        return Response(
            await pin_encryption.public_key(database),
            headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"},
        )

    return [keys]

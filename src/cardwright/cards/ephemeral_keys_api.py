"""``/v1/ephemeral_keys`` and ``/v1/ephemeral_key_nonces``.

The second is spoken by browser scripts alone, with a publishable key; no public specification
names it. A key is in the words of the version that the browser will speak, so that version is
given with the call.
"""

from typing import Annotated

from cardwright.cards import ephemeral_keys
from cardwright.cards.ephemeral_keys import EphemeralKey
from cardwright.cards.model import Card
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/v1/ephemeral_keys"
NONCES = "/v1/ephemeral_key_nonces"


class WantedKey(Parameters):
    """What a key is made for."""

    issuing_card: Annotated[str, Mark(need="c", longest=255)]
    nonce: Annotated[str | None, Mark(longest=255)] = None


async def create(tx: Tx, call: Call[WantedKey]) -> EphemeralKey:
    """Create a key for a card; its secret is in this answer alone."""
    given = call.given.value()
    return await ephemeral_keys.create_key(tx, given.issuing_card, given.nonce)


async def delete(tx: Tx, call: Call[Card]) -> EphemeralKey:
    """End a key."""
    return await ephemeral_keys.delete_key(tx, call.path["id"])


async def create_nonce(tx: Tx, _call: Call[Card]) -> Body:
    """Create a nonce; its private half is in this answer alone."""
    made = await ephemeral_keys.create_nonce(tx)
    created = clock.machine_ms() // clock.SECOND_MS
    return {
        "object": "ephemeral_key_nonce",
        "created": created,
        "expires": created + ephemeral_keys.LIFE_MS // clock.SECOND_MS,
        "livemode": tx.livemode,
        "private_nonce": made.private,
        "public_nonce": made.public,
    }


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=WantedKey,
        returns=EphemeralKey,
        version_needed=True,
    ),
    Operation(method="DELETE", path=f"{PATH}/{{id}}", handler=delete, returns=EphemeralKey),
    Operation(method="POST", path=NONCES, handler=create_nonce, publishable=True),
)

"""Ephemeral keys: with one of them a browser shows the secrets of one card, for an hour.

A page gets a nonce first, whose private half never leaves the frame that asked for it; the server
of the platform makes the key with the public half. Only both together show anything secret, so
neither a key that leaks nor a page that is cheated is enough. Their time is machine time.
"""

import hmac
from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from cardwright.cards import refusals
from cardwright.cards.model import Card
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import keys
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Resource, Shape, Timestamp

QUERIES = load(__file__)
LIFE_MS = clock.HOUR_MS
PUBLIC_PREFIX, PRIVATE_PREFIX = "ephkn_pub_", "ephkn_priv_"
# What an ephemeral key is about, as the public object says it.
CARD = "issuing.card"


class AssociatedObject(Shape):
    """What an ephemeral key is about."""

    id: str
    type: str


class EphemeralKey(Resource, tag="ephemeral_key"):
    """A key that reads one card (source: ephemeral keys API). ``secret`` is shown when it is made
    and never again; of the private nonce only a digest is kept."""

    prefix: ClassVar[str] = "ephkey_"
    table: ClassVar[str] = "ephemeral_keys"

    associated_objects: list[AssociatedObject]
    card: Annotated[str, Mark("", column=True, hidden=True)]
    created: Annotated[Timestamp, Mark("", column=True)]
    expires: Annotated[Timestamp, Mark("", column=True)]
    livemode: bool
    private_digest: Annotated[str | None, Mark("", hidden=True)] = None
    secret: str | UnsetType = UNSET


class Nonce(msgspec.Struct, frozen=True):
    """The two halves of a nonce."""

    public: str
    private: str


_ADD_NONCE = QUERIES.run("add_nonce")
_USE_NONCE = QUERIES.value("use_nonce", str)
_PURGE_NONCES = QUERIES.run("purge_nonces")
_PURGE_KEYS = QUERIES.run("purge_ephemeral_keys")


async def create_nonce(tx: Tx) -> Nonce:
    """A nonce that one key can be made with, within the hour."""
    made = Nonce(ids.secret_token(PUBLIC_PREFIX, 24), ids.secret_token(PRIVATE_PREFIX, 24))
    await _ADD_NONCE(
        tx.connection,
        account_id=tx.account_id,
        public_nonce=made.public,
        private_digest=keys.hashed(made.private),
        expires_ms=clock.machine_ms() + LIFE_MS,
    )
    return made


async def create_key(tx: Tx, card_id: str, nonce: str | None) -> EphemeralKey:
    """A key for a card of the acting account; the nonce is used up.

    Without a nonce the key reads the card, and nothing secret of it.
    """
    card = await rows.get(tx, Card, card_id, param="issuing_card")
    now_ms = clock.machine_ms()
    digest = None
    if nonce is not None:
        digest = await _USE_NONCE(
            tx.connection, account_id=tx.account_id, public_nonce=nonce, now_ms=now_ms
        )
        if digest is None:
            fail(refusals.EPHEMERAL_NONCE_INVALID, param="nonce")
    made = EphemeralKey(
        id=ids.new_id(EphemeralKey.prefix),
        associated_objects=[AssociatedObject(id=card.id, type=CARD)],
        card=card.id,
        created=Timestamp(now_ms // clock.SECOND_MS),
        expires=Timestamp((now_ms + LIFE_MS) // clock.SECOND_MS),
        livemode=tx.livemode,
        private_digest=digest,
    )
    await rows.insert(tx, made)
    secret = await keys.create(
        tx.connection,
        account_id=tx.account_id,
        kind="ephemeral",
        livemode=tx.livemode,
        created_ms=now_ms,
        expires_ms=now_ms + LIFE_MS,
        subject=made.id,
    )
    return msgspec.structs.replace(made, secret=secret)


async def delete_key(tx: Tx, key_id: str) -> EphemeralKey:
    """End a key before its time; within a second it opens nothing any more."""
    found = await rows.lock(tx, EphemeralKey, key_id)
    await keys.revoke(tx.connection, account_id=tx.account_id, subject=key_id)
    await rows.delete(tx, found)
    return found


async def check(tx: Tx, key_id: str | None, card_id: str, private_nonce: str | None) -> bool:
    """Refuse a key that is not for the card, or a private nonce that is not the key's; the answer
    is whether it may see what is secret."""
    found = None
    if key_id is not None:
        found = await rows.find(tx.connection, EphemeralKey, tx.account_id, key_id)
    if found is None or found.card != card_id:
        fail(wire_refusals.EPHEMERAL_KEY_FORBIDDEN)
    if found.private_digest is None and private_nonce is None:
        return False
    given = keys.hashed(private_nonce or "")
    if not hmac.compare_digest(given, found.private_digest or ""):
        fail(refusals.EPHEMERAL_NONCE_INVALID, param="ephemeral_key_private_nonce")
    return True


async def purge(connection: Connection) -> int:
    """Remove keys and nonces whose hour is over; returns how many keys."""
    now_ms = clock.machine_ms()
    await _PURGE_NONCES(connection, now_ms=now_ms)
    await keys.purge(connection, now_ms=now_ms)
    return await _PURGE_KEYS(connection, now=now_ms // clock.SECOND_MS)

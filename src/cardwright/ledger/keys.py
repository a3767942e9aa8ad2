"""Keys that callers choose for what they post: the same key again is answered with what it made."""

import hashlib
from typing import Any, NamedTuple

import msgspec

from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.wire import refusals as wire_refusals

QUERIES = load(__file__, "keys.sql")


class KnownKey(NamedTuple):
    """What a key made, and of what."""

    digest: str
    made_id: str


_FIND = QUERIES.one("find_transfer_key", KnownKey)
_KEEP = QUERIES.run("keep_transfer_key")


def digest_of(*asked: Any) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()


async def find(tx: Tx, account_id: str, key: str, digest: str) -> str | None:
    """What the key made before; refuses when that was something else.

    The gate is held, so that of two requests under one key the second finds what the first made.
    """
    assert gates.held(tx, account_id), "keys are looked up under the account's gate"
    kept = await _FIND(tx.connection, account_id=account_id, key=key)
    if kept is None:
        return None
    if kept.digest != digest:
        fail(wire_refusals.IDEMPOTENCY_ERROR, key=key)
    return kept.made_id


async def keep(tx: Tx, account_id: str, key: str, digest: str, made_id: str) -> None:
    """Remember what the key made."""
    await _KEEP(tx.connection, account_id=account_id, key=key, digest=digest, made_id=made_id)

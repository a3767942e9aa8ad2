"""API keys: hashed in the database, looked up by hash."""

import hashlib

import msgspec

from cardwright.kernel import ids
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__)


class KeyRow(msgspec.Struct, frozen=True):
    """A key with its account's registration."""

    account_id: str
    kind: str
    expires_ms: int | None
    platform_id: str
    livemode: bool
    clock_id: str | None
    closed_ms: int | None
    api_version: str | None
    # What a key of a narrow purpose is limited to.
    subject: str | None


class ListedKey(msgspec.Struct, frozen=True):
    """A key as a list shows it."""

    kind: str
    last4: str
    created_ms: int
    expires_ms: int | None


_INSERT = QUERIES.run("insert_key")
_FIND = QUERIES.one("find_key", KeyRow)
_REVOKE = QUERIES.run("revoke_key")
_PURGE = QUERIES.run("purge_keys")
_LIST = QUERIES.many("list_keys", ListedKey)

PREFIXES = {
    ("secret", False): "sk_test_",
    ("secret", True): "sk_live_",
    ("publishable", False): "pk_test_",
    ("publishable", True): "pk_live_",
    ("ephemeral", False): "ek_test_",
    ("ephemeral", True): "ek_live_",
}


def hashed(key: str) -> str:
    """The form a key is kept in; keys are long random text, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def masked(key: str) -> str:
    """A key as an error may show it: its kind and last four characters."""
    head = key[:8] if key[:3] in ("sk_", "pk_", "rk_", "ek_") else key[:2]
    return f"{head}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * min(len(key), 16)


async def create(
    connection: Connection,
    *,
    account_id: str,
    kind: str,
    livemode: bool,
    created_ms: int,
    key: str | None = None,
    expires_ms: int | None = None,
    subject: str | None = None,
) -> str:
    """Make a key of a kind (``secret``, ``publishable``, ``ephemeral``), or enter a preset one, and
    return it."""
    key = key or ids.secret_token(PREFIXES[kind, livemode])
    await _INSERT(
        connection,
        hash=hashed(key),
        account_id=account_id,
        kind=kind,
        last4=key[-4:],
        created_ms=created_ms,
        expires_ms=expires_ms,
        subject=subject,
    )
    return key


async def find(connection: Connection, key: str) -> KeyRow | None:
    """The key's account, or None."""
    return await _FIND(connection, hash=hashed(key))


async def revoke(connection: Connection, *, account_id: str, subject: str) -> None:
    """Remove the key that is limited to a subject."""
    await _REVOKE(connection, account_id=account_id, subject=subject)


async def purge(connection: Connection, *, now_ms: int) -> int:
    """Remove ephemeral keys that have expired; returns how many."""
    return await _PURGE(connection, now_ms=now_ms)


async def list_keys(connection: Connection, account_id: str) -> list[ListedKey]:
    """The keys of an account without their secrets."""
    return await _LIST(connection, account_id=account_id)

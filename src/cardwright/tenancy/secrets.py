"""Values that are kept sealed beside the object they belong to: tax ids, card numbers, keys."""

from collections.abc import Sequence

import msgspec

from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.vault import Vault

QUERIES = load(__file__, "secrets.sql")

# (subject, name) of a secret.
Name = tuple[str, str]


class StoredSecret(msgspec.Struct, frozen=True):
    """A sealed value with the object it belongs to and its name."""

    subject: str
    name: str
    sealed: bytes


_PUT = QUERIES.run("put_secret")
_FORGET = QUERIES.run("delete_secrets")
_GET = QUERIES.value("get_secret", bytes)
_SEVERAL = QUERIES.many("several_secrets", StoredSecret)
_LIVING = QUERIES.many("living_secrets", StoredSecret)
_EXPIRE = QUERIES.run("let_secret_expire")
_SHORTEN = QUERIES.run("shorten_secrets")
_PURGE = QUERIES.run("purge_secrets")


def context(account_id: str, subject: str, name: str) -> str:
    """What a sealed value is bound to, so that it cannot be moved to another object."""
    return f"{account_id}/{subject}/{name}"


async def put(
    tx: Tx, subject: str, name: str, value: str, *, account_id: str | None = None
) -> None:
    """Seal ``value`` as the secret ``name`` of the object ``subject``, over an earlier one."""
    owner = account_id or tx.account_id
    sealed = tx.vault.seal(value.encode(), context(owner, subject, name))
    await _PUT(tx.connection, account_id=owner, subject=subject, name=name, sealed=sealed)


async def forget(tx: Tx, subject: str) -> None:
    """Destroy every secret of an object of the acting account that is gone."""
    await _FORGET(tx.connection, account_id=tx.account_id, subject=subject)


async def get(
    connection: Connection, vault: Vault, account_id: str, subject: str, name: str
) -> str | None:
    """The secret in clear, or None when the object has none of that name."""
    sealed = await _GET(connection, account_id=account_id, subject=subject, name=name)
    if sealed is None:
        return None
    return vault.unseal(sealed, context(account_id, subject, name)).decode()


async def several(
    connection: Connection, vault: Vault, account_id: str, wanted: Sequence[Name]
) -> dict[Name, str]:
    """Those of the secrets that there are, in clear."""
    if not wanted:
        return {}
    found = await _SEVERAL(
        connection,
        account_id=account_id,
        subjects=[subject for subject, _ in wanted],
        names=[name for _, name in wanted],
    )
    return {(row.subject, row.name): _opened(vault, account_id, row) for row in found}


async def living(
    connection: Connection, vault: Vault, account_id: str, subject: str, prefix: str, *, now_ms: int
) -> list[str]:
    """The secrets of an object whose names begin with ``prefix`` and that have not ended by
    ``now_ms``, machine time: in clear, in the order of their names."""
    found = await _LIVING(
        connection, account_id=account_id, subject=subject, prefix=prefix, now_ms=now_ms
    )
    return [_opened(vault, account_id, row) for row in found]


async def let_end(tx: Tx, subject: str, name: str, ends_ms: int) -> None:
    """Let a secret of the acting account end at an instant, machine time."""
    await _EXPIRE(
        tx.connection, account_id=tx.account_id, subject=subject, name=name, expires_ms=ends_ms
    )


async def end_sooner(tx: Tx, subject: str, ends_ms: int) -> None:
    """Let what is to end of an object's secrets do so no later than at an instant."""
    await _SHORTEN(tx.connection, account_id=tx.account_id, subject=subject, expires_ms=ends_ms)


async def purge(connection: Connection, *, now_ms: int) -> int:
    """Destroy secrets that have ended; returns how many."""
    return await _PURGE(connection, now_ms=now_ms)


def _opened(vault: Vault, account_id: str, row: StoredSecret) -> str:
    return vault.unseal(row.sealed, context(account_id, row.subject, row.name)).decode()

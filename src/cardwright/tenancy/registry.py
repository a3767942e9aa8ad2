"""The registry of accounts, and the transactions opened on their behalf."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Database, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates, refusals

QUERIES = load(__file__)


class Tenant(msgspec.Struct, frozen=True):
    """An account's registration; a platform is its own ``platform_id``."""

    account_id: str
    platform_id: str
    livemode: bool
    clock_id: str | None
    closed_ms: int | None


class ClockReading(msgspec.Struct, frozen=True):
    """A virtual clock's instant and whether it stands still."""

    now_ms: int
    status: str


_INSERT_TENANT = QUERIES.run("insert_tenant")
_INSERT_GATE = QUERIES.run("insert_gate")
_TENANT = QUERIES.one("get_tenant", Tenant)
_TENANTS = QUERIES.many("find_tenants", Tenant)
_CLOSE = QUERIES.run("close_tenant")
_SHARE_CLOCK = QUERIES.one("share_clock", ClockReading)
_TRY_SHARE_CLOCK = QUERIES.one("try_share_clock", ClockReading)
_READ_CLOCK = QUERIES.value("read_clock", int)


async def find_tenant(connection: Connection, account_id: str) -> Tenant | None:
    """The registration of an account, or None."""
    return await _TENANT(connection, account_id=account_id)


async def find_tenants(connection: Connection, account_ids: list[str]) -> list[Tenant]:
    """The registrations of several accounts, in the order in which gates are locked."""
    found = await _TENANTS(connection, account_ids=account_ids)
    return sorted(found, key=lambda tenant: tenant.account_id)


async def register(
    connection: Connection,
    *,
    account_id: str,
    platform_id: str,
    livemode: bool,
    created_ms: int,
    clock_id: str | None = None,
) -> None:
    """Enter a new account and its gate."""
    await _INSERT_TENANT(
        connection,
        account_id=account_id,
        platform_id=platform_id,
        livemode=livemode,
        clock_id=clock_id,
        created_ms=created_ms,
    )
    await _INSERT_GATE(connection, account_id=account_id)


async def lock_open(tx: Tx) -> None:
    """Lock the acting account's gate; refuses if the account was closed while it was waited for."""
    await gates.lock(tx, tx.account_id)
    tenant = await find_tenant(tx.connection, tx.account_id)
    assert tenant is not None, f"account {tx.account_id} is not registered"
    if tenant.closed_ms is not None:
        fail(refusals.ACCOUNT_CLOSED, account=tx.account_id)


async def close(tx: Tx, account_id: str) -> None:
    """Close an account: it takes no more writes."""
    await _CLOSE(tx.connection, account_id=account_id, closed_ms=tx.now_ms)


async def instant(connection: Connection, tenant: Tenant, *, holding: bool) -> int:
    """The account's present instant, in milliseconds.

    ``holding`` keeps a virtual clock from moving before commit. While a clock advances, writes
    are refused with ``clock_advancing``.
    """
    if tenant.clock_id is None:
        return clock.machine_ms()
    key = {"account_id": tenant.platform_id, "id": tenant.clock_id}
    if not holding:
        return await _READ_CLOCK(connection, **key) or clock.machine_ms()
    reading = await _SHARE_CLOCK(connection, **key)
    assert reading is not None, f"clock {tenant.clock_id} is gone"
    # One whose walk failed stands where it is, like any other.
    if reading.status == "advancing":
        fail(refusals.CLOCK_ADVANCING)
    return reading.now_ms


async def hold_clock_that_stands(
    connection: Connection, platform_id: str, clock_id: str
) -> int | None:
    """The instant of a platform's virtual clock, which cannot move before commit; None while it
    moves. Nobody is waited for, so that gates may be locked already."""
    reading = await _TRY_SHARE_CLOCK(connection, account_id=platform_id, id=clock_id)
    return None if reading is None or reading.status == "advancing" else reading.now_ms


async def instant_of(tx: Tx, account_id: str) -> int:
    """The present instant of an account that a transaction touches without acting as it."""
    if account_id == tx.account_id:
        return tx.now_ms
    tenant = await find_tenant(tx.connection, account_id)
    if tenant is None or tenant.clock_id == tx.clock_id:
        return tx.now_ms
    return await instant(tx.connection, tenant, holding=False)


async def begin(
    database: Database,
    connection: Connection,
    account_id: str,
    *,
    request_id: str | None = None,
    idempotency_key: str | None = None,
    closed: bool = False,
) -> Tx:
    """The ``Tx`` of a transaction that was just opened on the connection; refuses closed accounts
    unless ``closed``."""
    tenant = await find_tenant(connection, account_id)
    if tenant is None:
        # Its environment was removed a moment ago, perhaps through another process.
        fail(refusals.ACCOUNT_GONE, account=account_id)
    if tenant.closed_ms is not None and not closed:
        fail(refusals.ACCOUNT_CLOSED, account=account_id)
    now_ms = await instant(connection, tenant, holding=True)
    return Tx(
        connection=connection,
        account_id=account_id,
        platform_id=tenant.platform_id,
        livemode=tenant.livemode,
        now_ms=now_ms,
        vault=database.vault,
        clock_id=tenant.clock_id,
        request_id=request_id,
        idempotency_key=idempotency_key,
    )


@asynccontextmanager
async def transaction(
    database: Database, account_id: str, *, closed: bool = False
) -> AsyncIterator[Tx]:
    """A transaction outside a request: deadlines, command line, first start, tests."""
    async with database.connection() as connection, connection.transaction():
        tx = await begin(database, connection, account_id, closed=closed)
        yield tx
        await database.finish(tx)


@asynccontextmanager
async def reading(database: Database, tenant: Tenant) -> AsyncIterator[Tx]:
    """A ``Tx`` for reads only: each statement sees the latest committed state."""
    async with database.connection() as connection:
        now_ms = await instant(connection, tenant, holding=False)
        yield Tx(
            connection=connection,
            account_id=tenant.account_id,
            platform_id=tenant.platform_id,
            livemode=tenant.livemode,
            now_ms=now_ms,
            vault=database.vault,
            clock_id=tenant.clock_id,
        )

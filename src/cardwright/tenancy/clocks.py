"""Virtual clocks of a test platform, and the transactions in which deadlines are met.

A clock stands still until it is advanced. Advancing walks from due instant to due instant: the
clock is set to the earliest one, that account's deadlines are met, the transaction commits; until
none is left before the target. A crash loses nothing: the clock is found advancing and goes on.
"""

from contextlib import suppress

import msgspec

from cardwright.kernel import clock, deadlines, gates, ids
from cardwright.kernel.database import Connection, Database, Tx
from cardwright.kernel.errors import Failure, fail
from cardwright.kernel.queries import load
from cardwright.tenancy import registry

QUERIES = load(__file__)
CLOCKS = load(__file__, "clocks.sql")

PREFIX = "clock_"


class LockedClock(msgspec.Struct, frozen=True):
    """A clock locked for moving."""

    now_ms: int
    target_ms: int | None
    status: str


class ClockName(msgspec.Struct, frozen=True):
    """A clock by the platform that made it and its id."""

    account_id: str
    id: str


class NextDue(msgspec.Struct, frozen=True):
    """Whose deadline comes next, and when."""

    account_id: str
    due_ms: int


class AccountDue(msgspec.Struct, frozen=True):
    """An account with due deadlines."""

    account_id: str


_INSERT = QUERIES.run("insert_clock")
_FOLLOW = QUERIES.run("put_on_clock")
_LOCK = QUERIES.one("lock_clock", LockedClock)
_MOVE = QUERIES.run("move_clock")
_ADVANCE = CLOCKS.run("advance_clock")
_ADVANCING = CLOCKS.many("advancing_clocks", ClockName)
_NEXT = CLOCKS.one("next_on_clock", NextDue)
_DUE = CLOCKS.many("accounts_due", AccountDue)
_DUE_ON_CLOCKS = CLOCKS.many("accounts_due_on_clocks", AccountDue)


async def create(
    connection: Connection, *, platform_id: str, now_ms: int, name: str | None = None
) -> str:
    """A new clock of a test platform, standing at ``now_ms``; returns its id."""
    clock_id = ids.new_id(PREFIX)
    await _INSERT(
        connection,
        account_id=platform_id,
        id=clock_id,
        now_ms=now_ms,
        name=name,
        created_ms=clock.machine_ms(),
    )
    return clock_id


async def follow(connection: Connection, account_id: str, clock_id: str | None) -> None:
    """Let an account follow a clock of its platform, or the machine's (None)."""
    await _FOLLOW(connection, account_id=account_id, clock_id=clock_id)


async def advance(database: Database, name: ClockName, target_ms: int) -> None:
    """Move a clock to ``target_ms`` and meet every deadline on the way, each at its instant.

    Refuses with ``clock_advancing`` while it moves and ``clock_backwards`` for an earlier target.
    """
    async with database.connection() as connection:
        await send(connection, name, target_ms)
    while await step(database, name):
        pass


async def send(connection: Connection, name: ClockName, target_ms: int) -> None:
    """Send a clock on its way; a worker takes it there."""
    key = {"account_id": name.account_id, "id": name.id}
    if await _ADVANCE(connection, **key, target_ms=target_ms):
        return
    found = await _LOCK(connection, **key)
    assert found is not None, f"clock {name.id} does not exist"
    fail("clock_backwards" if found.status == "ready" else "clock_advancing")


async def step(database: Database, name: ClockName) -> bool:
    """Take an advancing clock to its next instant; False when it has arrived."""
    async with database.connection() as connection, connection.transaction():
        found = await _LOCK(connection, account_id=name.account_id, id=name.id)
        if found is None or found.status != "advancing" or found.target_ms is None:
            return False
        due = await _NEXT(
            connection,
            platform_id=name.account_id,
            clock_id=name.id,
            until_ms=found.target_ms,
            machine_ms=clock.machine_ms(),
        )
        arrived = due is None
        await _MOVE(
            connection,
            account_id=name.account_id,
            id=name.id,
            now_ms=found.target_ms if due is None else max(found.now_ms, due.due_ms),
            target_ms=None if arrived else found.target_ms,
            status="ready" if arrived else "advancing",
        )
        if due is not None:
            tx = await _open(database, connection, due.account_id, advancing=True)
            await gates.lock(tx, due.account_id)
            await deadlines.meet(tx, database.finish)
        return not arrived


async def advancing(connection: Connection) -> list[ClockName]:
    """The clocks that are on their way."""
    return await _ADVANCING(connection)


async def accounts_due(connection: Connection) -> list[str]:
    """Accounts with due deadlines, looked at without locks."""
    machine_ms = clock.machine_ms()
    rows = await _DUE(connection, machine_ms=machine_ms)
    rows += await _DUE_ON_CLOCKS(connection, machine_ms=machine_ms)
    return sorted({row.account_id for row in rows})


async def meet_due(database: Database, account_id: str) -> int:
    """Meet the due deadlines of an account in one transaction; returns how many were due.

    Nothing happens while somebody else holds the account's gate or its clock moves: the rows
    are found again at the next look.
    """
    with suppress(Failure):
        async with database.connection() as connection, connection.transaction():
            tx = await _open(database, connection, account_id, advancing=False)
            if await gates.try_lock(tx, account_id):
                return await deadlines.meet(tx, database.finish)
    return 0


async def _open(
    database: Database, connection: Connection, account_id: str, *, advancing: bool
) -> Tx:
    """A ``Tx`` for deadlines; those of a closed account are met like any others."""
    tenant = await registry.find_tenant(connection, account_id)
    assert tenant is not None, f"account {account_id} is not registered"
    now_ms = await registry.instant(connection, tenant, holding=True, advancing=advancing)
    return Tx(
        connection=connection,
        account_id=account_id,
        platform_id=tenant.platform_id,
        livemode=tenant.livemode,
        now_ms=now_ms,
        vault=database.vault,
        clock_id=tenant.clock_id,
    )

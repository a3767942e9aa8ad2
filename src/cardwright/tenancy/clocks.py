"""Virtual clocks of a test platform, and the transactions in which deadlines are met.

A clock stands still until it is advanced. Advancing walks from due instant to due instant: the
deadlines of the earliest one are met, each at its own instant, the transaction commits; until none
is left before the target. A crash loses nothing: the clock is found advancing and goes on.
"""

from contextlib import suppress
from typing import Any, Literal

import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import deadlines, gates, refusals, registry

QUERIES = load(__file__, "clocks.sql")

PREFIX = "clock_"
TAG = "test_helpers.test_clock"
# What rules that are shortened in the test environment wait on a clock: as there, or as in live
# mode, so that 29 days can be rehearsed as 29 days.
Timers = Literal["test", "live"]
# A clock that nobody is on is removed so long after it was made.
KEPT_MS = 30 * clock.DAY_MS
# How far a clock goes at once.
FARTHEST_MS = 2 * 366 * clock.DAY_MS
# How long one transaction of an advance goes on, and how many accounts it takes up together.
STEP_SECONDS = 0.05
ACCOUNTS_AT_ONCE = 16
# How many due rows a look for accounts sees.
SEEN_AT_ONCE = 1000


class Clock(msgspec.Struct, frozen=True):
    """A clock as it is stored. ``status`` is that of its walk: one that has arrived and waits for
    receivers of webhooks takes writes again, although it is shown as advancing."""

    account_id: str
    id: str
    now_ms: int
    target_ms: int | None
    status: str
    name: str | None
    created_ms: int
    timers: Timers
    waits_for_webhooks: bool
    deadlines_met: int
    deletes_after_ms: int

    @property
    def shown_status(self) -> str:
        """``ready``, ``advancing`` or ``internal_failure``."""
        return "advancing" if self.waits_for_webhooks and self.status == "ready" else self.status


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


class DueAccounts(msgspec.Struct, frozen=True):
    """Accounts with due deadlines: those on machine time, and those on a clock that stands."""

    machine: list[str]
    virtual: list[str]


_INSERT = QUERIES.run("insert_clock")
_GET = QUERIES.one("get_clock", Clock)
_LOCK = QUERIES.one("lock_clock", Clock)
_LIST = QUERIES.many("list_clocks", Clock)
_LIST_BACKWARDS = QUERIES.many("list_clocks_backwards", Clock)
_SAVE = QUERIES.run("save_clock")
_FOLLOW = QUERIES.run("put_on_clock")
_STAMP = QUERIES.run("stamp_deadlines")
_STAMP_CLOCK = QUERIES.run("stamp_clock")
_TIMERS = QUERIES.value("timers_of_clock", str)
_ADVANCING = QUERIES.many("advancing_clocks", ClockName)
_WAITING = QUERIES.many("waiting_clocks", ClockName)
_NEXT = QUERIES.many("next_on_clock", NextDue)
_DUE = QUERIES.many("accounts_due", AccountDue)
_DUE_ON_CLOCKS = QUERIES.many("accounts_due_on_clocks", AccountDue)


def shown(found: Clock) -> dict[str, Any]:
    """A clock as the API and its events show it."""
    status, details = found.shown_status, {}
    if status == "advancing":
        target_ms = found.now_ms if found.target_ms is None else found.target_ms
        details["advancing"] = {
            "deadlines_met": found.deadlines_met,
            "target_frozen_time": target_ms // clock.SECOND_MS,
        }
    return {
        "id": found.id,
        "object": TAG,
        "created": found.created_ms // clock.SECOND_MS,
        "deletes_after": found.deletes_after_ms // clock.SECOND_MS,
        "frozen_time": found.now_ms // clock.SECOND_MS,
        "livemode": False,
        "name": found.name,
        "status": status,
        "status_details": details,
        "timers": found.timers,
    }


async def create(
    connection: Connection,
    *,
    platform_id: str,
    now_ms: int,
    name: str | None = None,
    timers: Timers = "test",
) -> str:
    """A new clock of a test platform, standing at ``now_ms``; returns its id."""
    clock_id = ids.new_id(PREFIX)
    machine_ms = clock.machine_ms()
    await _INSERT(
        connection,
        account_id=platform_id,
        id=clock_id,
        now_ms=now_ms,
        name=name,
        created_ms=machine_ms,
        timers=timers,
        deletes_after_ms=machine_ms + KEPT_MS,
    )
    return clock_id


async def create_default(connection: Connection, platform_id: str, now_ms: int) -> str:
    """A clock that the platform itself follows, so that its new accounts do, too."""
    clock_id = await create(
        connection, platform_id=platform_id, now_ms=now_ms, name="The test environment"
    )
    await follow(connection, platform_id, clock_id)
    return clock_id


async def clock_of(connection: Connection, account_id: str) -> Clock | None:
    """The clock that an account follows, or None."""
    tenant = await registry.find_tenant(connection, account_id)
    if tenant is None or tenant.clock_id is None:
        return None
    return await find(connection, ClockName(tenant.platform_id, tenant.clock_id))


async def find(connection: Connection, name: ClockName) -> Clock | None:
    """A clock as it is, or None."""
    return await _GET(connection, account_id=name.account_id, id=name.id)


async def list_all(
    connection: Connection,
    platform_id: str,
    limit: int,
    *,
    after: str | None = None,
    before: str | None = None,
) -> list[Clock]:
    """Clocks of a platform, newest first after a cursor, oldest first before one."""
    if before is not None:
        return await _LIST_BACKWARDS(connection, account_id=platform_id, cursor=before, limit=limit)
    return await _LIST(connection, account_id=platform_id, cursor=after, limit=limit)


async def lock(connection: Connection, name: ClockName) -> Clock | None:
    """The same, locked in order to move or remove it."""
    return await _LOCK(connection, account_id=name.account_id, id=name.id)


async def follow(connection: Connection, account_id: str, clock_id: str | None) -> None:
    """Let an account follow a clock of its platform, or the machine's (None)."""
    await _FOLLOW(connection, account_id=account_id, clock_id=clock_id)
    await _STAMP(connection, account_id=account_id, clock_id=clock_id)


async def live_timers(tx: Tx) -> bool:
    """Whether rules that are shortened in the test environment wait as long as in live mode."""
    if tx.livemode or tx.clock_id is None:
        return tx.livemode
    found = await _TIMERS(tx.connection, account_id=tx.platform_id, id=tx.clock_id)
    return found == "live"


async def advance(database: Database, name: ClockName, target_ms: int) -> None:
    """Move a clock to ``target_ms`` and meet every deadline on the way, each at its instant.

    Refuses as ``send`` does.
    """
    async with database.connection() as connection, connection.transaction():
        await send(connection, name, target_ms)
    while await step(database, name):
        pass


async def send(
    connection: Connection, name: ClockName, target_ms: int, *, wait_for_webhooks: bool = False
) -> Clock:
    """Send a clock on its way, in a transaction; a worker takes it there.

    Refuses with ``clock_advancing`` while it moves, ``clock_backwards`` for an instant that is not
    after the one it shows, and ``clock_too_far`` for one more than two years ahead.
    """
    found = await lock(connection, name)
    assert found is not None, f"clock {name.id} does not exist"
    if found.shown_status == "advancing":
        fail(refusals.CLOCK_ADVANCING)
    if target_ms <= found.now_ms:
        fail(refusals.CLOCK_BACKWARDS, param="frozen_time", shown=clock.rfc3339(found.now_ms))
    if target_ms > found.now_ms + FARTHEST_MS:
        latest = clock.rfc3339(found.now_ms + FARTHEST_MS)
        fail(refusals.CLOCK_TOO_FAR, param="frozen_time", latest=latest)
    # Nothing is written on its accounts any more, so that what is stamped now is all there is.
    await _STAMP_CLOCK(connection, platform_id=name.account_id, clock_id=name.id)
    sent = msgspec.structs.replace(
        found,
        target_ms=target_ms,
        status="advancing",
        waits_for_webhooks=wait_for_webhooks,
        deadlines_met=0,
        deletes_after_ms=max(found.deletes_after_ms, clock.machine_ms() + KEPT_MS),
    )
    await save(connection, sent)
    return sent


async def save(connection: Connection, changed: Clock) -> None:
    """Write a clock that was locked."""
    await _SAVE(
        connection,
        account_id=changed.account_id,
        id=changed.id,
        now_ms=changed.now_ms,
        target_ms=changed.target_ms,
        status=changed.status,
        waits_for_webhooks=changed.waits_for_webhooks,
        deadlines_met=changed.deadlines_met,
        deletes_after_ms=changed.deletes_after_ms,
    )


async def step(database: Database, name: ClockName) -> bool:
    """Take an advancing clock a few instants further; False when it has arrived.

    The transaction ends after some milliseconds, so that the clock is seen to move.
    """
    async with database.connection() as connection, connection.transaction():
        found = await lock(connection, name)
        if found is None or found.status != "advancing" or found.target_ms is None:
            return False
        ends = clock.monotonic() + STEP_SECONDS
        now_ms, met, arrived = found.now_ms, found.deadlines_met, False
        while not arrived and clock.monotonic() < ends:
            coming = await _NEXT(
                connection,
                clock_id=name.id,
                until_ms=found.target_ms,
                machine_ms=clock.machine_ms(),
                limit=ACCOUNTS_AT_ONCE,
            )
            if coming:
                now_ms = max(now_ms, coming[0].due_ms)
                due = sorted({row.account_id for row in coming if row.due_ms <= now_ms})
                met += await _meet_at(database, connection, due, now_ms)
            else:
                arrived = True
        changed = msgspec.structs.replace(
            found,
            now_ms=found.target_ms if arrived else now_ms,
            target_ms=None if arrived else found.target_ms,
            status="ready" if arrived else "advancing",
            deadlines_met=met,
        )
        await save(connection, changed)
        if arrived and not changed.waits_for_webhooks:
            await announce(database, connection, changed)
        return not arrived


async def _meet_at(
    database: Database, connection: Connection, account_ids: list[str], now_ms: int
) -> int:
    """Meet what is due of accounts on a clock that this transaction moves."""
    acting = []
    for tenant in await registry.find_tenants(connection, account_ids):
        tx = _acting(database, connection, tenant, now_ms)
        await gates.lock(tx, tx.account_id)
        acting.append(tx)
    return await deadlines.meet_each(acting, database.finish)


async def announce(database: Database, connection: Connection, changed: Clock) -> None:
    """Tell that a clock is ready, or has failed."""
    tenant = await registry.find_tenant(connection, changed.account_id)
    assert tenant is not None, f"platform {changed.account_id} is not registered"
    now_ms = await registry.instant(connection, tenant, holding=False)
    tx = _acting(database, connection, tenant, now_ms)
    if changed.status == "ready":
        tx.emit("test_helpers.test_clock.ready", shown(changed))
    else:
        tx.emit("test_helpers.test_clock.internal_failure", shown(changed))
    await database.finish(tx)


async def give_up(database: Database, name: ClockName) -> None:
    """Let a clock stand whose walk fails again and again; it may be sent on anew."""
    async with database.connection() as connection, connection.transaction():
        found = await lock(connection, name)
        if found is None or found.status != "advancing":
            return
        failed = msgspec.structs.replace(
            found, status="internal_failure", target_ms=None, waits_for_webhooks=False
        )
        await save(connection, failed)
        await announce(database, connection, failed)


async def stop_waiting(database: Database, name: ClockName) -> None:
    """The receivers of webhooks were told: a clock that has arrived is ready."""
    async with database.connection() as connection, connection.transaction():
        found = await lock(connection, name)
        if found is None or found.status != "ready" or not found.waits_for_webhooks:
            return
        free = msgspec.structs.replace(found, waits_for_webhooks=False)
        await save(connection, free)
        await announce(database, connection, free)


async def advancing(connection: Connection) -> list[ClockName]:
    """The clocks that are on their way."""
    return await _ADVANCING(connection)


async def waiting(connection: Connection) -> list[ClockName]:
    """The clocks that have arrived and wait until receivers of webhooks were told."""
    return await _WAITING(connection)


async def accounts_due(connection: Connection) -> DueAccounts:
    """Accounts with due deadlines, looked at without locks."""
    machine_ms = clock.machine_ms()
    machine = await _DUE(connection, machine_ms=machine_ms, limit=SEEN_AT_ONCE)
    virtual = await _DUE_ON_CLOCKS(connection, machine_ms=machine_ms, limit=SEEN_AT_ONCE)
    return DueAccounts(
        sorted(row.account_id for row in machine), sorted({row.account_id for row in virtual})
    )


async def meet_due(database: Database, account_id: str) -> int:
    """Meet the due deadlines of an account in one transaction; returns how many were due.

    Nothing happens while somebody else holds the account's gate or its clock moves: the rows
    are found again at the next look.
    """
    with suppress(Failure):
        async with database.connection() as connection, connection.transaction():
            tenant = await registry.find_tenant(connection, account_id)
            if tenant is None:
                return 0
            now_ms = await registry.instant(connection, tenant, holding=True)
            tx = _acting(database, connection, tenant, now_ms)
            if await gates.try_lock(tx, account_id):
                await _STAMP(connection, account_id=account_id, clock_id=tenant.clock_id)
                return await deadlines.meet(tx, database.finish)
    return 0


async def meet_together(database: Database, account_ids: list[str]) -> int:
    """Meet the due deadlines of several accounts in one transaction.

    Those that follow a clock after all are met one by one.
    """
    apart: list[str] = []
    async with database.connection() as connection, connection.transaction():
        acting = []
        now_ms = clock.machine_ms()
        for tenant in await registry.find_tenants(connection, account_ids):
            if tenant.clock_id is not None:
                apart.append(tenant.account_id)
                continue
            acting.append(_acting(database, connection, tenant, now_ms))
        held = await gates.try_each(acting)
        met = await deadlines.meet_each(held, database.finish)
    for account_id in apart:
        met += await meet_due(database, account_id)
    return met


def _acting(database: Database, connection: Connection, tenant: registry.Tenant, now_ms: int) -> Tx:
    """A ``Tx`` for deadlines; those of a closed account are met like any others."""
    return Tx(
        connection=connection,
        account_id=tenant.account_id,
        platform_id=tenant.platform_id,
        livemode=tenant.livemode,
        now_ms=now_ms,
        vault=database.vault,
        clock_id=tenant.clock_id,
    )

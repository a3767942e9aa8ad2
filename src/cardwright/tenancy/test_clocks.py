"""What a platform does with its virtual clocks: make, advance, look at, remove, attach accounts.

Every verb works on a transaction that acts as the platform.
"""

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import clocks, deadlines, gates, refusals, registry
from cardwright.tenancy.clocks import Clock, ClockName, Timers, shown
from cardwright.tenancy.operator_verbs import operator_verb

QUERIES = load(__file__, "clocks.sql")
# The deadline at which a clock that nobody is on is removed.
DELETION = "test_clock_deletion"

_HOLD = QUERIES.one("hold_clock", registry.ClockReading)
_DELETE = QUERIES.run("delete_clock")
_COUNT = QUERIES.value("count_on_clock", int)
_ACCOUNTS = QUERIES.many("accounts_on_clock", clocks.AccountDue)
_WITHOUT = QUERIES.many("accounts_without_clock", clocks.AccountDue)


@operator_verb(kind="none")
async def create(tx: Tx, now_ms: int, *, name: str | None = None, timers: Timers = "test") -> Clock:
    """A new clock that stands at ``now_ms``; removed after 30 days that nobody is on it."""
    clock_id = await clocks.create(
        tx.connection, platform_id=tx.platform_id, now_ms=now_ms, name=name, timers=timers
    )
    made = await get(tx, clock_id)
    await _plan_deletion(tx, made)
    tx.emit("test_helpers.test_clock.created", shown(made))
    return made


async def get(tx: Tx, clock_id: str) -> Clock:
    """A clock of the platform; refuses with ``resource_missing``."""
    found = await clocks.find(tx.connection, ClockName(tx.platform_id, clock_id))
    return found if found is not None else _missing(clock_id)


@operator_verb(kind="none")
async def advance(
    tx: Tx, clock_id: str, target_ms: int, *, wait_for_webhooks: bool = False
) -> Clock:
    """Send a clock on its way; refuses as ``clocks.send`` does."""
    await get(tx, clock_id)
    name = ClockName(tx.platform_id, clock_id)
    sent = await clocks.send(tx.connection, name, target_ms, wait_for_webhooks=wait_for_webhooks)
    tx.emit("test_helpers.test_clock.advancing", shown(sent))
    return sent


async def delete(tx: Tx, clock_id: str) -> None:
    """Remove a clock; refuses with ``clock_in_use`` while open accounts follow it."""
    found = await _lock(tx, clock_id)
    if found.shown_status == "advancing":
        fail(refusals.CLOCK_ADVANCING)
    count = await count_on(tx, clock_id)
    if count:
        fail(refusals.CLOCK_IN_USE, count=count)
    await _remove(tx, found)


async def remove_unused(tx: Tx, clock_id: str) -> None:
    """Remove a clock that nobody has been on for 30 days."""
    found = await clocks.lock(tx.connection, ClockName(tx.platform_id, clock_id))
    if found is None:
        return
    used = found.shown_status == "advancing" or await count_on(tx, clock_id)
    machine_ms = clock.machine_ms()
    if used or found.deletes_after_ms > machine_ms:
        later_ms = max(found.deletes_after_ms, machine_ms + clocks.KEPT_MS if used else 0)
        kept = msgspec.structs.replace(found, deletes_after_ms=later_ms)
        await clocks.save(tx.connection, kept)
        await _plan_deletion(tx, kept)
        return
    await _remove(tx, found)


async def hold(tx: Tx, clock_id: str) -> int:
    """The instant of a clock that an account is to follow, held until the commit.

    Refuses with ``test_clock_disallowed_on_live_mode``, ``test_clock_invalid`` (unknown, removed,
    or of another platform) and ``clock_advancing``.
    """
    if tx.livemode:
        fail(refusals.TEST_CLOCK_DISALLOWED_ON_LIVE_MODE, param="test_clock")
    found = await _HOLD(tx.connection, account_id=tx.platform_id, id=clock_id)
    if found is None:
        fail(refusals.TEST_CLOCK_INVALID, param="test_clock", id=clock_id[:200])
    if found.status == "advancing":
        fail(refusals.CLOCK_ADVANCING)
    return found.now_ms


@operator_verb(kind="none")
async def attach(tx: Tx, account_id: str, clock_id: str | None) -> int:
    """Let an account of the platform follow a clock, or machine time again (None).

    Returns the account's new instant. Refuses what ``hold`` refuses, a closed account, and a
    clock that is behind the account, whose time never goes back.
    """
    if tx.livemode:
        fail(refusals.TEST_CLOCK_DISALLOWED_ON_LIVE_MODE, param="test_clock")
    tenant = await registry.find_tenant(tx.connection, account_id)
    if tenant is None or tenant.platform_id != tx.platform_id:
        fail(refusals.RESOURCE_MISSING, param="account", object="account", id=account_id[:200])
    if tenant.closed_ms is not None:
        fail(refusals.ACCOUNT_CLOSED, account=account_id)
    account_ms = await registry.instant(tx.connection, tenant, holding=True)
    now_ms = clock.machine_ms() if clock_id is None else await hold(tx, clock_id)
    if now_ms < account_ms:
        fail(
            refusals.CLOCK_BEFORE_ACCOUNT,
            param="test_clock",
            shown=clock.rfc3339(now_ms),
            account=clock.rfc3339(account_ms),
        )
    await gates.lock(tx, account_id)
    await clocks.follow(tx.connection, account_id, clock_id)
    return now_ms


async def attach_everybody(tx: Tx, clock_id: str) -> int:
    """Put the platform and all of its accounts that follow no clock on one; returns how many."""
    found = await _WITHOUT(tx.connection, platform_id=tx.platform_id)
    for row in found:
        await gates.lock(tx, row.account_id)
        await clocks.follow(tx.connection, row.account_id, clock_id)
    return len(found)


async def count_on(tx: Tx, clock_id: str) -> int:
    """How many open accounts follow a clock."""
    return await _COUNT(tx.connection, platform_id=tx.platform_id, clock_id=clock_id) or 0


async def accounts_on(connection: Connection, name: ClockName, limit: int) -> list[str]:
    """The accounts that follow a clock, oldest first."""
    found = await _ACCOUNTS(connection, platform_id=name.account_id, clock_id=name.id, limit=limit)
    return [row.account_id for row in found]


async def _lock(tx: Tx, clock_id: str) -> Clock:
    found = await clocks.lock(tx.connection, ClockName(tx.platform_id, clock_id))
    return found if found is not None else _missing(clock_id)


async def _remove(tx: Tx, found: Clock) -> None:
    await _DELETE(
        tx.connection,
        account_id=found.account_id,
        id=found.id,
        deleted_ms=clock.machine_ms(),
    )
    await deadlines.cancel(tx, kind=DELETION, subject=found.id, account_id=tx.platform_id)
    tx.emit("test_helpers.test_clock.deleted", shown(found))


async def _plan_deletion(tx: Tx, made: Clock) -> None:
    await deadlines.schedule(
        tx,
        kind=DELETION,
        subject=made.id,
        due_ms=made.deletes_after_ms,
        timebase="machine",
        account_id=tx.platform_id,
    )


def _missing(clock_id: str) -> Clock:
    fail(refusals.RESOURCE_MISSING, object="test clock", id=clock_id[:200])

"""Deadlines: things that happen at an instant, kept as rows, met by handlers.

A deadline is unique by (account, kind, subject). Its handler is registered by kind and runs in a
transaction that holds the account's gate, in a savepoint, with ``tx.now_ms`` set to the instant it
happens at. It looks at the state again before it acts, sends nothing, and may schedule the same
deadline anew. A handler that raises leaves its row, which is tried again later and does not hold up
others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from operator import attrgetter

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Tx, is_lost
from cardwright.kernel.logs import log
from cardwright.kernel.queries import load
from cardwright.kernel.registries import Keyed
from cardwright.tenancy import gates

QUERIES = load(__file__, "deadlines.sql")


class Due(msgspec.Struct, frozen=True):
    """A due deadline that was claimed."""

    account_id: str
    due_ms: int
    rank: int
    kind: str
    subject: str
    timebase: str
    clock_id: str | None
    attempts: int


class Upcoming(msgspec.Struct, frozen=True):
    """A deadline as a list shows it; it is left alone until ``not_before_ms`` of the machine."""

    account_id: str
    due_ms: int
    rank: int
    kind: str
    subject: str
    timebase: str
    clock_id: str | None
    attempts: int
    not_before_ms: int


_SCHEDULE = QUERIES.run("schedule_deadline")
_SCHEDULE_UNLESS_SET = QUERIES.run("schedule_unless_set")
_CANCEL = QUERIES.run("cancel_deadline")
_CLAIM = QUERIES.each("claim_due", Due)
_PUT_BACK = QUERIES.run("put_back")
_UPCOMING = QUERIES.many("upcoming", Upcoming)
_FIRST, _LAST = "SAVEPOINT deadline", "RELEASE SAVEPOINT deadline"
_NEXT, _UNDO = f"{_LAST}; {_FIRST}", f"ROLLBACK TO {_FIRST}"
_ORDER = attrgetter("due_ms", "rank", "kind", "subject")

# (transaction, subject); the features register them. The first sentence of a handler's docstring
# says in plain words what is going to happen.
Handler = Callable[[Tx, str], Awaitable[object]]
HANDLERS: Keyed[str, Handler] = Keyed("handlers of deadlines")

# How many rows one transaction meets, so that nobody waits long for a gate (an account has a few
# at least), and how long a failing handler is left alone.
AT_ONCE, AT_LEAST = 32, 2
BACKOFF_FIRST_MS, BACKOFF_MAX_MS = clock.SECOND_MS, clock.HOUR_MS


def words(kind: str) -> str:
    """What happens when a deadline of a kind is due, in a sentence."""
    handler = HANDLERS.get(kind)
    said = " ".join((getattr(handler, "__doc__", None) or kind).split())
    return said.partition(". ")[0].removesuffix(".") + "."


async def upcoming(connection: Connection, account_id: str) -> list[Upcoming]:
    """Every deadline of an account, the earliest first."""
    return await _UPCOMING(connection, account_id=account_id)


async def schedule(
    tx: Tx,
    *,
    kind: str,
    subject: str,
    due_ms: int,
    rank: int = 0,
    timebase: str = "account",
    account_id: str | None = None,
) -> None:
    """Set the deadline of a subject, or move it.

    ``due_ms`` is on the account's clock, or on the machine's with ``timebase="machine"``. Of
    deadlines at one instant the lower ``rank`` is met first.
    """
    assert kind in HANDLERS, f"no handler for deadlines of kind {kind}"
    await _SCHEDULE(
        tx.connection,
        account_id=account_id or tx.account_id,
        kind=kind,
        subject=subject,
        due_ms=due_ms,
        rank=rank,
        timebase=timebase,
    )


async def schedule_unless_set(tx: Tx, *, kind: str, subject: str, due_ms: int) -> None:
    """Set a deadline on the acting account's clock, unless it is set; several things that end
    together share one."""
    await _SCHEDULE_UNLESS_SET(
        tx.connection, account_id=tx.account_id, kind=kind, subject=subject, due_ms=due_ms
    )


async def cancel(tx: Tx, *, kind: str, subject: str, account_id: str | None = None) -> None:
    """Remove a deadline; one that does not exist is no error."""
    await _CANCEL(tx.connection, account_id=account_id or tx.account_id, kind=kind, subject=subject)


async def meet(tx: Tx, finish: Callable[[Tx], Awaitable[None]]) -> int:
    """Run the handlers of the account's due deadlines, in order; returns how many were due.

    The transaction holds the account's gate. ``finish`` writes the events of each handler.
    """
    return await meet_each([tx], finish)


async def meet_each(acting: list[Tx], finish: Callable[[Tx], Awaitable[None]]) -> int:
    """The same for several accounts in one transaction: a ``Tx`` each, on one connection.

    What is due is claimed at once for all of them; account after account, each in its order.
    """
    if not acting:
        return 0
    assert all(gates.held(tx, tx.account_id) for tx in acting), "deadlines are met under the gate"
    machine_ms = clock.machine_ms()
    # Claimed rows are gone, so that a handler may schedule its deadline anew.
    claimed = await _CLAIM(
        acting[0].connection,
        [
            {
                "account_id": tx.account_id,
                "machine_ms": machine_ms,
                "account_ms": tx.now_ms,
                "limit": max(AT_ONCE // len(acting), AT_LEAST),
            }
            for tx in acting
        ],
    )
    due: dict[str, list[Due]] = {}
    for row in claimed:
        due.setdefault(row.account_id, []).append(row)
    statement = _FIRST
    for tx in acting:
        for row in sorted(due.get(tx.account_id, ()), key=_ORDER):
            # The savepoint of the one before is given up in the same visit to the database.
            await tx.connection.execute(statement)
            await _meet_one(tx, row, finish)
            statement = _NEXT
    if claimed:
        await acting[0].connection.execute(_LAST)
    return len(claimed)


async def _meet_one(tx: Tx, row: Due, finish: Callable[[Tx], Awaitable[None]]) -> None:
    """One deadline, in a savepoint that was just set."""
    # On a virtual clock it happens at its own instant, however far the clock has moved since.
    virtual = tx.clock_id is not None and row.timebase == "account"
    now_ms = min(row.due_ms, tx.now_ms) if virtual else tx.now_ms
    at_instant = replace(tx, now_ms=now_ms, emissions=[], gates=set(tx.gates))
    try:
        await HANDLERS[row.kind](at_instant, row.subject)
        await finish(at_instant)
    except Exception:
        if is_lost(tx.connection):
            raise
        log.exception("deadline.failed", account=tx.account_id, kind=row.kind, subject=row.subject)
        await tx.connection.execute(_UNDO)
        wait_ms = min(BACKOFF_FIRST_MS << min(row.attempts, 20), BACKOFF_MAX_MS)
        await _PUT_BACK(
            tx.connection,
            account_id=row.account_id,
            kind=row.kind,
            subject=row.subject,
            due_ms=row.due_ms,
            rank=row.rank,
            timebase=row.timebase,
            clock_id=row.clock_id,
            attempts=row.attempts + 1,
            not_before_ms=clock.machine_ms() + wait_ms,
        )
    else:
        tx.gates |= at_instant.gates

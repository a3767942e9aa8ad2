"""Deadlines: things that happen at an instant, kept as rows, met by handlers.

A deadline is unique by (account, kind, subject). Its handler is registered by kind in app.py and
runs in a transaction that holds the account's gate, in a savepoint, with ``tx.now_ms`` set to the
instant it happens at. It looks at the state again before it acts, sends nothing, and may schedule
the same deadline anew. A handler that raises leaves its row, which is tried again later and does
not hold up others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec

from cardwright.kernel import clock, gates
from cardwright.kernel.database import Tx
from cardwright.kernel.logs import log
from cardwright.kernel.queries import load

QUERIES = load(__file__, "deadlines.sql")


class Due(msgspec.Struct, frozen=True):
    """A due deadline."""

    kind: str
    subject: str
    due_ms: int
    timebase: str
    attempts: int


_SCHEDULE = QUERIES.run("schedule_deadline")
_CANCEL = QUERIES.run("cancel_deadline")
_LOCK_DUE = QUERIES.many("lock_due", Due)
_POSTPONE = QUERIES.run("postpone_deadline")

# (transaction, subject); app.py fills the table from the features.
Handler = Callable[[Tx, str], Awaitable[object]]
HANDLERS: dict[str, Handler] = {}

# How many rows one transaction meets, and how long a failing handler is left alone.
AT_ONCE = 50
BACKOFF_FIRST_MS, BACKOFF_MAX_MS = clock.SECOND_MS, clock.HOUR_MS


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


async def cancel(tx: Tx, *, kind: str, subject: str, account_id: str | None = None) -> None:
    """Remove a deadline; one that does not exist is no error."""
    await _CANCEL(tx.connection, account_id=account_id or tx.account_id, kind=kind, subject=subject)


async def meet(tx: Tx, finish: Callable[[Tx], Awaitable[None]]) -> int:
    """Run the handlers of the account's due deadlines, in order; returns how many were due.

    The transaction holds the account's gate. ``finish`` writes the events of each handler.
    """
    assert gates.held(tx, tx.account_id), "deadlines are met under the account's gate"
    machine_ms = clock.machine_ms()
    due = await _LOCK_DUE(
        tx.connection,
        account_id=tx.account_id,
        machine_ms=machine_ms,
        account_ms=tx.now_ms,
        limit=AT_ONCE,
    )
    for row in due:
        await _meet_one(tx, row, finish)
    return len(due)


async def _meet_one(tx: Tx, row: Due, finish: Callable[[Tx], Awaitable[None]]) -> None:
    # On a virtual clock it happens at its own instant, however far the clock has moved since.
    virtual = tx.clock_id is not None and row.timebase == "account"
    now_ms = min(row.due_ms, tx.now_ms) if virtual else tx.now_ms
    at_instant = replace(tx, now_ms=now_ms, emissions=[], gates=set(tx.gates))
    await tx.connection.execute("SAVEPOINT deadline")
    try:
        # Removed first, so that the handler may schedule it anew.
        await cancel(tx, kind=row.kind, subject=row.subject)
        await HANDLERS[row.kind](at_instant, row.subject)
        await finish(at_instant)
    except Exception:
        if tx.connection.is_closed():
            raise
        log.exception("deadline.failed", account=tx.account_id, kind=row.kind, subject=row.subject)
        await tx.connection.execute("ROLLBACK TO SAVEPOINT deadline")
        wait_ms = min(BACKOFF_FIRST_MS << min(row.attempts, 20), BACKOFF_MAX_MS)
        await _POSTPONE(
            tx.connection,
            account_id=tx.account_id,
            kind=row.kind,
            subject=row.subject,
            not_before_ms=clock.machine_ms() + wait_ms,
        )
    else:
        await tx.connection.execute("RELEASE SAVEPOINT deadline")
        tx.gates |= at_instant.gates

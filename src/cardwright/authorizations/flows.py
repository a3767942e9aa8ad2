"""What happens to an authorization after its decision: hold, release, count, change, show.

Every verb holds the account's gate first: ``opened`` locks it and only then reads.
"""

from dataclasses import dataclass

import msgspec

from cardwright.authorizations import whole
from cardwright.authorizations.decision import spending
from cardwright.authorizations.lane.answers import EXPIRY, expiry, treasury_of
from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book, is_shown
from cardwright.tenancy import deadlines, gates
from cardwright.wire import rows
from cardwright.wire.given import Given, changed, merge

QUERIES = load(__file__)


class Holding(msgspec.Struct, frozen=True):
    """What the object does not show."""

    spend_root: str
    book: Book
    held_minor: int
    counted_minor: int


class Id(msgspec.Struct, frozen=True):
    """An authorization's id alone."""

    id: str


_HOLDING = QUERIES.one("get_holding", Holding)
_SAVE_HOLDING = QUERIES.run("save_holding")
_COUNT = QUERIES.run("count_spending")
_DISCOUNT = QUERIES.run("discount_spending")
_KEEP_DECISION = QUERIES.run("keep_decision")
_LAST_APPROVED = QUERIES.value("last_approved", int)
_OPEN_HOLDS = QUERIES.many("open_holds", Id)


@dataclass(slots=True)
class Opened:
    """An authorization under its gate, while a flow changes it."""

    before: ShownAuthorization
    now: Authorization
    spend_root: str
    book: Book
    held_minor: int
    counted_minor: int


async def opened(tx: Tx, authorization_id: str) -> Opened:
    """Lock the gate and read the authorization with what is held and counted of it."""
    await gates.lock(tx, tx.account_id)
    found = await rows.get(tx, Authorization, authorization_id)
    holding = await _HOLDING(tx.connection, account_id=tx.account_id, id=authorization_id)
    assert holding is not None
    [before] = await whole.shown(tx.connection, tx.account_id, [found])
    # Lists of its own: what was there before is compared with it in the end.
    now = msgspec.structs.replace(
        found,
        balance_transactions=[*found.balance_transactions],
        request_history=[*found.request_history],
        transactions=[*found.transactions],
    )
    return Opened(
        before, now, holding.spend_root, holding.book, holding.held_minor, holding.counted_minor
    )


async def hold(tx: Tx, work: Opened, amount_minor: int, *, forced: bool = False) -> None:
    """Hold more for the authorization; ``forced`` when the network has promised it already, whether
    or not the money is there."""
    if not amount_minor:
        return
    made = await ledger.hold(
        tx, work.now.id, work.now.currency, amount_minor, work.book, forced=forced
    )
    if is_shown(work.book):
        work.now.balance_transactions.append(made)
    if work.now.treasury is None:
        work.now.treasury = treasury_of(work.now.id, work.book)
    work.held_minor += amount_minor


async def release(tx: Tx, work: Opened, amount_minor: int) -> None:
    """Give back part or all of what is held."""
    if not amount_minor:
        return
    assert amount_minor <= work.held_minor, f"{work.now.id} holds only {work.held_minor}"
    made = await ledger.release(tx, work.now.id, work.now.currency, amount_minor, work.book)
    if is_shown(work.book):
        work.now.balance_transactions.append(made)
    work.held_minor -= amount_minor


async def count(tx: Tx, work: Opened, counted_minor: int) -> None:
    """Let the authorization count for ``counted_minor`` in the intervals it was created in."""
    difference = counted_minor - work.counted_minor
    work.counted_minor = counted_minor
    if not difference:
        return
    one = work.now
    await count_spending(
        tx,
        (work.spend_root, one.cardholder),
        one.merchant_data.category,
        one.currency,
        one.created,
        difference,
    )


async def count_spending(
    tx: Tx,
    owners: tuple[str, str],
    category: str,
    currency: str,
    created: int,
    amount_minor: int,
) -> None:
    """Add to what was spent in the intervals of an instant (seconds), or (negative) take away."""
    counters = sorted(spending.counters(owners, category, currency, created * clock.SECOND_MS))
    write = _COUNT if amount_minor > 0 else _DISCOUNT
    await write(
        tx.connection,
        account_id=tx.account_id,
        owners=[counter.owner for counter in counters],
        categories=[counter.category for counter in counters],
        month=counters[0].month,
        day=counters[0].day,
        currency=currency,
        amount_minor=abs(amount_minor),
    )


async def save(tx: Tx, work: Opened, event: str) -> ShownAuthorization:
    """Write the authorization and what is held and counted of it, and emit the event."""
    await rows.save(tx, work.now)
    await save_holding(tx, work)
    after = await whole.shown_after(tx.connection, tx.account_id, work.now, work.before)
    previous = changed(work.before, after) if event.endswith(".updated") else None
    tx.emit(event, after, previous=previous)
    return after


async def save_holding(tx: Tx, work: Opened) -> None:
    """Write what is held and counted of an authorization."""
    await _SAVE_HOLDING(
        tx.connection,
        account_id=tx.account_id,
        id=work.now.id,
        held_minor=work.held_minor,
        counted_minor=work.counted_minor,
    )


async def set_expiry(tx: Tx, authorization: Authorization) -> None:
    """The deadline at which the hold of a new approval ends."""
    # The deadline finds the holds of an hour by when they were asked for, not by the answer.
    asked_ms = authorization.created * clock.SECOND_MS
    due = expiry(authorization.merchant_data.category, asked_ms)
    await deadlines.schedule_unless_set(tx, kind=EXPIRY, subject=due.subject, due_ms=due.due_ms)


async def keep_decision(tx: Tx, authorization_id: str, decision: str) -> None:
    """Keep what a decision (JSON) looked at, for whoever asks why."""
    await _KEEP_DECISION(
        tx.connection, account_id=tx.account_id, id=authorization_id, decision=decision
    )


# Verbs.


async def change_metadata(
    tx: Tx, authorization_id: str, given: Given[Authorization]
) -> ShownAuthorization:
    """The authorization with its metadata changed; nothing is written when nothing changes."""
    work = await opened(tx, authorization_id)
    after = merge(work.now, given)
    if after == work.now:
        return work.before
    work.now = after
    return await save(tx, work, "issuing_authorization.updated")


async def last_approved(tx: Tx, since: int) -> int:
    """When the acting account's newest approved authorization was made, in seconds; 0: never after
    ``since``."""
    return await _LAST_APPROVED(tx.connection, account_id=tx.account_id, since=since) or 0


async def open_holds(tx: Tx, from_seconds: int, until_seconds: int) -> list[str]:
    """The ids of authorizations created in the interval that still hold something."""
    found = await _OPEN_HOLDS(
        tx.connection,
        account_id=tx.account_id,
        from_seconds=from_seconds,
        until_seconds=until_seconds,
    )
    return [row.id for row in found]

"""Accounts that do not use their cards: counted, warned, closed for issuing after 395 days.

The days count from the last card payment that was approved, or from the switching on of cards if
that is later. Of an account that can do more than issue cards its payments count, too, and it is
left alone while a financial account of it holds more than 9.99. Nobody writes down when a card is
used: the deadline looks when it is due, and sets itself anew.
"""

from collections import defaultdict

import msgspec

from cardwright.accounts import agreements
from cardwright.accounts import flows as accounts
from cardwright.accounts.asking import PREFIX
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.accounts.requirements import store as requirements_store
from cardwright.accounts.requirements.circumstances import Added
from cardwright.accounts.requirements.issuing_closures import IssuingClosure
from cardwright.authorizations import flows as authorizations
from cardwright.compliance import applications, closures, records, rules
from cardwright.compliance.model import Record
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.ledger import flows as ledger
from cardwright.ledger import history
from cardwright.ledger.chart import is_cash
from cardwright.tenancy import deadlines
from cardwright.transactions import payments
from cardwright.wire.resource import Timestamp

# The deadline at which somebody looks whether cards are used; before what else is due then, so
# that a closing is a closing and no missed requirement.
IDLE = "issuing_inactivity"
RANK = -1
# The requirement that warns.
ACTIVITY = "card_issuing.activity"
REASON = "Issuing was closed: the cards were not used."
# How often somebody looks while an account is warned, or has too much money to be closed.
LOOK_MS = clock.DAY_MS


async def follow(tx: Tx, state: AccountState, record: Record) -> Record:
    """The record of an account whose cards may just have been switched on."""
    if not rules.is_active(state) or record.active_since_ms is not None:
        return record
    first_ms = tx.now_ms + rules.IDLE_MS - rules.warning_ms(state.account.identity.country)
    await _look_at(tx, first_ms)
    return msgspec.structs.replace(record, active_since_ms=tx.now_ms)


async def look(tx: Tx, _account_id: str) -> None:
    """Cards that were not used for 395 days are switched off, after a warning; cards that were are
    left on."""
    state = await lock_state(tx, closed=True)
    record = await records.record_of(tx)
    if state.account.closed or record.active_since_ms is None:
        return
    if not rules.is_active(state):
        # Counted anew from the day on which cards are switched on again.
        unwarned = await _unwarned(tx, record)
        idle = msgspec.structs.replace(unwarned, active_since_ms=None)
        await records.keep(tx, record, idle)
        return
    used_ms = await last_use_ms(tx, state, record.active_since_ms)
    warning_ms = rules.warning_ms(state.account.identity.country)
    due_ms = used_ms + rules.IDLE_MS
    if tx.now_ms < due_ms - warning_ms:
        await records.keep(tx, record, await _unwarned(tx, record))
        await _look_at(tx, due_ms - warning_ms)
    elif not await _is_empty(tx, state):
        await records.keep(tx, record, await _unwarned(tx, record))
        await _look_at(tx, tx.now_ms + LOOK_MS)
    elif record.closes_ms is None:
        await _warn(tx, record, max(due_ms, tx.now_ms + warning_ms))
    elif tx.now_ms < record.closes_ms:
        await _look_at(tx, min(tx.now_ms + LOOK_MS, record.closes_ms))
    else:
        await _close(tx, state, record)


async def card_used(tx: Tx) -> None:
    """A card of the acting account paid: a warning that they are not used is over."""
    record = await records.record_of(tx)
    if record.closes_ms is not None:
        await look(tx, tx.account_id)


async def last_use_ms(tx: Tx, state: AccountState, since_ms: int) -> int:
    """When the acting account last used a card (or, if it can do more, moved money): not before
    ``since_ms``."""
    since = since_ms // clock.SECOND_MS
    used = max(
        await authorizations.last_approved(tx, since), await payments.last_force_capture(tx, since)
    )
    if rules.has_further_capabilities(state):
        used = max(used, await history.last_moved(tx.connection, tx.account_id, since))
    return max(since_ms, used * clock.SECOND_MS)


async def _is_empty(tx: Tx, state: AccountState) -> bool:
    """Whether nothing but small change is in the financial accounts of one that can do more."""
    if not rules.has_further_capabilities(state):
        return True
    cash: dict[str, int] = defaultdict(int)
    for one in await ledger.balances_of(tx.connection, tx.account_id):
        if is_cash(one.book):
            cash[one.currency] += one.available_minor
    return all(rules.is_left_over(amount, currency) for currency, amount in cash.items())


async def _warn(tx: Tx, record: Record, closes_ms: int) -> None:
    """Ask the account to use a card before it is closed for issuing."""
    added = Added(
        id=ids.new_id(PREFIX),
        path=ACTIVITY,
        person=None,
        restricts=("issuing",),
        effective_ms=tx.now_ms,
        due_ms=closes_ms,
        created_ms=tx.now_ms,
    )
    await requirements_store.add(tx, added)
    warned = msgspec.structs.replace(
        record, warned_ms=tx.now_ms, closes_ms=closes_ms, requirement=added.id
    )
    await records.keep(tx, record, warned)
    await accounts.reevaluate(tx)
    await _look_at(tx, min(tx.now_ms + LOOK_MS, closes_ms))


async def _unwarned(tx: Tx, record: Record) -> Record:
    """The record of an account that is asked to use a card no longer."""
    if record.requirement is None:
        return record
    await requirements_store.withdraw(tx, record.requirement)
    unwarned = msgspec.structs.replace(record, warned_ms=None, closes_ms=None, requirement=None)
    await records.keep(tx, record, unwarned)
    await accounts.reevaluate(tx)
    return unwarned


async def _close(tx: Tx, state: AccountState, record: Record) -> None:
    """Close issuing, and have the terms accepted anew by an account that wants cards again."""
    if record.requirement is not None:
        await requirements_store.withdraw(tx, record.requirement)
    await records.keep(tx, record, Record())
    closure = IssuingClosure(
        id=ids.new_id(IssuingClosure.prefix),
        account=tx.account_id,
        created=Timestamp(tx.now),
        livemode=tx.livemode,
        platform_id=tx.platform_id,
        reason="inactivity",
    )
    await closures.tell(tx, state, closure)
    await agreements.clear(tx, applications.CARD_TERMS, REASON)


async def _look_at(tx: Tx, due_ms: int) -> None:
    await deadlines.schedule(tx, kind=IDLE, subject=tx.account_id, due_ms=due_ms, rank=RANK)

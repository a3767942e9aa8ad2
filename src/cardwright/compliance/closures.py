"""Issuing is closed for an account, by a rule or by the operator, and opened again."""

import msgspec

from cardwright.accounts import flows as accounts
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.accounts.requirements import issuing_closures
from cardwright.accounts.requirements.issuing_closures import ClosureReason, IssuingClosure
from cardwright.cards import flows as cards
from cardwright.cards.model import Card
from cardwright.compliance import applications, records, refusals, rules
from cardwright.compliance.model import ComplianceCase, Record
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.notices import flows as notices
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.given import Given
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)


class Id(msgspec.Struct, frozen=True):
    """An id alone."""

    id: str


_OPEN_CASES = QUERIES.many("open_cases", Id)


@operator_verb(kind="none")
async def close_issuing(tx: Tx, reason: ClosureReason, note: str | None = None) -> IssuingClosure:
    """Close issuing for the acting account: the capability goes off, cards are deactivated, and
    the account is told.

    ``note`` says what was found; the account reads it. Open cases are acted on with it. Refuses an
    account that did not ask for cards, and one that is closed for issuing already; a closure for
    inactivity makes way for another one.
    """
    state = await lock_state(tx)
    if not rules.issuing_of(state):
        fail(refusals.ISSUING_NOT_REQUESTED, account=tx.account_id)
    before = await issuing_closures.standing(tx)
    if before is not None:
        if before.reason != "inactivity":
            fail(refusals.ISSUING_CLOSED_ALREADY, account=tx.account_id, reason=before.reason)
        await _lift(tx, before)
    record = await records.record_of(tx)
    if record.application == "open":
        await records.keep(tx, record, await applications.withdrawn(tx, record))
    closure = IssuingClosure(
        id=ids.new_id(IssuingClosure.prefix),
        account=tx.account_id,
        cards=await _deactivate_cards(tx),
        created=Timestamp(tx.now),
        livemode=tx.livemode,
        note=note,
        platform_id=tx.platform_id,
        reason=reason,
    )
    await _close_cases(tx, closure)
    return await tell(tx, state, closure)


async def tell(tx: Tx, state: AccountState, closure: IssuingClosure) -> IssuingClosure:
    """Write a new closure, let it count, and tell the account."""
    await issuing_closures.insert(tx, closure)
    await accounts.reevaluate(tx)
    notice = await notices.give_notice(
        tx,
        rules.NOTICES[closure.reason],
        capability=rules.v1_name(state),
        details={} if closure.note is None else {"detail": closure.note},
    )
    noticed = msgspec.structs.replace(closure, notice=notice.id)
    await issuing_closures.save(tx, noticed)
    return noticed


@operator_verb(kind="widens_risk")
async def reinstate(tx: Tx, *, restore_cards: bool = False) -> IssuingClosure:
    """Lift the closure of the acting account: it can issue again as soon as nothing else is
    missing. ``restore_cards`` activates the cards that were deactivated with it.

    Days without a card transaction are counted anew. Refuses an account that is not closed.
    """
    await lock_state(tx)
    closure = await issuing_closures.standing(tx)
    if closure is None:
        fail(refusals.ISSUING_NOT_CLOSED, account=tx.account_id)
    lifted = await _lift(tx, closure)
    record = await records.record_of(tx)
    await records.keep(tx, record, Record())
    await accounts.reevaluate(tx)
    for card_id in closure.cards if restore_cards else ():
        card = await rows.get(tx, Card, card_id)
        if card.status == "inactive":
            await cards.update_card(tx, card_id, Given(Card, {"status": "active"}))
    return lifted


async def lift_answered(tx: Tx) -> None:
    """The acting account issues again after it was closed for inactivity: that closure is over."""
    closure = await issuing_closures.standing(tx)
    if closure is not None and closure.status == "asked_again":
        await _lift(tx, closure)


async def _lift(tx: Tx, closure: IssuingClosure) -> IssuingClosure:
    lifted = msgspec.structs.replace(closure, status="lifted", lifted=Timestamp(tx.now))
    await issuing_closures.save(tx, lifted)
    return lifted


async def _deactivate_cards(tx: Tx) -> list[str]:
    """Deactivate every card that can pay; returns which."""
    found = await cards.active_ids(tx)
    for card_id in found:
        await cards.update_card(tx, card_id, Given(Card, {"status": "inactive"}))
    return found


async def _close_cases(tx: Tx, closure: IssuingClosure) -> None:
    """The cases that are open for the account led to this."""
    for row in await _OPEN_CASES(tx.connection, account_id=tx.account_id):
        case = await rows.lock(tx, ComplianceCase, row.id)
        acted_on = msgspec.structs.replace(
            case, status="acted_on", closed=Timestamp(tx.now), closure=closure.id
        )
        await rows.save(tx, acted_on)

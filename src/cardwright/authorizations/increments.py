"""Asking for more on an open authorization: the same rules, on the additional amount.

Where the platform decides it is asked about the additional amount as it was about the first: the
funds are set aside, the question is committed, and its answer decides it.
"""

import msgspec

from cardwright.authorizations import flows, lifetime, webhook_target
from cardwright.authorizations.decision import rules, spending, trace
from cardwright.authorizations.decision.facts import facts_of
from cardwright.authorizations.decision.rules import Case, Decision
from cardwright.authorizations.decision.spending import Tally
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.lane.answers import ANSWER, ANSWER_MS, GRACE_MS, seconds
from cardwright.authorizations.lane.work import Question
from cardwright.authorizations.lane.writing import version_text
from cardwright.authorizations.model import PendingRequest, RequestRecord, ShownAuthorization
from cardwright.authorizations.real_time import answering
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.webhook_target import WebhookTarget
from cardwright.currencies import flows as currencies
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import deadlines, platforms
from cardwright.wire import rows
from cardwright.wire.versions import Version

QUERIES = load(__file__)
_TOTAL = QUERIES.value("total_of", int)
_ASK = QUERIES.run("open_question")


class Increment(msgspec.Struct, frozen=True, kw_only=True):
    """How much more is asked for (minor units), and by which call; ``listened`` when a command line
    listens that may answer for a platform that is asked nowhere."""

    amount_minor: int
    is_amount_controllable: bool = False
    version: Version
    key: str | None = None
    listened: bool = False


async def increment(
    tx: Tx, authorization_id: str, wanted: Increment
) -> tuple[ShownAuthorization, Question | None]:
    """Decide on more; a refusal is kept in the history and changes nothing. With a question the
    platform has to be asked, and nothing is decided yet."""
    work = await flows.opened(tx, authorization_id)
    lifetime.check(work.now, "increment")
    case = await _case(tx, work, wanted.amount_minor)
    decision = rules.decide(case)
    target = await webhook_target.of_platform(tx)
    if decision.approved and (target is not None or wanted.listened):
        return await _ask(tx, work, wanted, case, decision, target)
    await _keep(tx, work, case, decision)
    one = work.now
    merchant_minor = rules.merchant_minor(one.request_history[0], wanted.amount_minor)
    if decision.approved:
        await flows.hold(tx, work, wanted.amount_minor)
        await flows.count(tx, work, work.counted_minor + wanted.amount_minor)
        one.amount += wanted.amount_minor
        one.merchant_amount += merchant_minor
    one.request_history.append(
        RequestRecord(
            amount=wanted.amount_minor,
            approved=decision.approved,
            authorization_code=one.id[-6:] if decision.approved else None,
            created=seconds(tx.now_ms),
            currency=one.currency,
            merchant_amount=merchant_minor,
            merchant_currency=one.merchant_currency,
            reason=decision.reason,
            requested_at=seconds(tx.now_ms),
        )
    )
    return await flows.save(tx, work, "issuing_authorization.updated"), None


async def _ask(
    tx: Tx,
    work: Opened,
    wanted: Increment,
    case: Case,
    decision: Decision,
    target: WebhookTarget | None,
) -> tuple[ShownAuthorization, Question]:
    """Set the funds aside, count them, and keep the question."""
    one, amount = work.now, wanted.amount_minor
    one.pending_request = PendingRequest(
        amount=amount,
        currency=one.currency,
        is_amount_controllable=wanted.is_amount_controllable,
        merchant_amount=rules.merchant_minor(one.request_history[0], amount),
        merchant_currency=one.merchant_currency,
    )
    reserved = transfers.hold(tx.account_id, one.id, one.currency, amount, work.book)
    transfer_id = await ledger.post(tx, reserved, shown=False)
    work.held_minor += amount
    await flows.count(tx, work, work.counted_minor + amount)
    asked_ms = clock.machine_ms()
    await _ASK(
        tx.connection,
        account_id=tx.account_id,
        authorization_id=one.id,
        asked_ms=asked_ms,
        key=wanted.key,
        version=version_text(wanted.version),
        endpoint=target.url if target is not None else None,
    )
    await deadlines.schedule(
        tx,
        kind=ANSWER,
        subject=one.id,
        due_ms=asked_ms + ANSWER_MS + GRACE_MS,
        timebase="machine",
    )
    await _keep(tx, work, case, decision, reserved=transfer_id)
    await rows.save(tx, one)
    await flows.save_holding(tx, work)
    shown = msgspec.structs.replace(work.before, pending_request=one.pending_request)
    return shown, Question(target, msgspec.json.encode(shown))


async def _keep(
    tx: Tx, work: Opened, case: Case, decision: Decision, reserved: str | None = None
) -> None:
    parties = trace.parties_of(case.card, case.holder)
    kept = trace.seen("increment", case, decision, work.book, parties, reserved=reserved)
    await flows.keep_decision(tx, work.now.id, kept)


async def _case(tx: Tx, work: Opened, amount_minor: int) -> Case:
    """What a decision on more looks at; what looks at one authorization looks at all of it."""
    one = work.now
    standing = await answering.standing_of(tx, one.card)
    card, holder = facts_of(work.before.card, standing.spend_root)
    category, currency = one.merchant_data.category, one.currency
    quote = None
    if spending.needs_rate(holder.controls, currency):
        quote = await currencies.quote_at(
            tx.connection,
            tx.platform_id,
            str(holder.controls.spending_limits_currency),
            currency,
            tx.now_ms,
        )
    # It counts with its authorization, so it is compared with the intervals of that one.
    counts_ms = one.created * clock.SECOND_MS
    of_card = spending.limits(card.controls, card.spend_root, currency, category, counts_ms)
    of_holder = spending.limits(holder.controls, holder.id, currency, category, counts_ms, quote)
    balance = await ledger.balance_of(tx.connection, tx.account_id, work.book, currency)
    settings = await platforms.settings(tx)
    return Case(
        request=AuthorizationRequest(
            card=one.card,
            amount_minor=amount_minor,
            method=one.authorization_method,
            merchant_data=one.merchant_data,
        ),
        card=card,
        holder=holder,
        account_enabled=standing.may_pay,
        available_minor=balance.available_minor if standing.spendable else 0,
        card_limits=of_card,
        holder_limits=of_holder,
        spent={
            limit.tally: await _total(tx, limit.tally)
            for limit in (*of_card, *of_holder)
            if limit.tally is not None
        },
        now_ms=tx.now_ms,
        earlier_minor=one.amount,
        cash=settings.cash_withdrawals,
        swipe=settings.magnetic_stripe,
    )


async def _total(tx: Tx, tally: Tally) -> int:
    total = await _TOTAL(
        tx.connection,
        account_id=tx.account_id,
        owner=tally.owner,
        month=tally.month,
        day=tally.day,
        currency=tally.currency,
        categories=list(tally.categories) or None,
    )
    return total or 0

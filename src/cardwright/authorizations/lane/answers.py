"""From a decision to what is written of it."""

import msgspec

from cardwright.authorizations import fraud, lifetime
from cardwright.authorizations.decision.facts import Pair
from cardwright.authorizations.decision.rules import Case, Decision
from cardwright.authorizations.decision.spending import counters
from cardwright.authorizations.decision.trace import parties_of, seen
from cardwright.authorizations.lane.work import Attempt, LaneOutcome, Question
from cardwright.authorizations.lane.writing import (
    ChallengeRow,
    DeadlineRow,
    DecisionWrites,
    EntryRow,
    FirstEvent,
    KeyRow,
    QuestionRow,
)
from cardwright.authorizations.model import (
    Authorization,
    BalanceResponse,
    PendingRequest,
    RequestRecord,
    Treasury,
)
from cardwright.authorizations.rendering import Made, newest
from cardwright.authorizations.webhook_target import WebhookTarget
from cardwright.financial_accounts.record.sources import transaction_id
from cardwright.kernel import clock, ids
from cardwright.ledger.chart import HOLD, Book, is_cash, is_shown
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire.resource import Currency, Timestamp

EXPIRY = "authorization.expire"
BUCKET_MS = clock.HOUR_MS

# How long the platform may take to answer, and how much later a lost question is closed.
ANSWER = "authorization.answer"
ANSWER_MS, GRACE_MS = 2 * clock.SECOND_MS, 1 * clock.SECOND_MS

EVENT = "evt_"
EVENT_PREFIX = EVENT.encode()


class Decided(msgspec.Struct, frozen=True):
    """A decision with what it was made on; ``held_minor`` is what the book held before."""

    item: Attempt
    known: Pair
    case: Case
    decision: Decision
    book: Book
    held_minor: int

    def seen(self, reserved: str | None = None) -> str:
        """The facts to keep."""
        case, parties = self.case, self.known.parties
        if case.card is not self.known.card:
            parties = parties_of(case.card, case.holder)
        return seen("request", case, self.decision, self.book, parties, reserved=reserved)


def make(decided: Decided, *, challenged: bool) -> tuple[DecisionWrites, LaneOutcome]:
    """What a decision without a question writes, and the outcome for its caller; where
    the platform wants it, the cardholder is ``challenged`` to confirm what looks like fraud."""
    item, known, decision = decided.item, decided.known, decided.decision
    request, card, book, now_ms = item.request, known.card, decided.book, decided.case.now_ms
    amount = request.amount_minor
    authorization = new_authorization(decided, approved=decision.approved)
    authorization.request_history.append(record(item, card.currency, decision, now_ms))
    writes = DecisionWrites(
        account_id=item.account_id,
        authorization=authorization,
        network_ref=request.network_ref,
        spend_root=card.spend_root,
        book=book,
        held_minor=amount if decision.approved else 0,
        now_ms=now_ms,
        seen=decided.seen(),
    )
    holds = []
    if challenged and decision.reason == "suspected_fraud":
        challenge(decided, writes)
    if decision.approved and request.type == "balance_inquiry":
        authorization.balance_response = _balance(decided)
    elif decision.approved and amount:
        category = request.merchant_data.category
        writes.deadlines.append(expiry(category, now_ms))
        hold = hold_of(authorization, amount, now_ms)
        authorization.treasury = treasury_of(authorization.id, book)
        if is_shown(book):
            authorization.balance_transactions.append(hold.id)
            holds.append(hold)
        writes.entries = [
            EntryRow(hold.id, 0, "available", -amount, HOLD),
            EntryRow(hold.id, 1, "held", amount, HOLD),
        ]
        owners = (card.spend_root, known.holder.id)
        writes.counted = counters(owners, category, card.currency, now_ms)
        writes.counted_minor = amount
    made = Made(authorization, known, holds)
    claim = item.claim
    writes.event = FirstEvent(
        sibling(EVENT, item.id),
        "issuing_authorization.created",
        known.stored(newest(made)).decode(),
        item.request_id,
        claim.key if claim is not None else None,
        item.tenant.platform_id,
    )
    if claim is not None:
        writes.key = KeyRow(claim, writes.event.id, clock.machine_ms())
    return writes, LaneOutcome(authorization.id, made)


def challenge(decided: Decided, writes: DecisionWrites) -> None:
    """Have the cardholder asked to confirm the purchase."""
    request, made = decided.item.request, writes.authorization
    sent = fraud.challenge_of(decided.known.issued.cardholder.phone_number)
    made.fraud_challenges = [sent]
    writes.challenge = ChallengeRow(
        request.merchant_data.network_id, request.amount_minor, sent.status
    )
    if sent.status == "pending":
        due_ms = writes.now_ms + fraud.ANSWER_MS
        writes.deadlines.append(DeadlineRow(fraud.EXPIRY, made.id, due_ms, "account"))


def _balance(decided: Decided) -> BalanceResponse:
    available = decided.case.available_minor
    return BalanceResponse(
        available_balance=available,
        currency=decided.known.card.currency,
        current_balance=available + decided.held_minor,
    )


def treasury_of(authorization_id: str, book: Book) -> Treasury | None:
    """What a financial account shows of a hold, when the card spends one."""
    return Treasury(transaction=transaction_id(authorization_id)) if is_cash(book) else None


def ask(decided: Decided, target: WebhookTarget | None) -> tuple[DecisionWrites, LaneOutcome]:
    """What is written to wait for the platform's answer: funds and limits are reserved, which shows
    on no balance transaction, and a deadline answers if nobody does."""
    item, known, now_ms = decided.item, decided.known, decided.case.now_ms
    request, card, amount = item.request, known.card, item.request.amount_minor
    transfer = ids.new_id(BalanceTransaction.prefix) if amount else None
    pending = PendingRequest(
        amount=amount,
        amount_details=request.amount_details,
        currency=card.currency,
        is_amount_controllable=request.is_amount_controllable,
        merchant_amount=merchant_amount(item),
        merchant_currency=request.merchant_currency or card.currency,
        network_risk_score=request.network_risk_score,
    )
    authorization = new_authorization(decided, approved=False, pending=pending)
    asked_ms = clock.machine_ms()
    claim = item.claim
    writes = DecisionWrites(
        account_id=item.account_id,
        authorization=authorization,
        network_ref=request.network_ref,
        spend_root=card.spend_root,
        book=decided.book,
        held_minor=amount,
        now_ms=now_ms,
        seen=decided.seen(transfer),
        deadlines=[
            DeadlineRow(ANSWER, authorization.id, asked_ms + ANSWER_MS + GRACE_MS, "machine")
        ],
        question=QuestionRow(
            asked_ms,
            claim.key if claim is not None else None,
            item.version,
            target.url if target is not None else None,
        ),
    )
    if transfer is not None:
        writes.entries = [
            EntryRow(transfer, 1, "available", -amount, HOLD),
            EntryRow(transfer, 2, "held", amount, HOLD),
        ]
        owners = (card.spend_root, known.holder.id)
        category = request.merchant_data.category
        writes.counted = counters(owners, category, card.currency, now_ms)
        writes.counted_minor = amount
    if claim is not None:
        writes.key = KeyRow(claim, None, clock.machine_ms())
    question = Question(target, newest(Made(authorization, known, [])))
    return writes, LaneOutcome(authorization.id, question=question)


def new_authorization(
    decided: Decided, *, approved: bool, pending: PendingRequest | None = None
) -> Authorization:
    """The authorization of a request, before its history. Inquiries and account checks hold
    nothing, so that they are over with their answer."""
    item, known = decided.item, decided.known
    request, currency = item.request, known.card.currency
    holds = request.type == "payment" and request.amount_minor > 0
    is_open = pending is not None or (approved and holds)
    return Authorization(
        id=item.id,
        amount=0 if pending is not None else request.amount_minor,
        amount_details=request.amount_details,
        approved=approved,
        authorization_method=request.method,
        card=known.issued.id,
        card_presence=request.presence,
        cardholder=known.holder.id,
        created=seconds(decided.case.now_ms),
        currency=currency,
        fleet=request.fleet,
        fuel=request.fuel,
        livemode=item.tenant.livemode,
        merchant_amount=merchant_amount(item),
        merchant_currency=request.merchant_currency or currency,
        merchant_data=request.merchant_data,
        network_data=request.network_data,
        pending_request=pending,
        status="pending" if is_open else "closed",
        type=request.type,
        verification_data=request.verification_data,
        verified_by_fraud_challenge=True if decided.case.verified else None,
        token=request.token,
        wallet=request.wallet,
    )


def seconds(now_ms: int) -> Timestamp:
    """The instant as v1 prints it."""
    return Timestamp(now_ms // clock.SECOND_MS)


def merchant_amount(item: Attempt) -> int:
    """What the merchant asks, in the merchant's currency."""
    given = item.request.merchant_amount_minor
    return item.request.amount_minor if given is None else given


def record(item: Attempt, currency: Currency, decision: Decision, now_ms: int) -> RequestRecord:
    """The line of the history that says what was answered."""
    request = item.request
    return RequestRecord(
        amount=request.amount_minor,
        amount_details=request.amount_details,
        approved=decision.approved,
        authorization_code=item.id[-6:] if decision.approved else None,
        created=seconds(now_ms),
        currency=currency,
        merchant_amount=merchant_amount(item),
        merchant_currency=request.merchant_currency or currency,
        network_risk_score=request.network_risk_score,
        reason=decision.reason,
        requested_at=seconds(now_ms),
    )


def hold_of(authorization: Authorization, amount_minor: int, now_ms: int) -> BalanceTransaction:
    """The balance transaction of a new hold."""
    return BalanceTransaction(
        id=sibling(BalanceTransaction.prefix, authorization.id),
        amount=-amount_minor,
        balance_type="issuing",
        created=seconds(now_ms),
        currency=authorization.currency,
        description=None,
        source=authorization.id,
        type=HOLD,
    )


def expiry(category: str, now_ms: int) -> DeadlineRow:
    """The deadline of a hold. The holds of one hour share a deadline, which is due with the
    first of them and moves itself on to the next."""
    days = lifetime.hold_days(category)
    return DeadlineRow(
        EXPIRY, f"{days}:{now_ms // BUCKET_MS}", now_ms + days * clock.DAY_MS, "account"
    )


def sibling(prefix: str, authorization_id: str) -> str:
    """The id of what there is once an authorization: the same characters behind its prefix."""
    return prefix + authorization_id[len(Authorization.prefix) :]

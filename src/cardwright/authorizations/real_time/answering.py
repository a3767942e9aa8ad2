"""Answering a question: the first answer that finds it open under the gate decides.

Answers come from the webhook, from an approve or decline call, and from a deadline. Card,
cardholder and account are looked at again, funds are not: they are reserved.
"""

from typing import Literal

import msgspec

from cardwright.authorizations import challenges, flows, lifetime, refusals
from cardwright.authorizations.decision import rules, trace
from cardwright.authorizations.decision.facts import facts_of
from cardwright.authorizations.decision.rules import Case, Decision
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.lane import payment_counts
from cardwright.authorizations.lane.answers import ANSWER
from cardwright.authorizations.lane.writing import NEWEST_VOCABULARY
from cardwright.authorizations.model import (
    Authorization,
    PendingRequest,
    Reason,
    RequestRecord,
    ShownAuthorization,
)
from cardwright.authorizations.rendering import encoded
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure, fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.programs.offerings import OFFERINGS
from cardwright.tenancy import deadlines, platforms
from cardwright.wire import idempotency
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Metadata, Timestamp
from cardwright.wire.versions import LATEST, parse_version

QUERIES = load(__file__)

# How long after its question an answer is still kept, to be shown.
LATE_MS = 10 * clock.SECOND_MS


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, or the lack of one. ``amount_minor`` is what to approve, if not all of it;
    ``challenged`` has the cardholder asked whether it was them, when it declines. ``heard`` is
    false when nobody was there who would answer, so that nobody counts as asked. ``asked_ms`` and
    ``http_status`` say when the platform was asked over HTTP, and with what it answered."""

    source: Literal["webhook", "api", "deadline", "network"]
    verdict: Literal["approved", "declined", "error", "timeout", "overtaken"]
    amount_minor: int | None = None
    metadata: Metadata = msgspec.field(default_factory=dict)
    message: str | None = None
    challenged: bool = False
    heard: bool = True
    asked_ms: int | None = None
    http_status: int | None = None


class AnsweredQuestion(msgspec.Struct, frozen=True):
    """The authorization as it is now; ``late`` when its question had been closed before."""

    authorization: ShownAuthorization
    late: bool


class OpenQuestion(msgspec.Struct, frozen=True):
    """The row of an open question."""

    asked_ms: int
    key: str | None
    version: str
    additional: bool
    endpoint: str | None


class Standing(msgspec.Struct, frozen=True):
    """Whether the account may pay with cards of a program now; ``spendable`` unless the card's
    financial account is closed or restricted."""

    closed_ms: int | None
    enabled: bool
    spendable: bool
    spend_root: str

    @property
    def may_pay(self) -> bool:
        """Open, and with the capability that its program needs."""
        return self.enabled and self.closed_ms is None


_TAKE = QUERIES.one("take_question", OpenQuestion)
_RECORD = QUERIES.run("record_answer")
_LAST_ASKED = QUERIES.value("last_asked", int)
_STANDING = QUERIES.one("get_standing", Standing)


async def answer(tx: Tx, authorization_id: str, verdict: Verdict) -> AnsweredQuestion:
    """Close the authorization's question with this answer, or record that it came late."""
    work = await flows.opened(tx, authorization_id)
    question = await _TAKE(
        tx.connection, account_id=tx.account_id, authorization_id=authorization_id
    )
    if question is None:
        await _record(tx, authorization_id, verdict, None, None)
        return AnsweredQuestion(work.before, late=True)
    pending = work.now.pending_request
    assert pending is not None
    verdict, work.now.metadata = _kept_metadata(work, verdict)
    approved, reason = await _judge(tx, work, verdict)
    amount = pending.amount if verdict.amount_minor is None else verdict.amount_minor
    released = await _unreserve(tx, work, pending.amount)
    await _record(tx, authorization_id, verdict, question, released)
    await flows.count(tx, work, work.counted_minor - pending.amount + (amount if approved else 0))
    answered = _answered(pending, amount if approved else pending.amount)
    answered.approved, answered.reason, answered.reason_message = approved, reason, verdict.message
    answered.authorization_code = work.now.id[-6:] if approved else None
    answered.created = Timestamp(tx.now)
    # On a virtual clock the question and its answer are of one instant.
    asked = tx.now if tx.clock_id is not None else question.asked_ms // clock.SECOND_MS
    answered.requested_at = Timestamp(asked)
    if question.additional:
        if approved:
            work.now.amount += answered.amount
            work.now.merchant_amount += answered.merchant_amount
    else:
        answered.requested_at = work.now.created
        work.now.amount, work.now.merchant_amount = answered.amount, answered.merchant_amount
        work.now.approved = approved
        lifetime.become(work.now, "pending" if approved and amount else "closed")
    work.now.pending_request = None
    work.now.request_history.append(answered)
    if approved:
        # It was set aside: what the network took meanwhile cannot take it back.
        await flows.hold(tx, work, amount, forced=True)
        if not question.additional and amount:
            await flows.set_expiry(tx, work.now)
            await payment_counts.note_payment(tx, work.now.card)
    elif verdict.challenged and not question.additional:
        await challenges.send(tx, work)
    await deadlines.cancel(tx, kind=ANSWER, subject=authorization_id)
    shown = await _save(tx, work, question)
    if question.key is not None:
        await _answer_key(tx, question.key, question.version, shown)
    return AnsweredQuestion(shown, late=False)


def _kept_metadata(work: Opened, verdict: Verdict) -> tuple[Verdict, Metadata]:
    """The answer, and the authorization's metadata with what it brings. One that brings more than
    there may be is refused to a caller, and an error of an endpoint."""
    brought = Given(Authorization, {"metadata": verdict.metadata})
    try:
        return verdict, merge(work.now, brought).metadata
    except Failure as failure:
        if verdict.source == "api":
            raise
        refused = msgspec.structs.replace(
            verdict, verdict="error", amount_minor=None, metadata={}, message=failure.message
        )
        return refused, work.now.metadata


def _answered(pending: PendingRequest, amount_minor: int) -> RequestRecord:
    """The line of the history for what was answered; who answered what follows."""
    merchant_minor = pending.merchant_amount
    if amount_minor != pending.amount:
        merchant_minor = rules.merchant_minor(pending, amount_minor)
    return RequestRecord(
        amount=amount_minor,
        amount_details=pending.amount_details,
        approved=False,
        created=Timestamp(0),
        currency=pending.currency,
        merchant_amount=merchant_minor,
        merchant_currency=pending.merchant_currency,
        network_risk_score=pending.network_risk_score,
        reason="webhook_declined",
    )


async def _save(tx: Tx, work: Opened, question: OpenQuestion) -> ShownAuthorization:
    """The first event of the authorization, or that it changed: of the question itself nobody was
    told."""
    if not question.additional:
        return await flows.save(tx, work, "issuing_authorization.created")
    work.before = msgspec.structs.replace(work.before, pending_request=None)
    return await flows.save(tx, work, "issuing_authorization.updated")


async def record_late(tx: Tx, authorization_id: str, verdict: Verdict) -> bool:
    """Record an answer that was refused because the question is closed, as long as late answers
    are waited for; whether it was recorded."""
    asked_ms = await _LAST_ASKED(
        tx.connection, account_id=tx.account_id, authorization_id=authorization_id
    )
    if asked_ms is None or clock.machine_ms() > asked_ms + LATE_MS:
        return False
    verdict = msgspec.structs.replace(verdict, asked_ms=asked_ms)
    await _record(tx, authorization_id, verdict, None, None)
    return True


async def _record(
    tx: Tx,
    authorization_id: str,
    verdict: Verdict,
    question: OpenQuestion | None,
    released: str | None,
) -> None:
    await _RECORD(
        tx.connection,
        account_id=tx.account_id,
        authorization_id=authorization_id,
        id=ids.new_id("answer_"),
        received_ms=clock.machine_ms(),
        source=verdict.source,
        verdict=verdict.verdict,
        late=question is None,
        message=verdict.message,
        asked_ms=verdict.asked_ms if question is None else question.asked_ms,
        endpoint=None if question is None else question.endpoint,
        http_status=verdict.http_status,
        amount_minor=verdict.amount_minor,
        transfer_id=released,
    )


def check_amount(shown: ShownAuthorization, amount_minor: int | None) -> None:
    """Refuse an amount that the platform may not choose."""
    pending = shown.pending_request
    if amount_minor is None or pending is None or amount_minor == pending.amount:
        return
    lowest = lowest_of(pending)
    if not pending.is_amount_controllable:
        fail(refusals.AUTHORIZATION_AMOUNT_FIXED, param="amount")
    if not lowest <= amount_minor <= pending.amount:
        rule = f"between {lowest} and {pending.amount}"
        fail(wire_refusals.PARAMETER_INTEGER_RANGE, param="amount", rule=rule, value=amount_minor)


def lowest_of(pending: PendingRequest) -> int:
    """The least that may be approved: what the cardholder gets in cash is paid out already."""
    details = pending.amount_details
    return max(1, (details.cashback_amount if details is not None else None) or 0)


async def standing_of(tx: Tx, card_id: str) -> Standing:
    """Whether the acting account may pay with a card of its own."""
    found = await _STANDING(
        tx.connection,
        account_id=tx.account_id,
        card_id=card_id,
        offerings=list(OFFERINGS),
        capabilities=[offering.capability for offering in OFFERINGS.values()],
    )
    assert found is not None, f"card {card_id} is gone"
    return found


async def _judge(tx: Tx, work: Opened, verdict: Verdict) -> tuple[bool, Reason]:
    """Whether the answer approves, and the reason that the history gives."""
    if verdict.verdict == "declined":
        return False, "webhook_declined"
    if verdict.verdict == "error":
        return False, "webhook_error"
    if verdict.verdict == "overtaken":
        return False, "webhook_timeout"
    reason: Reason = "webhook_approved" if verdict.heard else "card_active"
    if verdict.verdict == "timeout":
        reason = "webhook_timeout"
        settings = await platforms.settings(tx)
        if settings.authorization_webhook_default != "approve":
            return False, reason
    decision = await _recheck(tx, work)
    return (True, reason) if decision.approved else (False, decision.reason)


async def _recheck(tx: Tx, work: Opened) -> Decision:
    """Look at account, card and cardholder again, and keep what was seen."""
    standing = await standing_of(tx, work.now.card)
    card, holder = facts_of(work.before.card, standing.spend_root)
    assert work.now.pending_request is not None
    case = Case(
        request=AuthorizationRequest(
            card=work.now.card,
            amount_minor=work.now.pending_request.amount,
            method=work.now.authorization_method,
            merchant_data=work.now.merchant_data,
        ),
        card=card,
        holder=holder,
        account_enabled=standing.may_pay,
        available_minor=0,
        card_limits=(),
        holder_limits=(),
        spent={},
        now_ms=tx.now_ms,
    )
    decision = rules.recheck(case)
    kept = trace.seen("answer", case, decision, work.book, trace.parties_of(card, holder))
    await flows.keep_decision(tx, work.now.id, kept)
    return decision


async def _unreserve(tx: Tx, work: Opened, amount_minor: int) -> str | None:
    """Give the reservation back, as invisibly as it was made; returns the transfer."""
    if not amount_minor:
        return None
    work.held_minor -= amount_minor
    transfer = transfers.release(
        tx.account_id, work.now.id, work.now.currency, amount_minor, work.book
    )
    return await ledger.post(tx, transfer, shown=False)


async def _answer_key(tx: Tx, key: str, version_name: str, shown: ShownAuthorization) -> None:
    """From now on the key of the request that asked is answered with what came of it."""
    version = LATEST if version_name == NEWEST_VOCABULARY else parse_version(version_name)
    body = encoded(shown, version)
    await idempotency.answer_open(tx.connection, tx.vault, tx.account_id, key, body)

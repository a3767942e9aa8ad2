"""Settling a question: the first answer that finds it open under the gate decides.

Answers come from the webhook, from an approve or decline call, and from a deadline. Card,
cardholder and account are looked at again, funds are not: they are reserved.
"""

from typing import Literal

import msgspec

from cardwright.authorizations import flows, life, payment_counts, rules
from cardwright.authorizations.answers import ANSWER
from cardwright.authorizations.facts import facts_of
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.model import Reason, RequestRecord, ShownAuthorization
from cardwright.authorizations.writing import NEWEST_VOCABULARY
from cardwright.kernel import clock, deadlines, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.errors import fail
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.programs.offerings import OFFERINGS
from cardwright.tenancy import platforms
from cardwright.wire.idempotency import SEAL_CONTEXT
from cardwright.wire.render import render
from cardwright.wire.resource import Metadata, Timestamp
from cardwright.wire.versions import LATEST, parse_version

QUERIES = load(__file__)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, or the lack of one. ``amount_minor`` is what to approve, if not all of it;
    ``heard`` is false when nobody was there who would answer, so that nobody counts as asked."""

    source: Literal["webhook", "api", "deadline"]
    verdict: Literal["approved", "declined", "error", "timeout"]
    amount_minor: int | None = None
    metadata: Metadata = msgspec.field(default_factory=dict)
    message: str | None = None
    heard: bool = True


class Settled(msgspec.Struct, frozen=True):
    """The authorization as it is now; ``late`` when it had been settled before."""

    authorization: ShownAuthorization
    late: bool


class OpenQuestion(msgspec.Struct, frozen=True):
    """The row of an open question."""

    asked_ms: int
    key: str | None
    version: str


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
_ANSWER_KEY = QUERIES.run("answer_key")
_STANDING = QUERIES.one("get_standing", Standing)


async def settle(tx: Tx, authorization_id: str, answer: Verdict) -> Settled:
    """Settle the authorization's question with this answer, or record that it came late."""
    work = await flows.opened(tx, authorization_id)
    question = await _TAKE(
        tx.connection, account_id=tx.account_id, authorization_id=authorization_id
    )
    await _RECORD(
        tx.connection,
        account_id=tx.account_id,
        authorization_id=authorization_id,
        id=ids.new_id("answer_"),
        received_ms=clock.machine_ms(),
        source=answer.source,
        verdict=answer.verdict,
        late=question is None,
        message=answer.message,
    )
    if question is None:
        return Settled(work.before, late=True)
    pending = work.now.pending_request
    assert pending is not None
    approved, reason = await _judge(tx, work, answer)
    amount = pending.amount if answer.amount_minor is None else answer.amount_minor
    await _unreserve(tx, work)
    await flows.count(tx, work, amount if approved else 0)
    work.now.amount = amount if approved else pending.amount
    if work.now.amount != pending.amount:
        work.now.merchant_amount = rules.merchant_minor(pending, work.now.amount)
    work.now.approved = approved
    life.become(work.now, "pending" if approved else "closed")
    work.now.pending_request = None
    work.now.metadata = {**work.now.metadata, **answer.metadata}
    work.now.request_history.append(
        RequestRecord(
            amount=work.now.amount,
            amount_details=pending.amount_details,
            approved=approved,
            authorization_code=work.now.id[-6:] if approved else None,
            created=Timestamp(tx.now),
            currency=pending.currency,
            merchant_amount=work.now.merchant_amount,
            merchant_currency=pending.merchant_currency,
            network_risk_score=pending.network_risk_score,
            reason=reason,
            reason_message=answer.message,
            requested_at=work.now.created,
        )
    )
    if approved:
        await flows.hold(tx, work, amount)
        await flows.set_expiry(tx, work.now)
        await payment_counts.note_payment(tx, work.now.card)
    await deadlines.cancel(tx, kind=ANSWER, subject=authorization_id)
    shown = await flows.save(tx, work, "issuing_authorization.created")
    if question.key is not None:
        await _answer_key(tx, question, shown)
    return Settled(shown, late=False)


def check_amount(shown: ShownAuthorization, amount_minor: int | None) -> None:
    """Refuse an amount that the platform may not choose."""
    pending = shown.pending_request
    if amount_minor is None or pending is None or amount_minor == pending.amount:
        return
    if not pending.is_amount_controllable:
        fail(
            "parameter_conflict",
            param="amount",
            reason="The amount of this authorization is not controllable.",
        )
    if not 0 < amount_minor <= pending.amount:
        rule = f"between 1 and {pending.amount}"
        fail("parameter_integer_range", param="amount", rule=rule, value=amount_minor)


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


async def _judge(tx: Tx, work: Opened, answer: Verdict) -> tuple[bool, Reason]:
    """Whether the answer approves, and the reason that the history gives."""
    if answer.verdict == "declined":
        return False, "webhook_declined"
    if answer.verdict == "error":
        return False, "webhook_error"
    reason: Reason = "webhook_approved" if answer.heard else "card_active"
    if answer.verdict == "timeout":
        reason = "webhook_timeout"
        _, settings = await platforms.settings_of(tx.connection, tx.platform_id)
        if settings.authorization_webhook_default != "approve":
            return False, reason
    standing = await standing_of(tx, work.now.card)
    card, holder = facts_of(work.before.card, standing.spend_root)
    refused = rules.standing(card, holder, account_enabled=standing.may_pay, now_ms=tx.now_ms)
    return (True, reason) if refused is None else (False, refused)


async def _unreserve(tx: Tx, work: Opened) -> None:
    """Give the reservation back, as invisibly as it was made."""
    if work.held_minor:
        transfer = transfers.release(
            tx.account_id, work.now.id, work.now.currency, work.held_minor, work.book
        )
        await ledger.post(tx, transfer, shown=False)
    work.held_minor = 0


async def _answer_key(tx: Tx, question: OpenQuestion, shown: ShownAuthorization) -> None:
    """From now on the key of the request that asked is answered with what came of it."""
    version = LATEST
    if question.version != NEWEST_VOCABULARY:
        version = parse_version(question.version)
    body = msgspec.json.encode(render(shown, version))
    await _ANSWER_KEY(
        tx.connection,
        account_id=tx.account_id,
        key=question.key,
        answer=tx.vault.seal(body, SEAL_CONTEXT),
    )

"""What happens to disputes: made, changed, submitted, decided. Every verb holds the gate of the
account, and submission and decision give a notice in the same transaction."""

from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.cards.model import Card
from cardwright.disputes import funds, provisional, refusals, rules, whole
from cardwright.disputes.evidence import Evidence
from cardwright.disputes.model import (
    Dispute,
    DisputeTreasury,
    LossReason,
    NetworkLifecycle,
    NetworkStep,
    NetworkStepName,
    ShownDispute,
    Verdict,
)
from cardwright.files.documents import check_documents
from cardwright.financial_accounts.record.model import ReceivedDebit
from cardwright.financial_accounts.record.sources import moved_by
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.notices import flows as notices
from cardwright.tenancy import deadlines, gates
from cardwright.transactions import flows as transactions
from cardwright.transactions import posting
from cardwright.transactions.model import Transaction
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
NEXT = "dispute.next"
_DISPUTED = QUERIES.value("disputed_minor", int)


async def create_dispute(tx: Tx, given: Given[Dispute]) -> ShownDispute:
    """Contest a capture, or a part of it; the whole of it unless an amount is given."""
    await gates.lock(tx, tx.account_id)
    captured, param = await _disputed_transaction(tx, given)
    rules.check_eligible(captured)
    card = await rows.get(tx, Card, captured.card)
    evidence = given.get("evidence") or {}
    if evidence and evidence.get("reason") is None:
        fail(wire_refusals.PARAMETER_MISSING, param="evidence[reason]")
    amount = given.get("amount")
    dispute = build(
        Dispute,
        given,
        id=ids.new_id(Dispute.prefix),
        account=tx.account_id,
        amount=-captured.amount if amount is None else amount,
        created=Timestamp(tx.now),
        currency=captured.currency,
        livemode=tx.livemode,
        platform_id=tx.platform_id,
        submit_by=Timestamp(0),
        transaction=captured.id,
        treasury=_treasury_of(captured),
    )
    dispute.evidence = rules.of_its_reason(Evidence(), dispute.evidence)
    await _check(tx, dispute, captured, card, param)
    await check_documents(tx, rules.documents_of(dispute.evidence), api="v1")
    dispute.submit_by = rules.submit_by(captured, dispute.evidence.reason, card.brand)
    await rows.insert(tx, dispute)
    await transactions.name_dispute(tx, captured, dispute.id)
    await _schedule(tx, dispute)
    [shown] = await whole.shown(tx.connection, tx.account_id, [dispute])
    tx.emit("issuing_dispute.created", shown)
    return shown


async def update_dispute(tx: Tx, dispute_id: str, given: Given[Dispute]) -> ShownDispute:
    """Change a dispute while it is not submitted; its metadata at any time."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    after = merge(before, given)
    after.evidence = rules.of_its_reason(before.evidence, after.evidence)
    if after.provisional_credit is not None:
        provisional.check_report(before, after, tx.now)
        after = provisional.refreshed(after, tx.now)
    if after == before:
        [shown] = await whole.shown(tx.connection, tx.account_id, [before])
        return shown
    rules.check_change(before, after)
    if after.status == "unsubmitted":
        captured = await rows.get(tx, Transaction, after.transaction)
        card = await rows.get(tx, Card, captured.card)
        await _check(tx, after, captured, card, "evidence[reason]")
        documents = rules.documents_of(after.evidence, before.evidence)
        await check_documents(tx, documents, api="v1")
        after.submit_by = rules.submit_by(captured, after.evidence.reason, card.brand)
    return await save(tx, before, after, "issuing_dispute.updated")


async def submit_dispute(tx: Tx, dispute_id: str, given: Given[Any]) -> ShownDispute:
    """Hand a dispute to the card network: from now on its evidence stands."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    after = merge(before, given)
    rules.check_transition(before, "submitted")
    rules.check_complete(after.evidence)
    captured = await rows.get(tx, Transaction, after.transaction)
    card = await rows.get(tx, Card, captured.card)
    # More may have been refunded since it was made.
    await _check(tx, after, captured, card, "evidence[reason]")
    decided = not tx.livemode and rules.test_outcome(after.evidence) is not None
    after = msgspec.structs.replace(
        after,
        decided_at=Timestamp(tx.now + rules.TEST_OUTCOME_SECONDS) if decided else None,
        status="submitted",
    )
    shown = await save(tx, before, after, "issuing_dispute.submitted")
    await _tell(tx, after, "submitted")
    return shown


async def close_dispute(
    tx: Tx, dispute_id: str, verdict: Verdict, loss_reason: LossReason | None = None
) -> ShownDispute:
    """The card network has decided. Won: the amount comes back, or stays when it came before.
    Lost: what came before leaves again."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    rules.check_transition(before, verdict)
    if verdict == "won" and loss_reason is not None:
        fail(refusals.DISPUTE_WON_LOSS_REASON, param="loss_reason")
    captured = await rows.get(tx, Transaction, before.transaction)
    after: Dispute = msgspec.structs.replace(before, decided_at=None, status=verdict)
    event = None
    if verdict == "won" and not before.credited_minor:
        after = await funds.give_back(tx, after, captured, decided=True)
        event = "issuing_dispute.funds_reinstated"
    elif verdict == "won":
        await funds.keep(tx, after)
    else:
        after.loss_reason = loss_reason or rules.LOSS_REASONS[before.evidence.reason]
        if before.credited_minor:
            after = await funds.take_back(tx, after, captured)
            event = "issuing_dispute.funds_rescinded"
    after = provisional.refreshed(after, tx.now)
    shown = await save(tx, before, after, "issuing_dispute.closed")
    if event is not None:
        tx.emit(event, shown)
    await _tell(tx, after, verdict)
    return shown


async def credit_dispute(tx: Tx, dispute_id: str) -> ShownDispute:
    """The card network gives the amount back before it has decided."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    reason = ""
    if before.status != "submitted":
        reason = "only what is submitted is credited before it is decided"
    elif before.credited_minor:
        reason = "it was credited already"
    if reason:
        fail(refusals.DISPUTE_STATE, id=before.id, status=before.status, reason=reason)
    captured = await rows.get(tx, Transaction, before.transaction)
    after = await funds.give_back(tx, before, captured, decided=False)
    return await save(tx, before, after, "issuing_dispute.funds_reinstated")


async def set_credit_deadlines(
    tx: Tx, dispute_id: str, grant_deadline: int | None, revocable_after: int | None
) -> ShownDispute:
    """Say by when the platform must grant its user provisional credit, and from when on it may be
    revoked."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    after = provisional.with_deadlines(before, grant_deadline, revocable_after)
    after = provisional.refreshed(after, tx.now)
    return await save(tx, before, after, "issuing_dispute.updated")


async def record_network_step(
    tx: Tx, dispute_id: str, step: NetworkStepName, files: list[str]
) -> ShownDispute:
    """The merchant's bank has sent evidence with a step of the network's procedure. Only Visa's
    has these steps."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Dispute, dispute_id)
    if before.status != "submitted":
        reason = "the network takes steps while it is submitted"
        fail(refusals.DISPUTE_STATE, id=before.id, status=before.status, reason=reason)
    captured = await rows.get(tx, Transaction, before.transaction)
    card = await rows.get(tx, Card, captured.card)
    if card.brand.lower() != "visa":
        fail(refusals.DISPUTE_NETWORK, brand=card.brand)
    lifecycle = before.network_lifecycle or NetworkLifecycle()
    taken: Any = {step: NetworkStep(merchant_evidence_files=files)}
    after: Dispute = msgspec.structs.replace(
        before, network_lifecycle=msgspec.structs.replace(lifecycle, **taken)
    )
    return await save(tx, before, after, "issuing_dispute.updated")


async def take_next_step(tx: Tx, dispute_id: str) -> None:
    """A dispute that was not submitted expires, one with a test outcome is decided, or a deadline
    of its provisional credit passes. What is not due yet is looked at when it is."""
    before = await rows.lock(tx, Dispute, dispute_id)
    if before.status == "unsubmitted" and tx.now >= before.submit_by:
        after = msgspec.structs.replace(before, status="expired")
        await save(tx, before, provisional.refreshed(after, tx.now), "issuing_dispute.closed")
        return
    if before.decided_at is not None and tx.now >= before.decided_at:
        verdict = rules.test_outcome(before.evidence)
        assert verdict is not None, "only a test outcome has an instant"
        await close_dispute(tx, dispute_id, verdict)
        return
    after = provisional.refreshed(before, tx.now)
    if after != before:
        await save(tx, before, after, "issuing_dispute.updated")
    else:
        await _schedule(tx, before)


async def save(tx: Tx, before: Dispute, after: Dispute, event: str) -> ShownDispute:
    """Write a changed dispute, set its next deadline, and tell of it."""
    await rows.save(tx, after)
    await _schedule(tx, after)
    was, now = await whole.shown(tx.connection, tx.account_id, [before, after])
    tx.emit(event, now, previous=changed(was, now) if event.endswith(".updated") else None)
    return now


# Parts.


async def _disputed_transaction(tx: Tx, given: Given[Dispute]) -> tuple[Transaction, str]:
    """The transaction that is meant, locked, and the parameter that named it."""
    transaction_id, treasury = given.get("transaction"), given.get("treasury")
    if transaction_id is not None and treasury is not None:
        fail(wire_refusals.PARAMETER_EXCLUSIVE, params="transaction, treasury")
    if transaction_id is not None:
        return await rows.lock(tx, Transaction, transaction_id, param="transaction"), "transaction"
    if treasury is None:
        fail(wire_refusals.PARAMETER_MISSING, param="transaction")
    param = "treasury[received_debit]"
    debit = await rows.get(tx, ReceivedDebit, treasury["received_debit"], param=param)
    if debit.card_spend is None:
        reason = "no card has made it"
        fail(refusals.DISPUTE_INELIGIBLE, param=param, id=debit.id, reason=reason)
    return await rows.lock(tx, Transaction, moved_by(debit), param=param), param


def _treasury_of(captured: Transaction) -> DisputeTreasury | None:
    treasury = captured.treasury
    if treasury is None or treasury.received_debit is None:
        return None
    return DisputeTreasury(received_debit=treasury.received_debit)


async def _check(tx: Tx, dispute: Dispute, captured: Transaction, card: Card, param: str) -> None:
    """Refuse what comes too late, claims too much, or names a payment that is not there."""
    evidence = dispute.evidence
    rules.check_in_time(captured, evidence.reason, card.brand, tx.now, param)
    disputed = await _DISPUTED(
        tx.connection, account_id=tx.account_id, transaction=captured.id, besides=dispute.id
    )
    refunded = (await posting.origin_of(tx, captured.id)).refunded_minor
    rules.check_amount(dispute.amount, -captured.amount - refunded - (disputed or 0))
    duplicate: Any = evidence.duplicate
    if evidence.reason == "duplicate" and duplicate.original_transaction is not None:
        param = "evidence[duplicate][original_transaction]"
        original = await rows.get(tx, Transaction, duplicate.original_transaction, param=param)
        if original.id == captured.id:
            fail(refusals.DISPUTE_ORIGINAL_ITSELF, param=param)


async def _schedule(tx: Tx, dispute: Dispute) -> None:
    """Set the deadline of what happens next, or remove it when nothing does."""
    credit = dispute.provisional_credit
    instants: list[int] = []
    if dispute.status == "unsubmitted":
        instants.append(dispute.submit_by)
    if dispute.decided_at is not None:
        instants.append(dispute.decided_at)
    if credit is not None and credit.status == "required" and credit.grant_deadline is not None:
        instants.append(credit.grant_deadline)
    if credit is not None and credit.status == "revocation_notice_period":
        assert credit.revocable_after is not None, "the period ends then"
        instants.append(credit.revocable_after)
    if not instants:
        await deadlines.cancel(tx, kind=NEXT, subject=dispute.id)
        return
    due_ms = min(instants) * clock.SECOND_MS
    await deadlines.schedule(tx, kind=NEXT, subject=dispute.id, due_ms=due_ms)


async def _tell(tx: Tx, dispute: Dispute, what: str) -> None:
    """Give the account the notice that a dispute was submitted, won or lost."""
    details = {"reference": dispute.id}
    if dispute.loss_reason is not UNSET:
        details["detail"] = str(dispute.loss_reason).replace("_", " ")
    reason: Any = f"issuing.dispute_{what}"
    await notices.give_notice(tx, reason, dispute=dispute.id, details=details)


HANDLERS: dict[str, deadlines.Handler] = {NEXT: take_next_step}

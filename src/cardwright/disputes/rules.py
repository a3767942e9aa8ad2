"""What can be disputed, until when, with what, and what follows: pure."""

from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.disputes import refusals
from cardwright.disputes.evidence import DOCUMENTS, REASONS, SHAPES, Evidence, Explained
from cardwright.disputes.model import TRANSITIONS, Dispute, LossReason, Status, Verdict
from cardwright.files.documents import Document
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail
from cardwright.transactions.model import Transaction
from cardwright.wire.resource import Timestamp

DAY = clock.DAY_MS // clock.SECOND_MS
# How many days after the capture a dispute must be submitted; a reason may be in more of a hurry
# on a network.
DAYS = 110
HASTY_DAYS = {
    ("no_valid_authorization", "visa"): 65,
    ("no_valid_authorization", "mastercard"): 80,
}
# Explanations that decide a dispute in the test environment, and how many seconds that takes.
TEST_OUTCOMES: dict[str, Verdict] = {"losing_evidence": "lost", "winning_evidence": "won"}
TEST_OUTCOME_SECONDS = 3
# Why a dispute is lost when nobody says why.
LOSS_REASONS: dict[str, LossReason] = {
    "canceled": "not_cancelled",
    "duplicate": "invalid_duplicate_dispute",
    "fraudulent": "transaction_authorized",
    "merchandise_not_as_described": "merchandise_or_service_as_described",
    "no_valid_authorization": "invalid_no_authorization",
    "not_received": "merchandise_delivered_or_shipped",
    "other": "other",
    "service_not_as_described": "merchandise_or_service_as_described",
}


def days_to_submit(reason: str, brand: str) -> int:
    """How many days after the capture a dispute of the reason must be submitted."""
    return HASTY_DAYS.get((reason, brand.lower()), DAYS)


def submit_by(captured: Transaction, reason: str, brand: str) -> Timestamp:
    """The first instant (seconds) at which it is too late."""
    return Timestamp(captured.created + days_to_submit(reason, brand) * DAY)


def check_eligible(captured: Transaction) -> None:
    """Refuse what is no capture."""
    if captured.type != "capture":
        reason = "it is a refund, and only captures are disputed"
        fail(refusals.DISPUTE_INELIGIBLE, param="transaction", id=captured.id, reason=reason)


def check_in_time(captured: Transaction, reason: str, brand: str, now: int, param: str) -> None:
    """Refuse a dispute that comes too late for its reason."""
    if now >= submit_by(captured, reason, brand):
        days = days_to_submit(reason, brand)
        fail(refusals.DISPUTE_TOO_LATE, param=param, id=captured.id, reason=reason, days=days)


def check_amount(amount_minor: int, remaining_minor: int) -> None:
    """Refuse more than is left of the transaction."""
    if amount_minor > remaining_minor:
        fail(
            refusals.DISPUTE_AMOUNT_TOO_LARGE,
            param="amount",
            amount=amount_minor,
            remaining=max(remaining_minor, 0),
        )


def check_change(before: Dispute, after: Dispute) -> None:
    """Refuse other evidence or another amount once the dispute is submitted or has ended."""
    for name in ("amount", "evidence"):
        changed = getattr(before, name) != getattr(after, name)
        if changed and before.status != "unsubmitted":
            reason = "only its metadata can be changed"
            fail(
                refusals.DISPUTE_STATE,
                param=name,
                id=before.id,
                status=before.status,
                reason=reason,
            )


def check_transition(dispute: Dispute, status: Status) -> None:
    """Refuse a transition that is not in the table."""
    if status not in TRANSITIONS.get(dispute.status, frozenset()):
        reason = f"it cannot become {status}"
        fail(refusals.DISPUTE_STATE, id=dispute.id, status=dispute.status, reason=reason)


def hash_of(evidence: Evidence, reason: str) -> Explained | None:
    """The hash of a reason, if there is one."""
    found = getattr(evidence, reason)
    return found if isinstance(found, Explained) else None


def of_its_reason(before: Evidence, after: Evidence) -> Evidence:
    """Evidence with the hash of its reason alone; another reason drops the hash there was.

    Refuses a hash that is given for another reason than the dispute has.
    """
    hashes: dict[str, Any] = dict.fromkeys(REASONS, UNSET)
    for reason in REASONS:
        found = hash_of(after, reason)
        if reason != after.reason and found not in (None, hash_of(before, reason)):
            fail(
                refusals.DISPUTE_EVIDENCE_MISMATCH,
                param=f"evidence[{reason}]",
                reason=after.reason,
            )
    hashes[after.reason] = hash_of(after, after.reason) or SHAPES[after.reason]()
    return msgspec.structs.replace(after, **hashes)


def documents_of(evidence: Evidence, before: Evidence | None = None) -> list[Document]:
    """The files that the evidence names and did not name before."""
    now, was = hash_of(evidence, evidence.reason), None
    if before is not None:
        was = hash_of(before, evidence.reason)
    return [
        Document(f"evidence[{evidence.reason}][{name}]", file_id, ("dispute_evidence",))
        for name in DOCUMENTS
        if (file_id := getattr(now, name, None)) and file_id != getattr(was, name, None)
    ]


def check_complete(evidence: Evidence) -> str:
    """The explanation; refuses evidence that explains nothing."""
    found = hash_of(evidence, evidence.reason)
    explanation = found.explanation if found is not None else None
    if not explanation or not explanation.strip():
        fail(
            refusals.DISPUTE_EVIDENCE_INCOMPLETE, param=f"evidence[{evidence.reason}][explanation]"
        )
    return explanation


def test_outcome(evidence: Evidence) -> Verdict | None:
    """What the test environment decides, if the explanation is one of its words."""
    found = hash_of(evidence, evidence.reason)
    return TEST_OUTCOMES.get((found.explanation or "").strip()) if found is not None else None

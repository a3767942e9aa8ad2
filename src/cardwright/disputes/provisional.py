"""The provisional credit that a platform owes its user while a dispute is open: pure.

Credit that a consumer is owed by law has deadlines. Programs here are for businesses, so nothing
is owed until deadlines are set: by a test helper or by the operator.
"""

import msgspec

from cardwright.disputes import refusals
from cardwright.disputes.model import CreditStatus, Dispute, ProvisionalCredit
from cardwright.kernel.refusal import fail
from cardwright.wire.resource import Timestamp


def status_of(credit: ProvisionalCredit, dispute: Dispute, now: int) -> CreditStatus:
    """What is owed now."""
    if credit.revoked_at is not None:
        return "revoked"
    if credit.granted_at is None:
        if dispute.status in ("won", "lost", "expired") or credit.grant_deadline is None:
            return "not_required"
        return "delinquent" if now >= credit.grant_deadline else "required"
    if dispute.status == "won":
        return "permanent"
    if dispute.status != "lost":
        return "granted"
    if credit.revocable_after is not None and now < credit.revocable_after:
        return "revocation_notice_period"
    return "revocable"


def refreshed(dispute: Dispute, now: int) -> Dispute:
    """The dispute with the status of its provisional credit as it is now."""
    credit = dispute.provisional_credit
    if credit is None:
        return dispute
    status = status_of(credit, dispute, now)
    if status == credit.status:
        return dispute
    after: Dispute = msgspec.structs.replace(
        dispute, provisional_credit=msgspec.structs.replace(credit, status=status)
    )
    return after


def with_deadlines(
    dispute: Dispute, grant_deadline: int | None, revocable_after: int | None
) -> Dispute:
    """The dispute with deadlines for its provisional credit; those not given stay."""
    credit = dispute.provisional_credit or ProvisionalCredit()
    after: Dispute = msgspec.structs.replace(
        dispute,
        provisional_credit=msgspec.structs.replace(
            credit,
            grant_deadline=credit.grant_deadline
            if grant_deadline is None
            else Timestamp(grant_deadline),
            revocable_after=credit.revocable_after
            if revocable_after is None
            else Timestamp(revocable_after),
        ),
    )
    return after


def check_report(before: Dispute, after: Dispute, now: int) -> None:
    """Refuse a report of the platform that the dispute does not allow: credit is granted once,
    while it is owed, and revoked once a lost dispute makes it revocable."""
    was = before.provisional_credit or ProvisionalCredit()
    will = after.provisional_credit or ProvisionalCredit()
    for name in ("granted_at", "revoked_at"):
        old, new = getattr(was, name), getattr(will, name)
        if old == new:
            continue
        allowed = ("required", "delinquent") if name == "granted_at" else ("revocable",)
        reason = ""
        if was.status not in allowed:
            reason = f"{name} is reported while it is {' or '.join(allowed)}"
        elif new is None or not before.created <= new <= now:
            reason = f"{name} is an instant since the dispute was made"
        if reason:
            param = f"provisional_credit[{name}]"
            fail(
                refusals.DISPUTE_CREDIT_STATE,
                param=param,
                id=before.id,
                status=was.status,
                reason=reason,
            )

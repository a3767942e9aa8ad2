"""What can be disputed, until when, and what follows: the tables."""

import msgspec
import pytest

from cardwright.disputes import provisional, rules
from cardwright.disputes.evidence import (
    REASONS,
    SHAPES,
    Canceled,
    Evidence,
    Fraudulent,
    NotReceived,
)
from cardwright.disputes.model import TRANSITIONS, Dispute, ProvisionalCredit
from cardwright.kernel.refusal import Failure
from cardwright.wire.resource import Currency, Timestamp

CREATED = 1_800_000_000
DAY = 86_400


def dispute(status: str = "unsubmitted", credit: ProvisionalCredit | None = None) -> Dispute:
    return Dispute(
        id="idp_1",
        account="acct_1",
        amount=100,
        created=Timestamp(CREATED),
        currency=Currency("gbp"),
        livemode=False,
        platform_id="acct_p",
        provisional_credit=credit,
        status=status,  # type: ignore[arg-type]
        submit_by=Timestamp(CREATED + 110 * DAY),
        transaction="ipi_1",
    )


@pytest.mark.parametrize(
    ("reason", "brand", "days"),
    [
        ("fraudulent", "Visa", 110),
        ("fraudulent", "Mastercard", 110),
        ("not_received", "Visa", 110),
        ("no_valid_authorization", "Visa", 65),
        ("no_valid_authorization", "Mastercard", 80),
    ],
)
def test_days_to_submit(reason: str, brand: str, days: int) -> None:
    assert rules.days_to_submit(reason, brand) == days


@pytest.mark.parametrize(
    ("status", "may_become"),
    [
        ("unsubmitted", {"submitted", "expired"}),
        ("submitted", {"won", "lost"}),
        ("won", set()),
        ("lost", set()),
        ("expired", set()),
    ],
)
def test_transitions(status: str, may_become: set[str]) -> None:
    for other in ("expired", "lost", "submitted", "unsubmitted", "won"):
        if other in may_become:
            rules.check_transition(dispute(status), other)
        else:
            with pytest.raises(Failure):
                rules.check_transition(dispute(status), other)
    assert set(TRANSITIONS) == {"unsubmitted", "submitted"}


def test_every_reason_has_its_hash_and_a_reason_to_lose() -> None:
    assert set(SHAPES) == set(REASONS) == set(rules.LOSS_REASONS)
    for reason in REASONS:
        evidence = rules.of_its_reason(Evidence(), Evidence(reason=reason))  # type: ignore[arg-type]
        shown = msgspec.to_builtins(evidence)
        assert set(shown) == {"reason", reason}
        with pytest.raises(Failure) as refused:
            rules.check_complete(evidence)
        assert refused.value.param == f"evidence[{reason}][explanation]"


def test_evidence_is_that_of_the_reason() -> None:
    before = rules.of_its_reason(Evidence(), Evidence(reason="fraudulent"))
    after = rules.of_its_reason(before, msgspec.structs.replace(before, reason="not_received"))
    assert set(msgspec.to_builtins(after)) == {"reason", "not_received"}
    with pytest.raises(Failure) as refused:
        rules.of_its_reason(
            Evidence(), Evidence(reason="other", fraudulent=Fraudulent(explanation="x"))
        )
    assert refused.value.param == "evidence[fraudulent]"


def test_documents_that_are_new() -> None:
    before = Evidence(reason="not_received", not_received=NotReceived())
    named = NotReceived(additional_documentation="file_1")
    after = Evidence(reason="not_received", not_received=named)
    [found] = rules.documents_of(after, before)
    assert found.param == "evidence[not_received][additional_documentation]"
    assert not rules.documents_of(after, after)
    assert rules.documents_of(after)


@pytest.mark.parametrize(
    ("explanation", "outcome"),
    [
        ("winning_evidence", "won"),
        (" losing_evidence ", "lost"),
        ("I was away", None),
        (None, None),
    ],
)
def test_outcomes_of_tests(explanation: str | None, outcome: str | None) -> None:
    evidence = Evidence(reason="canceled", canceled=Canceled(explanation=explanation))
    assert rules.test_outcome(evidence) == outcome


@pytest.mark.parametrize(
    ("status", "granted", "deadline", "revocable", "revoked", "now", "expected"),
    [
        ("submitted", None, None, None, None, 0, "not_required"),
        ("submitted", None, 10, None, None, 9, "required"),
        ("submitted", None, 10, None, None, 10, "delinquent"),
        ("won", None, 10, None, None, 99, "not_required"),
        ("submitted", 5, 10, None, None, 99, "granted"),
        ("won", 5, 10, None, None, 99, "permanent"),
        ("lost", 5, 10, 50, None, 49, "revocation_notice_period"),
        ("lost", 5, 10, 50, None, 50, "revocable"),
        ("lost", 5, 10, None, None, 0, "revocable"),
        ("lost", 5, 10, 50, 60, 99, "revoked"),
    ],
)
def test_provisional_credit(
    status: str,
    granted: int | None,
    deadline: int | None,
    revocable: int | None,
    revoked: int | None,
    now: int,
    expected: str,
) -> None:
    def at(seconds: int | None) -> Timestamp | None:
        return None if seconds is None else Timestamp(CREATED + seconds)

    credit = ProvisionalCredit(
        grant_deadline=at(deadline),
        granted_at=at(granted),
        revocable_after=at(revocable),
        revoked_at=at(revoked),
    )
    assert provisional.status_of(credit, dispute(status), CREATED + now) == expected

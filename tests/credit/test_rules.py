"""How much is allotted, and when what is owed falls due: tables."""

from datetime import UTC, datetime

import pytest

from cardwright.credit import rules
from cardwright.credit.model import FundingObligation, Interval
from cardwright.credit.rules import Allotment, Terms
from cardwright.kernel.refusal import Failure
from cardwright.ledger.rules import Balance
from cardwright.wire.resource import Currency, Timestamp


@pytest.mark.parametrize(
    ("limit", "available", "held", "owed", "platform", "expected"),
    [
        # All of the limit, as far as the platform can pay.
        (1000, 0, 0, 0, 5000, Allotment(1000, 0)),
        (1000, 0, 0, 0, 400, Allotment(400, 600)),
        (1000, 0, 0, 0, -50, Allotment(0, 1000)),
        # What is held and owed counts.
        (1000, 300, 200, 500, 5000, Allotment(0, 0)),
        (1000, 300, 200, 100, 5000, Allotment(400, 0)),
        # A lower limit takes back what is unspent, no more.
        (600, 300, 200, 500, 0, Allotment(-300, 0)),
        (900, 300, 200, 500, 0, Allotment(-100, 0)),
        (None, 300, 200, 500, 0, Allotment(-300, 0)),
        (None, 0, 200, 500, 0, Allotment(0, 0)),
        # What was captured beyond the limit is covered all the same.
        (1000, -600, 0, 1600, 5000, Allotment(600, 0)),
        (None, -600, 0, 1600, 100, Allotment(100, 500)),
        # Money that a refund brought back beyond everything.
        (1000, 1200, 0, 0, 0, Allotment(-200, 0)),
    ],
)
def test_allotment(
    limit: int | None, available: int, held: int, owed: int, platform: int, expected: Allotment
) -> None:
    """No limit means that the policy is inactive."""
    terms = Terms(limit is not None, limit or 1000)
    credit = Balance("credit", "usd", available, held)
    assert rules.allotment(terms, credit, owed, platform) == expected


@pytest.mark.parametrize(
    ("interval", "count", "at", "starts", "ends"),
    [
        ("day", 1, "2025-06-18T13:00", "2025-06-18", "2025-06-19"),
        ("week", 1, "2025-06-18T13:00", "2025-06-16", "2025-06-23"),
        ("week", 1, "2025-06-16T00:00", "2025-06-16", "2025-06-23"),
        ("week", 1, "2025-06-15T23:59", "2025-06-09", "2025-06-16"),
        ("month", 1, "2025-06-30T23:59", "2025-06-01", "2025-07-01"),
        ("month", 1, "2025-12-18T13:00", "2025-12-01", "2026-01-01"),
        ("month", 3, "2025-06-18T13:00", "2025-04-01", "2025-07-01"),
        ("month", 12, "2025-06-18T13:00", "2025-01-01", "2026-01-01"),
        ("day", 10, "1970-01-11T00:00", "1970-01-11", "1970-01-21"),
        ("week", 2, "1970-01-05T00:00", "1969-12-29", "1970-01-12"),
    ],
)
def test_periods(interval: Interval, count: int, at: str, starts: str, ends: str) -> None:
    """From midnight to midnight, UTC."""

    def second(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    found = rules.period(interval, count, second(at) * 1000)
    assert found == (second(starts), second(ends))


def obligation(**members: object) -> FundingObligation:
    """What is owed for one period."""
    given: dict[str, object] = {
        "id": "ifo_1",
        "created": Timestamp(1),
        "credit_period_starts_at": Timestamp(0),
        "credit_period_ends_at": Timestamp(10),
        "credit_policy": "icrp_1",
        "currency": Currency("usd"),
        "due_at": Timestamp(20),
        "livemode": False,
        **members,
    }
    return FundingObligation(**given)  # type: ignore[arg-type]  # checked by what it is used for


def test_the_life_of_an_obligation() -> None:
    """Pending until the period ends, then unpaid until nothing is outstanding."""
    one = rules.with_spend(obligation(), 500, 3)
    assert (one.status, one.amount_total, one.amount_outstanding) == ("pending", 500, 500)
    one = rules.with_spend(one, -100, 4)
    early = rules.with_payment(one, 400, 5)
    assert (early.status, early.amount_outstanding, early.paid_at) == ("pending", 0, None)
    assert (rules.ended(early, 10).status, rules.ended(early, 10).paid_at) == ("paid", 10)
    one = rules.ended(one, 10)
    assert (one.status, one.amount_outstanding) == ("unpaid", 400)
    part = rules.with_payment(one, 150, 11)
    assert (part.status, part.amount_outstanding) == ("unpaid", 250)
    paid = rules.with_payment(part, 250, 12)
    assert (paid.status, paid.amount_paid, paid.paid_at) == ("paid", 400, 12)
    # A refund can be what pays it.
    assert rules.with_spend(part, -250, 13).status == "paid"


def test_a_payment_is_of_what_is_outstanding() -> None:
    """All of it by default, never more, and not of nothing."""
    one = rules.with_spend(obligation(), 500, 3)
    assert rules.check_payment(one, None) == 500
    assert rules.check_payment(one, 499) == 499
    for owed, amount in ((one, 501), (obligation(), None), (obligation(), 1)):
        with pytest.raises(Failure):
            rules.check_payment(owed, amount)

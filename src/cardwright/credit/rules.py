"""How credit is given and owed: pure decisions."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from cardwright.credit import refusals
from cardwright.credit.model import CreditPolicy, FundingObligation, Interval
from cardwright.currencies import refusals as currencies_refusals
from cardwright.kernel import clock
from cardwright.kernel.money import ISSUING_CURRENCIES
from cardwright.kernel.refusal import fail
from cardwright.ledger.rules import Balance
from cardwright.notices.model import Reason
from cardwright.wire.resource import Timestamp

# The first day of the epoch was a Thursday; weeks begin on Monday.
_MONDAY_OFFSET = 3


class Terms(NamedTuple):
    """What counts of a policy when money is allotted."""

    active: bool
    limit_minor: int


class Allotment(NamedTuple):
    """What moves from the platform to the account (back, when negative), and what could not move
    because the platform has too little."""

    amount_minor: int
    short_minor: int


def check_currency(currency: str) -> None:
    """Refuse a currency that no card is issued in."""
    if currency not in ISSUING_CURRENCIES:
        supported = ", ".join(sorted(ISSUING_CURRENCIES))
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="credit_limit_currency",
            value=currency,
            reason=f"Supported are {supported}.",
        )


def allotment(terms: Terms, credit: Balance, owed_minor: int, platform_minor: int) -> Allotment:
    """How much to allot_due, given what the account has and owes and what the platform has.

    What is allotted, held and owed comes to the limit, as far as the platform's money goes. What
    is held or spent beyond the limit stays; what is not spent goes back once the limit is lower.
    """
    given = credit.available_minor + credit.held_minor + owed_minor
    bound = credit.held_minor + max(0, owed_minor)
    wanted = max(terms.limit_minor if terms.active else 0, bound)
    if given >= wanted:
        return Allotment(-min(given - wanted, max(0, credit.available_minor)), 0)
    amount = min(wanted - given, max(0, platform_minor))
    return Allotment(amount, wanted - given - amount)


def period(interval: Interval, count: int, now_ms: int) -> tuple[int, int]:
    """The first and the last second (excluded) of the period that an instant lies in.

    Periods begin at 00:00 UTC, weeks on Monday, months on their first day; several at once are
    counted from the epoch.
    """
    if interval == "month":
        first = clock.month_number(now_ms) // count * count
        return _month_second(first), _month_second(first + count)
    days, offset = (7 * count, _MONDAY_OFFSET) if interval == "week" else (count, 0)
    first_day = (clock.day_number(now_ms) + offset) // days * days - offset
    day_seconds = clock.DAY_MS // clock.SECOND_MS
    return first_day * day_seconds, (first_day + days) * day_seconds


def _month_second(number: int) -> int:
    return int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp())


def with_spend(before: FundingObligation, amount_minor: int, now: int) -> FundingObligation:
    """The obligation with more spent in its period (less, when negative)."""
    return _summed(before, before.amount_total + amount_minor, before.amount_paid, now)


def with_payment(before: FundingObligation, amount_minor: int, now: int) -> FundingObligation:
    """The obligation with more paid back."""
    return _summed(before, before.amount_total, before.amount_paid + amount_minor, now)


def ended(before: FundingObligation, now: int) -> FundingObligation:
    """The obligation at the end of its period."""
    return _summed(
        msgspec.structs.replace(before, status="unpaid"),
        before.amount_total,
        before.amount_paid,
        now,
    )


def check_payment(before: FundingObligation, amount_minor: int | None) -> int:
    """What is paid: all that is outstanding unless less was asked for."""
    if before.amount_outstanding <= 0:
        fail(refusals.FUNDING_OBLIGATION_PAID)
    amount = before.amount_outstanding if amount_minor is None else amount_minor
    if amount > before.amount_outstanding:
        fail(
            refusals.FUNDING_OBLIGATION_OVERPAID,
            param="amount",
            remaining=before.amount_outstanding,
            amount=amount,
        )
    return amount


def _summed(before: FundingObligation, total: int, paid: int, now: int) -> FundingObligation:
    after: FundingObligation = msgspec.structs.replace(
        before, amount_total=total, amount_paid=paid, amount_outstanding=total - paid
    )
    if after.status != "pending" and after.amount_outstanding == 0 and after.status != "paid":
        return msgspec.structs.replace(after, status="paid", paid_at=Timestamp(now))
    return after


def notice_of(before: CreditPolicy, after: CreditPolicy) -> Reason | None:
    """What the account must be told of a change: that its credit ended, or that there is less."""
    if before.status == "active" and after.status == "inactive":
        return "issuing.credit_line_closed"
    less = after.credit_limit_amount < before.credit_limit_amount
    return "issuing.credit_limit_decreased" if less and after.status == "active" else None

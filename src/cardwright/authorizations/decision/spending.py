"""Spending limits and the totals they are compared with: pure, no storage.

A total is what one owner (a card's chain of replacements, or a cardholder) has spent from a day
on; it is kept by month, with the days of each. Intervals begin at 00:00 UTC, weeks on Monday.
Beside its category spending counts under ``EVERY``, so that no limit adds up the categories.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from cardwright.cardholders.spending_controls import Interval, SpendingControls, SpendingLimit
from cardwright.currencies.rates import Quote
from cardwright.kernel import clock

# In the place of a category: all of them.
EVERY = "*"


class Tally(NamedTuple):
    """Which totals a limit is compared with: those from a day of a month on; no categories means
    all of them."""

    owner: str
    month: int
    day: int
    currency: str
    categories: tuple[str, ...]


class Counter(NamedTuple):
    """Where an amount is added: the row of a month, and the day in it."""

    owner: str
    category: str
    month: int
    currency: str
    day: int


class Limit(NamedTuple):
    """A limit that a purchase meets; without a tally it looks at this authorization alone."""

    amount_minor: int
    tally: Tally | None
    interval: Interval


class Now(NamedTuple):
    """The month and the day of an hour, and since which month and day each interval counts."""

    month: int
    day: int
    begins: dict[str, tuple[int, int]]


@lru_cache(maxsize=64)
def _now(hour: int) -> Now:
    now_ms = hour * clock.HOUR_MS
    today = clock.moment(now_ms)
    monday = today - timedelta(days=today.weekday())
    month = clock.month_number(now_ms)
    begins = {
        "daily": (month, today.day),
        "weekly": (monday.year * 12 + monday.month - 1, monday.day),
        "monthly": (month, 1),
        "yearly": (month - month % 12, 1),
        "all_time": (0, 1),
    }
    return Now(month, today.day, begins)


def tally(limit: SpendingLimit, owner: str, currency: str, now_ms: int) -> Tally | None:
    """The totals that ``limit`` is about; None when it looks at one authorization alone."""
    begins = _now(now_ms // clock.HOUR_MS).begins.get(limit.interval)
    if begins is None:
        return None
    return Tally(owner, begins[0], begins[1], currency, tuple(limit.categories))


def limits(
    controls: SpendingControls,
    owner: str,
    currency: str,
    category: str,
    now_ms: int,
    quote: Quote | None = None,
) -> list[Limit]:
    """Every limit that a purchase in the category meets, with the total it is compared with.

    Limits in another currency than the purchase's are converted by ``quote``; without a rate they
    leave no room for anything.
    """
    foreign = needs_rate(controls, currency)

    def room(limit: SpendingLimit) -> int:
        if not foreign:
            return limit.amount
        return quote.convert(limit.amount) if quote is not None else 0

    return [
        Limit(room(limit), tally(limit, owner, currency, now_ms), limit.interval)
        for limit in controls.spending_limits
        if concerns(limit, category)
    ]


def concerns(limit: SpendingLimit, category: str) -> bool:
    """Whether a limit covers purchases in the category."""
    return not limit.categories or category in limit.categories


def needs_rate(controls: SpendingControls, currency: str) -> bool:
    """Whether there are limits, in another currency than that of the spending."""
    return bool(controls.spending_limits) and controls.spending_limits_currency not in (
        None,
        currency,
    )


def within(
    met: Iterable[Limit], amount_minor: int, spent: Mapping[Tally, int], earlier_minor: int = 0
) -> bool:
    """Whether the amount stays within every limit; ``spent`` has each tally's total so far, and
    ``earlier_minor`` was approved on the same authorization before."""
    for limit in met:
        before = earlier_minor if limit.tally is None else spent[limit.tally]
        if before + amount_minor > limit.amount_minor:
            return False
    return True


def counters(owners: Iterable[str], category: str, currency: str, now_ms: int) -> list[Counter]:
    """The counters that spending at this instant adds to."""
    month, day, _ = _now(now_ms // clock.HOUR_MS)
    return [
        Counter(owner, counted, month, currency, day)
        for owner in owners
        for counted in (category, EVERY)
    ]


def touches(wanted: Tally, counter: Counter) -> bool:
    """Whether the counter is part of the tally."""
    return (
        wanted.owner == counter.owner
        and (wanted.month, wanted.day) <= (counter.month, counter.day)
        and wanted.currency == counter.currency
        and counter.category in (wanted.categories or (EVERY,))
    )

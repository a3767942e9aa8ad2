"""Spending limits and the totals they are compared with: pure, no storage.

A total is the sum of counters of one owner (a card's chain of replacements, or a cardholder) from
a day or a month on. Days serve daily and weekly limits, months the longer ones; intervals begin at
00:00 UTC, weeks on Monday. Beside its category spending counts under ``EVERY``, so that no limit
adds up the categories.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from cardwright.cardholders.spending_controls import Interval, SpendingControls, SpendingLimit
from cardwright.currencies.rates import Quote
from cardwright.kernel import clock

# The first day of the epoch was a Thursday.
_MONDAY_OFFSET = 3
# In the place of a category: all of them.
EVERY = "*"


class Tally(NamedTuple):
    """Which counters a limit is compared with; no categories means all of them."""

    owner: str
    kind: str
    since: int
    currency: str
    categories: tuple[str, ...]


class Counter(NamedTuple):
    """The key of one counter."""

    owner: str
    kind: str
    period: int
    category: str
    currency: str


class Limit(NamedTuple):
    """A limit that a purchase meets; without a tally it looks at this authorization alone."""

    amount_minor: int
    tally: Tally | None
    interval: Interval


@lru_cache(maxsize=64)
def _periods(hour: int) -> tuple[int, int]:
    """The day and the month that an hour lies in."""
    now_ms = hour * clock.HOUR_MS
    return clock.day_number(now_ms), clock.month_number(now_ms)


def tally(limit: SpendingLimit, owner: str, currency: str, now_ms: int) -> Tally | None:
    """The counters that ``limit`` is about; None when it looks at one authorization alone."""
    interval = limit.interval
    if interval == "per_authorization":
        return None
    day, month = _periods(now_ms // clock.HOUR_MS)
    categories = tuple(limit.categories)
    if interval == "daily":
        return Tally(owner, "day", day, currency, categories)
    if interval == "weekly":
        return Tally(owner, "day", day - (day + _MONDAY_OFFSET) % 7, currency, categories)
    if interval == "monthly":
        return Tally(owner, "month", month, currency, categories)
    since = month - month % 12 if interval == "yearly" else 0
    return Tally(owner, "month", since, currency, categories)


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
    day, month = _periods(now_ms // clock.HOUR_MS)
    found = []
    for owner in owners:
        for counted in (category, EVERY):
            found.append(Counter(owner, "day", day, counted, currency))
            found.append(Counter(owner, "month", month, counted, currency))
    return found


def touches(wanted: Tally, counter: Counter) -> bool:
    """Whether the counter is part of the tally."""
    return (
        wanted.owner == counter.owner
        and wanted.kind == counter.kind
        and wanted.since <= counter.period
        and wanted.currency == counter.currency
        and counter.category in (wanted.categories or (EVERY,))
    )

"""Totals counted anew from what the API shows, with a calendar instead of day numbers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

EVERY = "*"
# The most that one authorization may ask for; it is shown on no card.
CARD_MOST = 1_000_000


@dataclass(frozen=True)
class Spent:
    """An amount that counts on a day for everybody in ``owners``."""

    owners: frozenset[str]
    category: str
    day: date
    amount: int


def day_of(timestamp: int) -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(timestamp, UTC).date()


def first_day(interval: str, today: date) -> date:
    """The day on which the interval that has ``today`` in it began."""
    return {
        "daily": today,
        "weekly": today - timedelta(days=today.weekday()),
        "monthly": today.replace(day=1),
        "yearly": today.replace(month=1, day=1),
        "all_time": date.min,
    }[interval]


def recount(
    authorizations: list[Any],
    transactions: list[Any],
    roots: dict[str, str],
    refunded: dict[str, str],
) -> list[Spent]:
    """What everything that happened comes to. ``roots`` has the first card of each card's chain,
    ``refunded`` the capture of each refund that gave something back of one.

    An authorization counts when it was made: for what it still holds and all that was captured,
    less what was given back. A capture without an authorization counts when it was made.
    """
    captured: dict[str, int] = defaultdict(int)
    by_id = {one["id"]: one for one in transactions}
    alone = []
    for one in transactions:
        source = by_id[refunded[one["id"]]] if one["id"] in refunded else one
        if one["type"] == "refund" and source is one:
            continue
        if source["authorization"] is not None:
            captured[source["authorization"]] -= one["amount"]
        else:
            alone.append((source, -one["amount"]))
    found = []
    for one in authorizations:
        held = -sum(line["amount"] for line in one["balance_transactions"])
        assert held >= 0
        found.append(_spent(one, one["card"]["id"], held + captured[one["id"]], roots))
    found += [_spent(source, source["card"], amount, roots) for source, amount in alone]
    return found


def _spent(one: Any, card: str, amount: int, roots: dict[str, str]) -> Spent:
    owners = frozenset((roots[card], one["cardholder"]))
    return Spent(owners, one["merchant_data"]["category"], day_of(one["created"]), amount)


def totals(spent: list[Spent]) -> dict[tuple[str, str, int, int], int]:
    """The totals that are not zero, by owner, category, month and day; the day 0 is all of them."""
    found: dict[tuple[str, str, int, int], int] = defaultdict(int)
    for one in spent:
        month = one.day.year * 12 + one.day.month - 1
        for owner in one.owners:
            for category in (one.category, EVERY):
                found[owner, category, month, 0] += one.amount
                found[owner, category, month, one.day.day] += one.amount
    return {key: amount for key, amount in found.items() if amount}


def total(spent: list[Spent], owner: str, categories: list[str], interval: str, today: date) -> int:
    """What was spent from the beginning of the interval on."""
    since = first_day(interval, today)
    return sum(
        one.amount
        for one in spent
        if owner in one.owners
        and one.day >= since
        and (not categories or one.category in categories)
    )


def fits(
    spent: list[Spent],
    limits: dict[str, list[Any]],
    category: str,
    amount: int,
    today: date,
    earlier: int = 0,
) -> bool:
    """Whether the amount stays within all limits of all owners; ``earlier`` is what the same
    authorization was approved for before."""
    if earlier + amount > CARD_MOST:
        return False
    for owner, of_owner in limits.items():
        for limit in of_owner:
            categories = limit["categories"]
            if categories and category not in categories:
                continue
            before = earlier
            if limit["interval"] != "per_authorization":
                before = total(spent, owner, categories, limit["interval"], today)
            if before + amount > limit["amount"]:
                return False
    return True


def most(spent: list[Spent], limits: dict[str, list[Any]], category: str, today: date) -> int:
    """The largest amount that stays within all limits."""
    fitting, beyond = 0, CARD_MOST + 1
    while beyond - fitting > 1:
        middle = (fitting + beyond) // 2
        if fits(spent, limits, category, middle, today):
            fitting = middle
        else:
            beyond = middle
    return fitting

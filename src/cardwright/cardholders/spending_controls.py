"""Spending controls: where, how much and how often; the same shape on cards and cardholders.

``SpendingControls`` is a card's: its limits are in the card's currency. A cardholder's adds a
writable ``spending_limits_currency``.
"""

from typing import Annotated, Literal

from msgspec import field

from cardwright.cardholders.categories import CATEGORIES
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Country, Currency, Mark, Shape

Interval = Literal["per_authorization", "daily", "weekly", "monthly", "yearly", "all_time"]
CardPresence = Literal["present", "not_present"]

# Members that exclude each other: a list of what is allowed, or a list of what is blocked.
EXCLUSIVE = (
    ("allowed_card_presences", "blocked_card_presences"),
    ("allowed_categories", "blocked_categories"),
    ("allowed_merchant_countries", "blocked_merchant_countries"),
)


class SpendingLimit(Shape):
    """At most ``amount`` (minor units) an interval, over the categories (empty: over all)."""

    amount: Annotated[int, Mark(need="cu", low=0, high=AMOUNT_MINOR_MAX)]
    interval: Annotated[Interval, Mark(need="cu")]
    categories: Annotated[list[str], Mark(choices=CATEGORIES)] = field(default_factory=list)


class SpendingControls(Shape):
    """What a card may be used for."""

    allowed_card_presences: list[CardPresence] = field(default_factory=list)
    allowed_categories: Annotated[list[str], Mark(choices=CATEGORIES)] = field(default_factory=list)
    allowed_merchant_countries: list[Country] = field(default_factory=list)
    blocked_card_presences: list[CardPresence] = field(default_factory=list)
    blocked_categories: Annotated[list[str], Mark(choices=CATEGORIES)] = field(default_factory=list)
    blocked_merchant_countries: list[Country] = field(default_factory=list)
    spending_limits: list[SpendingLimit] = field(default_factory=list)
    spending_limits_currency: Annotated[Currency | None, Mark("")] = None


class CardholderSpendingControls(SpendingControls):
    """What all cards of a cardholder together may be used for."""

    spending_limits_currency: Currency | None = None


def check_exclusive(controls: SpendingControls) -> None:
    """Refuse controls that both allow and block the same kind of thing."""
    for allowed, blocked in EXCLUSIVE:
        if getattr(controls, allowed) and getattr(controls, blocked):
            names = f"spending_controls[{allowed}], spending_controls[{blocked}]"
            fail(
                wire_refusals.PARAMETER_EXCLUSIVE,
                param=f"spending_controls[{blocked}]",
                params=names,
            )

"""What card programs issue: region, currency, sponsor, card numbers.

A charge or revolving credit card spends the platform's credit where the account has an active
credit policy, and the account's own Issuing balance where it has none. A prepaid, debit or spend
card spends the account's own money alone. In the United Kingdom and the euro countries the
operator of this installation sponsors the cards itself. Card numbers lie in a range that no card
network routes.
"""

from typing import Literal

import msgspec

from cardwright.accounts.record.capabilities import EURO_COUNTRIES, card_issuing_path

Region = Literal["US", "GB", "EU"]
Brand = Literal["Mastercard", "Visa"]


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a program.

    ``capability`` is the path an account must have, ``bin`` the leading digits of its card
    numbers.
    """

    name: str
    region: Region
    countries: frozenset[str]
    currency: str
    capability: str
    bin: str
    brand: Brand = "Visa"
    card_types: frozenset[str] = frozenset({"virtual", "physical"})


_REGIONS: dict[Region, tuple[frozenset[str], str]] = {
    "US": (frozenset({"US"}), "usd"),
    "GB": (frozenset({"GB"}), "gbp"),
    "EU": (EURO_COUNTRIES, "eur"),
}
# Every capability of a card creator, in each region where it can be asked for: the name, what it
# issues (bank and card), the leading digits. What a platform's list shows first comes last: its
# first page has the cards of every region.
_ROWS: tuple[tuple[str, Region, str, str], ...] = (
    ("us_consumer_lead_prepaid_card", "US", "consumer.lead.prepaid_card", "40000080"),
    ("us_consumer_lead_debit_card", "US", "consumer.lead.debit_card", "40000081"),
    (
        "us_consumer_cross_river_bank_prepaid_card",
        "US",
        "consumer.cross_river_bank.prepaid_card",
        "40000082",
    ),
    (
        "us_consumer_celtic_revolving_credit_card",
        "US",
        "consumer.celtic.revolving_credit_card",
        "40000083",
    ),
    ("us_lead_prepaid_card", "US", "commercial.lead.prepaid_card", "40000084"),
    ("us_fifth_third_charge_card", "US", "commercial.fifth_third.charge_card", "40000085"),
    ("us_cross_river_bank_spend_card", "US", "commercial.cross_river_bank.spend_card", "40000086"),
    (
        "us_cross_river_bank_prepaid_card",
        "US",
        "commercial.cross_river_bank.prepaid_card",
        "40000087",
    ),
    (
        "us_cross_river_bank_charge_card",
        "US",
        "commercial.cross_river_bank.charge_card",
        "40000088",
    ),
    ("us_stripe_spend_card", "US", "commercial.stripe.spend_card", "40000089"),
    ("us_stripe_prepaid_card", "US", "commercial.stripe.prepaid_card", "40000090"),
    ("us_stripe_charge_card", "US", "commercial.stripe.charge_card", "40000091"),
    ("gb_spend_card", "GB", "commercial.stripe.spend_card", "40000092"),
    ("eu_spend_card", "EU", "commercial.stripe.spend_card", "40000093"),
    ("us_charge_card", "US", "commercial.celtic.charge_card", "40000096"),
    ("gb_prepaid_card", "GB", "commercial.stripe.prepaid_card", "40000095"),
    ("eu_prepaid_card", "EU", "commercial.stripe.prepaid_card", "40000094"),
    ("us_spend_card", "US", "commercial.celtic.spend_card", "40000099"),
    ("gb_charge_card", "GB", "commercial.stripe.charge_card", "40000098"),
    ("eu_charge_card", "EU", "commercial.stripe.charge_card", "40000097"),
)
OFFERINGS = {
    name: Offering(
        name=name,
        region=region,
        countries=_REGIONS[region][0],
        currency=_REGIONS[region][1],
        capability=f"card_creator.{product}",
        bin=bin_digits,
    )
    for name, region, product, bin_digits in _ROWS
}


def standard_of(country: str) -> Offering:
    """What v1's ``card_issuing`` stands for in a country where cards are issued."""
    path = card_issuing_path(country)
    return next(
        one for one in OFFERINGS.values() if country in one.countries and one.capability == path
    )


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator says of a program that it defines; the rest is the offering's."""

    bin: str
    brand: Brand
    card_types: frozenset[str]
    countries: frozenset[str]


def with_terms(offering: Offering, terms: Terms | None) -> Offering:
    """The offering with the terms of a defined program."""
    if terms is None:
        return offering
    return msgspec.structs.replace(offering, **msgspec.structs.asdict(terms))


_CREDIT = (".charge_card", ".revolving_credit_card")
# Programs whose cards spend the platform's credit where the account has an active credit policy.
CREDIT_OFFERINGS = frozenset(
    name for name, offering in OFFERINGS.items() if offering.capability.endswith(_CREDIT)
)

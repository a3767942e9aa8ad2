"""What card programs issue: region, currency, sponsor, card numbers.

A charge card spends the platform's credit where the account has an active credit policy, and the
account's own Issuing balance where it has none. A prepaid or spend card spends the account's own
money alone. In the United Kingdom and the euro countries the operator of this installation sponsors
the cards itself. Card numbers lie in a range that no card network routes.
"""

from typing import Literal

import msgspec

from cardwright.accounts.record.capabilities import EURO_COUNTRIES

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


OFFERINGS = {
    offering.name: offering
    for offering in (
        # Those that a platform's list shows first come last.
        Offering(
            name="us_charge_card",
            region="US",
            countries=frozenset({"US"}),
            currency="usd",
            capability="card_creator.commercial.celtic.charge_card",
            bin="40000096",
        ),
        Offering(
            name="gb_prepaid_card",
            region="GB",
            countries=frozenset({"GB"}),
            currency="gbp",
            capability="card_creator.commercial.stripe.prepaid_card",
            bin="40000095",
        ),
        Offering(
            name="eu_prepaid_card",
            region="EU",
            countries=EURO_COUNTRIES,
            currency="eur",
            capability="card_creator.commercial.stripe.prepaid_card",
            bin="40000094",
        ),
        Offering(
            name="us_spend_card",
            region="US",
            countries=frozenset({"US"}),
            currency="usd",
            capability="card_creator.commercial.celtic.spend_card",
            bin="40000099",
        ),
        Offering(
            name="gb_charge_card",
            region="GB",
            countries=frozenset({"GB"}),
            currency="gbp",
            capability="card_creator.commercial.stripe.charge_card",
            bin="40000098",
        ),
        Offering(
            name="eu_charge_card",
            region="EU",
            countries=EURO_COUNTRIES,
            currency="eur",
            capability="card_creator.commercial.stripe.charge_card",
            bin="40000097",
        ),
    )
}


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


# Programs whose cards spend the platform's credit where the account has an active credit policy.
CREDIT_OFFERINGS = frozenset(
    name for name, offering in OFFERINGS.items() if offering.capability.endswith(".charge_card")
)

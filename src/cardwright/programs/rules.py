"""What a program may be attached to: pure decisions, no storage."""

from cardwright.kernel.refusal import fail
from cardwright.programs import refusals
from cardwright.programs.offerings import Brand, Offering, Terms
from cardwright.wire import refusals as wire_refusals

# The leading digits that belong to a brand (source: ISO/IEC 7812 registers of the networks).
LEADING: dict[Brand, tuple[range, ...]] = {
    "Visa": (range(4000, 5000),),
    "Mastercard": (range(2221, 2721), range(5100, 5600)),
}


def check_region(offering: Offering, country: str | None) -> None:
    """Refuse an account outside the countries that the program issues in."""
    if country not in offering.countries:
        place = f"in {country}" if country is not None else "without a country"
        fail(
            refusals.PROGRAM_REGION,
            param="platform_program",
            place=place,
            currency=offering.currency,
            countries=", ".join(sorted(offering.countries)),
        )


def check_unattached(platform_program: str, attached: list[str | None]) -> None:
    """Refuse a second program that follows the same program of the platform."""
    if platform_program in attached:
        fail(refusals.PROGRAM_ATTACHED, param="platform_program", program=platform_program)


def check_open(program: str, *, closed: bool) -> None:
    """Refuse what the operator has closed: the platform is not enrolled in it any more."""
    if closed:
        fail(refusals.PROGRAM_CLOSED, param="platform_program", program=program)


def check_currency(offering: Offering, attached: list[Offering]) -> None:
    """Refuse a program in another currency: all cards of an account are in one."""
    for other in attached:
        if other.currency != offering.currency:
            fail(
                refusals.PROGRAM_CURRENCY,
                param="platform_program",
                currency=offering.currency,
                other=other.currency,
            )


def check_terms(terms: Terms, offering: Offering) -> None:
    """Refuse terms that the offering does not allow, and digits that are not the brand's."""
    foreign = sorted(terms.countries - offering.countries)
    if foreign or not terms.countries:
        fail(
            refusals.PROGRAM_COUNTRIES,
            param="countries",
            offering=offering.name,
            countries=", ".join(sorted(offering.countries)),
        )
    if not terms.card_types:
        fail(wire_refusals.PARAMETER_EMPTY, param="card_types")
    leading = int(terms.bin[:4])
    if not any(leading in digits for digits in LEADING[terms.brand]):
        fail(refusals.PROGRAM_BIN, param="bin", bin=terms.bin, brand=terms.brand)

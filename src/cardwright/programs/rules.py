"""What a program may be attached to: pure decisions, no storage."""

from cardwright.kernel.errors import fail
from cardwright.programs.offerings import Offering


def check_region(offering: Offering, country: str | None) -> None:
    """Refuse an account outside the countries that the program issues in."""
    if country not in offering.countries:
        place = f"in {country}" if country is not None else "without a country"
        fail(
            "program_region",
            param="platform_program",
            place=place,
            currency=offering.currency,
            countries=", ".join(sorted(offering.countries)),
        )


def check_unattached(platform_program: str, attached: list[str | None]) -> None:
    """Refuse a second program that follows the same program of the platform."""
    if platform_program in attached:
        fail("program_attached", param="platform_program", program=platform_program)

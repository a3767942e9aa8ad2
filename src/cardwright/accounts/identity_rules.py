"""What the identity of an account may be: pure decisions, no storage. Paths are dotted."""

from typing import Any

from msgspec import UNSET

from cardwright.accounts import refusals
from cardwright.accounts.record.capabilities import EURO_COUNTRIES
from cardwright.accounts.record.model import Account
from cardwright.accounts.record.value_rules import (
    check_day,
    check_id_number,
    check_once,
    check_phone,
    day_of,
)
from cardwright.accounts.requirements import checks
from cardwright.kernel.refusal import fail

# Numbers that a registrar gives; others are the same in all of a country.
REGISTERED_NUMBERS = frozenset({"de_hrn"})
# Whose legal form a structure is, where it is not a company's.
STRUCTURES = {
    "government_instrumentality": "government_entity",
    "governmental_unit": "government_entity",
    "incorporated_association": "non_profit",
    "incorporated_non_profit": "non_profit",
    "registered_charity": "non_profit",
    "sole_proprietorship": "individual",
    "tax_exempt_government_instrumentality": "government_entity",
    "unincorporated_non_profit": "non_profit",
}
# Legal forms of two kinds of entities.
BOTH_STRUCTURES = frozenset(
    {
        ("company", "incorporated_association"),
        ("company", "sole_proprietorship"),
        ("individual", "sole_establishment"),
        ("non_profit", "private_company"),
        ("non_profit", "private_corporation"),
        ("non_profit", "trust"),
        ("non_profit", "unincorporated_association"),
    }
)

# What is declared when an account has directors and owners, with the refusal of it before.
_DECLARED_LATER = (
    (
        "directorship_declaration",
        refusals.DIRECTORSHIP_DECLARATION_NOT_ALLOWED_DURING_ACCOUNT_CREATION,
    ),
    (
        "ownership_declaration",
        refusals.OWNERSHIP_DECLARATION_NOT_ALLOWED_DURING_ACCOUNT_CREATION,
    ),
)


def check_declared(identity: dict[str, Any]) -> None:
    """Refuse what v2 does not take with a creation: directors and owners are declared when the
    account has them. v1 takes it."""
    attestations = identity.get("attestations") or {}
    for name, refusal in _DECLARED_LATER:
        if attestations.get(name) is not None:
            fail(refusal, param=f"identity.attestations.{name}")


def check_identity(account: Account) -> None:
    """Refuse an identity that contradicts itself or its country."""
    identity = account.identity
    details, individual = identity.business_details, identity.individual
    if individual is not None and identity.entity_type not in (None, "individual"):
        fail(refusals.UNSUPPORTED_IDENTITY_FIELD_FOR_CONFIGS, param="identity.individual")
    if identity.entity_type == "government_entity" and identity.country not in (None, "US"):
        fail(
            refusals.ENTITY_TYPE_NOT_SUPPORTED_IN_COUNTRY,
            param="identity.entity_type",
            entity_type="government_entity",
            country=identity.country,
        )
    if details is None:
        return
    path = checks.BUSINESS
    check_phone(details.phone, f"{path}.phone")
    registered, revenue = details.registration_date, details.annual_revenue
    if registered is not None and day_of(registered) is None:
        fail(refusals.REGISTRATION_DATE_INVALID, param=f"{path}.registration_date")
    _check_structure(identity.entity_type, details.structure)
    if revenue is not None and revenue.fiscal_year_end is not None:
        check_day(revenue.fiscal_year_end, f"{path}.annual_revenue.fiscal_year_end")
    check_once([number.type for number in details.id_numbers], f"{path}.id_numbers")
    address, country = details.address, identity.country
    if address is not None and address.country is not None and country is not None:
        both_euro = address.country in EURO_COUNTRIES and country in EURO_COUNTRIES
        if address.country != country and not both_euro:
            fail(
                refusals.ADDRESS_COUNTRY_IDENTITY_COUNTRY_MISMATCH, param=f"{path}.address.country"
            )
    for index, number in enumerate(details.id_numbers):
        param = f"{path}.id_numbers.{index}"
        # The two letters before the type's name are the country that issues it.
        if country is not None and number.type[:2].upper() != country:
            fail(
                refusals.INCORRECT_ID_NUMBER_FOR_COUNTRY,
                param=param,
                country=country,
                type=number.type,
            )
        if number.registrar is not None and number.type not in REGISTERED_NUMBERS:
            fail(refusals.INVALID_ID_NUMBER_REGISTRAR, param=f"{param}.registrar", type=number.type)
        if number.value is not UNSET:
            check_id_number(number.type, number.value.reveal(), f"{param}.value")


def _check_structure(entity_type: str | None, structure: str | None) -> None:
    """Refuse a legal form that entities of this kind do not have."""
    if structure is None or entity_type is None:
        return
    kind = STRUCTURES.get(structure, "company")
    fits = entity_type == kind or (entity_type, structure) in BOTH_STRUCTURES
    if not fits:
        fail(
            refusals.STRUCTURE_INCOMPATIBLE_FOR_ENTITY_TYPE_COUNTRY,
            param=f"{checks.BUSINESS}.structure",
            structure=structure,
            entity_type=entity_type,
        )

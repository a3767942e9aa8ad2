"""What the persons of an account may be: pure decisions. Paths are dotted."""

from datetime import date
from decimal import Decimal

from msgspec import UNSET

from cardwright.accounts import refusals
from cardwright.accounts.record.identity import Person, Relationship
from cardwright.accounts.record.model import Account
from cardwright.accounts.record.value_rules import (
    check_acceptances,
    check_address,
    check_email,
    check_id_number,
    check_once,
    check_phone,
    check_scripts,
    day_of,
)
from cardwright.accounts.requirements import checks
from cardwright.kernel.clock import moment
from cardwright.kernel.refusal import fail

# Nobody younger is a person of an account (source: Connect documentation).
AGE_LEAST = 13
NOBODY = Relationship()
# What one person of an account can be, with the refusal of a second one.
_ONLY_ONE = (
    ("representative", refusals.ADDITIONAL_REPRESENTATIVE_NOT_ALLOWED),
    ("legal_guardian", refusals.ADDITIONAL_LEGAL_GUARDIAN_NOT_ALLOWED),
    ("authorizer", refusals.AUTHORIZER_DUPLICATE),
)


def check_person(
    person: Person, path: str = "", *, before: Person | None = None, country: str | None = None
) -> None:
    """Refuse a person that cannot be one; ``path`` is where it stands among the parameters.

    ``before`` is the person as it was: what stays is not looked at again. ``country`` is the
    account's.
    """
    prefix = f"{path}." if path else ""
    check_email(person.email, f"{prefix}email")
    check_phone(person.phone, f"{prefix}phone")
    if person.date_of_birth is not None and day_of(person.date_of_birth) is None:
        fail(refusals.DATE_OF_BIRTH_INVALID, param=f"{prefix}date_of_birth")
    check_once([number.type for number in person.id_numbers], f"{prefix}id_numbers")
    for index, number in enumerate(person.id_numbers):
        if number.value is not UNSET:
            param = f"{prefix}id_numbers.{index}.value"
            check_id_number(number.type, number.value.reveal(), param)
    if before is None or person.address != before.address:
        check_address(person.address, f"{prefix}address", country)
    if before is None or person.additional_addresses != before.additional_addresses:
        for index, address in enumerate(person.additional_addresses):
            check_address(address, f"{prefix}additional_addresses.{index}", country)
    check_scripts(person.script_names, f"{prefix}script_names")
    check_scripts(person.script_addresses, f"{prefix}script_addresses")
    _check_relationship(person, prefix)


def _check_relationship(person: Person, prefix: str) -> None:
    """Refuse what a person cannot be to an account at the same time."""
    relationship = person.relationship or NOBODY
    path = f"{prefix}relationship"
    share = checks.percent(person)
    if share is not None and person.relationship is not None:
        low = share <= 0 if relationship.owner else share < 0
        if low or share > 100:
            fail(refusals.PERSON_PERCENT_OWNERSHIP_INVALID, param=f"{path}.percent_ownership")
    if relationship.representative and relationship.legal_guardian:
        fail(refusals.LEGAL_GUARDIAN_REPRESENTATIVE_NOT_ALLOWED, param=f"{path}.legal_guardian")
    if relationship.representative and relationship.authorizer:
        fail(
            refusals.AUTHORIZER_RELATIONSHIP_INVALID_FOR_REPRESENTATIVE, param=f"{path}.authorizer"
        )
    terms = person.additional_terms_of_service
    if terms is not None and terms.account is not None and not relationship.legal_guardian:
        param = f"{prefix}additional_terms_of_service.account"
        fail(refusals.ADDITIONAL_TOS_ONLY_ALLOWED_FOR_LEGAL_GUARDIAN, param=param)


def check_person_past(person: Person, now_ms: int, path: str = "") -> None:
    """Refuse a person who is not born yet or too young, or whose acceptances are dated in the
    future."""
    prefix = f"{path}." if path else ""
    born = day_of(person.date_of_birth) if person.date_of_birth is not None else None
    today = moment(now_ms).date()
    if born is not None and born > today:
        fail(refusals.DATE_OF_BIRTH_INVALID, param=f"{prefix}date_of_birth")
    if born is not None and _age(born, today) < AGE_LEAST:
        param = f"{prefix}date_of_birth"
        fail(refusals.DATE_OF_BIRTH_AGE_RESTRICTION, param=param, age_limit=AGE_LEAST)
    terms = person.additional_terms_of_service
    if terms is not None:
        check_acceptances(terms, f"{prefix}additional_terms_of_service", now_ms)


def _age(born: date, today: date) -> int:
    """How many birthdays somebody has had."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def check_persons(
    account: Account, others: list[Person], person: Person, before: Person | None = None
) -> None:
    """Refuse a person that does not fit beside the others of the account; ``before`` is the same
    person as it was."""
    check_person(person, before=before, country=account.identity.country)
    if account.identity.entity_type == "individual":
        fail(refusals.INDIVIDUAL_ADDITIONAL_PERSON_NOT_ALLOWED)
    if before is None or _who(before) != _who(person):
        _check_duplicate(others, person)
    relationship = person.relationship
    if relationship is None:
        return
    if relationship.owner and account.identity.entity_type == "government_entity":
        fail(
            refusals.INVALID_RELATIONSHIP_FOR_IDENTITY_TYPE_STRUCTURE_AND_COUNTRY,
            param="relationship.owner",
            relationship="owner",
            entity_type="government_entity",
        )
    held = [other.relationship for other in others if other.relationship is not None]
    for name, refusal in _ONLY_ONE:
        if getattr(relationship, name) and any(getattr(other, name) for other in held):
            fail(refusal, param=f"relationship.{name}")
    if relationship.legal_guardian and not any(other.representative for other in held):
        param = "relationship.legal_guardian"
        fail(refusals.LEGAL_GUARDIAN_REQUIRES_EXISTING_REPRESENTATIVE, param=param)
    _check_ownership(others, person)


def _check_ownership(others: list[Person], person: Person) -> None:
    owners = [
        one for one in (*others, person) if one.relationship is not None and one.relationship.owner
    ]
    if person not in owners:
        return
    total = sum((checks.percent(owner) or Decimal(0) for owner in owners), Decimal(0))
    if total > 100:
        fail(refusals.TOTAL_PERSON_OWNERSHIP_EXCEEDED, param="relationship.percent_ownership")


def _check_duplicate(others: list[Person], person: Person) -> None:
    """Refuse somebody whom the account has already: every word about who they are is the same."""
    who = _who(person)
    if who is None:
        return
    for other in others:
        if _who(other) == who:
            fail(refusals.DUPLICATE_PERSON_NOT_ALLOWED, duplicate_person_id=other.id)


def _who(person: Person) -> tuple[object, ...] | None:
    """What tells somebody from others, or None while that is not enough to tell."""
    if person.given_name is None or person.surname is None or person.date_of_birth is None:
        return None
    birth = day_of(person.date_of_birth)
    texts = (person.given_name, person.surname, person.email, person.phone)
    folded = tuple((text or "").casefold().strip() for text in texts)
    return (*folded, birth, str(person.address))

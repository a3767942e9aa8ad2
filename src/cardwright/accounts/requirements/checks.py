"""What can be found out about an account: which values are checked, and what a finding means.

A check has a subject (the account or a person), a name, and the values it looks at. Its outcome
is ``verified``, the code of a requirement error, or one of a few standings that no further
information changes.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import msgspec

from cardwright.accounts.record.identity import (
    BusinessIdNumber,
    CalendarDate,
    Person,
    PersonIdNumber,
    TwoSidedDocument,
)
from cardwright.accounts.record.model import Account
from cardwright.accounts.requirements.catalogue import INDIVIDUAL_PATH, ROLE_PATHS, Catalogue, Role

VERIFIED = "verified"
# Standings: a person is on a sanctions list; the business went dormant.
LISTED = "listed"
DORMANT = "dormant"
# A document of the test environment that is no test document.
UNSEEN = "verification_document_failed_test_mode"
# A document of two sides of which the back alone is there: nobody is asked about it.
FRONTLESS = "verification_document_missing_front"

BUSINESS = "identity.business_details"
# What an owner holds more of than this is asked for, in percent.
OWNER_PERCENT = 25
EVERY_BUSINESS_CAPABILITY = ("card_creator.", "merchant.", "money_manager.", "recipient.")
# Texts that are looked at as they are, without asking a registry.
SCREENING = frozenset(
    {
        "description",
        "director_name",
        "name",
        "statement_descriptor",
        "statement_descriptor_prefix",
        "trade_name",
        "url",
    }
)
# What a document can make good, of a person and of a business.
BACKED_OF_PERSON = frozenset(
    {"additional_document", "address", "document", "id_number", "identity"}
)
BACKED_OF_BUSINESS = frozenset({"document", "id_number"})


class Check(msgspec.Struct, frozen=True):
    """Something to find out; ``values`` is what it depends on."""

    subject: str
    name: str
    values: dict[str, str]


def plain_answer(check: Check) -> str | None:
    """How a check ends that needs nobody to look: None if it needs somebody."""
    frontless = check.name in ("document", "additional_document") and not check.values["front"]
    return FRONTLESS if frontless else None


class Fact(msgspec.Struct, frozen=True):
    """What was found out, or is being found out while the check is not completed.

    ``digest`` is of the values that were checked. A failure counts from ``due_ms`` on;
    ``wants_document`` says that a document is due in the place of the value.
    """

    subject: str
    name: str
    digest: str
    outcome: str | None
    completed: bool
    due_ms: int | None = None
    wants_document: bool = False

    @property
    def pending(self) -> bool:
        """Whether the answer is still to come."""
        return not self.completed

    @property
    def verified(self) -> bool:
        """Whether the values are right."""
        return self.completed and self.outcome == VERIFIED

    @property
    def failed(self) -> bool:
        """Whether the values were found wrong."""
        return self.completed and self.outcome != VERIFIED


# Id numbers in clear, by (subject, type); they are read for the time of a check alone.
IdNumbers = dict[tuple[str, str], str]


def percent(person: Person) -> Decimal | None:
    """How much of the business the person owns: ``0.8`` and ``80`` are both eighty percent."""
    if person.relationship is None or person.relationship.percent_ownership is None:
        return None
    try:
        share = Decimal(person.relationship.percent_ownership)
    except InvalidOperation:
        return None
    return share * 100 if share <= 1 else share


def role_of(person: Person) -> Role | None:
    """The role for which the person is asked; the representative is asked as that alone."""
    relationship = person.relationship
    if relationship is None:
        return None
    share = percent(person)
    if relationship.representative:
        return "representative"
    if relationship.owner and (share is None or share > OWNER_PERCENT):
        return "owner"
    if relationship.executive:
        return "executive"
    return "director" if relationship.director else None


def path_of_person(account: Account, person: Person) -> str | None:
    """Where the entries of a person stand: ``representative``, or None for one not asked."""
    individual = account.identity.individual
    if individual is not None and individual.id == person.id:
        return INDIVIDUAL_PATH
    role = role_of(person)
    return None if role is None else ROLE_PATHS[role]


def checked_persons(account: Account, persons: list[Person]) -> list[Person]:
    """The persons that requirements are about."""
    if account.identity.entity_type == "individual":
        return [] if account.identity.individual is None else [account.identity.individual]
    return [person for person in persons if role_of(person) is not None]


def main_number(
    numbers: list[BusinessIdNumber] | list[PersonIdNumber], preferred: tuple[str, ...]
) -> str | None:
    """The kind of the id number that is checked: a preferred one, else the first."""
    kinds = [number.type for number in numbers]
    return next((kind for kind in preferred if kind in kinds), kinds[0] if kinds else None)


def main_business_number(account: Account, catalogue: Catalogue) -> str | None:
    """The kind of the business's id number that is checked."""
    details = account.identity.business_details
    if details is None:
        return None
    return main_number(details.id_numbers, (catalogue.registry_number,))


def main_person_number(person: Person) -> str | None:
    """The kind of the person's id number that is checked: the full number before its end."""
    return main_number(person.id_numbers, ("us_ssn", "us_itin", "us_ssn_last_4"))


def iso_date(date: CalendarDate) -> str:
    """``1901-01-01``."""
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"


def checks_of(
    account: Account, persons: list[Person], catalogue: Catalogue, numbers: IdNumbers
) -> list[Check]:
    """Every check whose values are there."""
    found = list(_text_checks(account))
    if account.identity.entity_type != "individual":
        found.extend(_business_checks(account, catalogue, numbers))
    for person in checked_persons(account, persons):
        found.extend(_person_checks(account, person, numbers))
    return found


def _text_checks(account: Account) -> Iterator[Check]:
    profile, merchant = account.defaults.profile, account.configuration.merchant
    texts: dict[str, str | None] = {}
    if profile is not None:
        texts["url"] = profile.business_url
        texts["description"] = None if profile.business_url else profile.product_description
        texts["trade_name"] = profile.doing_business_as
    if merchant is not None and merchant.statement_descriptor is not None:
        texts["statement_descriptor"] = merchant.statement_descriptor.descriptor
        texts["statement_descriptor_prefix"] = merchant.statement_descriptor.prefix
    for name, text in texts.items():
        if text:
            yield Check(account.id, name, {"text": text})


def _business_checks(account: Account, catalogue: Catalogue, numbers: IdNumbers) -> Iterator[Check]:
    details = account.identity.business_details
    if details is None:
        return
    name = details.registered_name or ""
    if name:
        yield Check(account.id, "name", {"text": name})
    if details.address is not None and details.address.line1:
        yield Check(account.id, "address", _address_values(details.address))
    kind = main_business_number(account, catalogue)
    value = numbers.get((account.id, kind)) if kind else None
    if kind and value:
        entity_type = account.identity.entity_type or ""
        values = {"type": kind, "value": value, "name": name, "entity_type": entity_type}
        yield Check(account.id, "id_number", values)
    if details.documents is not None:
        yield from _document(account.id, "document", details.documents.primary_verification)


def _person_checks(account: Account, person: Person, numbers: IdNumbers) -> Iterator[Check]:
    if account.identity.entity_type != "individual":
        relationship = person.relationship
        if relationship is not None and relationship.director and person.given_name:
            yield Check(person.id, "director_name", {"text": person.given_name})
        if role_of(person) == "director":
            return
    name = f"{person.given_name or ''} {person.surname or ''}"
    if person.given_name and person.surname and person.date_of_birth is not None:
        values = {"name": name, "date_of_birth": iso_date(person.date_of_birth)}
        yield Check(person.id, "identity", values)
    kind = main_person_number(person)
    value = numbers.get((person.id, kind)) if kind else None
    if kind and value:
        yield Check(person.id, "id_number", {"type": kind, "value": value, "name": name})
    if person.address is not None and person.address.line1:
        yield Check(person.id, "address", _address_values(person.address))
    if person.documents is not None:
        documents = person.documents
        yield from _document(person.id, "document", documents.primary_verification)
        yield from _document(person.id, "additional_document", documents.secondary_verification)


def _address_values(address: msgspec.Struct) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.to_builtins(address).items() if value}


def _document(subject: str, name: str, document: TwoSidedDocument | None) -> Iterator[Check]:
    if document is None:
        return
    sides = document.front_back
    if sides.front or sides.back:
        yield Check(subject, name, {"front": sides.front or "", "back": sides.back or ""})


class Finding(msgspec.Struct, frozen=True):
    """What facts mean for the account: a need at a path, waiting for an answer or for the user."""

    path: str
    subject: str
    codes: tuple[str, ...]
    due_ms: int | None = None
    capabilities: tuple[str, ...] = EVERY_BUSINESS_CAPABILITY

    @property
    def pending(self) -> bool:
        """Whether the answer is still to come."""
        return not self.codes

    def concerns(self, capability: str) -> bool:
        """Whether the capability of this path depends on it."""
        return capability.startswith(self.capabilities)


# Where a failure shows that is not about the value that was checked.
PERSONS_PROVIDED = "identity.attestations.persons_provided"
CODE_PATHS = {
    "verification_missing_owners": f"{PERSONS_PROVIDED}.owners",
    "verification_missing_directors": f"{PERSONS_PROVIDED}.directors",
}
# Where the text checks show, and which capabilities they hold back.
TEXT_PATHS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": (f"{BUSINESS}.registered_name", EVERY_BUSINESS_CAPABILITY),
    "url": ("defaults.profile.business_url", ("card_creator.", "merchant.")),
    "description": ("defaults.profile.product_description", ("card_creator.", "merchant.")),
    "trade_name": ("defaults.profile.doing_business_as", ("card_creator.", "merchant.")),
    "statement_descriptor": (
        "configuration.merchant.statement_descriptor.descriptor",
        ("merchant.",),
    ),
    "statement_descriptor_prefix": (
        "configuration.merchant.statement_descriptor.prefix",
        ("merchant.",),
    ),
}
# A business whose address does not match may still be charged for, not paid out to; one whose
# street does not exist may do neither.
ADDRESS_CAPABILITIES = ("card_creator.", "money_manager.", "recipient.")
ADDRESS_PARTS: dict[str, tuple[str, ...]] = {
    "invalid_street_address": ("line1", "city", "state", "postal_code"),
    "invalid_address_city_state_postal_code": ("city", "state", "postal_code"),
    "unresolvable_postal_code": ("postal_code",),
}


def findings_of(
    account: Account, persons: list[Person], catalogue: Catalogue, facts: list[Fact]
) -> list[Finding]:
    """The needs that follow from the facts."""
    by_subject: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, {})[fact.name] = fact
    found = list(_business_findings(account, catalogue, by_subject.get(account.id, {})))
    for person in checked_persons(account, persons):
        path = path_of_person(account, person)
        if path is not None:
            found.extend(_person_findings(person, path, by_subject.get(person.id, {})))
    return found


def _business_findings(
    account: Account, catalogue: Catalogue, facts: dict[str, Fact]
) -> Iterator[Finding]:
    for name, (path, capabilities) in TEXT_PATHS.items():
        if name in facts:
            yield from _plain(facts[name], path, capabilities)
    if "address" in facts:
        yield from _business_address(account, facts["address"])
    if "id_number" in facts:
        kind = main_business_number(account, catalogue)
        path = CODE_PATHS.get(facts["id_number"].outcome or "", f"{BUSINESS}.id_numbers.{kind}")
        document = facts.get("document")
        yield from _backed(facts["id_number"], document, path, f"{BUSINESS}.documents")


def _business_address(account: Account, fact: Fact) -> Iterator[Finding]:
    """The parts of the address that are due again."""
    outcome = fact.outcome if fact.failed else None
    nowhere = outcome == "invalid_street_address"
    capabilities = EVERY_BUSINESS_CAPABILITY if nowhere else ADDRESS_CAPABILITIES
    details = account.identity.business_details
    address = details.address if details is not None else None
    for part in ADDRESS_PARTS.get(outcome or "", ("line1",)):
        if part == "line1" or getattr(address, part, None):
            yield from _plain(fact, f"{BUSINESS}.address.{part}", capabilities)


def _person_findings(person: Person, path: str, facts: dict[str, Fact]) -> Iterator[Finding]:
    primary = f"{path}.documents.primary_verification"
    secondary = f"{path}.documents.secondary_verification"
    document = facts.get("document")
    if "director_name" in facts:
        yield from _plain(facts["director_name"], f"{path}.given_name")
    if "identity" in facts:
        fact = facts["identity"]
        failed_path = primary if fact.failed else f"{path}.date_of_birth"
        yield from _backed(fact, document, failed_path, primary)
    if "id_number" in facts:
        kind = main_person_number(person)
        kind = "us_ssn" if kind == "us_ssn_last_4" and facts["id_number"].failed else kind
        yield from _backed(facts["id_number"], document, f"{path}.id_numbers.{kind}", primary)
    if document is not None and _overrides(facts):
        yield from _plain(document, primary)
    if "address" in facts:
        fact = facts["address"]
        failed_path = secondary if fact.failed else f"{path}.address.line1"
        yield from _backed(fact, facts.get("additional_document"), failed_path, secondary)


def _overrides(facts: dict[str, Fact]) -> bool:
    """Whether a document that was found wrong counts although the values are right.

    It does, unless nobody has looked at it: the test environment looks at test documents alone.
    """
    values = [facts[name] for name in ("identity", "id_number") if name in facts]
    document = facts["document"]
    seen = document.failed and document.outcome not in (UNSEEN, FRONTLESS)
    return seen and all(fact.verified for fact in values)


def _is_standing(fact: Fact) -> bool:
    """Whether the answer is about the account's standing: nothing that is provided changes it."""
    return fact.failed and fact.outcome in (LISTED, DORMANT)


def _plain(
    fact: Fact, path: str, capabilities: tuple[str, ...] = EVERY_BUSINESS_CAPABILITY
) -> Iterator[Finding]:
    if fact.verified or _is_standing(fact):
        return
    codes = (fact.outcome or "",) if fact.failed else ()
    yield Finding(path, fact.subject, codes, fact.due_ms, capabilities)


def _backed(fact: Fact, document: Fact | None, path: str, document_path: str) -> Iterator[Finding]:
    """A fact that a document can make good; no document takes anybody off a list."""
    if fact.failed and fact.wants_document:
        path = document_path
    if fact.verified or _is_standing(fact) or (document is not None and document.verified):
        return
    if fact.failed and document is not None and document.pending:
        yield Finding(document_path, fact.subject, ())
    elif fact.failed and document is not None:
        codes = (fact.outcome or "", document.outcome or "")
        yield Finding(path, fact.subject, codes, fact.due_ms)
    else:
        yield from _plain(fact, path)

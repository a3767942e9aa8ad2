"""``verification`` of v1: how far a person or a business is verified, told by the requirements.

What was found out stands in the requirements of the account; the status and the details follow.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from cardwright.accounts.record.identity import Person, TwoSidedDocument
from cardwright.accounts.record.model import AccountState, Entry
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.wire.resource import Mark, Shape

Body = dict[str, Any]

# What v1 calls a code of a requirement error where it says why somebody is not verified: without
# the first word, and only these.
_PREFIX = "verification_"
PERSON_CODES = frozenset(
    {
        "document_address_mismatch",
        "document_dob_mismatch",
        "document_duplicate_type",
        "document_id_number_mismatch",
        "document_name_mismatch",
        "document_nationality_mismatch",
        "failed_keyed_identity",
        "failed_other",
    }
)
DOCUMENT_CODES = frozenset(
    {
        "document_corrupt",
        "document_country_not_supported",
        "document_expired",
        "document_failed_copy",
        "document_failed_greyscale",
        "document_failed_other",
        "document_failed_test_mode",
        "document_fraudulent",
        "document_incomplete",
        "document_invalid",
        "document_manipulated",
        "document_missing_back",
        "document_missing_front",
        "document_not_readable",
        "document_not_uploaded",
        "document_photo_mismatch",
        "document_too_large",
        "document_type_not_supported",
    }
)
# What a person is identified by, in the words of v1.
IDENTIFYING = ("address", "dob", "first_name", "id_number", "last_name", "ssn", "verification")


class Document(Shape):
    """Both sides of a document, as they are shown."""

    back: Annotated[str | None, Mark("", expand="file")]
    front: Annotated[str | None, Mark("", expand="file")]


class BusinessVerification(Shape):
    """``company.verification``."""

    document: Document


class PersonVerification(Shape):
    """``person.verification``."""

    additional_document: Document
    document: Document


def of_person(state: AccountState, person: Person, due: Body) -> Body:
    """``person.verification``; ``due`` are the person's requirements in v1."""
    mine = list(_entries(state, person))
    code, words = _found(mine, PERSON_CODES)
    documents = person.documents
    return {
        "additional_document": _document(
            documents, "secondary_verification", _ending(mine, "secondary_verification")
        ),
        "details": words,
        "details_code": code,
        "document": _document(
            documents, "primary_verification", _ending(mine, "primary_verification")
        ),
        "status": _status(state, person, due),
    }


def of_business(state: AccountState) -> Body:
    """``company.verification``."""
    details = state.account.identity.business_details
    about = [
        entry
        for entry in state.account.requirements.entries
        if entry.description.startswith("identity.business_details.")
    ]
    documents = details.documents if details is not None else None
    return {"document": _document(documents, "primary_verification", about)}


def _entries(state: AccountState, person: Person) -> Iterable[Entry]:
    individual = state.account.identity.individual
    itself = individual is not None and individual.id == person.id
    for entry in state.account.requirements.entries:
        if entry.reference is not None:
            if entry.reference.resource == person.id:
                yield entry
        elif itself and entry.description.startswith("identity.individual."):
            yield entry


def _ending(entries: list[Entry], name: str) -> list[Entry]:
    return [entry for entry in entries if f".{name}" in entry.description]


def _found(entries: Iterable[Entry], codes: frozenset[str]) -> tuple[str | None, str | None]:
    """The last code among these that the entries' errors have, and its words: what was given last
    was looked at last."""
    found = [
        error.code.removeprefix(_PREFIX)
        for entry in entries
        for error in entry.errors
        if error.code.removeprefix(_PREFIX) in codes
    ]
    return (found[-1], ERROR_WORDS[_PREFIX + found[-1]]) if found else (None, None)


def _document(documents: msgspec.Struct | None, name: str, entries: list[Entry]) -> Body:
    document: TwoSidedDocument | None = getattr(documents, name, None)
    sides = document.front_back if document is not None else None
    code, words = _found(entries, DOCUMENT_CODES) if sides is not None else (None, None)
    return {
        "back": sides.back if sides is not None else None,
        "details": words,
        "details_code": code,
        "front": sides.front if sides is not None else None,
    }


def _status(state: AccountState, person: Person, due: Body) -> str:
    """Verified once nothing that identifies the person is missing, wrong or being looked at, and
    some capability made somebody look."""
    if any(name.startswith(IDENTIFYING) for name in due["pending_verification"]):
        return "pending"
    if state.rejection == "listed":
        return "unverified"
    complete = person.date_of_birth is not None and person.address is not None
    wanting = any(name.startswith(IDENTIFYING) for name in due["currently_due"])
    return "verified" if complete and state.capabilities and not wanting else "unverified"

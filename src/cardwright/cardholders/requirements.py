"""What a cardholder has to give before cards work, and what watchlists have to do with it: pure.

A cardholder is always one of the account's country, so the account's country says what is due.
"""

from typing import Literal

from cardwright.cardholders.model import Cardholder, DisabledReason, Requirements
from cardwright.files.documents import UNVERIFIED_DOCUMENT

ScreeningStatus = Literal["cleared", "document_requested", "listed", "rejected", "under_review"]

# Where cards are issued by Celtic Bank: each user of a card accepts its terms.
TERMS_COUNTRIES = frozenset({"US"})
DOCUMENT = "individual.verification.document"
_TERMS = "individual.card_issuing.user_terms_acceptance"

# What the operator, or a list, says of a cardholder for good; other values do not undo it.
STANDING: dict[ScreeningStatus, DisabledReason] = {
    "listed": "listed",
    "rejected": "rejected.listed",
}

# Names that come to an end of their own in the test environment; every other name is cleared.
TEST_NAMES: dict[str, ScreeningStatus] = {
    "watchlist review": "under_review",
    "watchlist listed": "listed",
    "watchlist document": "document_requested",
}


def past_due(cardholder: Cardholder, country: str | None, status: ScreeningStatus) -> list[str]:
    """The members that are missing, in the order of their names.

    In the United States an individual accepts terms and has a first and a last name; a document is
    due anywhere once the search of watchlists asks for it.
    """
    if cardholder.type != "individual":
        return []
    found = []
    if country in TERMS_COUNTRIES:
        person = cardholder.individual
        issuing = person.card_issuing if person is not None else None
        terms = issuing.user_terms_acceptance if issuing is not None else None
        given = {
            f"{_TERMS}.date": terms.date if terms is not None else None,
            f"{_TERMS}.ip": terms.ip if terms is not None else None,
            "individual.first_name": person.first_name if person is not None else None,
            "individual.last_name": person.last_name if person is not None else None,
        }
        found = [name for name, value in given.items() if not value]
    return [*found, DOCUMENT] if status == "document_requested" else found


def requirements_of(
    cardholder: Cardholder, country: str | None, status: ScreeningStatus
) -> Requirements:
    """What is missing, and the one reason why cards do not work: a list, then what the platform can
    give, then a search that is not over. A reason of a list stays while other values are looked
    at."""
    missing = past_due(cardholder, country, status)
    standing = cardholder.requirements.disabled_reason
    reason: DisabledReason | None = STANDING.get(status)
    if status == "under_review" and standing in STANDING.values():
        reason = standing
    if reason is None and missing:
        reason = "requirements.past_due"
    if reason is None and status == "under_review":
        reason = "under_review"
    return Requirements(disabled_reason=reason, past_due=missing)


def screened_values(cardholder: Cardholder, tax_id: str | None) -> dict[str, str]:
    """The values that watchlists are searched for."""
    person = cardholder.individual
    birth = person.dob if person is not None else None
    verification = person.verification if person is not None else None
    document = verification.document if verification is not None else None
    values = {
        "name": cardholder.name,
        "first_name": person.first_name if person is not None else None,
        "last_name": person.last_name if person is not None else None,
        "birth": f"{birth.year:04d}-{birth.month:02d}-{birth.day:02d}" if birth else None,
        "country": cardholder.billing.address.country,
        "tax_id": tax_id,
        "document_front": document.front if document is not None else None,
        "document_back": document.back if document is not None else None,
    }
    return {name: value for name, value in values.items() if value}


def status_by_name(values: dict[str, str]) -> ScreeningStatus:
    """How a search ends at once in the test environment."""
    person = f"{values.get('first_name', '')} {values.get('last_name', '')}"
    for name in (values["name"], person):
        status = TEST_NAMES.get(name.casefold())
        if status == "document_requested":
            document = values.get("document_front")
            return status if document in (None, UNVERIFIED_DOCUMENT) else "cleared"
        if status is not None:
            return status
    return "cleared"

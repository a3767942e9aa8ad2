"""What is due of a cardholder and why cards do not work, as tables."""

from typing import Any

import pytest

from cardwright.cardholders import rules
from cardwright.cardholders.requirements import (
    DOCUMENT,
    ScreeningStatus,
    requirements_of,
    screened_values,
    status_by_name,
)
from cardwright.kernel import clock
from cardwright.kernel.refusal import Failure
from tests.cardholders.test_rules import cardholder

TERMS = "individual.card_issuing.user_terms_acceptance"
ACCEPTED = {"user_terms_acceptance": {"date": 1680643050, "ip": "192.168.123.132"}}
WHOLE = {"first_name": "Jenny", "last_name": "Rosen", "card_issuing": ACCEPTED}
NAMES = ["individual.first_name", "individual.last_name"]
NOW_MS = 1_790_000_000_000

# The country of the account, the cardholder, what is missing.
DUE: list[tuple[str | None, dict[str, Any], list[str]]] = [
    ("US", {}, [f"{TERMS}.date", f"{TERMS}.ip", *NAMES]),
    ("US", {"individual": {}}, [f"{TERMS}.date", f"{TERMS}.ip", *NAMES]),
    ("US", {"individual": {"card_issuing": ACCEPTED}}, NAMES),
    ("US", {"individual": {**WHOLE, "last_name": None}}, ["individual.last_name"]),
    (
        "US",
        {"individual": {**WHOLE, "card_issuing": {"user_terms_acceptance": {"date": 1680643050}}}},
        [f"{TERMS}.ip"],
    ),
    ("US", {"individual": WHOLE}, []),
    ("US", {"type": "company"}, []),
    ("GB", {}, []),
    ("DE", {"individual": {}}, []),
    (None, {}, []),
]


@pytest.mark.parametrize(("country", "more", "missing"), DUE)
def test_what_is_missing(country: str | None, more: dict[str, Any], missing: list[str]) -> None:
    found = requirements_of(cardholder(**more), country, "cleared")
    reason = "requirements.past_due" if missing else None
    assert (found.disabled_reason, found.past_due) == (reason, missing)


# What the search says, what was said before, whether something is missing; the reason.
REASONS: list[tuple[ScreeningStatus, str | None, bool, str | None]] = [
    ("cleared", None, False, None),
    ("cleared", "listed", False, None),
    ("cleared", "under_review", True, "requirements.past_due"),
    ("under_review", None, False, "under_review"),
    ("under_review", None, True, "requirements.past_due"),
    ("under_review", "listed", True, "listed"),
    ("under_review", "rejected.listed", False, "rejected.listed"),
    ("listed", None, True, "listed"),
    ("rejected", "listed", False, "rejected.listed"),
    ("document_requested", "under_review", False, "requirements.past_due"),
]


@pytest.mark.parametrize(("status", "said", "missing", "reason"), REASONS)
def test_the_one_reason(
    status: ScreeningStatus, said: str | None, missing: bool, reason: str | None
) -> None:
    individual: dict[str, Any] = {} if missing else WHOLE
    holder = cardholder(individual=individual, requirements={"disabled_reason": said})
    found = requirements_of(holder, "US", status)
    assert found.disabled_reason == reason
    assert (DOCUMENT in found.past_due) is (status == "document_requested")


def test_a_company_is_asked_for_no_document() -> None:
    found = requirements_of(cardholder(type="company"), "US", "document_requested")
    assert found.past_due == []


ENDS: list[tuple[dict[str, Any], str]] = [
    ({}, "cleared"),
    ({"name": "Watchlist Review"}, "under_review"),
    ({"name": "WATCHLIST LISTED"}, "listed"),
    ({"individual": {"first_name": "Watchlist", "last_name": "Review"}}, "under_review"),
    ({"name": "Watchlist Document"}, "document_requested"),
    (
        {
            "name": "Watchlist Document",
            "individual": {
                "verification": {"document": {"front": "file_identity_document_failure"}}
            },
        },
        "document_requested",
    ),
    (
        {
            "name": "Watchlist Document",
            "individual": {
                "verification": {"document": {"front": "file_identity_document_success"}}
            },
        },
        "cleared",
    ),
]


@pytest.mark.parametrize(("more", "status"), ENDS)
def test_how_a_search_ends_in_the_test_environment(more: dict[str, Any], status: str) -> None:
    assert status_by_name(screened_values(cardholder(**more), None)) == status


def test_watchlists_are_searched_for_names_birth_country_number_and_documents() -> None:
    person = {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "dob": {"day": 1, "month": 11, "year": 1981},
        "verification": {"document": {"front": "file_1", "back": "file_2"}},
    }
    assert screened_values(cardholder(individual=person, email="j@example.com"), None) == {
        "name": "Jenny Rosen",
        "first_name": "Jenny",
        "last_name": "Rosen",
        "birth": "1981-11-01",
        "country": "US",
        "document_front": "file_1",
        "document_back": "file_2",
    }
    company = screened_values(cardholder(type="company", company={}), "000000000")
    assert company == {"name": "Jenny Rosen", "country": "US", "tax_id": "000000000"}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (
        {"individual": {"first_name": "J3nny"}},
        "cardholder_person_name_invalid",
        "individual[first_name]",
    ),
    (
        {"individual": {"last_name": "Иванов"}},
        "cardholder_person_name_invalid",
        "individual[last_name]",
    ),
    ({"individual": {"last_name": " "}}, "parameter_blank", "individual[last_name]"),
    ({"name": "x" * 25}, "cardholder_name_invalid", "name"),
]


@pytest.mark.parametrize(("more", "name", "param"), REFUSED)
def test_a_name_that_is_refused(more: dict[str, Any], name: str, param: str) -> None:
    rules.check(cardholder(name="x" * 24, individual={"first_name": "Zoë", "last_name": "O'Neil"}))
    with pytest.raises(Failure) as caught:
        rules.check(cardholder(**more))
    assert (caught.value.refusal.name, caught.value.param) == (name, param)


def test_a_cardholder_is_thirteen_or_older() -> None:
    today = clock.moment(NOW_MS).date()

    def born(years: int, day: int) -> Any:
        birth = {"day": day, "month": today.month, "year": today.year - years}
        return cardholder(individual={"dob": birth})

    rules.check_past(born(13, today.day), NOW_MS)
    for years, day, name in (
        (13, today.day + 1, "cardholder_too_young"),
        (-1, today.day, "date_invalid"),
    ):
        with pytest.raises(Failure) as caught:
            rules.check_past(born(years, day), NOW_MS)
        assert caught.value.refusal.name == name


def test_terms_are_not_accepted_in_the_future() -> None:
    later = {"user_terms_acceptance": {"date": NOW_MS // 1000 + 3600}}
    with pytest.raises(Failure) as caught:
        rules.check_past(cardholder(individual={"card_issuing": later}), NOW_MS)
    assert caught.value.refusal.name == "acceptance_date_invalid"
    people: list[Any] = [None, {}, {"card_issuing": {}}, {"card_issuing": ACCEPTED}]
    for individual in people:
        rules.check_past(cardholder(individual=individual), NOW_MS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ("+1 (800) 867-5309", "+18008675309"),
        ("+448008675309", "+448008675309"),
        ("0800 867 5309", "0800 867 5309"),
    ],
)
def test_an_international_phone_number_is_kept_plain(given: str | None, kept: str | None) -> None:
    assert rules.with_plain_phone(cardholder(phone_number=given)).phone_number == kept


def test_documents_that_were_not_named_before_are_looked_at() -> None:
    def holder(front: str | None, back: str | None = None) -> Any:
        document = {"front": front, "back": back}
        return cardholder(individual={"verification": {"document": document}})

    front, back = (f"individual[verification][document][{side}]" for side in ("front", "back"))
    assert rules.documents_of(cardholder()) == []
    named = rules.documents_of(holder("file_1", "file_2"))
    assert [(one.param, one.file_id) for one in named] == [(front, "file_1"), (back, "file_2")]
    more = rules.documents_of(holder("file_1", "file_2"), holder("file_1"))
    assert [one.file_id for one in more] == ["file_2"]
    assert rules.documents_of(holder(None), cardholder(individual={})) == []


def test_a_new_cardholder_is_looked_at_whole() -> None:
    rules.check_new(cardholder())
    with pytest.raises(Failure) as caught:
        rules.check_new(cardholder(name=" "))
    assert caught.value.refusal.name == "parameter_blank"


LIMIT = {"amount": 1, "interval": "daily"}


@pytest.mark.parametrize(
    ("controls", "currency"),
    [
        ({}, None),
        ({"spending_limits": [LIMIT]}, "gbp"),
        ({"spending_limits": [LIMIT], "spending_limits_currency": "usd"}, "usd"),
        ({"spending_limits_currency": "usd"}, "usd"),
    ],
)
def test_limits_are_in_the_currency_of_the_account(
    controls: dict[str, Any], currency: str | None
) -> None:
    holder = rules.with_limits_currency(cardholder(spending_controls=controls), "gbp")
    assert holder.spending_controls.spending_limits_currency == currency

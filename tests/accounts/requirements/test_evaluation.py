"""From what is missing and what was found out to entries and statuses."""

from typing import Any

import msgspec
import pytest

from cardwright.accounts.record.model import Account
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.accounts.requirements.checks import Check
from cardwright.accounts.verification import test_values
from cardwright.kernel.clock import DAY_MS
from cardwright.wire.resource import Country
from tests.accounts.calls import CHARGE_CARD, TRANSFERS
from tests.accounts.requirements.evaluating import (
    CREATED,
    NOW_MS,
    account,
    asked,
    evaluated,
    fact,
    whole,
)

SPEND_CARD = "card_creator.commercial.celtic.spend_card"


def test_the_documented_entry() -> None:
    found = evaluated(account("GB", "company"))
    entry = next(
        entry
        for entry in found.requirements.entries
        if entry.description == "identity.attestations.persons_provided.executives"
    )
    assert msgspec.to_builtins(entry) == {
        "awaiting_action_from": "user",
        "description": "identity.attestations.persons_provided.executives",
        "errors": [],
        "impact": {
            "restricts_capabilities": [
                {
                    "capability": "commercial.stripe.charge_card",
                    "configuration": "card_creator",
                    "deadline": {"status": "past_due"},
                }
            ]
        },
        "minimum_deadline": {"status": "past_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def test_every_euro_country_is_known_and_others_are_not() -> None:
    for country in "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split():
        found = catalogue_of(country)
        assert found is not None
        assert found.registry_number.startswith(country.lower())
    assert catalogue_of("JP") is None
    found_standing = evaluated(account("JP", "company")).standings[CHARGE_CARD]
    assert (found_standing.status, found_standing.details[0].code) == (
        "unsupported",
        "unsupported_country",
    )


def test_without_a_legal_form_that_is_what_is_asked() -> None:
    blank = Account(id="acct_1", created=CREATED, livemode=False)
    blank.identity.country = Country("GB")
    assert asked(evaluated(blank)) == ["identity.entity_type"]
    assert asked(evaluated(blank, paths=())) == []


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", "\u202e", "."])
def test_blanks_are_no_answer(blank: str) -> None:
    found = evaluated(whole(surname=blank), facts=[fact("person_self", "identity", "verified")])
    assert asked(found) == ["identity.individual.surname"]
    assert found.standings[CHARGE_CARD].status == "restricted"


def test_what_only_transfers_need_does_not_hold_cards_back() -> None:
    found = evaluated(account("GB", "individual"), paths=(CHARGE_CARD, TRANSFERS))
    held = {
        entry.description: {item.configuration for item in entry.impact.restricts_capabilities}
        for entry in found.requirements.entries
    }
    assert held["identity.individual.surname"] == {"card_creator", "recipient"}
    assert held["configuration.merchant.mcc"] == {"card_creator"}


def test_nothing_missing_is_active() -> None:
    found = evaluated(whole(), facts=[fact("person_self", "identity", "verified")])
    assert asked(found) == []
    assert found.standings[CHARGE_CARD].status == "active"
    assert found.standings[CHARGE_CARD].details == []
    assert found.requirements.summary.minimum_deadline is None


INDIVIDUAL = "identity.individual"
PRIMARY = f"{INDIVIDUAL}.documents.primary_verification"
SECONDARY = f"{INDIVIDUAL}.documents.secondary_verification"
KEYED = "verification_failed_keyed_identity"
MATCH = "verification_failed_address_match"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"identity": "verified", "address": "verified"}, {}),
        ({"identity": "verified", "address": MATCH}, {SECONDARY: [MATCH]}),
        ({"identity": KEYED, "address": "verified"}, {PRIMARY: [KEYED]}),
        ({"identity": KEYED, "address": MATCH}, {PRIMARY: [KEYED], SECONDARY: [MATCH]}),
        ({"identity": KEYED, "document": "verified"}, {}),
        (
            {"identity": KEYED, "document": "verification_document_failed_other"},
            {PRIMARY: [KEYED, "verification_document_failed_other"]},
        ),
        ({"address": MATCH, "additional_document": "verified"}, {}),
    ],
)
def test_the_documented_combinations(facts: dict[str, str], expected: dict[str, list[str]]) -> None:
    stored = [fact("person_self", name, outcome) for name, outcome in facts.items()]
    found = evaluated(whole(), facts=stored)
    shown = {
        entry.description: [error.code for error in entry.errors]
        for entry in found.requirements.entries
    }
    assert shown == expected
    assert found.standings[CHARGE_CARD].status == ("restricted" if expected else "active")


def test_the_end_of_a_number_leads_to_the_whole_number() -> None:
    failed = fact("person_self", "id_number", "verification_failed_id_number_match")
    found = evaluated(whole("US"), facts=[failed], paths=(SPEND_CARD,))
    assert asked(found) == [f"{INDIVIDUAL}.id_numbers.us_ssn"]


def test_while_verifying_it_is_pending() -> None:
    running = fact("person_self", "identity", "verified", completed=False)
    found = evaluated(whole(), facts=[running])
    (entry,) = found.requirements.entries
    assert entry.awaiting_action_from == "stripe"
    standing = found.standings[CHARGE_CARD]
    assert standing.status == "pending"
    assert [(item.code, item.resolution) for item in standing.details] == [
        ("requirements_pending_verification", "no_resolution")
    ]


def test_a_failure_with_a_deadline_restricts_from_then_on() -> None:
    due_ms = NOW_MS + 14 * DAY_MS
    failed = fact("person_self", "identity", KEYED, due_ms=due_ms)
    before = evaluated(whole(), facts=[failed])
    assert before.standings[CHARGE_CARD].status == "active"
    assert before.next_deadline_ms == due_ms
    (entry,) = before.requirements.entries
    assert msgspec.to_builtins(entry.minimum_deadline) == {
        "status": "currently_due",
        "time": "2025-07-02T00:48:16.000Z",
    }
    after = evaluated(whole(), facts=[failed], now_ms=due_ms)
    assert after.standings[CHARGE_CARD].status == "restricted"
    assert after.next_deadline_ms is None
    assert after.requirements.entries[0].minimum_deadline.status == "past_due"


def test_the_most_pressing_comes_first() -> None:
    facts = [
        fact("person_self", "address", MATCH),
        fact("person_self", "identity", KEYED, due_ms=NOW_MS + DAY_MS),
    ]
    assert asked(evaluated(whole(), facts=facts)) == [SECONDARY, PRIMARY]


@pytest.mark.parametrize(
    ("rejection", "code"),
    [("fraud", "rejected_fraud"), ("terms_of_service", "rejected_terms_of_service")],
)
def test_a_rejected_account_is_restricted_whatever_it_provides(rejection: Any, code: str) -> None:
    rejected = msgspec.structs.replace(whole(), rejection=rejection)
    standing = evaluated(rejected).standings[CHARGE_CARD]
    assert standing.status == "restricted"
    assert [(item.code, item.resolution) for item in standing.details] == [(code, "contact_stripe")]


def test_a_listed_person_is_for_the_operator() -> None:
    found = evaluated(whole(), facts=[fact("person_self", "identity", "listed")])
    assert asked(found) == []
    assert found.standings[CHARGE_CARD].details[0].code == "rejected_listed"
    refused = fact("person_self", "document", "verification_document_failed_other")
    found = evaluated(whole(), facts=[fact("person_self", "identity", "listed"), refused])
    assert asked(found) == []
    assert found.standings[CHARGE_CARD].details[0].code == "rejected_listed"


def test_a_business_whose_address_fails_may_still_sell() -> None:
    company = account("US", "company", business_details={"address": {"line1": "123 Main St"}})
    failed = fact("acct_1", "address", MATCH)
    found = evaluated(company, facts=[failed], paths=(SPEND_CARD, "merchant.card_payments"))
    (entry,) = [entry for entry in found.requirements.entries if entry.errors]
    assert entry.description == "identity.business_details.address.line1"
    assert [item.configuration for item in entry.impact.restricts_capabilities] == ["card_creator"]


@pytest.mark.parametrize(
    ("name", "values", "person_check", "outcome", "immediate"),
    [
        ("identity", {"date_of_birth": "1901-01-01"}, True, "verified", False),
        ("identity", {"date_of_birth": "1902-01-01"}, True, "verified", True),
        ("identity", {"date_of_birth": "1900-01-01"}, True, "listed", False),
        ("identity", {"date_of_birth": "1978-11-12"}, True, KEYED, False),
        ("id_number", {"value": "000-00-0000"}, True, "verified", False),
        ("id_number", {"value": "0000"}, True, "verified", False),
        ("id_number", {"value": "222222222"}, True, "verified", True),
        ("id_number", {"value": "111111113"}, True, "verification_failed_other", False),
        (
            "id_number",
            {"value": "123456789"},
            True,
            "verification_failed_id_number_match",
            False,
        ),
        ("id_number", {"value": "000000000"}, False, "verified", False),
        ("id_number", {"value": "222222222"}, False, "verified", True),
        ("id_number", {"value": "000000004"}, False, "invalid_tax_id", False),
        (
            "id_number",
            {"value": "11-3456789"},
            False,
            "verification_failed_tax_id_match",
            False,
        ),
        (
            "id_number",
            {"value": "111111112"},
            False,
            "verification_failed_tax_id_not_issued",
            False,
        ),
        ("id_number", {"value": "222221005"}, False, None, False),
        ("address", {"line1": "address_full_match"}, True, "verified", True),
        ("address", {"line1": "123 Main St"}, True, MATCH, True),
        ("document", {"front": "file_identity_document_success"}, True, "verified", False),
        (
            "document",
            {"front": "file_identity_document_failure"},
            True,
            "verification_document_failed_other",
            False,
        ),
        ("url", {"text": "https://accessible.stripe.com"}, False, "verified", True),
        ("url", {"text": "https://www.wesellsocks.com"}, False, "verified", True),
        (
            "url",
            {"text": "https://geoblocked.stripe.com/shop"},
            False,
            "invalid_url_website_inaccessible_geoblocked",
            True,
        ),
        ("name", {"text": "mismatch_business_name"}, False, "verification_failed_name_match", True),
        ("name", {"text": "match_name_relationships"}, False, "verified", True),
        (
            "director_name",
            {"text": "mismatch_director"},
            True,
            "verification_directors_mismatch",
            True,
        ),
    ],
)
def test_the_documented_test_values(
    name: str, values: dict[str, str], person_check: bool, outcome: str | None, immediate: bool
) -> None:
    check = Check("subject", name, {"entity_type": "company", **values})
    assert test_values.decide(check, person=person_check) == (outcome, immediate)


def test_the_number_of_a_non_profit_is_for_non_profits() -> None:
    for entity_type, outcome in (
        ("non_profit", "verified"),
        ("company", "verification_failed_tax_id_match"),
    ):
        values = {"value": "000000001", "entity_type": entity_type}
        decision = test_values.decide(Check("acct_1", "id_number", values), person=False)
        assert decision.outcome == outcome

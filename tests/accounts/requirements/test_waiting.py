"""Needs that wait for a volume or a date, needs that were added, and what serves instead."""

import tomllib
from typing import Any

import pytest
from msgspec import UNSET

from cardwright.accounts.record.model import AccountState
from cardwright.accounts.requirements.catalogue import Catalogue, catalogue_from, need_from
from cardwright.accounts.requirements.circumstances import Added, Circumstances
from cardwright.accounts.requirements.evaluation import Evaluation
from cardwright.accounts.views.v1_requirements import future_of_account, of_account
from cardwright.kernel.clock import DAY_MS, rfc3339
from tests.accounts.calls import CHARGE_CARD, TRANSFERS
from tests.accounts.requirements.evaluating import (
    NOW_MS,
    account,
    asked,
    evaluated,
    fact,
    person,
    whole,
)

SPEND_CARD = "card_creator.commercial.celtic.spend_card"
PAYOUTS = "recipient.stripe_balance.payouts"
DOCUMENT = "identity.individual.documents.primary_verification"
FULL_NUMBER = "identity.individual.id_numbers.us_ssn"
DOCUMENTED = {"primary_verification": {"type": "front_back", "front_back": {"front": "file_1"}}}
REVENUE = "identity.business_details.annual_revenue"


def spent(**volumes: int) -> Circumstances:
    return Circumstances(volumes=volumes)


def deadlines(found: Evaluation) -> dict[str, tuple[str, Any]]:
    return {
        entry.description: (entry.minimum_deadline.status, entry.minimum_deadline.time)
        for entry in found.requirements.entries
    }


@pytest.mark.parametrize(
    ("country", "volumes", "status"),
    [
        # The whole number is announced from the start and due from 500,000.00 US dollars on.
        ("US", {}, "eventually_due"),
        ("US", {"usd": 49_999_999}, "eventually_due"),
        ("US", {"usd": 50_000_000}, "currently_due"),
        ("US", {"gbp": 90_000_000}, "eventually_due"),
        # A document is announced at half of 250,000.00 pounds, 300,000.00 euros.
        ("GB", {}, None),
        ("GB", {"gbp": 12_499_999}, None),
        ("GB", {"gbp": 12_500_000}, "eventually_due"),
        ("GB", {"gbp": 24_999_999}, "eventually_due"),
        ("GB", {"gbp": 25_000_000}, "currently_due"),
        ("DE", {"eur": 30_000_000}, "currently_due"),
        ("DE", {"gbp": 5, "eur": 15_000_000}, "eventually_due"),
    ],
)
def test_a_volume_makes_needs_due(
    country: str, volumes: dict[str, int], status: str | None
) -> None:
    capability = SPEND_CARD if country == "US" else CHARGE_CARD
    found = evaluated(whole(country), paths=(capability,), circumstances=spent(**volumes))
    (shown,) = deadlines(found).values() or [(None, None)]
    assert shown[0] == status
    assert found.standings[capability].status == "active"


def test_a_crossed_volume_leaves_thirty_days() -> None:
    crossed = evaluated(whole(), circumstances=spent(gbp=25_000_000))
    assert crossed.crossings == {"individual_document": NOW_MS}
    assert crossed.next_deadline_ms == NOW_MS + 30 * DAY_MS
    assert deadlines(crossed) == {DOCUMENT: ("currently_due", "2025-07-18T00:48:16.000Z")}
    # Money that is given back does not undo it.
    kept = Circumstances(volumes={"gbp": 5}, crossings={"individual_document": NOW_MS})
    later = evaluated(whole(), circumstances=kept, now_ms=NOW_MS + 29 * DAY_MS)
    assert later.crossings == {}
    assert deadlines(later) == deadlines(crossed)
    missed = evaluated(whole(), circumstances=kept, now_ms=NOW_MS + 30 * DAY_MS)
    assert deadlines(missed) == {DOCUMENT: ("past_due", UNSET)}
    assert missed.standings[CHARGE_CARD].status == "restricted"
    assert missed.next_deadline_ms is None


def test_transfers_do_not_wait_for_a_document() -> None:
    kept = Circumstances(crossings={"individual_document": NOW_MS - 31 * DAY_MS})
    found = evaluated(whole(), paths=(CHARGE_CARD, TRANSFERS), circumstances=kept)
    assert found.standings[CHARGE_CARD].status == "restricted"
    assert found.standings[TRANSFERS].status == "active"


@pytest.mark.parametrize(
    ("volumes", "watches"),
    [
        ({}, {"gbp": 12_500_000, "eur": 15_000_000, "usd": 17_500_000}),
        ({"gbp": 12_500_000}, {"gbp": 25_000_000, "eur": 15_000_000, "usd": 17_500_000}),
        ({"gbp": 25_000_000}, {}),
    ],
)
def test_the_next_volume_is_watched(volumes: dict[str, int], watches: dict[str, int]) -> None:
    assert evaluated(whole(), circumstances=spent(**volumes)).watches == watches


def test_nothing_is_watched_for_what_is_there() -> None:
    documented = whole(
        documents={
            "primary_verification": {"type": "front_back", "front_back": {"front": "file_1"}}
        }
    )
    found = evaluated(documented, circumstances=spent(gbp=90_000_000))
    assert (found.watches, found.crossings, asked(found)) == ({}, {}, [])


def test_a_refused_document_is_still_asked_for_when_it_is_due() -> None:
    refused = fact("person_self", "document", "verification_document_failed_other")
    kept = Circumstances(crossings={"individual_document": NOW_MS})
    found = evaluated(whole(), facts=[refused], circumstances=kept)
    (entry,) = found.requirements.entries
    assert [error.code for error in entry.errors] == ["verification_document_failed_other"]
    looking = fact("person_self", "document", "verified", completed=False)
    found = evaluated(whole(), facts=[looking], circumstances=kept)
    (entry,) = found.requirements.entries
    assert entry.awaiting_action_from == "stripe"
    # An active account stays so while somebody looks at what is due later.
    assert found.standings[CHARGE_CARD].status == "active"


# A set that waits for a date.

DATED = """
countries = ["GB"]
registry_numbers = { GB = "gb_crn" }

[[set]]
name = "registration"
about = "When the business was registered"
entity_types = ["individual"]
capabilities = ["card_creator.", "recipient.stripe_balance.payouts"]
since = 2025-07-01
days = 14
needs = ["identity.business_details.registration_date"]
"""
REGISTRATION = "identity.business_details.registration_date"
# 2025-07-01T00:00:00Z
SINCE_MS = 1_751_328_000_000


def dated() -> Catalogue:
    return catalogue_from(tomllib.loads(DATED), "GB")


@pytest.mark.parametrize(
    ("now_ms", "status", "capability", "following_ms"),
    [
        (SINCE_MS - 1, "future", "active", SINCE_MS),
        (SINCE_MS, "currently_due", "active", SINCE_MS + 14 * DAY_MS),
        (SINCE_MS + 14 * DAY_MS - 1, "currently_due", "active", SINCE_MS + 14 * DAY_MS),
        (SINCE_MS + 14 * DAY_MS, "past_due", "restricted", None),
    ],
)
def test_a_set_waits_for_its_date(
    now_ms: int, status: str, capability: str, following_ms: int | None
) -> None:
    found = evaluated(whole(), catalogue=dated(), now_ms=now_ms)
    assert found.next_deadline_ms == following_ms
    assert found.standings[CHARGE_CARD].status == capability
    if status == "future":
        assert asked(found) == []
        (entry,) = found.future.entries
        assert entry.description == REGISTRATION
        assert found.future.minimum_transition_date == "2025-07-01T00:00:00.000Z"
        assert entry.minimum_deadline.time == "2025-07-15T00:00:00.000Z"
        return
    assert found.future.entries == []
    assert found.future.minimum_transition_date is None
    assert deadlines(found)[REGISTRATION][0] == status


def test_the_date_is_that_of_the_file() -> None:
    assert rfc3339(SINCE_MS) == "2025-07-01T00:00:00.000Z"
    assert dated().sets[0].since_ms == SINCE_MS


# What the operator added.


def added(path: str, **more: Any) -> Added:
    return Added(
        **{
            "id": "areq_1",
            "path": path,
            "person": None,
            "restricts": ("issuing",),
            "effective_ms": NOW_MS,
            "due_ms": NOW_MS + DAY_MS,
            "created_ms": NOW_MS,
            **more,
        }
    )


def adding(*requirements: Added) -> Circumstances:
    return Circumstances(added=requirements)


def test_an_added_requirement_is_due_by_its_deadline() -> None:
    asks = adding(added(DOCUMENT))
    found = evaluated(whole(), circumstances=asks)
    assert deadlines(found) == {DOCUMENT: ("currently_due", "2025-06-19T00:48:16.000Z")}
    assert found.next_deadline_ms == NOW_MS + DAY_MS
    assert found.standings[CHARGE_CARD].status == "active"
    (entry,) = found.requirements.entries
    assert [reason.code for reason in entry.requested_reasons] == ["routine_verification"]
    missed = evaluated(whole(), circumstances=asks, now_ms=NOW_MS + DAY_MS)
    assert missed.standings[CHARGE_CARD].status == "restricted"
    given = whole(
        documents={
            "primary_verification": {"type": "front_back", "front_back": {"front": "file_1"}}
        }
    )
    met = evaluated(given, circumstances=asks, now_ms=NOW_MS + DAY_MS)
    assert (asked(met), met.standings[CHARGE_CARD].status) == ([], "active")


def test_a_future_requirement_becomes_one_at_its_date() -> None:
    asks = adding(added(DOCUMENT, effective_ms=NOW_MS + DAY_MS, due_ms=NOW_MS + 3 * DAY_MS))
    before = evaluated(whole(), circumstances=asks)
    assert asked(before) == []
    assert [entry.description for entry in before.future.entries] == [DOCUMENT]
    assert before.future.minimum_transition_date == "2025-06-19T00:48:16.000Z"
    assert before.next_deadline_ms == NOW_MS + DAY_MS
    after = evaluated(whole(), circumstances=asks, now_ms=NOW_MS + DAY_MS)
    assert after.future.entries == []
    assert deadlines(after) == {DOCUMENT: ("currently_due", "2025-06-21T00:48:16.000Z")}
    assert after.next_deadline_ms == NOW_MS + 3 * DAY_MS


@pytest.mark.parametrize(
    ("paths", "restricts", "held"),
    [
        ((CHARGE_CARD, TRANSFERS, PAYOUTS), ("issuing",), {CHARGE_CARD}),
        ((CHARGE_CARD, TRANSFERS, PAYOUTS), ("payouts",), {PAYOUTS}),
        ((CHARGE_CARD, TRANSFERS, PAYOUTS), ("issuing", "payouts"), {CHARGE_CARD, PAYOUTS}),
        # v1 has no capability of that name: payouts stop all the same.
        ((CHARGE_CARD, TRANSFERS), ("payouts",), {PAYOUTS}),
    ],
)
def test_consequences(paths: tuple[str, ...], restricts: Any, held: set[str]) -> None:
    individual = whole()
    individual.applied_configurations = ["card_creator", "recipient"]
    asks = adding(added(DOCUMENT, restricts=restricts, due_ms=NOW_MS))
    circumstances = Circumstances(added=asks.added, bank_account=True)
    found = evaluated(individual, paths=paths, circumstances=circumstances)
    (entry,) = found.requirements.entries
    impact = entry.impact.restricts_capabilities
    assert {f"{one.configuration}.{one.capability}" for one in impact} == held
    restricted = {path for path in paths if found.standings[path].status == "restricted"}
    assert restricted == held & set(paths)


def test_a_person_can_be_asked_for_more() -> None:
    owner = person("person_o", relationship={"owner": True, "percent_ownership": "40"})
    passport = "owners.documents.passport"
    company = account("GB", "company")
    asks = adding(added(passport, person="person_o"))
    found = evaluated(company, [owner], circumstances=asks)
    (entry,) = [one for one in found.requirements.entries if one.description == passport]
    assert entry.reference is not None
    assert entry.reference.resource == "person_o"
    assert passport not in asked(evaluated(company, [], circumstances=asks))


def test_the_representative_need_not_be_known_yet() -> None:
    asks = adding(added("representative.documents.passport"))
    found = evaluated(account("GB", "company"), circumstances=asks)
    (entry,) = [one for one in found.requirements.entries if "passport" in one.description]
    assert entry.reference is None


# What is asked twice, and what serves instead.


def test_a_need_is_one_entry_with_the_nearest_deadline() -> None:
    individual = whole("US")
    asks = Circumstances(added=(added(FULL_NUMBER, due_ms=NOW_MS + DAY_MS),))
    paths = (SPEND_CARD, PAYOUTS)
    found = evaluated(individual, paths=paths, circumstances=asks)
    (entry,) = [one for one in found.requirements.entries if one.description == FULL_NUMBER]
    assert entry.minimum_deadline.status == "currently_due"
    by_capability = {
        one.configuration: one.deadline.status for one in entry.impact.restricts_capabilities
    }
    assert by_capability == {"card_creator": "currently_due", "recipient": "eventually_due"}


def test_entries_come_by_urgency() -> None:
    asks = adding(
        added(f"{REVENUE}.amount.value"),
        added(DOCUMENT, due_ms=NOW_MS + 2 * DAY_MS),
        added("identity.business_details.registration_date", due_ms=NOW_MS + DAY_MS),
    )
    found = evaluated(account("US", "individual"), paths=(SPEND_CARD,), circumstances=asks)
    statuses = [entry.minimum_deadline.status for entry in found.requirements.entries]
    order = ["past_due", "currently_due", "eventually_due"]
    assert statuses == sorted(statuses, key=order.index)
    times = [
        entry.minimum_deadline.time
        for entry in found.requirements.entries
        if entry.minimum_deadline.status == "currently_due"
    ]
    assert times == sorted(times, key=str)
    assert len(set(statuses)) == 3


def test_what_serves_instead() -> None:
    found = evaluated(account("GB", "individual"))
    (alternative,) = found.requirements.alternatives
    assert [one.description for one in alternative.original_entries] == [
        "defaults.profile.business_url"
    ]
    assert [[one.description for one in option.entries] for option in alternative.options] == [
        ["defaults.profile.product_description"]
    ]


def test_a_document_serves_instead_of_a_wrong_number() -> None:
    failed = fact("person_self", "id_number", "verification_failed_id_number_match")
    found = evaluated(whole("US"), facts=[failed], paths=(SPEND_CARD,))
    (alternative,) = found.requirements.alternatives
    assert alternative.options[0].entries[0].description == DOCUMENT


def test_needs_as_they_are_written() -> None:
    need = need_from("a.b | c ~ d ~ e.f")
    assert (need.path, need.alternatives, need.equivalents) == ("a.b", ("c",), ("d", "e.f"))


def state(found: Evaluation, **identity: Any) -> AccountState:
    made = account("GB", "individual", **identity)
    made.requirements = found.requirements
    made.future_requirements = found.future
    return AccountState(made, [], {})


def test_v1_says_the_same() -> None:
    asks = adding(
        added("identity.individual.documents.secondary_verification"),
        added(DOCUMENT, effective_ms=NOW_MS + DAY_MS, due_ms=NOW_MS + 3 * DAY_MS),
    )
    found = state(evaluated(whole(), circumstances=asks))
    assert of_account(found) == {
        "alternatives": [],
        "current_deadline": NOW_MS // 1000 + 86_400,
        "currently_due": ["individual.verification.additional_document"],
        "disabled_reason": None,
        "errors": [],
        "eventually_due": ["individual.verification.additional_document"],
        "past_due": [],
        "pending_verification": [],
    }
    assert future_of_account(found) == {
        "alternatives": [],
        "current_deadline": NOW_MS // 1000 + 86_400,
        "currently_due": ["individual.verification.document"],
        "disabled_reason": None,
        "errors": [],
        "eventually_due": ["individual.verification.document"],
        "past_due": [],
        "pending_verification": [],
    }
    blank = of_account(state(evaluated(account("GB", "individual"))))
    assert blank["alternatives"] == [
        {
            "alternative_fields_due": ["business_profile.product_description"],
            "original_fields_due": ["business_profile.url"],
        }
    ]

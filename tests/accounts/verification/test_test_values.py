"""The documented test values, good and bad ones side by side, typed from the contract."""

from typing import Any

import pytest

from cardwright.accounts.requirements.checks import DORMANT, LISTED, VERIFIED, Check
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.verification import test_values
from tests.accounts.calls import ACCOUNTS, GB_ADDRESS, PREVIEW, US_ADDRESS, creation, individual
from tests.accounts.verification.verifying import (
    charge_card,
    due,
    seen,
    until,
    us_company,
    v2,
    verifying,
)
from tests.support.server import Platform

SOON, NOW = False, True


def decided(kind: str, person: bool = False, **values: str) -> Any:
    return test_values.decide(Check("subject", kind, values), person=person)


BIRTHS = [
    ("1901-01-01", VERIFIED, SOON),
    ("1902-01-01", VERIFIED, NOW),
    ("1900-01-01", LISTED, SOON),
    ("1990-06-15", "verification_failed_keyed_identity", SOON),
]


@pytest.mark.parametrize(("date", "outcome", "immediate"), BIRTHS)
def test_dates_of_birth(date: str, outcome: str, immediate: bool) -> None:
    found = decided("identity", person=True, date_of_birth=date, name="Jenny Rosen")
    assert found == (outcome, immediate)


PERSON_NUMBERS = [
    ("000000000", VERIFIED, SOON),
    ("000-00-0000", VERIFIED, SOON),
    ("0000", VERIFIED, SOON),
    ("222222222", VERIFIED, NOW),
    ("2222", VERIFIED, NOW),
    ("111111111", "verification_failed_id_number_match", SOON),
    ("111111113", "verification_failed_other", SOON),
    ("1111", "verification_failed_id_number_match", SOON),
    ("123456789", "verification_failed_id_number_match", SOON),
]


@pytest.mark.parametrize(("value", "outcome", "immediate"), PERSON_NUMBERS)
def test_id_numbers_of_persons(value: str, outcome: str, immediate: bool) -> None:
    assert decided("id_number", person=True, value=value) == (outcome, immediate)


BUSINESS_NUMBERS = [
    ("company", "000000000", VERIFIED, SOON),
    ("company", "00-0000000", VERIFIED, SOON),
    ("non_profit", "000000001", VERIFIED, SOON),
    ("company", "000000001", "verification_failed_tax_id_match", SOON),
    ("company", "222222222", VERIFIED, NOW),
    ("company", "000000004", "invalid_tax_id", SOON),
    ("company", "111111111", "verification_failed_tax_id_match", SOON),
    ("company", "111111112", "verification_failed_tax_id_not_issued", SOON),
    ("company", "222221000", "verification_failed_keyed_match", SOON),
    ("company", "222221001", "verification_missing_owners", SOON),
    ("company", "222221002", "verification_missing_directors", SOON),
    ("company", "222221003", "verification_missing_owners", SOON),
    ("company", "222221004", "verification_missing_directors", SOON),
    ("company", "222221005", None, SOON),
    ("company", "123456789", "verification_failed_tax_id_match", SOON),
]


@pytest.mark.parametrize(("entity_type", "value", "outcome", "immediate"), BUSINESS_NUMBERS)
def test_tax_ids(entity_type: str, value: str, outcome: str | None, immediate: bool) -> None:
    assert decided("id_number", value=value, entity_type=entity_type) == (outcome, immediate)


TEXTS = [
    ("name", "disallowed_name", "invalid_company_name_denylisted"),
    ("name", "mismatch_business_name", "verification_failed_name_match"),
    ("name", "match_name_only", "verification_failed_name_match"),
    ("name", "match_name_relationships", VERIFIED),
    ("name", "Rocket Rides", VERIFIED),
    ("director_name", "mismatch_director", "verification_directors_mismatch"),
    ("director_name", "missing_director", "verification_missing_directors"),
    ("director_name", "extraneous_director", "verification_extraneous_directors"),
    ("director_name", "Jenny", VERIFIED),
    ("trade_name", "disallowed_dba", "invalid_business_profile_name_denylisted"),
    ("trade_name", "invalid_dba", "invalid_business_profile_name"),
    ("trade_name", "Rocket Rides", VERIFIED),
    ("description", "require_url", "invalid_url_web_presence_detected"),
    ("description", "Rides by rocket.", VERIFIED),
    ("statement_descriptor", "mismatch", "invalid_statement_descriptor_business_mismatch"),
    ("statement_descriptor", "disallowed", "invalid_statement_descriptor_denylisted"),
    ("statement_descriptor", "ROCKET RIDES", VERIFIED),
    ("statement_descriptor_prefix", "mismatch", "invalid_statement_descriptor_prefix_mismatch"),
    ("statement_descriptor_prefix", "disallowed", "invalid_statement_descriptor_prefix_denylisted"),
    ("statement_descriptor_prefix", "ROCKET", VERIFIED),
    ("url", "https://accessible.stripe.com", VERIFIED),
    ("url", "https://disallowed.stripe.com", "invalid_url_denylisted"),
    ("url", "https://geoblocked.stripe.com", "invalid_url_website_inaccessible_geoblocked"),
    ("url", "https://problem.stripe.com", "invalid_url_website_other"),
    ("url", "https://missing.stripe.com", "invalid_url_website_incomplete"),
    ("url", "https://mismatch.stripe.com", "invalid_url_website_business_information_mismatch"),
    (
        "url",
        "https://passwordprotected.stripe.com",
        "invalid_url_website_inaccessible_password_protected",
    ),
    (
        "url",
        "https://underconstruction.stripe.com",
        "invalid_url_website_incomplete_under_construction",
    ),
    ("url", "https://inaccessible.stripe.com/path", "invalid_url_website_inaccessible"),
    ("url", "https://inactivity.stripe.com", DORMANT),
    ("url", "https://disallowed.example.com", VERIFIED),
]


@pytest.mark.parametrize(("name", "text", "outcome"), TEXTS)
def test_texts(name: str, text: str, outcome: str) -> None:
    assert decided(name, text=text) == (outcome, NOW)
    assert outcome in (VERIFIED, DORMANT) or outcome in ERROR_WORDS


DOCUMENTS = [
    ("file_identity_document_success", VERIFIED),
    ("file_identity_document_failure", "verification_document_failed_other"),
    ("file_01ABC", "verification_document_failed_test_mode"),
]


@pytest.mark.parametrize("name", ["document", "additional_document"])
@pytest.mark.parametrize(("front", "outcome"), DOCUMENTS)
def test_documents(name: str, front: str, outcome: str) -> None:
    assert decided(name, person=True, front=front, back="") == (outcome, SOON)


NO_MATCH = "verification_failed_address_match"
NO_STREET = "invalid_street_address"
NO_ZIP = "invalid_address_city_state_postal_code"
ADDRESSES = [
    ("address_full_match", VERIFIED, VERIFIED),
    ("address_no_match", NO_MATCH, NO_MATCH),
    ("address_line1_no_match", NO_MATCH, NO_STREET),
    ("address_zip_no_match", NO_MATCH, NO_ZIP),
    ("address_line1_zip_no_match", NO_MATCH, NO_STREET),
    ("123 Main Street", NO_MATCH, NO_MATCH),
]


@pytest.mark.parametrize(("line1", "of_person", "of_business"), ADDRESSES)
def test_addresses(line1: str, of_person: str, of_business: str) -> None:
    assert decided("address", person=True, line1=line1) == (of_person, NOW)
    assert decided("address", line1=line1) == (of_business, NOW)


REGRESSIONS = [
    # One first line after the other, and what counts in the end.
    (["address_full_match", "address_no_match"], VERIFIED),
    (["address_full_match", "address_no_match", "address_line1_no_match"], VERIFIED),
    (["address_no_match", "address_line1_no_match"], NO_MATCH),
    (["address_no_match", "address_full_match"], VERIFIED),
    (["address_line1_no_match", "address_no_match"], NO_MATCH),
    (["address_line1_no_match", "address_full_match"], VERIFIED),
    (["123 Main Street", "address_line1_no_match"], NO_STREET),
    (["address_full_match", "123 Main Street"], NO_MATCH),
]


@pytest.mark.parametrize(("lines", "outcome"), REGRESSIONS)
def test_a_business_cannot_go_back_from_a_better_address(lines: list[str], outcome: str) -> None:
    before = None
    for line1 in lines:
        check = Check("subject", "address", {"line1": line1, "city": "London"})
        found = test_values.decide(check, person=False, before=before).outcome
        before = test_values.Earlier(found, check.__eq__)
    assert found == outcome


async def verified(platform: Platform, account: str) -> Any:
    """The account when nothing of it is being verified any more."""

    async def look() -> Any:
        body = await seen(platform, account)
        return None if verifying(body) else body

    return await until(look)


PRIMARY = "identity.individual.documents.primary_verification"
SECONDARY = "identity.individual.documents.secondary_verification"
COMBINATIONS = [
    (1901, "address_full_match", set(), "verified"),
    (1901, "address_no_match", {SECONDARY}, "unverified"),
    (1990, "address_full_match", {PRIMARY}, "unverified"),
    (1990, "address_no_match", {PRIMARY, SECONDARY}, "unverified"),
]


@pytest.mark.parametrize(("year", "line1", "wanted", "status"), COMBINATIONS)
async def test_what_birth_and_address_mean_together(
    platform: Platform, year: int, line1: str, wanted: set[str], status: str
) -> None:
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    given = individual(year, address={**GB_ADDRESS, "line1": line1})
    await v2(platform, f"{ACCOUNTS}/{account['id']}", given)
    body = await verified(platform, account["id"])
    assert set(due(body)) == wanted
    assert charge_card(body) == ("restricted" if wanted else "active")
    _, v1 = await platform.call("GET", f"/v1/accounts/{account['id']}")
    assert v1["individual"]["verification"]["status"] == status


async def test_an_image_counts_whatever_the_values_say(platform: Platform) -> None:
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"

    def showing(token: str) -> dict[str, Any]:
        sides = {"type": "front_back", "front_back": {"front": token}}
        return {"identity": {"individual": {"documents": {"primary_verification": sides}}}}

    await v2(platform, path, individual(1902))
    assert charge_card(await seen(platform, account["id"])) == "active"
    await v2(platform, path, showing("file_identity_document_failure"))

    async def restricted() -> Any:
        body = await seen(platform, account["id"])
        return body if charge_card(body) == "restricted" else None

    body = await until(restricted)
    assert due(body) == {PRIMARY: ["verification_document_failed_other"]}
    await v2(platform, path, showing("file_identity_document_success"))
    await v2(platform, path, individual(1990))
    assert charge_card(await verified(platform, account["id"])) == "active"


async def test_the_back_of_a_document_alone_lacks_its_front(platform: Platform) -> None:
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"
    back = {"type": "front_back", "front_back": {"back": "file_identity_document_success"}}
    given = individual(1902, documents={"primary_verification": back})
    await v2(platform, path, given)
    # The values are right, so that nobody needs the document.
    assert charge_card(await verified(platform, account["id"])) == "active"
    await v2(platform, path, individual(1990))
    body = await verified(platform, account["id"])
    codes = ["verification_failed_keyed_identity", "verification_document_missing_front"]
    assert due(body) == {PRIMARY: codes}
    _, v1 = await platform.call("GET", f"/v1/accounts/{account['id']}")
    document = v1["individual"]["verification"]["document"]
    assert document["details_code"] == "document_missing_front"
    assert document["back"] == "file_identity_document_success"
    front = {"front_back": {"front": "file_identity_document_success"}}
    whole = {"identity": {"individual": {"documents": {"primary_verification": front}}}}
    await v2(platform, path, whole)
    assert charge_card(await verified(platform, account["id"])) == "active"


PERMITS = [
    ("address_full_match", True, True, set()),
    ("address_no_match", True, False, {"line1"}),
    ("address_line1_no_match", False, False, {"line1", "city", "state", "postal_code"}),
]


@pytest.mark.parametrize(("line1", "charges", "payouts", "parts"), PERMITS)
async def test_what_a_business_may_do_with_its_address(
    platform: Platform, line1: str, charges: bool, payouts: bool, parts: set[str]
) -> None:
    account, _ = await us_company(
        platform,
        date_of_birth={"day": 1, "month": 1, "year": 1902},
        address={**US_ADDRESS, "line1": "address_full_match"},
        id_numbers=[{"type": "us_ssn", "value": "222222222"}],
    )
    path = f"{ACCOUNTS}/{account}"
    details = {
        "address": {"line1": line1},
        "id_numbers": [{"type": "us_ein", "value": "222222222"}],
    }
    capabilities = {"card_payments": {"requested": True}}
    include = ["configuration.merchant", "configuration.recipient", "requirements"]
    wanted = {
        "identity": {"business_details": details},
        "configuration": {"merchant": {"capabilities": capabilities}},
        "include": include,
    }
    body = await v2(platform, path, wanted)
    merchant = body["configuration"]["merchant"]["capabilities"]["card_payments"]
    transfers = body["configuration"]["recipient"]["capabilities"]["stripe_balance"]
    failed = [
        entry["description"].rpartition(".")[2]
        for entry in body["requirements"]["entries"]
        if entry["description"].startswith("identity.business_details.address.")
    ]
    assert set(failed) == parts
    assert (merchant["status"] == "active") == charges, body["requirements"]
    assert (transfers["stripe_transfers"]["status"] == "active") == payouts


async def test_an_inactive_business_is_paused(platform: Platform) -> None:
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"
    await v2(platform, path, individual(1902))
    profile = {"profile": {"business_url": "https://inactivity.stripe.com"}}
    await v2(platform, path, {"defaults": profile})
    _, body = await platform.call("GET", f"/v1/accounts/{account['id']}/capabilities/card_issuing")
    assert body["status"] == "inactive"
    assert body["requirements"]["disabled_reason"] == "paused.inactivity"


async def test_answers_come_at_once_or_a_moment_later(platform: Platform) -> None:
    """The answer to a later value arrives by itself and is told as an event."""
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"
    given = {**individual(1901), "include": ["configuration.card_creator", "requirements"]}
    body = await v2(platform, path, given)
    assert charge_card(body) == "pending"
    assert verifying(body) == {"identity.individual.date_of_birth"}
    assert charge_card(await verified(platform, account["id"])) == "active"
    other = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    given = {**individual(1902), "include": ["configuration.card_creator", "requirements"]}
    assert charge_card(await v2(platform, f"{ACCOUNTS}/{other['id']}", given)) == "active"


async def test_a_director_who_represents_is_looked_at_too(platform: Platform) -> None:
    account, _ = await us_company(
        platform,
        given_name="mismatch_director",
        relationship={"representative": True, "director": True, "title": "CEO"},
    )
    status, body = await platform.call(
        "GET", f"{ACCOUNTS}/{account}?include[0]=requirements", version=PREVIEW
    )
    assert status == 200
    assert due(body)["representative.given_name"] == ["verification_directors_mismatch"]

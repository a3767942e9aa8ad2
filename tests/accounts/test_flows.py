"""What happens to accounts over time: verification, deadlines, rejection, events, live mode."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardwright.accounts import flows
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.model import Account
from cardwright.accounts.record.store import load_state
from cardwright.kernel.clock import DAY_MS
from cardwright.kernel.database import Database
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import clocks, registry, secrets
from cardwright.wire import rows
from tests.accounts.calls import (
    ACCOUNTS,
    BOTH_TERMS,
    BUSINESS,
    CHARGE_CARD,
    PERSON,
    PREVIEW,
    US_ADDRESS,
    WEBSITE,
    creation,
    individual,
)
from tests.support.server import Platform

SEEN = "?include[0]=configuration.card_creator&include[1]=requirements&include[2]=identity"
REJECTED_DETAILS = [{"code": "rejected_terms_of_service", "resolution": "contact_stripe"}]


@pytest.fixture
def store(platform: Platform) -> Database:
    return platform.live.application.database


async def post(platform: Platform, path: str, wanted: dict[str, Any]) -> dict[str, Any]:
    status, body = await platform.call("POST", path, json=wanted, version=PREVIEW)
    assert status == 200, body
    return dict(body)


async def verified(platform: Platform, account_id: str) -> dict[str, Any]:
    """The account when nothing of it is being verified any more."""
    for _ in range(60):
        _, body = await platform.call("GET", f"{ACCOUNTS}/{account_id}{SEEN}", version=PREVIEW)
        entries = body["requirements"]["entries"]
        if all(entry["awaiting_action_from"] == "user" for entry in entries):
            return dict(body)
        await asyncio.sleep(0.1)
    raise AssertionError(body["requirements"])


def charge_card(body: dict[str, Any]) -> dict[str, Any]:
    stripe = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
    return dict(stripe["charge_card"])


def errors(body: dict[str, Any]) -> dict[str, list[str]]:
    return {
        entry["description"]: [error["code"] for error in entry["errors"]]
        for entry in body["requirements"]["entries"]
    }


async def events(store: Database, account_id: str) -> list[tuple[str, dict[str, Any]]]:
    found = await store.pool.fetch(
        "select type, snapshot, thin from events where account_id = $1 order by id", account_id
    )
    return [(row["type"], json.loads(row["snapshot"] or row["thin"])) for row in found]


# A company and its representative with values that are not among the documented test values.
COMPANY: dict[str, Any] = {
    "identity": {
        "business_details": {
            **BUSINESS,
            "registered_name": "Rocket Rides",
            "address": {**US_ADDRESS, "line1": "123 Main St"},
            "phone": "0000000000",
            "id_numbers": [{"type": "us_ein", "value": "11-3456789"}],
        },
        "attestations": {"terms_of_service": BOTH_TERMS},
    },
    "defaults": WEBSITE,
}
REPRESENTATIVE: dict[str, Any] = {
    **PERSON,
    "address": {**US_ADDRESS, "line1": "510 Townsend Street"},
    "date_of_birth": {"day": 12, "month": 11, "year": 1978},
    "id_numbers": [{"type": "us_ssn", "value": "123456789"}],
    "relationship": {
        "representative": True,
        "owner": True,
        "percent_ownership": "0.75",
        "title": "CEO",
    },
}
# The test values that make both good.
GOOD_COMPANY: dict[str, Any] = {
    "identity": {
        "business_details": {
            "address": {"line1": "address_full_match"},
            "id_numbers": [{"type": "us_ein", "value": "000000000"}],
        }
    }
}
GOOD_REPRESENTATIVE = {
    "address": {"line1": "address_full_match"},
    "date_of_birth": {"day": 1, "month": 1, "year": 1901},
    "id_numbers": [{"type": "us_ssn", "value": "000000000"}],
}


async def test_a_company_is_verified_with_test_values_only(
    platform: Platform, store: Database
) -> None:
    account = await post(platform, ACCOUNTS, creation("us", "company", "usd"))
    path = f"{ACCOUNTS}/{account['id']}"
    await post(platform, path, COMPANY)
    person = await post(platform, f"{path}/persons", REPRESENTATIVE)
    body = await verified(platform, account["id"])
    assert errors(body) == {
        "identity.business_details.address.line1": ["verification_failed_address_match"],
        "identity.business_details.id_numbers.us_ein": ["verification_failed_tax_id_match"],
        "representative.documents.primary_verification": ["verification_failed_keyed_identity"],
        "representative.documents.secondary_verification": ["verification_failed_address_match"],
        "representative.id_numbers.us_ssn": ["verification_failed_id_number_match"],
    }
    assert charge_card(body)["status"] == "restricted"
    references = {
        entry["reference"]["resource"]
        for entry in body["requirements"]["entries"]
        if entry["reference"] is not None
    }
    assert references == {person["id"]}
    async with store.connection() as connection:
        kept = await secrets.get(
            connection, store.vault, account["id"], account["id"], "id_number.us_ein"
        )
    assert kept == "11-3456789"

    await post(platform, path, GOOD_COMPANY)
    await post(platform, f"{path}/persons/{person['id']}", GOOD_REPRESENTATIVE)
    body = await verified(platform, account["id"])
    assert errors(body) == {}
    assert charge_card(body) == {"requested": True, "status": "active", "status_details": []}


async def test_a_document_makes_up_for_values(platform: Platform) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    wanted = individual(1978)
    documents = {
        "primary_verification": {
            "type": "front_back",
            "front_back": {"front": "file_identity_document_success"},
        }
    }
    wanted["identity"]["individual"]["documents"] = documents
    await post(platform, f"{ACCOUNTS}/{account['id']}", wanted)
    body = await verified(platform, account["id"])
    assert charge_card(body)["status"] == "active"


async def test_both_families_of_events_tell_the_same(platform: Platform, store: Database) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    await post(platform, f"{ACCOUNTS}/{account['id']}", individual(1901))
    await verified(platform, account["id"])
    found = await events(store, account["id"])
    types = [name for name, _ in found]
    assert types[0] == "v2.core.account.created"
    assert types.count("v2.core.account.created") == 1
    status_updated = "v2.core.account[configuration.card_creator].capability_status_updated"
    told = [body for name, body in found if name == status_updated]
    # restricted, pending, active
    assert [body["data"] for body in told] == [
        {"updated_capability": "commercial.stripe.charge_card"}
    ] * 3
    assert told[0]["related_object"] == {
        "id": account["id"],
        "type": "v2.core.account",
        "url": f"{ACCOUNTS}/{account['id']}?include=configuration.card_creator",
    }
    for name in (
        "v2.core.account.updated",
        "v2.core.account[identity].updated",
        "v2.core.account[defaults].updated",
        "v2.core.account[requirements].updated",
        "v2.core.account[configuration.recipient].capability_status_updated",
        "account.updated",
        "capability.updated",
    ):
        assert name in types, name
    issuing = [
        body["status"]
        for name, body in found
        if name == "capability.updated" and body["id"] == "card_issuing"
    ]
    assert issuing[-1] == "active"
    last = [body for name, body in found if name == "account.updated"][-1]
    assert last["capabilities"]["card_issuing"] == "active"


async def test_a_call_that_changes_nothing_says_nothing(
    platform: Platform, store: Database
) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    before = await events(store, account["id"])
    wanted = {"configuration": creation("gb", "individual", "gbp")["configuration"]}
    await post(platform, f"{ACCOUNTS}/{account['id']}", wanted)
    assert await events(store, account["id"]) == before


async def test_a_deadline_restricts_an_active_account(platform: Platform, store: Database) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    account_id = account["id"]
    body = await post(
        platform, f"{ACCOUNTS}/{account_id}", {**individual(1902), "include": ["identity"]}
    )
    person_id = body["identity"]["individual"]["id"]
    async with store.connection() as connection:
        now_ms = await connection.fetchval(
            "select created_ms from tenants where account_id = $1", account_id
        )
        clock_id = await clocks.create(
            connection, platform_id=platform.keys.account_id, now_ms=now_ms
        )
        await clocks.follow(connection, account_id, clock_id)
    due_ms = now_ms + 14 * DAY_MS
    async with registry.transaction(store, account_id) as tx:
        state = await flows.record_verification(
            tx, person_id, "identity", "verification_failed_keyed_identity", due_ms=due_ms
        )
        assert state.capabilities[CHARGE_CARD].status == "active"
    name = clocks.ClockName(platform.keys.account_id, clock_id)
    await clocks.advance(store, name, due_ms + 1)
    for _ in range(60):
        async with registry.reading(store, await tenant(store, account_id)) as reading:
            state = await load_state(reading)
        if state.capabilities[CHARGE_CARD].status != "active":
            break
        await asyncio.sleep(0.1)
    assert state.capabilities[CHARGE_CARD].status == "restricted"
    assert state.account.requirements.entries[0].minimum_deadline.status == "past_due"


async def tenant(store: Database, account_id: str) -> registry.Tenant:
    async with store.connection() as connection:
        found = await registry.find_tenant(connection, account_id)
    assert found is not None
    return found


async def test_a_rejected_account_stays_restricted(platform: Platform, store: Database) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    await post(platform, f"{ACCOUNTS}/{account['id']}", individual(1902))
    async with registry.transaction(store, account["id"]) as tx:
        await flows.reject_account(tx, "terms_of_service")
    body = await verified(platform, account["id"])
    assert charge_card(body)["status"] == "restricted"
    assert charge_card(body)["status_details"] == REJECTED_DETAILS


async def test_an_unrequested_capability_is_gone(platform: Platform) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"
    no = {"stripe": {"charge_card": {"requested": False}}}
    wanted = {"configuration": {"card_creator": {"capabilities": {"commercial": no}}}}
    body = await post(platform, path, {**wanted, "include": ["configuration.card_creator"]})
    assert body["configuration"]["card_creator"]["capabilities"] == {}


async def test_in_live_mode_somebody_else_answers(live: Any) -> None:
    store = live.application.database
    keys = await create_platform(store, livemode=True)
    platform = Platform(live, keys)
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    assert account["livemode"] is True
    account_id = account["id"]
    body = await post(
        platform, f"{ACCOUNTS}/{account_id}", {**individual(1902), "include": ["identity"]}
    )
    person_id = body["identity"]["individual"]["id"]
    _, body = await platform.call("GET", f"{ACCOUNTS}/{account_id}{SEEN}", version=PREVIEW)
    assert charge_card(body)["status"] == "pending"
    for name in ("identity", "address"):
        async with registry.transaction(store, account_id) as tx:
            state = await flows.record_verification(tx, person_id, name, "verified")
    assert state.capabilities[CHARGE_CARD].status == "active"


async def test_facts_of_a_merchant_make_one_when_v2_names_it(platform: Platform) -> None:
    wanted = creation("gb", "individual", "gbp")
    del wanted["configuration"]["merchant"]
    account = await post(platform, ACCOUNTS, wanted)
    status, body = await platform.call(
        "POST", f"/v1/accounts/{account['id']}", form={"business_profile[mcc]": "5045"}
    )
    assert (status, body["business_profile"]["mcc"]) == (200, "5045")
    path = f"{ACCOUNTS}/{account['id']}"
    _, body = await platform.call("GET", path, version=PREVIEW)
    assert body["applied_configurations"] == ["card_creator", "recipient"]
    named = {"configuration": {"merchant": {"support": {"phone": "7325460697"}}}}
    body = await post(platform, path, {**named, "include": ["configuration.merchant"]})
    assert body["applied_configurations"] == ["card_creator", "recipient", "merchant"]
    assert body["configuration"]["merchant"]["mcc"] == "5045"


async def test_a_platform_has_an_account_of_its_own(platform: Platform, store: Database) -> None:
    async with registry.transaction(store, platform.keys.account_id) as tx:
        account = await rows.get(tx, Account, platform.keys.account_id)
        assert account.platform_id is None
        assert await acting(tx, platform.keys.account_id) is tx


async def test_a_platform_cannot_act_as_anothers_account(
    platform: Platform, store: Database
) -> None:
    other = await create_platform(store)
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    async with registry.transaction(store, other.account_id) as tx:
        assert await acting(tx, account["id"]) is None
        assert await acting(tx, platform.keys.account_id) is None


async def test_one_account_changed_twenty_times_at_once(platform: Platform) -> None:
    account = await post(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    path = f"{ACCOUNTS}/{account['id']}"
    await asyncio.gather(
        *[post(platform, path, {"metadata": {f"key{index}": "x"}}) for index in range(20)]
    )
    _, body = await platform.call("GET", path, version=PREVIEW)
    assert body["metadata"] == {f"key{index}": "x" for index in range(20)}


# Every table of an account refers to its tenant, except the log of events.
WRITTEN = """
    select (select count(*) from tenants where platform_id = $1)
         + (select count(*) from events
             where account_id not in (select account_id from tenants))
"""
PLACES = st.sampled_from(
    [
        "contact_email",
        "dashboard",
        "identity.country",
        "identity.individual.date_of_birth",
        "identity.individual.id_numbers",
        "identity.business_details.annual_revenue.amount.value",
        "configuration.card_creator.capabilities.commercial.stripe.charge_card.requested",
        "configuration.merchant.support.phone",
        "configuration.merchant.mcc",
        "defaults.responsibilities.losses_collector",
        "defaults.currency",
        "metadata",
        "unknown.deep.inside",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=10),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(places=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=3))
async def test_a_refusal_leaves_nothing(platform: Platform, places: list[tuple[str, Any]]) -> None:
    wanted = {**creation("gb", "individual", "gbp")}
    for path, value in places:
        *branches, leaf = path.split(".")
        node: Any = wanted
        for branch in branches:
            below = node.get(branch)
            node[branch] = below if isinstance(below, dict) else {}
            node = node[branch]
        node[leaf] = value
    store = platform.live.application.database
    before = await store.pool.fetchval(WRITTEN, platform.keys.account_id)
    status, body = await platform.call("POST", ACCOUNTS, json=wanted, version=PREVIEW)
    assert status in (200, 400), body
    if status == 400:
        assert body["error"]["message"]
        assert await store.pool.fetchval(WRITTEN, platform.keys.account_id) == before

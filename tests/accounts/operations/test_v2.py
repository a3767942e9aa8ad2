"""The v2 face on a live port: the documented calls, their answers, refusals."""

import asyncio
import copy
from typing import Any

import pytest

from tests.accounts.calls import (
    ACCOUNTS,
    CREATE,
    GENERAL,
    LATER_PREVIEW,
    PREVIEW,
    RESTRICTED,
    WANTED,
    individual,
)
from tests.support.server import Platform

CAPABILITY = {"requested": True, "status": "restricted", "status_details": RESTRICTED}


async def created(platform: Platform, **changes: Any) -> dict[str, Any]:
    status, body = await platform.call(
        "POST", ACCOUNTS, json={**CREATE, **changes}, version=PREVIEW
    )
    assert status == 200, body
    return dict(body)


async def refused(platform: Platform, wanted: Any, version: str = PREVIEW) -> tuple[int, str, str]:
    """Status, code and param of a creation that is refused, and that left nothing."""
    before = await platform.live.application.database.pool.fetchval("select count(*) from accounts")
    status, body = await platform.call("POST", ACCOUNTS, json=wanted, version=version)
    after = await platform.live.application.database.pool.fetchval("select count(*) from accounts")
    assert before == after, body
    assert "error" in body, body
    return status, body["error"]["code"], body["error"].get("param", "")


def changed(path: str, value: Any) -> dict[str, Any]:
    """The documented creation with one member other, or without it (None)."""
    wanted = copy.deepcopy(CREATE)
    *branches, leaf = path.split(".")
    node = wanted
    for branch in branches:
        node = node.setdefault(branch, {})
    if value is None:
        del node[leaf]
    else:
        node[leaf] = value
    return wanted


async def test_the_documented_creation_is_answered_as_documented(platform: Platform) -> None:
    body = await created(platform)
    assert body.pop("id").startswith("acct_")
    assert body.pop("created").endswith("Z")
    assert body == {
        "object": "v2.core.account",
        "applied_configurations": ["card_creator", "recipient", "merchant"],
        "configuration": {
            "customer": None,
            "merchant": None,
            "storer": None,
            "recipient": {
                "capabilities": {"stripe_balance": {"stripe_transfers": CAPABILITY}},
            },
            "card_creator": {
                "capabilities": {"commercial": {"stripe": {"charge_card": CAPABILITY}}},
            },
        },
        "contact_email": "test@example.com",
        "dashboard": "none",
        "identity": None,
        "defaults": None,
        "display_name": "John Smith",
        "metadata": {},
        "requirements": None,
        "livemode": False,
    }


async def test_include_shows_what_is_named(platform: Platform) -> None:
    account = await created(platform)
    path = f"{ACCOUNTS}/{account['id']}"
    _, body = await platform.call(
        "GET",
        f"{path}?include[0]=identity&include[1]=configuration.card_creator",
        version=PREVIEW,
    )
    assert body["identity"]["country"] == "GB"
    assert body["identity"]["entity_type"] == "individual"
    assert body["configuration"]["recipient"] is None
    assert body["configuration"]["card_creator"] is not None
    assert body["requirements"] is None
    _, body = await platform.call("GET", path, version=PREVIEW)
    assert body["configuration"] is None
    assert body["identity"] is None
    status, body = await platform.call("GET", f"{path}?include[]=identity", version=PREVIEW)
    assert status == 400
    status, body = await platform.call("GET", f"{path}?include[0]=secrets", version=PREVIEW)
    assert (status, body["error"]["param"]) == (400, "include")


async def test_an_update_names_requirements(platform: Platform) -> None:
    account = await created(platform)
    wanted = {
        "include": ["configuration.card_creator", "requirements"],
        "configuration": {
            "card_creator": {"capabilities": {"commercial": {"stripe": {"charge_card": WANTED}}}}
        },
    }
    _, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account['id']}", json=wanted, version=PREVIEW
    )
    assert body["requirements"]["collector"] == "application"
    entry = next(
        entry
        for entry in body["requirements"]["entries"]
        if entry["description"] == "identity.individual.date_of_birth"
    )
    assert entry["awaiting_action_from"] == "user"
    assert entry["errors"] == []
    assert entry["minimum_deadline"] == {"status": "past_due"}
    assert entry["reference"] is None
    assert entry["requested_reasons"] == [{"code": "routine_onboarding"}]
    assert {
        "capability": "commercial.stripe.charge_card",
        "configuration": "card_creator",
        "deadline": {"status": "past_due"},
    } in entry["impact"]["restricts_capabilities"]


async def test_test_values_activate(platform: Platform) -> None:
    account = await created(platform)
    path = f"{ACCOUNTS}/{account['id']}"
    shown = "?include[0]=configuration.card_creator&include[1]=requirements"
    status, body = await platform.call("POST", path, json=individual(1901), version=PREVIEW)
    assert status == 200, body
    _, body = await platform.call("GET", path + shown, version=PREVIEW)
    capability = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
    assert capability["charge_card"] == {
        "requested": True,
        "status": "pending",
        "status_details": [
            {"code": "requirements_pending_verification", "resolution": "no_resolution"}
        ],
    }
    assert [entry["awaiting_action_from"] for entry in body["requirements"]["entries"]] == [
        "stripe"
    ]
    for _ in range(60):
        _, body = await platform.call("GET", path + shown, version=PREVIEW)
        capability = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
        if capability["charge_card"]["status"] != "pending":
            break
        await asyncio.sleep(0.1)
    assert capability["charge_card"]["status"] == "active"
    assert capability["charge_card"]["status_details"] == []
    assert body["requirements"]["entries"] == []


async def test_immediate_test_values_activate_at_once(platform: Platform) -> None:
    wanted = {**individual(1902), "include": ["configuration.card_creator"]}
    account = await created(platform)
    _, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account['id']}", json=wanted, version=PREVIEW
    )
    stripe = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
    assert stripe["charge_card"]["status"] == "active"


async def test_a_later_version_speaks_its_own_words(platform: Platform) -> None:
    wanted = changed("include", ["configuration.card_creator", "configuration.money_manager"])
    status, body = await platform.call("POST", ACCOUNTS, json=wanted, version=LATER_PREVIEW)
    assert status == 200, body
    assert body["configuration"]["money_manager"] is None
    assert "storer" not in body["configuration"]
    assert body["configuration"]["card_creator"]["applied"] is True
    capabilities = body["configuration"]["card_creator"]["capabilities"]
    charge_card = capabilities["commercial"]["stripe"]["charge_card"]
    assert charge_card.pop("protections")["psp_migration"]["status"] == "inactive"
    assert charge_card == {"status": "restricted", "status_details": RESTRICTED}
    assert capabilities["commercial"]["lead"] is None
    assert body["closed"] is False


async def test_a_general_version_knows_no_card_creator(platform: Platform) -> None:
    wanted = changed("include", [])
    assert await refused(platform, wanted, GENERAL) == (
        400,
        "invalid_fields",
        "configuration.card_creator",
    )
    status, body = await platform.call("POST", ACCOUNTS, json=CREATE)
    assert (status, body["error"]["code"]) == (400, "api_version_required")


STRIPE = "configuration.card_creator.capabilities.commercial.stripe"
TRANSFERS = "configuration.recipient.capabilities.stripe_balance"


@pytest.mark.parametrize(
    ("path", "value", "code", "param"),
    [
        ("colour", "red", "invalid_fields", "colour"),
        (f"{STRIPE}.gift_card", WANTED, "invalid_fields", f"{STRIPE}.gift_card"),
        (f"{STRIPE}.charge_card", {}, "invalid_fields", f"{STRIPE}.charge_card.requested"),
        (
            f"{STRIPE}.charge_card.requested",
            "yes",
            "invalid_fields",
            f"{STRIPE}.charge_card.requested",
        ),
        ("defaults.responsibilities.losses_collector", "me", "invalid_fields", "defaults."),
        ("identity.country", "gbr", "invalid_fields", "identity.country"),
        ("identity.country", None, "identity_country_required", "identity.country"),
        ("identity.country", "jp", "capability_not_available_in_country", "configuration."),
        ("contact_email", "not an address", "email_invalid", "contact_email"),
        ("configuration.merchant.mcc", "12", "mcc_invalid", "configuration.merchant.mcc"),
        ("dashboard", "full", "account_controller_unsupported_configuration", "defaults."),
        ("dashboard", None, "invalid_fields", "dashboard"),
        (
            "dashboard",
            "express",
            "capability_not_available_for_dashboard_type",
            f"{STRIPE}.charge_card",
        ),
        (
            "defaults.responsibilities.losses_collector",
            "stripe",
            "capability_not_available_for_loss_collector",
            f"{STRIPE}.charge_card",
        ),
        (
            TRANSFERS,
            {"stripe_transfers": {"requested": False}},
            "capability_not_available_without_other_capability",
            f"{STRIPE}.charge_card",
        ),
        (
            "configuration.card_creator.capabilities.consumer",
            {"lead": {"debit_card": WANTED}},
            "capability_not_available_in_country",
            "configuration.card_creator.capabilities.consumer",
        ),
        (
            "identity.business_details",
            {"id_numbers": [{"type": "us_ein", "value": "000000000"}]},
            "incorrect_id_number_for_country",
            "identity.business_details.id_numbers.0",
        ),
        (
            "identity.individual",
            {"id_numbers": [{"type": "us_ssn", "value": "12"}]},
            "id_number_invalid",
            "identity.individual.id_numbers.0.value",
        ),
        (
            "identity.individual",
            {"date_of_birth": {"day": 31, "month": 2, "year": 1980}},
            "date_of_birth_invalid",
            "identity.individual.date_of_birth",
        ),
        (
            "identity.attestations",
            {"ownership_declaration": {"ip": "127.0.0.1"}},
            "ownership_declaration_not_allowed_during_account_creation",
            "identity.attestations.ownership_declaration",
        ),
    ],
)
async def test_bad_creations_are_refused_whole(
    platform: Platform, path: str, value: Any, code: str, param: str
) -> None:
    status, found, where = await refused(platform, changed(path, value))
    assert (status, found) == (400, code)
    assert where.startswith(param)


@pytest.mark.parametrize("missing", ["dashboard", "defaults.responsibilities"])
async def test_the_country_is_looked_at_first(platform: Platform, missing: str) -> None:
    """What is for no account of the country is not asked for anything else."""
    wanted = changed(missing, None)
    wanted["identity"]["country"] = "jp"
    wanted["configuration"]["merchant"] = {}
    assert await refused(platform, wanted) == (
        400,
        "capability_not_available_in_country",
        "configuration.card_creator.capabilities.commercial.stripe.charge_card",
    )


async def test_what_was_once_set_stays(platform: Platform) -> None:
    account = await created(platform)
    path = f"{ACCOUNTS}/{account['id']}"
    for wanted, code in (
        ({"identity": {"country": "us"}}, "immutable_identity_param"),
        ({"defaults": {"currency": "usd"}}, "default_currency_immutable"),
        (
            {
                "configuration": {
                    "recipient": {
                        "capabilities": {
                            "stripe_balance": {"stripe_transfers": {"requested": False}}
                        }
                    }
                }
            },
            "capability_cannot_be_unrequested_due_to_other_capability_requirement",
        ),
        (
            {"configuration": {"recipient": {"applied": False}}},
            "configuration_cannot_be_deactivated_due_to_other_configuration",
        ),
    ):
        status, body = await platform.call("POST", path, json=wanted, version=PREVIEW)
        assert (status, body["error"]["code"]) == (400, code)


async def test_cards_alone_are_no_hindrance_to_an_update(platform: Platform) -> None:
    """Without a capability nothing needs the recipient yet, and nothing of it is given up."""
    account = await created(platform, configuration={"card_creator": {}})
    assert account["applied_configurations"] == ["card_creator"]
    path = f"{ACCOUNTS}/{account['id']}"
    for wanted in ({"metadata": {"a": "b"}}, {"configuration": {"recipient": {"applied": True}}}):
        status, body = await platform.call("POST", path, json=wanted, version=PREVIEW)
        assert status == 200, body
    assert body["applied_configurations"] == ["card_creator", "recipient"]


async def test_id_numbers_never_come_back(platform: Platform) -> None:
    wanted = individual(1902, id_numbers=[{"type": "gb_nino", "value": "000000000"}])
    account = await created(platform)
    path = f"{ACCOUNTS}/{account['id']}"
    status, body = await platform.call(
        "POST", path, json={**wanted, "include": ["identity"]}, version=PREVIEW
    )
    assert status == 200, body
    assert body["identity"]["individual"]["id_numbers"] == [{"type": "gb_nino"}]
    pool = platform.live.application.database.pool
    stored = await pool.fetchval("select body::text from accounts where id = $1", account["id"])
    assert "000000000" not in stored.replace("0000000000", "")


async def test_a_repeated_key_shows_the_account_as_it_is(platform: Platform) -> None:
    key = "one-account"
    _, first = await platform.call(
        "POST", ACCOUNTS, json=CREATE, version=PREVIEW, idempotency_key=key
    )
    await platform.call(
        "POST",
        f"{ACCOUNTS}/{first['id']}",
        json={"display_name": "Jane Smith"},
        version=PREVIEW,
    )
    _, again = await platform.call(
        "POST", ACCOUNTS, json=CREATE, version=PREVIEW, idempotency_key=key
    )
    assert again["id"] == first["id"]
    assert again["display_name"] == "Jane Smith"
    status, body = await platform.call(
        "POST", ACCOUNTS, json=changed("display_name", "X"), version=PREVIEW, idempotency_key=key
    )
    assert (status, body["error"]["type"]) == (400, "idempotency_error")


async def test_closing_needs_every_configuration_named(platform: Platform) -> None:
    account = await created(platform)
    path = f"{ACCOUNTS}/{account['id']}"
    status, body = await platform.call(
        "POST",
        f"{path}/close",
        json={"applied_configurations": ["recipient"]},
        version=PREVIEW,
    )
    assert (status, body["error"]["code"]) == (400, "configs_must_match_to_close")
    names = account["applied_configurations"]
    status, body = await platform.call(
        "POST", f"{path}/close", json={"applied_configurations": names}, version=LATER_PREVIEW
    )
    assert (status, body["closed"]) == (200, True)
    status, body = await platform.call("GET", path, version=LATER_PREVIEW)
    assert (status, body["closed"]) == (200, True)
    status, body = await platform.call("POST", path, json={"display_name": "X"}, version=PREVIEW)
    assert (status, body["error"]["code"]) == (400, "account_closed")


async def test_lists_are_the_platforms_own(platform: Platform) -> None:
    ids = [(await created(platform))["id"] for _ in range(3)]
    _, body = await platform.call("GET", f"{ACCOUNTS}?limit=2", version=PREVIEW)
    assert [item["id"] for item in body["data"]] == ids[:0:-1]
    _, body = await platform.call("GET", body["next_page_url"], version=PREVIEW)
    assert [item["id"] for item in body["data"]] == ids[:1]
    assert body["next_page_url"] is None
    _, body = await platform.call("GET", body["previous_page_url"], version=PREVIEW)
    assert [item["id"] for item in body["data"]] == ids[:0:-1]
    _, body = await platform.call(
        "GET", f"{ACCOUNTS}?applied_configurations[0]=card_creator&closed=false", version=PREVIEW
    )
    assert len(body["data"]) == 3
    _, body = await platform.call("GET", f"{ACCOUNTS}?closed=true", version=PREVIEW)
    assert body["data"] == []


async def test_filters_hold_for_every_page_of_a_list(platform: Platform) -> None:
    for _ in range(3):
        await created(platform)
    path = f"{ACCOUNTS}?limit=1&applied_configurations[0]=card_creator"
    _, body = await platform.call("GET", path, version=PREVIEW)
    url = body["next_page_url"]
    for other in (url + "&closed=true", url.partition("&applied")[0]):
        status, refusal = await platform.call("GET", other, version=PREVIEW)
        assert (status, refusal["error"]["code"]) == (400, "page_invalid")
        assert refusal["error"]["param"] == "page"
    status, body = await platform.call("GET", url.replace("limit=1", "limit=2"), version=PREVIEW)
    assert (status, len(body["data"])) == (200, 2)


async def test_an_account_that_is_not_ones_own_does_not_exist(platform: Platform) -> None:
    for account_id in ("acct_nothing", "acct_01AAAAAAAAAAAAAAAAAAAAAAAA"):
        status, body = await platform.call("GET", f"{ACCOUNTS}/{account_id}", version=PREVIEW)
        assert (status, body["error"]["code"]) == (404, "not_found")


async def test_persons_of_a_company(platform: Platform) -> None:
    wanted = changed("identity.entity_type", "company")
    account = await created(platform, identity=wanted["identity"])
    path = f"{ACCOUNTS}/{account['id']}/persons"
    relation = {"representative": True, "owner": True, "percent_ownership": "0.8", "title": "CEO"}
    person = {"given_name": "Jenny", "surname": "Rosen", "relationship": relation}
    status, body = await platform.call("POST", path, json=person, version=PREVIEW)
    assert status == 200, body
    assert body["object"] == "v2.core.account_person"
    assert body["account"] == account["id"]
    assert body["relationship"]["percent_ownership"] == "0.8"
    one = f"{path}/{body['id']}"
    status, again = await platform.call("POST", path, json=person, version=PREVIEW)
    assert (status, again["error"]["code"]) == (400, "additional_representative_not_allowed")
    second = {"relationship": {"owner": True, "percent_ownership": "21"}}
    status, again = await platform.call("POST", path, json=second, version=PREVIEW)
    assert (status, again["error"]["code"]) == (400, "total_person_ownership_exceeded")
    _, body = await platform.call("POST", one, json={"surname": None}, version=PREVIEW)
    assert (body["given_name"], body["surname"]) == ("Jenny", None)
    _, body = await platform.call("GET", path, version=PREVIEW)
    assert [item["surname"] for item in body["data"]] == [None]
    _, body = await platform.call("DELETE", one, version=PREVIEW)
    assert body["object"] == "v2.deleted_object"
    status, body = await platform.call("GET", one, version=PREVIEW)
    assert (status, body["error"]["code"]) == (404, "not_found")


async def test_an_individual_has_no_further_persons(platform: Platform) -> None:
    account = await created(platform)
    status, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account['id']}/persons", json={}, version=PREVIEW
    )
    assert (status, body["error"]["code"]) == (400, "individual_additional_person_not_allowed")


async def test_the_official_sdk_reads_and_writes(platform: Platform) -> None:
    def drive() -> None:
        options: Any = {"stripe_version": PREVIEW}
        wanted: Any = CREATE
        account: Any = platform.sdk.v2.core.accounts.create(wanted, options)
        assert account.configuration.card_creator is not None
        shown: Any = platform.sdk.v2.core.accounts.retrieve(
            account.id, {"include": ["identity"]}, options
        )
        assert shown.identity.country == "GB"
        listed = platform.sdk.v2.core.accounts.list({}, options)
        assert [item.id for item in listed.data] == [account.id]

    await asyncio.to_thread(drive)

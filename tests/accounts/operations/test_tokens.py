"""Tokens of both faces: made with a publishable key, used once, never shown."""

import asyncio
from typing import Any

import asyncpg
import pytest
import stripe

from cardwright.roles.provisioning import create_platform
from tests.accounts.calls import ACCOUNTS, CREATE, LATER_PREVIEW
from tests.accounts.operations.test_external_accounts import US_BANK, form
from tests.accounts.operations.test_v1 import new_account
from tests.support.server import Platform

IDENTITY: dict[str, Any] = {
    "entity_type": "individual",
    "individual": {
        "given_name": "Jenny",
        "surname": "Rosen",
        "id_numbers": [{"type": "us_ssn", "value": "000000000"}],
        "date_of_birth": {"day": 1, "month": 1, "year": 1901},
    },
    "attestations": {
        "terms_of_service": {
            "account": {"shown_and_accepted": True},
            "card_creator": {"commercial": {"account_holder": {"shown_and_accepted": True}}},
        },
        "representative_declaration": {"attested": True},
        "persons_provided": {"owners": True},
    },
}


async def v1_token(platform: Platform, fields: dict[str, str], status: int = 200) -> Any:
    answered, body = await platform.call(
        "POST", "/v1/tokens", form=fields, key=platform.keys.publishable
    )
    assert answered == status, body
    return body


def bank(**changes: str) -> dict[str, str]:
    wanted = {**US_BANK, **changes}
    return {f"bank_account[{name}]": value for name, value in wanted.items()}


async def test_a_bank_account_token_is_used_once(
    platform: Platform, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    token = await v1_token(platform, bank(account_holder_name="Jenny Rosen"))
    assert (token["object"], token["type"], token["used"]) == ("token", "bank_account", False)
    assert token["id"].startswith("btok_")
    assert token["client_ip"] == "127.0.0.1"
    shown = token["bank_account"]
    assert (shown["last4"], shown["country"], shown["object"]) == ("6789", "US", "bank_account")
    assert "face" not in token
    kept = await pool.fetchval("select sealed from secrets where subject = $1", token["id"])
    assert b"000123456789" not in kept
    account = await new_account(platform)
    path = f"/v1/accounts/{account}/external_accounts"
    status, body = await platform.call("POST", path, form={"external_account": token["id"]})
    assert status == 200, body
    assert (body["id"], body["account_holder_name"]) == (shown["id"], "Jenny Rosen")
    assert body["account"] == account
    status, body = await platform.call("POST", path, form={"external_account": token["id"]})
    assert (status, body["error"]["code"]) == (400, "token_already_used")
    status, body = await platform.call("GET", f"/v1/tokens/{token['id']}")
    assert (status, body["used"]) == (200, True)
    left = await pool.fetchval("select count(*) from secrets where subject = $1", token["id"])
    assert left == 0


async def test_a_refused_call_does_not_use_the_token(platform: Platform) -> None:
    token = await v1_token(platform, bank())
    wanted = {"external_account": token["id"], "email": "nobody"}
    status, _ = await platform.call("POST", "/v1/accounts", form={"type": "custom", **wanted})
    assert status == 400
    wanted["email"] = "jenny.rosen@example.com"
    status, body = await platform.call("POST", "/v1/accounts", form={"type": "custom", **wanted})
    assert status == 200, body
    assert len(body["external_accounts"]["data"]) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "parameter_missing"),
        ({**bank(), "pii[id_number]": "000000000"}, None),
        (bank(routing_number="123"), "routing_number_invalid"),
        (bank(account_number="1"), "account_number_invalid"),
        ({"pii[id_number]": ""}, "parameter_invalid_empty"),
        ({"person[person_token]": "cpt_1"}, "parameter_unknown"),
        ({"card[number]": "4242424242424242"}, "parameter_unknown"),
    ],
)
async def test_what_is_no_token_is_refused(
    platform: Platform, fields: dict[str, str], code: str | None
) -> None:
    body = await v1_token(platform, fields, status=400)
    assert body["error"].get("code") == code


@pytest.mark.calendar
async def test_account_and_person_tokens_of_v1(platform: Platform) -> None:
    """What they bring is there afterwards; who was shown the terms has accepted them."""
    token = await v1_token(
        platform,
        {
            "account[business_type]": "company",
            "account[company][name]": "Rocket Rides",
            "account[company][tax_id]": "000000000",
            "account[company][ownership_declaration_shown_and_signed]": "true",
            "account[tos_shown_and_accepted]": "true",
        },
    )
    assert token["id"].startswith("ct_")
    assert "Rocket Rides" not in str(token)
    wanted = {"type": "custom", "account_token": token["id"]}
    status, body = await platform.call(
        "POST", "/v1/accounts", form={**wanted, "business_type": "company"}
    )
    assert (status, body["error"]["code"]) == (400, "param_alongside_account_token")
    status, body = await platform.call("POST", "/v1/accounts", form=wanted)
    assert status == 200, body
    company = body["company"]
    assert (body["business_type"], company["name"]) == ("company", "Rocket Rides")
    assert company["tax_id_provided"]
    assert company["ownership_declaration"]["ip"] == "127.0.0.1"
    assert body["tos_acceptance"]["ip"] == "127.0.0.1"
    assert body["tos_acceptance"]["date"] == token["created"]
    path = f"/v1/accounts/{body['id']}/persons"
    person_token = await v1_token(
        platform, {"person[first_name]": "Jenny", "person[ssn_last_4]": "0000"}
    )
    status, refusal = await platform.call(
        "POST", path, form={"person_token": person_token["id"], "last_name": "Rosen"}
    )
    assert (status, refusal["error"]["code"]) == (400, "param_alongside_person_token")
    status, refusal = await platform.call("POST", path, form={"person_token": token["id"]})
    assert (status, refusal["error"]["code"]) == (400, "token_already_used")
    pii = await v1_token(platform, {"pii[id_number]": "000000000"})
    status, refusal = await platform.call("POST", path, form={"person_token": pii["id"]})
    assert (status, refusal["error"]["param"]) == (400, "person_token")
    status, refusal = await platform.call("POST", path, form={"person_token": "cpt_none"})
    assert (status, refusal["error"]["code"]) == (404, "resource_missing")
    status, person = await platform.call("POST", path, form={"person_token": person_token["id"]})
    assert status == 200, person
    assert (person["first_name"], person["ssn_last_4_provided"]) == ("Jenny", True)
    status, person = await platform.call(
        "POST", f"{path}/{person['id']}", form={"id_number": pii["id"]}
    )
    assert (status, person["id_number_provided"]) == (200, True)
    status, refusal = await platform.call(
        "POST", f"{path}/{person['id']}", form={"id_number": pii["id"]}
    )
    assert (status, refusal["error"]["code"]) == (400, "token_already_used")


async def test_the_sdk_makes_tokens(platform: Platform) -> None:
    def journey() -> None:
        browser = stripe.StripeClient(
            platform.keys.publishable, base_addresses={"api": platform.base}
        ).v1
        made = browser.tokens.create({"pii": {"id_number": "000000000"}})
        assert (made.type, made.used, made.livemode) == ("pii", False, False)
        assert platform.sdk.v1.tokens.retrieve(made.id).id == made.id

    await asyncio.to_thread(journey)


async def test_tokens_of_others_do_not_exist(platform: Platform, other: Platform) -> None:
    token = await v1_token(other, bank())
    status, body = await platform.call("GET", f"/v1/tokens/{token['id']}")
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    account = await new_account(platform)
    status, body = await platform.call(
        "POST",
        f"/v1/accounts/{account}/external_accounts",
        form={"external_account": token["id"]},
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")


@pytest.fixture
async def other(platform: Platform) -> Platform:
    """A second platform on the same server."""
    return Platform(platform.live, await create_platform(platform.live.application.database))


# v2.


async def v2_token(platform: Platform, path: str, wanted: Any, **more: Any) -> tuple[int, Any]:
    more.setdefault("key", platform.keys.publishable)
    return await platform.call("POST", path, json=wanted, version=LATER_PREVIEW, **more)


async def refused(platform: Platform, path: str, wanted: Any) -> tuple[int, str]:
    status, body = await platform.call("POST", path, json=wanted, version=LATER_PREVIEW)
    assert "error" in body, body
    return status, body["error"]["code"]


async def test_an_account_token_of_v2(platform: Platform) -> None:
    wanted = {"contact_email": "jenny.rosen@example.com", "identity": IDENTITY}
    status, token = await v2_token(
        platform, "/v2/core/account_tokens", wanted, idempotency_key="one"
    )
    assert status == 200, token
    assert set(token) == {"id", "object", "created", "expires_at", "livemode", "used"}
    assert token["object"] == "v2.core.account_token"
    status, again = await v2_token(
        platform, "/v2/core/account_tokens", wanted, idempotency_key="one"
    )
    assert again == token
    rest = {name: value for name, value in CREATE.items() if name not in ("identity", "include")}
    del rest["contact_email"]
    used = {
        **rest,
        "account_token": token["id"],
        "identity": {"country": "us"},
        "defaults": {**CREATE["defaults"], "currency": "usd"},
        "include": ["identity"],
    }
    assert await refused(platform, ACCOUNTS, {**used, "display_name": "Jenny"}) == (
        400,
        "param_alongside_account_token",
    )
    del used["display_name"]
    assert await refused(platform, ACCOUNTS, {**used, "identity": {"entity_type": "company"}}) == (
        400,
        "param_alongside_account_token",
    )
    status, account = await platform.call("POST", ACCOUNTS, json=used, version=LATER_PREVIEW)
    assert status == 200, account
    assert account["contact_email"] == "jenny.rosen@example.com"
    identity = account["identity"]
    assert (identity["country"], identity["individual"]["given_name"]) == ("US", "Jenny")
    assert identity["individual"]["id_numbers"] == [{"type": "us_ssn"}]
    terms = identity["attestations"]["terms_of_service"]
    assert terms["account"]["ip"] == "127.0.0.1"
    assert terms["account"]["date"] == token["created"]
    assert terms["card_creator"]["commercial"]["account_holder"]["ip"] == "127.0.0.1"
    assert identity["attestations"]["representative_declaration"]["date"] == token["created"]
    assert identity["attestations"]["persons_provided"]["owners"] is True
    assert await refused(platform, ACCOUNTS, used) == (400, "token_already_used")
    status, read = await platform.call(
        "GET", f"/v2/core/account_tokens/{token['id']}", version=LATER_PREVIEW
    )
    assert (status, read["used"]) == (200, True)


async def test_person_tokens_of_v2(platform: Platform) -> None:
    account = await new_account(platform, business_type="company")
    other = await new_account(platform, business_type="company")
    path = f"{ACCOUNTS}/{account}"
    wanted = {"given_name": "Jenny", "relationship": {"representative": True}}
    status, token = await v2_token(platform, f"{path}/person_tokens", wanted)
    assert status == 200, token
    assert token["object"] == "v2.core.account_person_token"
    used = {"person_token": token["id"]}
    assert await refused(platform, f"{path}/persons", {**used, "surname": "Rosen"}) == (
        400,
        "param_alongside_person_token",
    )
    assert await refused(platform, f"{ACCOUNTS}/{other}/persons", used) == (
        400,
        "incorrect_account_for_person_token",
    )
    assert await refused(platform, path, {"account_token": token["id"]}) == (
        400,
        "incorrect_token_wrong_type",
    )
    status, person = await platform.call(
        "POST", f"{path}/persons", json=used, version=LATER_PREVIEW
    )
    assert (status, person["given_name"]) == (200, "Jenny")
    assert "person_token" not in person
    assert await refused(platform, f"{path}/persons", used) == (400, "token_already_used")
    assert await refused(platform, f"{path}/persons", {"person_token": "perstok_none"}) == (
        403,
        "invalid_person_token",
    )
    read = f"{path}/person_tokens/{token['id']}"
    status, body = await platform.call("GET", read, version=LATER_PREVIEW)
    assert (status, body["used"]) == (200, True)
    read = f"{ACCOUNTS}/{other}/person_tokens/{token['id']}"
    status, body = await platform.call("GET", read, version=LATER_PREVIEW)
    assert (status, body["error"]["code"]) == (404, "not_found")


async def test_v2_tokens_need_a_publishable_key_and_their_face(platform: Platform) -> None:
    account = await new_account(platform)
    for path in ("/v2/core/account_tokens", f"{ACCOUNTS}/{account}/person_tokens"):
        status, body = await v2_token(platform, path, {}, key=platform.keys.secret)
        code = "token_must_be_created_with_publishable_key"
        assert (status, body["error"]["code"]) == (400, code)
    status, body = await v2_token(platform, f"{ACCOUNTS}/acct_none/person_tokens", {})
    assert (status, body["error"]["code"]) == (404, "not_found")
    status, body = await v2_token(
        platform, "/v2/core/account_tokens", {"identity": {"country": "us"}}
    )
    assert (status, body["error"]["code"]) == (400, "invalid_fields")
    assert await refused(platform, ACCOUNTS, {"account_token": "accttok_none"}) == (
        403,
        "invalid_account_token",
    )
    old = await v1_token(platform, {"account[business_type]": "company"})
    assert await refused(platform, ACCOUNTS, {"account_token": old["id"]}) == (
        400,
        "v1_token_invalid_in_v2",
    )
    wanted = {"identity": {"individual": {"person_token": "perstok_none"}}}
    assert await refused(platform, ACCOUNTS, wanted) == (400, "invalid_fields")


@pytest.mark.calendar
async def test_a_token_of_v2_expires(
    platform: Platform, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    _, token = await v2_token(platform, "/v2/core/account_tokens", {"display_name": "Jenny"})
    await pool.execute(
        """update tokens set body = jsonb_set(body, '{created_ms}', '1000000') where id = $1""",
        token["id"],
    )
    assert await refused(platform, ACCOUNTS, {"account_token": token["id"]}) == (
        400,
        "token_expired",
    )


async def test_platforms_in_france_bring_persons_by_tokens(platform: Platform) -> None:
    own = f"{ACCOUNTS}/{platform.keys.account_id}"
    status, body = await platform.call(
        "POST", own, json={"identity": {"country": "fr"}}, version=LATER_PREVIEW
    )
    assert status == 200, body
    wanted = {"identity": {"country": "fr", "entity_type": "company"}}
    status, account = await platform.call("POST", ACCOUNTS, json=wanted, version=LATER_PREVIEW)
    assert status == 200, account
    path = f"{ACCOUNTS}/{account['id']}"
    personal = {"identity": {"business_details": {"registered_name": "Rocket Rides"}}}
    assert await refused(platform, path, personal) == (400, "account_token_required")
    assert await refused(platform, f"{path}/persons", {"given_name": "Jenny"}) == (
        400,
        "person_token_required",
    )


async def test_the_bank_account_of_a_token_replaces_the_default(platform: Platform) -> None:
    status, body = await platform.call(
        "POST", "/v1/accounts", form={"type": "custom", "country": "US", **form(US_BANK)}
    )
    token = await v1_token(platform, bank(account_number="000111111116"))
    status, body = await platform.call(
        "POST", f"/v1/accounts/{body['id']}", form={"external_account": token["id"]}
    )
    assert status == 200, body
    (only,) = body["external_accounts"]["data"]
    assert only["last4"] == "1116"

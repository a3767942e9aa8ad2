"""Tokens and wallets through the API: made by the network, changed, paid with."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.operator import command
from tests.support.physical import Issuer
from tests.support.server import Platform

NETWORK = "/_cardwright/issuing/tokens"
TOKENS = "/v1/issuing/tokens"
AUTHORIZATIONS = "/v1/test_helpers/issuing/authorizations"
AGREEMENTS = "/_cardwright/wallet_agreements"


async def virtual(issuer: Issuer, **changes: str) -> Any:
    form = {"cardholder": issuer.holder, "currency": "gbp", "type": "virtual", "status": "active"}
    return await issuer.done("POST", "/v1/issuing/cards", {**form, **changes})


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return await Issuer.of(platform)


async def test_the_life_of_a_token(issuer: Issuer) -> None:
    card = await virtual(issuer)
    form = {
        "card": card["id"],
        "wallet_provider": "apple_pay",
        "network_data[device][type]": "phone",
        "network_data[device][name]": "Jenny's phone",
        "network_data[wallet_provider][suggested_decision]": "require_auth",
        "network_data[wallet_provider][reason_codes][0]": "account_too_new",
        "network_data[wallet_provider][device_trust_score]": "42",
    }
    made = await issuer.done("POST", NETWORK, form)
    assert (made["status"], made["network"], made["card"]) == ("requested", "visa", card["id"])
    assert made["network_data"]["type"] == "visa"
    assert made["network_data"]["device"]["name"] == "Jenny's phone"
    assert made["network_data"]["visa"]["token_reference_id"]
    assert "mastercard" not in made["network_data"]
    assert made["network_data"]["wallet_provider"]["reason_codes"] == ["account_too_new"]
    sdk: Any = issuer.platform.sdk.v1.issuing.tokens
    options = {"stripe_account": issuer.account_id}
    for status in ("active", "suspended", "active", "deleted"):
        token = await asyncio.to_thread(sdk.update, made["id"], {"status": status}, options)
        assert token.status == status
    await issuer.done("POST", f"{TOKENS}/{made['id']}", {"status": "deleted"})
    error = await issuer.refused("POST", f"{TOKENS}/{made['id']}", {"status": "active"})
    assert "The token is deleted" in error["message"]
    assert error["code"] == "status_transition_invalid"
    found = await asyncio.to_thread(sdk.retrieve, made["id"], {"expand": ["card"]}, options)
    assert found.card.last4 == card["last4"]
    told = await issuer.events("issuing_token")
    assert [(kind, previous and previous["status"]) for kind, _, previous in told] == [
        ("issuing_token.created", None),
        ("issuing_token.updated", "requested"),
        ("issuing_token.updated", "active"),
        ("issuing_token.updated", "suspended"),
        ("issuing_token.updated", "active"),
    ]


async def test_tokens_are_listed_by_card(issuer: Issuer) -> None:
    card, other = await virtual(issuer), await virtual(issuer)
    first = await issuer.done("POST", NETWORK, {"card": card["id"]})
    second = await issuer.done("POST", NETWORK, {"card": card["id"], "status": "requested"})
    await issuer.done("POST", NETWORK, {"card": other["id"]})
    for query, found in (
        ("", [second, first]),
        ("&status=requested", [second]),
        ("&status=suspended", []),
        (f"&created[gte]={first['created']}&limit=1", [second]),
        (f"&starting_after={second['id']}", [first]),
    ):
        listed = await issuer.done("GET", f"{TOKENS}?card={card['id']}{query}")
        assert listed["data"] == found, query
    assert (await issuer.refused("GET", TOKENS))["param"] == "card"
    error = await issuer.refused("GET", f"{TOKENS}?card={card['id']}&status=lost")
    assert error["param"] == "status"


async def test_refused_tokens(issuer: Issuer) -> None:
    card = await virtual(issuer)
    inactive = await virtual(issuer, status="inactive")
    mastercard = {
        "network_data[mastercard][token_reference_id]": "1",
        "network_data[mastercard][token_requestor_id]": "2",
    }
    for form, param in (
        ({}, "card"),
        ({"card": "ic_none"}, "card"),
        ({"card": inactive["id"]}, "card"),
        ({"card": card["id"], "wallet_provider": "purse"}, "wallet_provider"),
        ({"card": card["id"], "status": "deleted"}, "status"),
        ({"card": card["id"], "last4": "12a4"}, "last4"),
        ({"card": card["id"], **mastercard}, "network_data[mastercard]"),
    ):
        assert (await issuer.refused("POST", NETWORK, form))["param"] == param
    assert (await issuer.done("GET", f"{TOKENS}?card={card['id']}"))["data"] == []
    token = await issuer.done("POST", NETWORK, {"card": card["id"]})
    path = f"{TOKENS}/{token['id']}"
    for form in ({}, {"status": "requested"}, {"status": "active", "last4": "1234"}):
        assert await issuer.refused("POST", path, form)
    missing = await issuer.refused("POST", f"{TOKENS}/intok_none", {"status": "active"})
    assert missing["message"] == "No such token: 'intok_none'"
    status, _ = await issuer.call("POST", TOKENS, {"card": card["id"]})
    assert status in (404, 405)


async def test_a_payment_made_with_a_token(issuer: Issuer) -> None:
    fund = {"amount": "10000", "currency": "gbp"}
    await issuer.done("POST", "/v1/test_helpers/issuing/fund_balance", fund)
    card, other = await virtual(issuer), await virtual(issuer)
    token = await issuer.done(
        "POST", NETWORK, {"card": card["id"], "wallet_provider": "google_pay"}
    )
    form = {"card": card["id"], "amount": "500", "token": token["id"]}
    made = await issuer.done("POST", AUTHORIZATIONS, form)
    assert (made["approved"], made["wallet"], made["token"]) == (True, "google_pay", token["id"])
    await issuer.done("POST", f"{AUTHORIZATIONS}/{made['id']}/capture")
    path = f"/v1/issuing/transactions?card={card['id']}&expand[]=data.token"
    [spent] = (await issuer.done("GET", path))["data"]
    assert (spent["wallet"], spent["token"]["id"]) == ("google_pay", token["id"])
    for changes, param in (
        ({"card": other["id"]}, "token"),
        ({"token": "intok_none"}, "token"),
        ({"wallet": "apple_pay"}, "wallet"),
    ):
        assert (await issuer.refused("POST", AUTHORIZATIONS, {**form, **changes}))["param"] == param
    await issuer.done("POST", f"{TOKENS}/{token['id']}", {"status": "suspended"})
    error = await issuer.refused("POST", AUTHORIZATIONS, form)
    assert "The token is suspended" in error["message"]


async def test_agreements_make_cards_eligible(issuer: Issuer) -> None:
    card = await virtual(issuer)
    path = f"/v1/issuing/cards/{card['id']}"
    for wallet in ("apple_pay", "google_pay"):
        assert card["wallets"][wallet] == {
            "eligible": False,
            "ineligible_reason": "missing_agreement",
        }
    both = {"apple_pay": "true", "google_pay": "true"}
    agreed = await issuer.done("POST", AGREEMENTS, both, account=None)
    assert (agreed["apple_pay"], agreed["google_pay"]) == (True, True)
    await issuer.done("POST", AGREEMENTS, {"google_pay": "false"}, account=None)
    assert await issuer.done("GET", AGREEMENTS, account=None) == {**agreed, "google_pay": False}
    wallets = (await issuer.done("GET", path))["wallets"]
    assert wallets["apple_pay"]["ineligible_reason"] == "missing_cardholder_contact"
    assert wallets["google_pay"]["ineligible_reason"] == "missing_agreement"
    contact = {"email": "jenny.rosen@example.com", "phone_number": "+447700900000"}
    await issuer.done("POST", f"/v1/issuing/cardholders/{issuer.holder}", contact)
    for shown in (await issuer.done("GET", path), await virtual(issuer)):
        assert shown["wallets"]["apple_pay"] == {"eligible": True, "ineligible_reason": None}
    assert await issuer.refused("POST", AGREEMENTS, {"apple_pay": "perhaps"}, account=None)
    assert await issuer.refused("POST", AGREEMENTS, both)


async def test_tokens_by_commands(served: Platform, data: Path) -> None:
    async def run(*words: str) -> str:
        return await asyncio.to_thread(command, data, *words)

    issuer = await Issuer.of(served)
    card = await virtual(issuer)
    account = ("--account", issuer.account_id)
    more = ("--wallet-provider", "apple_pay", "--status", "requested", "--device", "Watch")
    made = await run("tokens", "create", card["id"], *account, *more)
    token, *told = made.split()
    assert told == ["requested", card["id"], "apple_pay"]
    assert "active" in await run("tokens", "activate", token)
    assert "suspended" in await run("tokens", "suspend", token)
    assert "deleted" in await run("tokens", "delete", token)
    assert "refused" in await run("tokens", "activate", token)
    assert "refused" in await run("tokens", "activate", "intok_none")
    assert "refused" in await run("tokens", "create", "ic_none", *account)
    wrong = await run("tokens", "create", card["id"], *account, "--status", "lost")
    assert wrong.startswith("refused: ")
    none = "apple_pay: no\ngoogle_pay: no\n"
    assert await run("wallet-agreements") == none
    assert await run("wallet-agreements", "--apple-pay") == none.replace("no", "yes", 1)
    assert await run("wallet-agreements", "--no-apple-pay") == none

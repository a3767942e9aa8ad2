"""Tokens go the way of their card: deleted with it, or taken over with its number."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.simulator.clocks import START, advance, new_clock
from tests.support.physical import Issuer
from tests.support.server import Platform
from tests.support.spending import spender
from tests.tokens.test_tokens import AUTHORIZATIONS, NETWORK, TOKENS, virtual

CARDS = "/v1/issuing/cards"


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return await Issuer.of(platform)


async def token_of(issuer: Issuer, card: str, **changes: str) -> str:
    made = await issuer.done("POST", NETWORK, {"card": card, **changes})
    return str(made["id"])


async def standing(issuer: Issuer, token: str) -> tuple[str, str]:
    found = await issuer.done("GET", f"{TOKENS}/{token}")
    return found["card"], found["status"]


async def told(issuer: Issuer) -> list[tuple[str, Any]]:
    """The tokens that changed, in order, with what they were before; not when the network said it,
    which another second of the clock changes."""
    found = await issuer.events("issuing_token")
    changes = [(snapshot["id"], before) for _, snapshot, before in found if before]
    for _, before in changes:
        before.pop("network_updated_at", None)
    return changes


@pytest.mark.parametrize("reason", ["lost", "stolen", None])
async def test_tokens_of_a_canceled_card_are_deleted(issuer: Issuer, reason: str | None) -> None:
    card, other = (await virtual(issuer))["id"], (await virtual(issuer))["id"]
    active, asked = await token_of(issuer, card), await token_of(issuer, card, status="requested")
    gone, elsewhere = await token_of(issuer, card), await token_of(issuer, other)
    await issuer.done("POST", f"{TOKENS}/{gone}", {"status": "deleted"})
    await issuer.done("POST", f"{CARDS}/{card}", {"status": "inactive"})
    assert await standing(issuer, active) == (card, "active")
    form = {"status": "canceled"} | ({} if reason is None else {"cancellation_reason": reason})
    await issuer.done("POST", f"{CARDS}/{card}", form)
    for token in (active, asked, gone):
        assert await standing(issuer, token) == (card, "deleted")
    assert await standing(issuer, elsewhere) == (other, "active")
    assert (await told(issuer))[1:] == [
        (active, {"status": "active"}),
        (asked, {"status": "requested"}),
    ]
    if reason is not None:
        replaced = {"replacement_for": card, "replacement_reason": reason}
        await virtual(issuer, **replaced)
        assert await standing(issuer, active) == (card, "deleted")


async def test_who_inherits_the_number_inherits_the_tokens(issuer: Issuer) -> None:
    fund = {"amount": "10000", "currency": "gbp"}
    await issuer.done("POST", "/v1/test_helpers/issuing/fund_balance", fund)
    card = (await virtual(issuer))["id"]
    token = await token_of(issuer, card, wallet_provider="apple_pay")
    suspended = await token_of(issuer, card)
    await issuer.done("POST", f"{TOKENS}/{suspended}", {"status": "suspended"})
    replaced = {"replacement_for": card, "replacement_reason": "damaged", "status": "inactive"}
    successor = (await virtual(issuer, **replaced))["id"]
    assert await standing(issuer, token) == (card, "active")
    await issuer.done("POST", f"{CARDS}/{successor}", {"status": "active"})
    assert await standing(issuer, token) == (successor, "active")
    assert await standing(issuer, suspended) == (successor, "suspended")
    assert (await told(issuer))[1:] == [(token, {"card": card}), (suspended, {"card": card})]
    listed = await issuer.done("GET", f"{TOKENS}?card={successor}")
    assert {one["id"] for one in listed["data"]} == {token, suspended}
    assert (await issuer.done("GET", f"{TOKENS}?card={card}"))["data"] == []
    form = {"card": successor, "amount": "500", "token": token}
    made = await issuer.done("POST", AUTHORIZATIONS, form)
    assert (made["approved"], made["wallet"]) == (True, "apple_pay")
    # What was made active at once takes the tokens with it too.
    replaced = {"replacement_for": successor, "replacement_reason": "damaged"}
    third = (await virtual(issuer, **replaced))["id"]
    assert await standing(issuer, token) == (third, "active")


async def test_tokens_of_an_expired_card_wait_for_its_replacement(platform: Platform) -> None:
    clock = await new_clock(platform)
    payer = await spender(platform, test_clock=clock)
    issuer = Issuer(platform, payer.account, payer.holder)
    start = datetime.fromtimestamp(START, UTC)
    card = await payer.new_card(exp_month=str(start.month), exp_year=str(start.year))
    token = await token_of(issuer, card)
    end = datetime(start.year + start.month // 12, start.month % 12 + 1, 1, tzinfo=UTC)
    await advance(platform, clock, int(end.timestamp()))
    assert await standing(issuer, token) == (card, "active")
    form = {"card": card, "amount": "500", "token": token}
    declined = await issuer.done("POST", AUTHORIZATIONS, form)
    assert declined["request_history"][0]["reason"] == "card_expired"
    replaced = {"replacement_for": card, "replacement_reason": "expired"}
    successor = (await virtual(issuer, **replaced))["id"]
    assert await standing(issuer, token) == (successor, "active")


async def test_no_token_survives_a_card_that_is_canceled_at_once(issuer: Issuer) -> None:
    for _ in range(4):
        card = (await virtual(issuer))["id"]
        made = [issuer.call("POST", NETWORK, {"card": card}) for _ in range(8)]
        cancel = issuer.call("POST", f"{CARDS}/{card}", {"status": "canceled"})
        answers = await asyncio.gather(*made[:4], cancel, *made[4:])
        assert {status for status, _ in answers} <= {200, 400}
        listed = await issuer.done("GET", f"{TOKENS}?card={card}")
        assert {one["status"] for one in listed["data"]} <= {"deleted"}


async def test_a_refund_names_the_token_of_its_capture(issuer: Issuer) -> None:
    fund = {"amount": "10000", "currency": "gbp"}
    await issuer.done("POST", "/v1/test_helpers/issuing/fund_balance", fund)
    card = (await virtual(issuer))["id"]
    token = await token_of(issuer, card, wallet_provider="google_pay")
    form = {"card": card, "amount": "500", "token": token}
    hold = await issuer.done("POST", AUTHORIZATIONS, form)
    captured = await issuer.done("POST", f"{AUTHORIZATIONS}/{hold['id']}/capture")
    [capture] = captured["transactions"]
    # The card is gone meanwhile, and with it the token.
    await issuer.done("POST", f"{CARDS}/{card}", {"status": "canceled"})
    path = f"/v1/test_helpers/issuing/transactions/{capture['id']}/refund"
    refund = await issuer.done("POST", path, {"refund_amount": "200"})
    assert (refund["type"], refund["token"], refund["wallet"]) == ("refund", token, "google_pay")

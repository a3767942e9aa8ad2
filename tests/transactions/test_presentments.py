"""What is presented without an authorization, and what comes back."""

import asyncio
from typing import Any

import pytest

from tests.simulator.clocks import new_clock
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

TRANSACTIONS = "/v1/issuing/transactions"
PRESENTED = "/v1/test_helpers/issuing/transactions"
LIMIT = {
    "spending_controls[spending_limits][0][amount]": "1000",
    "spending_controls[spending_limits][0][interval]": "weekly",
}


async def captured(one: Spender, amount: int) -> str:
    """The transaction of a payment that was authorized and captured."""
    made = await one.authorize(amount)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    identifier: str = done["transactions"][0]["id"]
    return identifier


async def test_the_official_sdk_forces_and_refunds(platform: Platform) -> None:
    """The typed methods of the test helpers, and what they answer with."""
    one = await spender(platform, funds=1000)
    helpers = platform.sdk.v1.test_helpers.issuing.transactions
    acting: Any = {"stripe_account": one.account}
    forced = await asyncio.to_thread(
        helpers.create_force_capture,
        {"card": one.card, "amount": 300, "purchase_details": {"reference": "R-1"}},
        acting,
    )
    assert (forced.type, forced.amount) == ("capture", -300)
    back = await asyncio.to_thread(helpers.refund, forced.id, {"refund_amount": 100}, acting)
    assert (back.type, back.amount, back.merchant_data.name) == ("refund", 100, "Rocket Rides")
    more = await asyncio.to_thread(
        helpers.create_unlinked_refund, {"card": one.card, "amount": 50}, acting
    )
    assert (more.type, more.amount) == ("refund", 50)
    assert await one.available() == 850


async def test_a_forced_capture(platform: Platform) -> None:
    """Nothing refuses it: not the card's status, not its limits, not the funds."""
    one = await spender(platform, funds=100, card=LIMIT)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "inactive"})
    made = await one.done(
        "POST",
        f"{PRESENTED}/create_force_capture",
        {
            "card": one.card,
            "amount": "2500",
            "currency": "gbp",
            "merchant_data[name]": "Rocket Rides",
            "merchant_data[category]": "bakeries",
            "purchase_details[reference]": "R-1",
            "purchase_details[receipt][0][description]": "Bread",
        },
    )
    assert (made["type"], made["amount"], made["authorization"]) == ("capture", -2500, None)
    assert (made["merchant_amount"], made["merchant_currency"]) == (-2500, "gbp")
    assert made["merchant_data"]["category_code"] == "5462"
    assert made["purchase_details"]["reference"] == "R-1"
    assert made["cardholder"] == one.holder
    assert await one.available() == -2400
    assert (await one.movements())[-1] == ("issuing_transaction", -2500)
    assert (await one.events())[-2:] == [
        "issuing_transaction.created",
        "issuing_transaction.purchase_details_receipt_updated",
    ]
    shown = await one.done("GET", f"{TRANSACTIONS}/{made['id']}?expand[]=balance_transaction")
    assert shown["balance_transaction"]["source"] == made["id"]


async def test_a_forced_capture_counts_in_limits(platform: Platform) -> None:
    """What was spent was spent, however it came."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=5000, card=LIMIT, test_clock=clock)
    form = {"card": one.card, "amount": "800"}
    await one.done("POST", f"{PRESENTED}/create_force_capture", form)
    assert not (await one.authorize(201))["approved"]
    assert (await one.authorize(200))["approved"]


async def test_a_refund_gives_room_in_limits(platform: Platform) -> None:
    """In parts, then the rest; never more than was captured."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=5000, card=LIMIT, test_clock=clock)
    transaction = await captured(one, 1000)
    assert not (await one.authorize(1))["approved"]
    path = f"{PRESENTED}/{transaction}/refund"
    part = await one.done("POST", path, {"refund_amount": "300"})
    assert (part["type"], part["amount"], part["merchant_amount"]) == ("refund", 300, 300)
    assert await one.available() == 4300
    assert not (await one.authorize(301))["approved"]
    status, body = await one.call("POST", path, {"refund_amount": "701"})
    assert (status, body["error"]["param"]) == (400, "refund_amount")
    rest = await one.done("POST", path)
    assert rest["amount"] == 700
    assert await one.available() == 5000
    assert (await one.authorize(1000))["approved"]
    status, body = await one.call("POST", path)
    assert (status, "not been refunded" in body["error"]["message"]) == (400, True)
    status, body = await one.call("POST", f"{PRESENTED}/{rest['id']}/refund")
    assert (status, body["error"]["message"]) == (400, "Only a capture can be refunded.")
    linked = await one.done("GET", f"/v1/issuing/authorizations/{part['authorization']}")
    assert [item["amount"] for item in linked["transactions"]] == [-1000, 300, 700]
    assert (await one.done("GET", f"{TRANSACTIONS}?type=refund"))["data"][0]["id"] == rest["id"]


async def test_refunds_in_parts_come_to_the_whole(platform: Platform) -> None:
    """In the merchant's currency too, however the parts are rounded."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(100, merchant_amount="133", merchant_currency="usd")
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    [spent] = done["transactions"]
    parts = [
        await one.done("POST", f"{PRESENTED}/{spent['id']}/refund", {"refund_amount": amount})
        for amount in ("33", "33", "34")
    ]
    assert [part["merchant_amount"] for part in parts] == [43, 44, 46]
    assert sum(part["merchant_amount"] for part in parts) == -spent["merchant_amount"] == 133


async def test_refunds_at_once(platform: Platform) -> None:
    """Ten of all of it: one is given."""
    one = await spender(platform, funds=1000)
    transaction = await captured(one, 400)
    path = f"{PRESENTED}/{transaction}/refund"
    found = await asyncio.gather(*[one.call("POST", path) for _ in range(10)])
    assert sorted(status for status, _ in found) == [200, *[400] * 9]
    assert await one.available() == 1000


async def test_an_unlinked_refund(platform: Platform) -> None:
    """Money comes back for no capture in particular; limits are as they were."""
    one = await spender(platform, funds=1000, card=LIMIT)
    await captured(one, 1000)
    form = {"card": one.card, "amount": "250"}
    made = await one.done("POST", f"{PRESENTED}/create_unlinked_refund", form)
    assert (made["type"], made["amount"], made["authorization"]) == ("refund", 250, None)
    assert await one.available() == 250
    assert not (await one.authorize(1))["approved"]


@pytest.mark.parametrize("verb", ["create_force_capture", "create_unlinked_refund"])
async def test_a_card_that_is_not_there(platform: Platform, verb: str) -> None:
    """Refused by name; so is what is no amount."""
    one = await spender(platform)
    status, body = await one.call("POST", f"{PRESENTED}/{verb}", {"card": "ic_no", "amount": "1"})
    assert (status, body["error"]["param"]) == (404, "card")
    status, body = await one.call("POST", f"{PRESENTED}/{verb}", {"card": one.card, "amount": "0"})
    assert (status, body["error"]["param"]) == (400, "amount")
    form: Any = {"card": one.card}
    status, body = await one.call("POST", f"{PRESENTED}/{verb}", form)
    assert (status, body["error"]["code"]) == (400, "parameter_missing")
    status, body = await one.call("POST", f"{PRESENTED}/ipi_no/refund")
    assert (status, body["error"]["code"]) == (404, "resource_missing")

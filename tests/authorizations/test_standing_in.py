"""What the card network decided in our place."""

from typing import Any

import pytest

from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

DECISIONS = "/_cardwright/issuing/network_decisions"
MERCHANT = {
    "merchant_data[category]": "grocery_stores_supermarkets",
    "merchant_data[network_id]": "4445",
    "merchant_data[name]": "Corner Shop",
}


async def decided(one: Spender, amount: int, approved: str = "true", **more: str) -> Any:
    """A decision of the network."""
    form = {"card": one.card, "amount": str(amount), "approved": approved, **MERCHANT, **more}
    return await one.done("POST", DECISIONS, form)


async def test_an_approval_is_held_whatever_there_is(platform: Platform) -> None:
    """Beyond funds and on an inactive card; it counts, and lives on as any other."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "2000",
        "spending_controls[spending_limits][0][interval]": "all_time",
    }
    one = await spender(platform, funds=1000, card=limit)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "inactive"})
    made = await decided(one, 1500)
    assert (made["approved"], made["status"], made["amount"]) == (True, "pending", 1500)
    [line] = made["request_history"]
    assert (line["reason"], line["approved"]) == ("network_fallback", True)
    assert made["merchant_data"]["category_code"] == "5411"
    assert await one.available() == -500
    assert (await one.events())[-1] == "issuing_authorization.created"
    told = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}/explain")
    [decision] = told["decisions"]
    assert (decision["occasion"], decision["rules"]) == ("network", [])
    await one.fund(10_000)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "active"})
    refused = await one.authorize(501)
    assert refused["request_history"][0]["reason"] == "spending_controls"
    closed = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert closed["status"] == "closed"
    assert await one.available() == 9500
    await check_books(one)


async def test_a_decline_holds_nothing(platform: Platform) -> None:
    """It is on record, and that is all."""
    one = await spender(platform, funds=1000)
    made = await decided(one, 700, "false")
    assert (made["approved"], made["status"]) == (False, "closed")
    assert made["request_history"][0]["reason"] == "network_fallback"
    assert await one.available() == 1000
    assert made["balance_transactions"] == []
    await check_books(one)


async def test_told_twice_it_is_one(platform: Platform) -> None:
    """The network repeats what it does not know to have arrived."""
    one = await spender(platform, funds=1000)
    first = await decided(one, 700, network_reference="advice-1")
    assert await decided(one, 700, network_reference="advice-1") == first
    assert await one.available() == 300
    assert len((await one.done("GET", AUTHORIZATIONS))["data"]) == 1


@pytest.mark.parametrize(
    ("form", "status", "param"),
    [
        ({"card": "ic_none"}, 404, "card"),
        ({"amount": "-1"}, 400, "amount"),
        ({"approved": "perhaps"}, 400, "approved"),
        ({"merchant_data[category]": "x"}, 400, "merchant_data[category]"),
        ({"merchant_currency": "usd"}, 400, "merchant_amount"),
    ],
)
async def test_what_is_refused(
    platform: Platform, form: dict[str, str], status: int, param: str
) -> None:
    """The parameter is named, and nothing is written."""
    one = await spender(platform, funds=1000)
    whole = {"card": one.card, "amount": "1", "approved": "true", **MERCHANT, **form}
    found, body = await one.call("POST", DECISIONS, whole)
    assert (found, body["error"]["param"]) == (status, param)
    assert (await one.done("GET", AUTHORIZATIONS))["data"] == []

"""Card transactions: listed, changed, counted."""

from tests.simulator.clocks import new_clock
from tests.support.server import Platform
from tests.support.spending import HELPERS, spender

TRANSACTIONS = "/v1/issuing/transactions"


async def test_lists_and_metadata(platform: Platform) -> None:
    """Newest first, by card and type; metadata merges and says so."""
    one = await spender(platform, funds=10_000)
    first_card = one.card
    for card in (first_card, await one.new_card()):
        one.card = card
        made = await one.authorize(500)
        await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    listed = (await one.done("GET", TRANSACTIONS))["data"]
    assert [item["card"] for item in listed] == [one.card, first_card]
    found = await one.done("GET", f"{TRANSACTIONS}?card={first_card}&type=capture")
    assert [item["id"] for item in found["data"]] == [listed[1]["id"]]
    assert (await one.done("GET", f"{TRANSACTIONS}?type=refund"))["data"] == []
    path = f"{TRANSACTIONS}/{listed[0]['id']}"
    changed = await one.done("POST", path, {"metadata[a]": "1", "metadata[b]": "2"})
    assert changed["metadata"] == {"a": "1", "b": "2"}
    changed = await one.done("POST", path, {"metadata[a]": ""})
    assert changed["metadata"] == {"b": "2"}
    assert (await one.events()).count("issuing_transaction.updated") == 2
    status, body = await one.call("POST", path, {"amount": "1"})
    assert (status, body["error"]["code"]) == (400, "parameter_unknown")


async def test_limits_count_what_was_captured(platform: Platform) -> None:
    """Less than was authorized gives room back, more takes it."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "1000",
        "spending_controls[spending_limits][0][interval]": "weekly",
    }
    clock = await new_clock(platform)
    one = await spender(platform, funds=10_000, card=limit, test_clock=clock)
    made = await one.authorize(1000)
    assert not (await one.authorize(1))["approved"]
    await one.done("POST", f"{HELPERS}/{made['id']}/capture", {"capture_amount": "400"})
    second = await one.authorize(500)
    assert second["approved"]
    assert not (await one.authorize(101))["approved"]
    await one.done("POST", f"{HELPERS}/{second['id']}/capture", {"capture_amount": "600"})
    assert not (await one.authorize(1))["approved"]
    assert await one.available() == 9000


async def test_a_declined_authorization_is_not_captured(platform: Platform) -> None:
    """What was not approved cannot be captured, nor expired, nor reversed."""
    one = await spender(platform)
    made = await one.authorize(500)
    for verb in ("capture", "expire", "reverse"):
        status, body = await one.call("POST", f"{HELPERS}/{made['id']}/{verb}")
        assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    assert (await one.done("GET", TRANSACTIONS))["data"] == []


async def test_the_merchants_amount_follows_the_amount(platform: Platform) -> None:
    """The same number in one currency; in another, always at the rate of the request."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(1000)
    less = await one.done("POST", f"{HELPERS}/{made['id']}/reverse", {"reverse_amount": "300"})
    assert less["amount"] == less["merchant_amount"] == 700
    abroad = await one.authorize(1000, merchant_amount="1500", merchant_currency="usd")
    path = f"{HELPERS}/{abroad['id']}"
    for verb, form, amount in (
        ("reverse", {"reverse_amount": "400"}, 600),
        ("increment", {"increment_amount": "200"}, 800),
        ("capture", {"capture_amount": "100", "close_authorization": "false"}, 800),
        ("reverse", {"reverse_amount": "700"}, 100),
        ("capture", {"capture_amount": "50"}, 100),
    ):
        now = await one.done("POST", f"{path}/{verb}", form)
        assert (now["amount"], now["merchant_amount"]) == (amount, amount * 3 // 2)
    assert [record["merchant_amount"] for record in now["request_history"]] == [1500, 300]
    listed = (await one.done("GET", TRANSACTIONS))["data"]
    assert [(item["amount"], item["merchant_amount"]) for item in listed] == [
        (-50, -75),
        (-100, -150),
    ]


async def test_the_source_of_a_balance_transaction_expands_by_its_kind(platform: Platform) -> None:
    """A path below the source is for those that have such a member, whatever the others are."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(500)
    await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    query = "expand[]=data.source.card&expand[]=data.source.card.replaced_by"
    listed = (await one.done("GET", f"/v1/balance_transactions?{query}"))["data"]
    sources = [item["source"] for item in listed if item["source"] is not None]
    assert {source["object"] for source in sources} == {
        "issuing.transaction",
        "issuing.authorization",
    }
    cards = [(source["card"]["object"], source["card"]["id"]) for source in sources]
    assert set(cards) == {("issuing.card", one.card)}
    status, body = await one.call("GET", "/v1/balance_transactions?expand[]=data.source.nonsense")
    assert (status, body["error"]["param"]) == (400, "data.source.nonsense")

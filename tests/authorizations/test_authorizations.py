"""A card pays, or does not: the whole way over HTTP."""

import asyncio

import pytest

from cardwright.ledger import audit
from tests.simulator.clocks import new_clock
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

AUTHORIZATIONS = "/v1/issuing/authorizations"


async def check_books(one: Spender) -> None:
    """The books of the account are right."""
    database = one.platform.live.application.database
    async with database.connection() as connection:
        assert await audit.verify(connection, one.account) == []


async def test_fund_authorize_capture(platform: Platform) -> None:
    """100, 70, 75: a hold, its release, and what was captured."""
    one = await spender(platform, funds=10_000)
    assert await one.available() == 10_000
    made = await one.authorize(3000)
    assert await one.available() == 7000
    assert (made["object"], made["approved"], made["status"]) == (
        "issuing.authorization",
        True,
        "pending",
    )
    assert made["amount"] == made["merchant_amount"] == 3000
    assert made["request_history"][0]["reason"] == "card_active"
    assert made["card"]["id"] == one.card
    assert made["card"]["cardholder"]["id"] == made["cardholder"] == one.holder
    assert [hold["amount"] for hold in made["balance_transactions"]] == [-3000]
    assert made["merchant_data"]["category_code"] == "4121"

    closed = await one.done("POST", f"{HELPERS}/{made['id']}/capture", {"capture_amount": "2500"})
    assert await one.available() == 7500
    assert closed["status"] == "closed"
    assert [spent["amount"] for spent in closed["transactions"]] == [-2500]
    assert await one.movements() == [
        ("topup", 10_000),
        ("issuing_authorization_hold", -3000),
        ("issuing_authorization_release", 3000),
        ("issuing_transaction", -2500),
    ]
    assert closed == await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
    deep = "expand[]=transactions.card&expand[]=transactions&expand[]=cardholder"
    found = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}?{deep}")
    assert found["transactions"][0]["card"] == found["card"]
    assert found["cardholder"]["id"] == one.holder
    assert [kind for kind in await one.events() if "authorization" in kind or "tion" in kind] == [
        "issuing_authorization.created",
        "issuing_transaction.created",
        "issuing_authorization.updated",
    ]
    listed = await one.done("GET", "/v1/issuing/transactions")
    assert listed["data"] == closed["transactions"]
    assert listed["data"][0]["authorization"] == made["id"]
    await check_books(one)


@pytest.mark.parametrize(
    ("holder", "card", "funds", "form", "expected"),
    [
        ({}, {}, 999, {}, "insufficient_funds"),
        ({}, {}, 0, {}, "insufficient_funds"),
        (
            {},
            {"spending_controls[blocked_categories][]": "taxicabs_limousines"},
            5000,
            {},
            "spending_controls",
        ),
        ({}, {"status": "inactive"}, 5000, {}, "card_inactive"),
        ({"status": "inactive"}, {}, 5000, {}, "cardholder_inactive"),
        ({}, {}, 5000, {"verification_data[cvc_check]": "mismatch"}, "verification_failed"),
        ({}, {}, 5000, {"risk_assessment[fraud_risk][level]": "highest"}, "suspected_fraud"),
        (
            {
                "spending_controls[spending_limits][0][amount]": "999",
                "spending_controls[spending_limits][0][interval]": "daily",
            },
            {},
            5000,
            {},
            "spending_controls",
        ),
    ],
)
@pytest.mark.calendar
async def test_declines(
    platform: Platform,
    holder: dict[str, str],
    card: dict[str, str],
    funds: int,
    form: dict[str, str],
    expected: str,
) -> None:
    """A decline is an answer: 200, closed, the reason, nothing held, one event."""
    active = {name: value for name, value in holder.items() if name != "status"}
    one = await spender(platform, funds=funds, holder=active, card=card)
    if "status" in holder:
        await one.done(
            "POST", f"/v1/issuing/cardholders/{one.holder}", {"status": holder["status"]}
        )
    made = await one.authorize(1000, **form)
    assert (made["approved"], made["status"], made["amount"]) == (False, "closed", 1000)
    assert [record["reason"] for record in made["request_history"]] == [expected]
    assert made["balance_transactions"] == []
    assert await one.available() == funds
    assert "issuing_authorization_hold" not in dict(await one.movements())
    assert (await one.events()).count("issuing_authorization.created") == 1


async def test_restricted_account(platform: Platform) -> None:
    """Without its capability an account pays nothing."""
    one = await spender(platform, funds=5000)
    await platform.live.application.database.pool.execute(
        "update account_capabilities set status = 'restricted' where account_id = $1", one.account
    )
    made = await one.authorize(1000)
    assert made["request_history"][0]["reason"] == "account_disabled"
    assert not made["approved"]


async def test_limits_span_cards_and_days_count_once(platform: Platform) -> None:
    """A cardholder's limit covers all their cards; what is reversed no longer counts."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "3000",
        "spending_controls[spending_limits][0][interval]": "monthly",
    }
    clock = await new_clock(platform)
    one = await spender(platform, funds=100_000, holder=limit, test_clock=clock)
    first = await one.authorize(2000)
    one.card = await one.new_card()
    refused = await one.authorize(1001)
    assert refused["request_history"][0]["reason"] == "spending_controls"
    assert (await one.authorize(1000))["approved"]
    reversed_ = await one.done("POST", f"{HELPERS}/{first['id']}/reverse")
    assert (reversed_["status"], reversed_["amount"]) == ("reversed", 0)
    assert (await one.authorize(2000))["approved"]
    assert not (await one.authorize(1))["approved"]
    await check_books(one)


@pytest.mark.calendar
async def test_parts_of_a_life(platform: Platform) -> None:
    """Increment, capture in parts, over-capture, expire."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(1000)
    path = f"{HELPERS}/{made['id']}"
    grown = await one.done("POST", f"{path}/increment", {"increment_amount": "500"})
    assert (grown["amount"], len(grown["request_history"])) == (1500, 2)
    assert await one.available() == 8500
    part = await one.done(
        "POST", f"{path}/capture", {"capture_amount": "400", "close_authorization": "false"}
    )
    assert part["status"] == "pending"
    assert await one.available() == 8500
    refused = await one.done("POST", f"{path}/increment", {"increment_amount": "20000"})
    assert refused["request_history"][-1]["reason"] == "insufficient_funds"
    assert refused["amount"] == 1500
    expired = await one.done("POST", f"{path}/expire")
    assert expired["status"] == "expired"
    assert await one.available() == 9600
    late = await one.done("POST", f"{path}/capture", {"capture_amount": "20000"})
    assert [spent["amount"] for spent in late["transactions"]] == [-400, -20_000]
    assert await one.available() == -10_400
    status, body = await one.call("POST", f"{path}/reverse")
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    await check_books(one)


@pytest.mark.parametrize(
    ("form", "status", "code", "param"),
    [
        ({"amount": "-1"}, 400, "parameter_invalid_integer", "amount"),
        ({"amount": "100000000"}, 400, "parameter_invalid_integer", "amount"),
        ({"amount": "1e3"}, 400, "parameter_invalid_integer", "amount"),
        ({}, 400, "parameter_missing", "amount"),
        ({"amount": "1", "card": "ic_none"}, 404, "resource_missing", "card"),
        ({"amount": "1", "card": "ic_\x1f"}, 404, "resource_missing", "card"),
        ({"amount": "1", "currency": "usd"}, 400, None, "currency"),
        ({"amount": "1", "merchant_data[category]": "x"}, 400, None, "merchant_data[category]"),
        (
            {"amount": "1", "verification_data[three_d_secure][result]": "x"},
            400,
            None,
            "verification_data[three_d_secure][result]",
        ),
        ({"amount": "1", "unheard_of": "1"}, 400, "parameter_unknown", "unheard_of"),
    ],
)
async def test_bad_requests(
    platform: Platform, form: dict[str, str], status: int, code: str | None, param: str
) -> None:
    """A request that cannot be one is refused, and nothing is written."""
    one = await spender(platform, funds=5000)
    found, body = await one.call("POST", HELPERS, {"card": one.card, **form})
    assert (found, body["error"].get("code"), body["error"].get("param")) == (status, code, param)
    assert (await one.done("GET", AUTHORIZATIONS))["data"] == []
    assert await one.available() == 5000


async def test_older_form_and_sdk(platform: Platform) -> None:
    """The older path of a test, and the official SDK over the whole life."""
    one = await spender(platform, funds=5000)
    held = await one.done(
        "POST",
        f"/v1/issuing/cards/{one.card}/test/authorizations",
        {"held_amount": "700", "authorization_method": "chip"},
    )
    assert (held["amount"], held["card_presence"]) == (700, "present")
    sdk = platform.sdk
    options = {"stripe_account": one.account}
    made = await asyncio.to_thread(
        sdk.v1.test_helpers.issuing.authorizations.create,
        {"card": one.card, "amount": 1000, "expand": ["cardholder"]},
        options,  # type: ignore[arg-type]
    )
    assert made.approved
    assert made.cardholder.name == "Jenny Rosen"  # type: ignore[union-attr]
    changed = await asyncio.to_thread(
        sdk.v1.issuing.authorizations.update,
        made.id,
        {"metadata": {"order_id": "6735"}},
        options,  # type: ignore[arg-type]
    )
    assert changed.metadata["order_id"] == "6735"
    listed = await asyncio.to_thread(
        sdk.v1.issuing.authorizations.list,
        {"card": one.card, "status": "pending"},
        options,  # type: ignore[arg-type]
    )
    assert [found.id for found in listed.data] == [made.id, held["id"]]
    captured = await asyncio.to_thread(
        sdk.v1.test_helpers.issuing.authorizations.capture,
        made.id,
        {"purchase_details": {"reference": "8vWI5Ycf"}},
        options,  # type: ignore[arg-type]
    )
    transaction = await asyncio.to_thread(
        sdk.v1.issuing.transactions.retrieve,
        captured.transactions[0].id,
        {"expand": ["authorization", "purchase_details", "balance_transaction"]},
        options,  # type: ignore[arg-type]
    )
    assert transaction.authorization.id == made.id  # type: ignore[union-attr]
    assert transaction.balance_transaction.amount == -1000  # type: ignore[union-attr]
    assert transaction.purchase_details is not None
    assert transaction.purchase_details.reference == "8vWI5Ycf"


async def test_walls(platform: Platform) -> None:
    """Another account's card and authorization are as good as absent."""
    one = await spender(platform, funds=5000)
    other = await spender(platform, funds=5000)
    status, body = await one.call("POST", HELPERS, {"card": other.card, "amount": "1"})
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    made = await other.authorize(1)
    status, body = await one.call("POST", f"{HELPERS}/{made['id']}/capture")
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_one_key_for_an_authorization_and_a_capture_at_once(platform: Platform) -> None:
    """The lane and the ordinary pipe meet under one key: the second is refused and undone."""
    one = await spender(platform, funds=10_000)
    for number in range(5):
        key = f"both-{number}"
        held = await one.authorize(1000)
        answers = await asyncio.gather(
            one.call("POST", HELPERS, {"card": one.card, "amount": "100"}, idempotency_key=key),
            one.call("POST", f"{HELPERS}/{held['id']}/capture", {}, idempotency_key=key),
        )
        good = [body for status, body in answers if status == 200]
        again = [
            await one.call(
                "POST", HELPERS, {"card": one.card, "amount": "100"}, idempotency_key=key
            ),
            await one.call("POST", f"{HELPERS}/{held['id']}/capture", {}, idempotency_key=key),
        ]
        assert len(good) == 1, answers
        assert [body for status, body in again if status == 200] == good
    await check_books(one)

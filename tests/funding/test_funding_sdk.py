"""Balance, top-ups and funding through the official SDK on a live port."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.ledger import audit
from cardwright.roles.provisioning import create_platform
from tests.support.server import Live, Platform

FUND = "/v1/test_helpers/issuing/fund_balance"


async def fund(platform: Platform, amount: int, currency: str = "gbp") -> Any:
    status, body = await platform.call(
        "POST", FUND, form={"amount": str(amount), "currency": currency}
    )
    assert status == 200, body
    return body


async def issuing(platform: Platform) -> dict[str, int]:
    balance = await asyncio.to_thread(platform.sdk.v1.balance.retrieve)
    assert balance.issuing is not None
    return {each.currency: each.amount for each in balance.issuing.available}


async def test_a_new_account_has_nothing_in_its_own_currency(platform: Platform) -> None:
    balance = await asyncio.to_thread(platform.sdk.v1.balance.retrieve)
    assert balance.object == "balance"
    assert balance.livemode is False
    nothing = [{"amount": 0, "currency": "usd"}]
    shown = balance.to_dict()
    assert shown["issuing"] == {"available": nothing}
    assert shown["connect_reserved"] == nothing
    for bucket in ("available", "pending", "instant_available"):
        assert shown[bucket] == [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]


async def test_funding_reaches_the_issuing_balance(platform: Platform) -> None:
    made = await fund(platform, 10_000)
    assert made["object"] == "funding_instructions"
    assert made["funding_type"] == "bank_transfer"
    assert made["bank_transfer"]["type"] == "gb_bank_transfer"
    assert await issuing(platform) == {"gbp": 10_000, "usd": 0}
    assert await fund(platform, 1) == made, "the instructions stay the same"
    await fund(platform, 500, "usd")
    assert await issuing(platform) == {"gbp": 10_001, "usd": 500}

    listed = await asyncio.to_thread(platform.sdk.v1.balance_transactions.list)
    assert [(item.amount, item.currency) for item in listed.data] == [
        (500, "usd"),
        (1, "gbp"),
        (10_000, "gbp"),
    ]
    newest = listed.data[0]
    assert newest.id.startswith("txn_")
    assert newest.to_dict() == {
        "id": newest.id,
        "object": "balance_transaction",
        "amount": 500,
        "available_on": newest.created,
        "balance_type": "issuing",
        "created": newest.created,
        "currency": "usd",
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": 500,
        "reporting_category": "topup",
        "source": None,
        "status": "available",
        "type": "topup",
    }
    found = await asyncio.to_thread(platform.sdk.v1.balance_transactions.retrieve, newest.id)
    assert found.to_dict() == newest.to_dict()


async def test_an_iban_has_right_check_digits(platform: Platform) -> None:
    made = await fund(platform, 100, "eur")
    iban = made["bank_transfer"]["financial_addresses"][0]["iban"]["iban"]
    moved = iban[4:] + iban[:4]
    assert int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"amount": "-5", "currency": "gbp"}, "amount"),
        ({"amount": "0", "currency": "gbp"}, "amount"),
        ({"amount": "100000000", "currency": "gbp"}, "amount"),
        ({"amount": "99999999999999999999999", "currency": "gbp"}, "amount"),
        ({"amount": "1e3", "currency": "gbp"}, "amount"),
        ({"amount": "5", "currency": "jpy"}, "currency"),
        ({"amount": "5"}, "currency"),
        ({"currency": "gbp"}, "amount"),
        ({"amount": "5", "currency": "gbp", "account": "acct_1"}, "account"),
    ],
)
async def test_bad_funding_is_refused(platform: Platform, form: Any, param: str) -> None:
    status, body = await platform.call("POST", FUND, form=form)
    assert (status, body["error"]["param"]) == (400, param)
    assert await issuing(platform) == {"usd": 0}


async def test_topup_to_issuing_and_to_payments(platform: Platform) -> None:
    sdk = platform.sdk.v1.topups
    params: Any = {
        "amount": 2500,
        "currency": "usd",
        "description": "Weekly",
        "statement_descriptor": "Weekly",
        "metadata": {"week": "7"},
        "destination_balance": "issuing",
    }
    made = await asyncio.to_thread(sdk.create, params)
    assert made.id.startswith("tu_")
    assert (made.object, made.status, made.amount) == ("topup", "succeeded", 2500)
    assert made.balance_transaction is not None
    assert await issuing(platform) == {"usd": 2500}

    found = await asyncio.to_thread(
        sdk.retrieve, made.id, {"expand": ["balance_transaction.source"]}
    )
    transaction = found.balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    assert (transaction.type, transaction.description) == ("topup", "Weekly")
    assert isinstance(transaction.source, stripe.Topup)
    assert transaction.source.id == made.id

    other = await asyncio.to_thread(sdk.create, {"amount": 70, "currency": "eur"})
    balance = (await asyncio.to_thread(platform.sdk.v1.balance.retrieve)).to_dict()
    assert {each["currency"]: each["amount"] for each in balance["available"]} == {
        "eur": 70,
        "usd": 0,
    }
    changed = await asyncio.to_thread(sdk.update, other.id, {"description": "Later"})
    assert changed.description == "Later"
    listed = await asyncio.to_thread(sdk.list, {"status": "succeeded", "limit": 1})
    assert [item.id for item in listed.data] == [other.id]
    assert listed.has_more is True

    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, platform.keys.account_id) == []
        types = await connection.fetch(
            "select type from events where account_id = $1 order by id",
            platform.keys.account_id,
        )
    assert [row["type"] for row in types] == [
        "topup.created",
        "topup.succeeded",
        "balance.available",
    ] * 2


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "9223372036854775808"}, "amount"),
        ({"currency": "jpy"}, "currency"),
        ({"currency": "pounds"}, "currency"),
        ({"destination_balance": "clearing"}, "destination_balance"),
        ({"statement_descriptor": "sixteen letters."}, "statement_descriptor"),
        ({"status": "succeeded"}, "status"),
        ({"balance_transaction": "txn_1"}, "balance_transaction"),
    ],
)
async def test_a_bad_topup_is_refused(platform: Platform, change: Any, param: str) -> None:
    form = {"amount": "100", "currency": "usd", **change}
    status, body = await platform.call("POST", "/v1/topups", form=form)
    assert (status, body["error"]["param"]) == (400, param)
    assert (await platform.call("GET", "/v1/topups"))[1]["data"] == []
    assert await issuing(platform) == {"usd": 0}


async def test_balance_transactions_filter_and_page(platform: Platform) -> None:
    for amount in (1, 2, 3):
        await fund(platform, amount)
    params: Any = {"amount": 4, "currency": "usd", "destination_balance": "issuing"}
    topup = await asyncio.to_thread(platform.sdk.v1.topups.create, params)
    listing = platform.sdk.v1.balance_transactions.list

    async def amounts(**filters: Any) -> list[int]:
        page = await asyncio.to_thread(lambda: listing({**filters}))  # type: ignore[arg-type]
        return [item.amount for item in page.data]

    assert await amounts() == [4, 3, 2, 1]
    assert await amounts(currency="gbp") == [3, 2, 1]
    assert await amounts(source=topup.id) == [4]
    assert await amounts(type="issuing_transaction") == []
    assert await amounts(type="topup", limit=2) == [4, 3]
    assert await amounts(created={"gt": 2**34}) == []
    pages = await asyncio.to_thread(listing, {"limit": 3})
    assert await asyncio.to_thread(lambda: [item.amount for item in pages.auto_paging_iter()]) == [
        4,
        3,
        2,
        1,
    ]
    status, body = await platform.call("GET", "/v1/balance_transactions?type=unheard_of")
    assert (status, body["error"]["param"]) == (400, "type")
    status, body = await platform.call("GET", "/v1/balance_transactions?payout=po_none")
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    listed = await asyncio.to_thread(platform.sdk.v1.topups.list, {"amount": 4})
    assert [item.id for item in listed.data] == [topup.id]
    assert (await asyncio.to_thread(platform.sdk.v1.topups.list, {"amount": 5})).data == []


async def test_other_accounts_money_is_out_of_sight(platform: Platform, live: Live) -> None:
    made = await asyncio.to_thread(platform.sdk.v1.topups.create, {"amount": 5, "currency": "usd"})
    stranger = Platform(live, await create_platform(live.application.database))
    for path in (f"/v1/topups/{made.id}", f"/v1/balance_transactions/{made.balance_transaction}"):
        status, body = await stranger.call("GET", path)
        assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert (await stranger.call("GET", "/v1/balance_transactions"))[1]["data"] == []


async def test_live_money_does_not_come_from_nowhere(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    status, body = await platform.call("POST", FUND, form={"amount": "5", "currency": "gbp"})
    assert (status, body["error"]["code"]) == (400, "testmode_only")
    made = await asyncio.to_thread(platform.sdk.v1.topups.create, {"amount": 5, "currency": "usd"})
    assert (made.status, made.livemode) == ("pending", True)
    balance = await asyncio.to_thread(platform.sdk.v1.balance.retrieve)
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 5)


@pytest.mark.parametrize(("country", "currency"), [("gb", "gbp"), ("us", "usd"), ("de", "eur")])
async def test_an_account_shows_its_own_currency(
    platform: Platform, country: str, currency: str
) -> None:
    status, account = await platform.call(
        "POST",
        "/v2/core/accounts",
        json={"identity": {"country": country}},
        version="2026-05-27.preview",
    )
    assert status == 200, account
    _, balance = await platform.call("GET", "/v1/balance", account=account["id"])
    assert balance["issuing"]["available"] == [{"amount": 0, "currency": currency}]
    assert "connect_reserved" not in balance, "only a platform has reserves"


async def test_the_same_key_funds_once(platform: Platform) -> None:
    form = {"amount": "100", "currency": "gbp"}
    answers = await asyncio.gather(
        *(platform.call("POST", FUND, form=form, idempotency_key="once") for _ in range(10))
    )
    assert {status for status, _ in answers} <= {200, 409}
    assert await issuing(platform) == {"gbp": 100, "usd": 0}


async def test_concurrent_funding_adds_up(platform: Platform) -> None:
    await asyncio.gather(*(fund(platform, 7) for _ in range(20)))
    assert await issuing(platform) == {"gbp": 140, "usd": 0}
    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, platform.keys.account_id) == []

"""Cards that spend a financial account."""

import asyncio
from typing import Any

import pytest

from tests.authorizations.real_time.test_asking import answer, configured
from tests.financial_accounts.support import Keeper, keeper
from tests.support.receiver import Receiver
from tests.support.server import Platform
from tests.support.spending import HELPERS, HOLDER


@pytest.fixture
async def owner(platform: Platform) -> Keeper:
    """A British account that keeps money and issues cards."""
    return await keeper(platform, issues=True)


async def card_on(owner: Keeper, account: str, name: str = "financial_account") -> Any:
    holder = await owner.done("POST", "/v1/issuing/cardholders", form=HOLDER)
    form = {
        "cardholder": holder["id"],
        "currency": owner.currency,
        "type": "virtual",
        "status": "active",
        name: account,
    }
    return await owner.done("POST", "/v1/issuing/cards", form=form)


async def authorize(owner: Keeper, card: str, amount: int) -> Any:
    return await owner.done("POST", HELPERS, form={"card": card, "amount": str(amount)})


async def after(owner: Keeper, authorization: str, verb: str, **form: str) -> Any:
    return await owner.done("POST", f"{HELPERS}/{authorization}/{verb}", form=form)


async def test_a_payment_is_held_captured_and_refunded(owner: Keeper) -> None:
    account = await owner.funded(1_000)
    card = await card_on(owner, account)
    assert card["financial_account"] == account
    held = await authorize(owner, card["id"], 400)
    assert held["approved"] is True
    assert held["balance_transactions"] == []
    [pending] = (await owner.done("GET", "transactions?limit=1"))["data"]
    assert held["treasury"] == {
        "received_credits": [],
        "received_debits": [],
        "transaction": pending["id"],
    }
    assert (pending["category"], pending["status"]) == ("issuing_authorization", "pending")
    assert pending["flow"] == {
        "type": "issuing_authorization",
        "issuing_authorization": held["id"],
    }
    assert pending["balance_impact"]["outbound_pending"]["value"] == 400
    assert await owner.balance(account) == (600, 0, 400)

    captured = await after(owner, held["id"], "capture", capture_amount="350")
    assert await owner.balance(account) == (650, 0, 0)
    [debit] = (await owner.done("GET", "received_debits"))["data"]
    [spent] = captured["transactions"]
    assert spent["treasury"] == {"received_credit": None, "received_debit": debit["id"]}
    assert captured["treasury"]["received_debits"] == [debit["id"]]
    assert debit["card_spend"] == {
        "authorization": {"amount": owner.money(400), "issuing_authorization_v1": held["id"]},
        "card_transactions": [{"amount": owner.money(350), "issuing_transaction_v1": spent["id"]}],
        "card_v1_id": card["id"],
    }
    assert (await owner.transactions(account))[:2] == [
        ("issuing_transaction", "posted", -350),
        ("issuing_authorization", "void", -400),
    ]

    path = f"/v1/test_helpers/issuing/transactions/{spent['id']}/refund"
    refunded = await owner.done("POST", path, form={"refund_amount": "50"})
    assert await owner.balance(account) == (700, 0, 0)
    credit = (await owner.done("GET", "received_credits?limit=1"))["data"][0]
    assert refunded["treasury"] == {"received_credit": credit["id"], "received_debit": None}
    assert credit["card_spend"]["refund"] == {"issuing_transaction_v1": refunded["id"]}
    issuing = await owner.done("GET", "/v1/balance")
    assert all(one["amount"] == 0 for one in issuing["issuing"]["available"])
    assert (await owner.done("GET", "/v1/balance_transactions"))["data"] == []
    await owner.clean()


@pytest.mark.parametrize("ending", ["reverse", "expire"])
async def test_what_is_not_captured_is_given_back(owner: Keeper, ending: str) -> None:
    account = await owner.funded(100)
    card = await card_on(owner, account, "financial_account_v2")
    held = await authorize(owner, card["id"], 100)
    assert await owner.balance(account) == (0, 0, 100)
    await after(owner, held["id"], ending)
    assert await owner.balance(account) == (100, 0, 0)
    assert (await owner.transactions(account))[0] == ("issuing_authorization", "void", -100)
    await owner.clean()


async def test_what_the_account_does_not_have(owner: Keeper) -> None:
    account = await owner.funded(100)
    card = await card_on(owner, account)
    form = {"amount": "1000", "currency": "gbp"}
    await owner.done("POST", "/v1/test_helpers/issuing/fund_balance", form=form)
    declined = await authorize(owner, card["id"], 101)
    assert declined["request_history"][0]["reason"] == "insufficient_funds"
    assert declined["treasury"] is None
    answers = await asyncio.gather(*[authorize(owner, card["id"], 100) for _ in range(4)])
    assert sorted(one["approved"] for one in answers) == [False, False, False, True]
    assert await owner.balance(account) == (0, 0, 100)
    await owner.clean()


async def test_an_account_with_holds_is_not_closed(owner: Keeper) -> None:
    account = await owner.funded(100)
    card = await card_on(owner, account)
    held = await authorize(owner, card["id"], 100)
    refused = await owner.refused("POST", f"financial_accounts/{account}/close")
    assert refused["code"] == "non_zero_balance"
    await after(owner, held["id"], "capture")
    await owner.done("POST", f"financial_accounts/{account}/close")
    declined = await authorize(owner, card["id"], 1)
    assert declined["request_history"][0]["reason"] == "insufficient_funds"


async def test_which_accounts_a_card_may_spend(owner: Keeper, platform: Platform) -> None:
    holder = await owner.done("POST", "/v1/issuing/cardholders", form=HOLDER)
    dollars, closed = await owner.open("usd"), await owner.open()
    await owner.done("POST", f"financial_accounts/{closed}/close")
    stranger = await keeper(platform)
    theirs = await stranger.open()
    form = {"cardholder": holder["id"], "currency": "gbp", "type": "virtual"}
    for account, status, code in (
        (dollars, 400, "cannot_proceed"),
        (closed, 400, "financial_account_not_open"),
        (theirs, 404, "resource_missing"),
        ("fa_nobody", 404, "resource_missing"),
    ):
        answer = await owner.call(
            "POST", "/v1/issuing/cards", form={**form, "financial_account": account}
        )
        assert (answer[0], answer[1]["error"].get("code")) == (status, code), answer
    assert (await owner.done("GET", "/v1/issuing/cards"))["data"] == []


async def test_a_replacement_spends_the_same_account(owner: Keeper) -> None:
    account, other = await owner.funded(10), await owner.open()
    card = await card_on(owner, account)
    form = {
        "cardholder": card["cardholder"]["id"],
        "currency": "gbp",
        "type": "virtual",
        "replacement_for": card["id"],
        "replacement_reason": "damaged",
    }
    status, answer = await owner.call(
        "POST", "/v1/issuing/cards", form={**form, "financial_account": other}
    )
    assert (status, answer["error"]["param"]) == (400, "financial_account")
    made = await owner.done("POST", "/v1/issuing/cards", form=form)
    assert made["financial_account"] == account


async def test_what_the_network_settles_unasked(owner: Keeper) -> None:
    account = await owner.funded(10)
    card = await card_on(owner, account)
    helpers = "/v1/test_helpers/issuing/transactions"
    form = {"card": card["id"], "amount": "30"}
    forced = await owner.done("POST", f"{helpers}/create_force_capture", form=form)
    assert await owner.balance(account) == (-20, 0, 0)
    debit = await owner.done("GET", f"received_debits/{forced['treasury']['received_debit']}")
    assert debit["card_spend"]["authorization"] is None
    declined = await authorize(owner, card["id"], 1)
    assert declined["approved"] is False
    given = await owner.done("POST", f"{helpers}/create_unlinked_refund", form=form)
    assert given["treasury"]["received_credit"] is not None
    assert await owner.balance(account) == (10, 0, 0)
    await owner.clean()


async def test_a_question_reserves_the_account(owner: Keeper, receiver: Receiver) -> None:
    account = await owner.funded(100)
    card = await card_on(owner, account)
    await configured(owner.platform, url=receiver.url("/ask"), on_silence="decline")
    receiver.script["/ask"] = [answer(b'{"approved": false}'), answer(b'{"approved": true}')]
    declined = await authorize(owner, card["id"], 40)
    assert (declined["approved"], declined["treasury"]) == (False, None)
    assert await owner.balance(account) == (100, 0, 0)
    assert await owner.transactions(account) == [("received_credit", "posted", 100)]
    approved = await authorize(owner, card["id"], 40)
    [pending] = (await owner.done("GET", "transactions?limit=1"))["data"]
    assert approved["treasury"]["transaction"] == pending["id"]
    assert (pending["status"], await owner.balance(account)) == ("pending", (60, 0, 40))
    await owner.clean()

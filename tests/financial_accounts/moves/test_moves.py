"""Money that goes out of financial accounts and is pulled in."""

import asyncio
from typing import Any

import pytest

from tests.financial_accounts.support import PATH, Keeper, keeper
from tests.support.server import Platform

ARRIVED = "000123456789"


@pytest.fixture
async def owner(platform: Platform) -> Keeper:
    """An American account that keeps money: the numbers of the test environment are American."""
    return await keeper(platform, "us")


async def bank(owner: Keeper, number: str = ARRIVED, usage: str = "transfer") -> str:
    """A bank account that the owner's money can go to."""
    data = {
        "type": "bank_account",
        "bank_account": {
            "country": "US",
            "currency": "usd",
            "account_number": number,
            "routing_number": "110000000",
        },
    }
    body = {"usage_intent": usage, "payout_method_data": data}
    made = await owner.done("POST", "outbound_setup_intents", body)
    assert made["status"] == "succeeded"
    return str(made["payout_method"]["id"])


def transfer(owner: Keeper, source: str, to: str, value: int) -> dict[str, Any]:
    return {
        "from": {"financial_account": source, "currency": owner.currency},
        "to": {"payout_method": to, "currency": owner.currency},
        "amount": owner.money(value),
        "description": "Savings",
        "metadata": {"a": "b"},
    }


async def test_between_own_accounts_money_is_there_at_once(owner: Keeper) -> None:
    source, target = await owner.funded(100), await owner.open()
    made = await owner.done("POST", "outbound_transfers", transfer(owner, source, target, 60))
    assert (made["status"], made["cancelable"]) == ("posted", False)
    assert made["from"] == {"debited": owner.money(60), "financial_account": source}
    assert made["to"]["credited"] == owner.money(60)
    assert await owner.balance(source) == (40, 0, 0)
    assert await owner.balance(target) == (60, 0, 0)
    assert await owner.transactions(source) == [
        ("outbound_transfer", "posted", -60),
        ("received_credit", "posted", 100),
    ]
    credit = (await owner.done("GET", "received_credits?limit=1"))["data"][0]
    assert credit["balance_transfer"] == {
        "from_account": None,
        "outbound_payment": None,
        "outbound_transfer": made["id"],
        "type": "outbound_transfer",
    }
    itself = await owner.refused("POST", "outbound_transfers", transfer(owner, source, source, 1))
    assert itself["type"] == "invalid_payout_method"
    more = await owner.refused("POST", "outbound_transfers", transfer(owner, source, target, 41))
    assert (more["code"], more["type"]) == ("insufficient_funds",) * 2
    await owner.clean()


async def test_a_bank_transfer_is_set_aside_and_leaves(owner: Keeper) -> None:
    source, place = await owner.funded(100), await bank(owner)
    made = await owner.done("POST", "outbound_transfers", transfer(owner, source, place, 70))
    assert (made["status"], made["cancelable"]) == ("processing", True)
    assert await owner.balance(source) == (30, 0, 70)
    assert (await owner.transactions(source))[0] == ("outbound_transfer", "pending", -70)
    posted = await owner.until(f"outbound_transfers/{made['id']}", "posted")
    assert posted["status_transitions"]["posted_at"] is not None
    assert posted["trace_id"]["status"] == "supported"
    assert await owner.balance(source) == (30, 0, 0)
    assert (await owner.transactions(source))[0] == ("outbound_transfer", "posted", -70)
    refused = await owner.refused("POST", f"outbound_transfers/{made['id']}/cancel")
    assert (refused["code"], refused["type"]) == ("not_cancelable",) * 2
    listed = await owner.done("GET", "outbound_transfers?status[0]=posted&status[1]=failed")
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    gte = f"created_gte={made['created']}"
    listed = await owner.done("GET", f"outbound_transfers?{gte}&status[0]=canceled")
    assert listed["data"] == []
    await owner.clean()


async def test_canceling_gives_back(owner: Keeper) -> None:
    source, place = await owner.funded(100), await bank(owner)
    made = await owner.done("POST", "outbound_transfers", transfer(owner, source, place, 100))
    canceled = await owner.done("POST", f"outbound_transfers/{made['id']}/cancel")
    assert (canceled["status"], canceled["cancelable"]) == ("canceled", False)
    assert await owner.balance(source) == (100, 0, 0)
    assert (await owner.transactions(source))[0] == ("outbound_transfer", "void", -100)
    again = await owner.refused("POST", f"outbound_transfers/{made['id']}/cancel")
    assert (again["code"], again["type"]) == ("already_canceled",) * 2


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        ("000111111116", "failed", "payout_method_does_not_exist"),
        ("000222222227", "failed", "payout_method_declined"),
        ("000111111113", "returned", "payout_method_closed"),
        ("000444444440", "returned", "payout_method_currency_unsupported"),
    ],
)
async def test_numbers_that_do_not_take_money(
    owner: Keeper, number: str, status: str, reason: str
) -> None:
    source, place = await owner.funded(50), await bank(owner, number)
    made = await owner.done("POST", "outbound_transfers", transfer(owner, source, place, 50))
    ended = await owner.until(f"outbound_transfers/{made['id']}", status)
    assert ended["status_details"] == {status: {"reason": reason}}
    assert await owner.balance(source) == (50, 0, 0)
    told = await owner.transactions(source)
    if status == "returned":
        assert told[:2] == [
            ("outbound_transfer_reversal", "posted", 50),
            ("outbound_transfer", "posted", -50),
        ]
    else:
        assert told[0] == ("outbound_transfer", "void", -50)
    await owner.clean()


def payment(owner: Keeper, source: str, recipient: str, value: int, **to: Any) -> dict[str, Any]:
    return {
        "from": {"financial_account": source, "currency": owner.currency},
        "to": {"recipient": recipient, **to},
        "amount": owner.money(value),
    }


async def test_a_recipient_is_paid_at_its_bank(owner: Keeper) -> None:
    source, worker = await owner.funded(100), await keeper(owner.platform, "us")
    assert worker.account is not None
    nowhere = await owner.refused(
        "POST", "outbound_payments", payment(owner, source, worker.account, 10)
    )
    assert nowhere["type"] == "invalid_payout_method"
    place = await bank(worker, usage="payment")
    made = await owner.done("POST", "outbound_payments", payment(owner, source, worker.account, 10))
    assert made["to"]["payout_method"] == place
    assert made["to"]["recipient"] == worker.account
    assert made["recipient_notification"] == {"setting": "configured"}
    await owner.until(f"outbound_payments/{made['id']}", "posted")
    assert await owner.balance(source) == (90, 0, 0)
    listed = await owner.done("GET", f"outbound_payments?recipient={worker.account}")
    assert [one["id"] for one in listed["data"]] == [made["id"]]


async def test_a_recipient_is_paid_in_its_financial_account(owner: Keeper) -> None:
    source, worker = await owner.funded(100), await keeper(owner.platform, "us")
    assert worker.account is not None
    target = await worker.open()
    body = payment(owner, source, worker.account, 30, payout_method=target)
    made = await owner.done("POST", "outbound_payments", body)
    assert made["status"] == "posted"
    assert await owner.balance(source) == (70, 0, 0)
    assert await worker.balance(target) == (30, 0, 0)
    [credit] = (await worker.done("GET", "received_credits"))["data"]
    assert credit["balance_transfer"]["from_account"] == owner.account
    assert credit["balance_transfer"]["outbound_payment"] == made["id"]
    await owner.clean()


async def test_who_is_no_recipient(owner: Keeper) -> None:
    source = await owner.funded(1)
    for nobody in ("acct_nobody", owner.account):
        assert nobody is not None
        body = payment(owner, source, nobody, 1)
        refused = await owner.refused("POST", "outbound_payments", body)
        assert (refused["code"], refused["param"]) == ("not_found", "to.recipient")


async def test_one_of_two_payments_gets_the_last_cent(owner: Keeper) -> None:
    source, place = await owner.funded(1), await bank(owner)
    body = transfer(owner, source, place, 1)
    answers = await asyncio.gather(
        *[owner.call("POST", "outbound_transfers", body) for _ in range(8)]
    )
    won = [answer for status, answer in answers if status == 200]
    lost = [answer["error"]["code"] for status, answer in answers if status != 200]
    assert len(won) == 1
    assert set(lost) == {"insufficient_funds"}
    assert await owner.balance(source) == (0, 0, 1)
    await owner.clean()


async def test_payments_against_each_other(owner: Keeper) -> None:
    """Two accounts pay each other at once: neither waits for the other for ever."""
    other = await keeper(owner.platform, "us")
    assert owner.account is not None
    assert other.account is not None
    mine, theirs = await owner.funded(100), await other.funded(100)
    there = payment(owner, mine, other.account, 1, payout_method=theirs)
    back = payment(other, theirs, owner.account, 1, payout_method=mine)
    answers = await asyncio.gather(
        *[owner.call("POST", "outbound_payments", there) for _ in range(5)],
        *[other.call("POST", "outbound_payments", back) for _ in range(5)],
    )
    assert [status for status, _ in answers] == [200] * 10
    assert (await owner.balance(mine), await other.balance(theirs)) == ((100, 0, 0),) * 2
    await owner.clean()


def pull(owner: Keeper, target: str, method: str, value: int) -> dict[str, Any]:
    return {
        "from": {"payment_method": method, "currency": owner.currency},
        "to": {"financial_account": target, "currency": owner.currency},
        "amount": owner.money(value),
    }


async def test_money_is_pulled_in(owner: Keeper) -> None:
    target, place = await owner.open(), await bank(owner)
    made = await owner.done("POST", "inbound_transfers", pull(owner, target, place, 40))
    assert [one["type"] for one in made["transfer_history"]] == [
        "bank_debit_queued",
        "bank_debit_processing",
    ]
    assert await owner.balance(target) == (0, 40, 0)
    assert await owner.transactions(target) == [("inbound_transfer", "pending", 40)]
    for _ in range(100):
        made = await owner.done("GET", f"inbound_transfers/{made['id']}")
        if len(made["transfer_history"]) == 3:
            break
        await asyncio.sleep(0.1)
    assert made["transfer_history"][2]["type"] == "bank_debit_succeeded"
    assert await owner.balance(target) == (40, 0, 0)
    assert await owner.transactions(target) == [("inbound_transfer", "posted", 40)]
    await owner.clean()


async def test_a_debit_that_the_bank_refuses(owner: Keeper) -> None:
    target = await owner.open()
    method = "pm_usBankAccount_insufficientFunds"
    made = await owner.done("POST", "inbound_transfers", pull(owner, target, method, 40))
    for _ in range(100):
        made = await owner.done("GET", f"inbound_transfers/{made['id']}")
        if len(made["transfer_history"]) == 3:
            break
        await asyncio.sleep(0.1)
    last = made["transfer_history"][2]
    assert last["bank_debit_failed"] == {"failure_reason": "insufficient_funds"}
    assert await owner.balance(target) == (0, 0, 0)
    assert await owner.transactions(target) == [("inbound_transfer", "void", 40)]
    missing = await owner.refused("POST", "inbound_transfers", pull(owner, target, "pm_x", 1))
    assert (missing["code"], missing["param"]) == ("not_found", "from.payment_method")


async def test_payout_methods(owner: Keeper) -> None:
    place = await bank(owner)
    method = await owner.done("GET", f"payout_methods/{place}")
    assert method["usage_status"] == {"payments": "ineligible", "transfers": "eligible"}
    assert method["bank_account"]["last4"] == "6789"
    assert "000123456789" not in str(method)
    assert (await owner.done("GET", "payout_methods"))["data"] == [method]
    filtered = await owner.done("GET", "payout_methods?usage_status[payments][0]=eligible")
    assert filtered["data"] == []
    source = await owner.funded(5)
    await owner.done("POST", f"payout_methods/{place}/archive")
    refused = await owner.refused("POST", "outbound_transfers", transfer(owner, source, place, 5))
    assert (refused["code"], refused["param"]) == ("invalid_payout_method", "to.payout_method")
    await owner.done("POST", f"payout_methods/{place}/unarchive")
    disabled = await owner.done("POST", f"payout_methods/{place}/disable")
    assert disabled["usage_status"] == {"payments": "disabled", "transfers": "disabled"}
    refused = await owner.refused("POST", "outbound_transfers", transfer(owner, source, place, 5))
    assert refused["type"] == "invalid_payout_method"


async def test_setting_up_in_steps(owner: Keeper) -> None:
    made = await owner.done("POST", "outbound_setup_intents")
    assert (made["status"], made["payout_method"]) == ("requires_payout_method", None)
    card = {"number": "4000056655665556", "exp_month": "12", "exp_year": "2030", "currency": "usd"}
    data = {"payout_method_data": {"type": "card", "card": card}}
    done = await owner.done("POST", f"outbound_setup_intents/{made['id']}", data)
    assert (done["status"], done["payout_method"]["card"]["last4"]) == ("succeeded", "5556")
    late = await owner.refused("POST", f"outbound_setup_intents/{made['id']}/cancel")
    assert late["code"] == "not_cancelable"
    wrong = {"payout_method_data": {"type": "card", "card": {**card, "number": "4000056655665557"}}}
    refused = await owner.refused("POST", "outbound_setup_intents", wrong)
    assert refused["param"] == "payout_method_data.card.number"
    other = await owner.done("POST", "outbound_setup_intents")
    canceled = await owner.done("POST", f"outbound_setup_intents/{other['id']}/cancel")
    assert canceled["status"] == "canceled"
    twice = await owner.refused("POST", f"outbound_setup_intents/{other['id']}/cancel")
    assert twice["code"] == "already_canceled"
    listed = await owner.done("GET", "outbound_setup_intents")
    assert [one["id"] for one in listed["data"]] == [other["id"], made["id"]]


async def test_the_vault_shows_bank_accounts(owner: Keeper) -> None:
    path = "/v2/core/vault"
    body = {"account_number": ARRIVED, "routing_number": "110000000", "currency": "usd"}
    made = await owner.done("POST", f"{path}/us_bank_accounts", body)
    assert (made["object"], made["last4"]) == ("v2.core.vault.us_bank_account", "6789")
    assert made["id"].startswith("usba_")
    british = {"account_number": "00012345", "sort_code": "10-88-00", "currency": "gbp"}
    other = await owner.done("POST", f"{path}/gb_bank_accounts", british)
    assert (other["sort_code"], other["id"][:5]) == ("108800", "gbba_")
    assert (await owner.done("GET", f"{path}/us_bank_accounts"))["data"] == [made]
    assert await owner.done("GET", f"{path}/us_bank_accounts/{made['id']}") == made
    absent = await owner.refused("GET", f"{path}/gb_bank_accounts/{made['id']}")
    assert absent["code"] == "not_found"
    archived = await owner.done("POST", f"{path}/us_bank_accounts/{made['id']}/archive")
    assert archived["archived"] is True
    wrong = await owner.refused(
        "POST", f"{path}/us_bank_accounts", {**body, "routing_number": "110000001"}
    )
    assert wrong["code"] == "routing_number_invalid"


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"from": {"financial_account": "fa_x", "currency": "usd"}}, "not_found", None),
        ({"amount": {"value": 0, "currency": "usd"}}, "invalid_fields", "amount.value"),
        ({"amount": {"value": 1, "currency": "gbp"}}, "invalid_fields", "from.currency"),
        ({"to": {"payout_method": "usba_x"}}, "invalid_payout_method", "to.payout_method"),
    ],
)
async def test_what_is_no_transfer(
    owner: Keeper, change: dict[str, Any], code: str, param: str | None
) -> None:
    source = await owner.open()
    body = {**transfer(owner, source, "usba_x", 1), **change}
    refused = await owner.refused("POST", "outbound_transfers", body)
    assert refused["code"] == code
    assert param is None or refused["param"] == param
    assert (await owner.done("GET", f"{PATH}/outbound_transfers"))["data"] == []


@pytest.mark.calendar
async def test_a_recipient_is_paid_on_a_card(owner: Keeper) -> None:
    source, worker = await owner.funded(100), await keeper(owner.platform, "us")
    card = {"number": "4000056655665556", "exp_month": "12", "exp_year": "2030", "currency": "usd"}
    body = {"payout_method_data": {"type": "card", "card": card}}
    method = (await worker.done("POST", "outbound_setup_intents", body))["payout_method"]["id"]
    wanted = payment(owner, source, str(worker.account), 10, payout_method=method)
    made = await owner.done("POST", "outbound_payments", wanted)
    assert (made["status"], await owner.balance(source)) == ("processing", (90, 0, 10))
    canceled = await owner.done("POST", f"outbound_payments/{made['id']}/cancel")
    assert canceled["status"] == "canceled"
    own = {**payment(owner, source, str(worker.account), 10), "purpose": "payroll"}
    named = await owner.done("POST", "outbound_payments", own)
    assert (named["to"]["payout_method"], named["purpose"]) == (method, "payroll")

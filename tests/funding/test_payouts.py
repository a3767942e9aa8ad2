"""Money that leaves to an account's own bank."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.accounts.record import bank_details
from cardwright.kernel import clock
from tests.funding.steps import (
    START_MS,
    add_bank,
    balance,
    check_books,
    done,
    event_types,
    on_clock,
    payable_account,
    refused,
    together,
    top_up,
    transactions,
)
from tests.support.issuing import issuing_account
from tests.support.server import Platform

PAYOUTS, OPERATOR = "/v1/payouts", "/_cardwright/payouts"
MIDNIGHT_MS = START_MS - START_MS % clock.DAY_MS
SOON_MS = 10_000


async def paid_out(platform: Platform, account: str, amount: int = 1000, **more: str) -> Any:
    form = {"amount": str(amount), "currency": "gbp", **more}
    return await done(platform, "POST", PAYOUTS, form, account=account)


async def read(platform: Platform, account: str, payout: Any) -> Any:
    return await done(platform, "GET", f"{PAYOUTS}/{payout['id']}", account=account)


async def test_a_payout_leaves_and_arrives(platform: Platform) -> None:
    account = await payable_account(platform)
    advance = await on_clock(platform, account)
    await top_up(platform, account, "gbp", 5000)
    params: Any = {
        "amount": 3000,
        "currency": "gbp",
        "description": "Weekly",
        "statement_descriptor": "ROCKET RIDES",
        "metadata": {"week": "7"},
        "expand": ["destination", "balance_transaction"],
    }
    made = await asyncio.to_thread(
        platform.sdk.v1.payouts.create, params, {"stripe_account": account}
    )
    assert made.id.startswith("po_")
    assert (made.object, made.status, made.method, made.type) == (
        "payout",
        "pending",
        "standard",
        "bank_account",
    )
    assert (made.automatic, made.reconciliation_status) == (False, "not_applicable")
    assert made.arrival_date == (MIDNIGHT_MS + 2 * clock.DAY_MS) // 1000
    assert isinstance(made.destination, stripe.BankAccount)
    assert made.destination.last4 == "2345"
    transaction = made.balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    assert (transaction.type, transaction.amount, transaction.status) == (
        "payout",
        -3000,
        "pending",
    )
    assert transaction.available_on == made.arrival_date
    assert not {"source_balance", "payment_file"} & made.to_dict().keys()
    assert (await balance(platform, account, "gbp"))["available"] == 2000
    payout = {"id": made.id}
    await advance(4999)
    assert (await read(platform, account, payout))["status"] == "pending"
    await advance(5000)
    assert (await read(platform, account, payout))["status"] == "in_transit"
    await advance(SOON_MS)
    found = await read(platform, account, payout)
    assert (found["status"], found["failure_code"]) == ("paid", None)
    assert await transactions(platform, account) == [
        ("topup", 5000, "available"),
        ("payout", -3000, "available"),
    ]
    by_payout = await transactions(platform, account, f"&payout={made.id}")
    assert by_payout == [("payout", -3000, "available")]
    assert await event_types(platform, account, "payout.") == [
        "payout.created",
        "payout.updated",
        "payout.paid",
    ]
    await check_books(platform, account)


async def test_on_a_clock_with_live_timers_it_arrives_on_its_day(platform: Platform) -> None:
    account = await payable_account(platform)
    advance = await on_clock(platform, account, timers="live")
    await top_up(platform, account, "gbp", 5000)
    made = await paid_out(platform, account)
    await advance(2 * clock.DAY_MS - START_MS % clock.DAY_MS - 1)
    assert (await read(platform, account, made))["status"] == "in_transit"
    await advance(2 * clock.DAY_MS - START_MS % clock.DAY_MS)
    assert (await read(platform, account, made))["status"] == "paid"


@pytest.mark.parametrize(("number", "code"), bank_details.PAYOUT_FAILURES.items())
async def test_a_payout_fails_as_its_bank_account_says(
    platform: Platform, number: str, code: str
) -> None:
    account = await payable_account(platform, "usd")
    bank = await add_bank(platform, account, "usd", account_number=number)
    advance = await on_clock(platform, account)
    await top_up(platform, account, "usd", 1000)
    form = {"amount": "1000", "currency": "usd", "destination": bank}
    made = await done(platform, "POST", PAYOUTS, form, account=account)
    await advance(SOON_MS)
    found = await read(platform, account, made)
    assert (found["status"], found["failure_code"]) == ("failed", code)
    assert found["failure_message"]
    path = f"/v1/balance_transactions/{found['failure_balance_transaction']}"
    back = await done(platform, "GET", path, account=account)
    assert (back["type"], back["amount"], back["source"]) == ("payout_failure", 1000, made["id"])
    assert (await balance(platform, account, "usd"))["available"] == 1000
    path = f"/v1/accounts/{account}/external_accounts/{bank}"
    assert (await done(platform, "GET", path))["status"] == "errored"
    assert (await event_types(platform, account, "payout."))[-1] == "payout.failed"
    await check_books(platform, account)


async def test_an_instant_payout(platform: Platform) -> None:
    account = await payable_account(platform)
    advance = await on_clock(platform, account, timers="live")
    await top_up(platform, account, "gbp", 1000)
    shown = await done(platform, "GET", "/v1/balance", account=account)
    instant = next(one for one in shown["instant_available"] if one["currency"] == "gbp")
    assert instant["amount"] == instant["net_available"][0]["amount"] == 1000
    made = await paid_out(platform, account, method="instant")
    assert made["destination"] == instant["net_available"][0]["destination"]
    assert (made["method"], made["arrival_date"]) == ("instant", START_MS // 1000)
    await advance(2000)
    assert (await read(platform, account, made))["status"] == "paid"
    shown = await done(platform, "GET", "/v1/balance", account=account)
    assert [one["amount"] for one in shown["instant_available"]] == [0]
    await check_books(platform, account)


async def test_the_issuing_balance_can_be_paid_out(platform: Platform) -> None:
    account = await payable_account(platform)
    form = {"amount": "500", "currency": "gbp"}
    await done(platform, "POST", "/v1/test_helpers/issuing/fund_balance", form, account=account)
    expected = ("balance_insufficient", None)
    assert await refused(platform, "POST", PAYOUTS, form, account=account) == expected
    made = await paid_out(platform, account, 500, source_balance="issuing")
    assert (await balance(platform, account, "gbp"))["issuing"] == 0
    shown = (await transactions(platform, account))[-1]
    assert shown == ("payout", -500, "pending")
    await done(platform, "POST", f"{OPERATOR}/{made['id']}/fail", account=account)
    assert (await balance(platform, account, "gbp"))["issuing"] == 500


async def test_cancel_while_pending(platform: Platform) -> None:
    account = await payable_account(platform)
    advance = await on_clock(platform, account)
    await top_up(platform, account, "gbp", 1000)
    made = await paid_out(platform, account)
    canceled = await asyncio.to_thread(
        platform.sdk.v1.payouts.cancel, made["id"], {}, {"stripe_account": account}
    )
    assert canceled.status == "canceled"
    assert (await balance(platform, account, "gbp"))["available"] == 1000
    last = (await transactions(platform, account))[-1]
    assert last == ("payout_cancel", 1000, "available")
    await advance(SOON_MS)
    assert (await read(platform, account, made))["status"] == "canceled"
    other = await paid_out(platform, account)
    await advance(SOON_MS + 5000)
    path = f"{PAYOUTS}/{other['id']}/cancel"
    status, body = await platform.call("POST", path, account=account)
    assert (status, "is in_transit" in body["error"]["message"]) == (400, True)
    assert body["error"]["code"] == "status_transition_invalid"
    assert "payout.canceled" in await event_types(platform, account, "payout.")
    await check_books(platform, account)


async def test_a_paid_payout_is_called_back(platform: Platform) -> None:
    account = await payable_account(platform, "usd")
    advance = await on_clock(platform, account)
    await top_up(platform, account, "usd", 1000)
    form = {"amount": "1000", "currency": "usd"}
    made = await done(platform, "POST", PAYOUTS, form, account=account)
    path = f"{PAYOUTS}/{made['id']}/reverse"
    status, body = await platform.call("POST", path, account=account)
    assert (status, "can be canceled" in body["error"]["message"]) == (400, True)
    await advance(SOON_MS)
    back = await done(platform, "POST", path, {"metadata[why]": "mistake"}, account=account)
    assert (back["amount"], back["original_payout"], back["status"]) == (
        -1000,
        made["id"],
        "pending",
    )
    assert (await read(platform, account, made))["reversed_by"] == back["id"]
    assert (await platform.call("POST", path, account=account))[0] == 400, "once"
    assert (await balance(platform, account, "usd"))["available"] == 0
    await advance(2 * SOON_MS)
    assert (await read(platform, account, back))["status"] == "paid"
    assert (await balance(platform, account, "usd"))["available"] == 1000
    again = f"{PAYOUTS}/{back['id']}/reverse"
    assert (await platform.call("POST", again, account=account))[0] == 400
    await check_books(platform, account)


async def test_a_call_back_that_fails_frees_the_payout(platform: Platform) -> None:
    account = await payable_account(platform, "usd")
    await top_up(platform, account, "usd", 1000)
    form = {"amount": "1000", "currency": "usd"}
    made = await done(platform, "POST", PAYOUTS, form, account=account)
    await done(platform, "POST", f"{OPERATOR}/{made['id']}/mark_paid", account=account)
    path = f"{PAYOUTS}/{made['id']}/reverse"
    back = await done(platform, "POST", path, account=account)
    failed = {"failure_code": "declined"}
    await done(platform, "POST", f"{OPERATOR}/{back['id']}/fail", failed, account=account)
    assert (await read(platform, account, made))["reversed_by"] is None
    other = await done(platform, "POST", path, account=account)
    await done(platform, "POST", f"{PAYOUTS}/{other['id']}/cancel", account=account)
    assert (await read(platform, account, made))["reversed_by"] is None
    assert (await balance(platform, account, "usd"))["available"] == 0
    await check_books(platform, account)


async def called_back(platform: Platform) -> tuple[str, str, str]:
    """An account with a paid payout of 1,000 that is being called back: all three ids."""
    account = await payable_account(platform, "usd")
    await top_up(platform, account, "usd", 1000)
    form = {"amount": "1000", "currency": "usd"}
    made = await done(platform, "POST", PAYOUTS, form, account=account)
    await done(platform, "POST", f"{OPERATOR}/{made['id']}/mark_paid", account=account)
    path = f"{PAYOUTS}/{made['id']}/reverse"
    back = await done(platform, "POST", path, account=account)
    return account, str(made["id"]), str(back["id"])


async def test_money_that_a_bank_takes_back_is_gone(platform: Platform) -> None:
    account, made, back = await called_back(platform)
    await done(platform, "POST", f"{OPERATOR}/{back}/mark_paid", account=account)
    assert (await balance(platform, account, "usd"))["available"] == 1000
    failed = await done(platform, "POST", f"{OPERATOR}/{back}/fail", account=account)
    assert (await balance(platform, account, "usd"))["available"] == 0
    assert (await transactions(platform, account))[-1] == ("payout_failure", -1000, "available")
    assert failed["failure_balance_transaction"] is not None
    again = await done(platform, "POST", f"{PAYOUTS}/{made}/reverse", account=account)
    await done(platform, "POST", f"{OPERATOR}/{again['id']}/mark_paid", account=account)
    assert (await balance(platform, account, "usd"))["available"] == 1000
    await check_books(platform, account)


async def test_a_payout_that_is_called_back_and_sent_back_comes_once(platform: Platform) -> None:
    account, made, back = await called_back(platform)
    await done(platform, "POST", f"{OPERATOR}/{made}/fail", account=account)
    assert (await balance(platform, account, "usd"))["available"] == 1000
    shown = await done(platform, "GET", f"{PAYOUTS}/{back}", account=account)
    assert (shown["status"], shown["failure_code"]) == ("failed", "could_not_process")
    status, _ = await platform.call("POST", f"{OPERATOR}/{back}/mark_paid", account=account)
    assert (status, (await balance(platform, account, "usd"))["available"]) == (400, 1000)
    account, made, back = await called_back(platform)
    await done(platform, "POST", f"{OPERATOR}/{back}/mark_paid", account=account)
    status, body = await platform.call("POST", f"{OPERATOR}/{made}/fail", account=account)
    assert (status, back in body["error"]["message"]) == (400, True)
    assert (await balance(platform, account, "usd"))["available"] == 1000
    await check_books(platform, account)


async def test_only_american_banks_give_payouts_back(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1000)
    made = await paid_out(platform, account)
    await done(platform, "POST", f"{OPERATOR}/{made['id']}/mark_paid", account=account)
    status, body = await platform.call("POST", f"{PAYOUTS}/{made['id']}/reverse", account=account)
    assert (status, "United States" in body["error"]["message"]) == (400, True)


async def test_a_bank_sends_back_what_it_had_taken(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1000)
    made = await paid_out(platform, account)
    path = f"{OPERATOR}/{made['id']}"
    paid = await done(platform, "POST", f"{path}/mark_paid", account=account)
    assert await done(platform, "POST", f"{path}/mark_paid", account=account) == paid, "once"
    form = {"failure_code": "no_account"}
    failed = await done(platform, "POST", f"{path}/fail", form, account=account)
    assert await done(platform, "POST", f"{path}/fail", form, account=account) == failed, "once"
    assert (await balance(platform, account, "gbp"))["available"] == 1000
    status, body = await platform.call("POST", f"{path}/mark_paid", account=account)
    assert (status, "is failed" in body["error"]["message"]) == (400, True)
    wrong = await refused(platform, "POST", f"{path}/fail", {"failure_code": "x"}, account=account)
    assert wrong == (None, "failure_code")
    await check_books(platform, account)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": "1001"}, ("balance_insufficient", None)),
        ({"amount": "0"}, ("parameter_invalid_integer", "amount")),
        ({"amount": "-5"}, ("parameter_invalid_integer", "amount")),
        ({"amount": "100000000"}, ("parameter_invalid_integer", "amount")),
        ({"currency": "jpy"}, (None, "currency")),
        ({"currency": "eur"}, (None, "currency")),
        ({"destination": "ba_nobody"}, ("resource_missing", "destination")),
        ({"method": "pigeon"}, (None, "method")),
        ({"source_balance": "fees"}, (None, "source_balance")),
        ({"statement_descriptor": "x" * 23}, (None, "statement_descriptor")),
        ({"status": "paid"}, ("parameter_unknown", "status")),
    ],
)
async def test_a_bad_payout_is_refused(
    platform: Platform, change: dict[str, str], expected: Any
) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1000)
    form = {"amount": "1000", "currency": "gbp", **change}
    assert await refused(platform, "POST", PAYOUTS, form, account=account) == expected
    assert (await done(platform, "GET", PAYOUTS, account=account))["data"] == []
    assert (await balance(platform, account, "gbp"))["available"] == 1000
    due = await platform.live.application.database.pool.fetchval(
        "select count(*) from deadlines where account_id = $1 and kind like 'payout%'", account
    )
    assert due == 0


async def test_who_is_not_paid_out(platform: Platform) -> None:
    form = {"amount": "5", "currency": "gbp"}
    without = await issuing_account(platform, program=False)
    restricted = await issuing_account(platform, program=False, verified=False)
    await add_bank(platform, restricted, "gbp")
    for account in (without, restricted):
        await top_up(platform, account, "gbp", 10)
        code, _ = await refused(platform, "POST", PAYOUTS, form, account=account)
        assert code == "payouts_not_allowed"
    assert (await refused(platform, "POST", PAYOUTS, form)) == (None, "currency")
    mine, other = await payable_account(platform), await payable_account(platform)
    path = f"/v1/accounts/{other}/external_accounts"
    theirs = (await done(platform, "GET", path))["data"][0]["id"]
    await top_up(platform, mine, "gbp", 10)
    foreign = await refused(
        platform, "POST", PAYOUTS, {**form, "destination": theirs}, account=mine
    )
    assert foreign == ("resource_missing", "destination")
    closed = await payable_account(platform)
    await done(platform, "DELETE", f"/v1/accounts/{closed}")
    status, _ = await platform.call("POST", PAYOUTS, form=form, account=closed)
    assert status in (400, 403)


async def test_lists_are_filtered(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1000)
    first, second = [await paid_out(platform, account, amount) for amount in (10, 20)]
    await done(platform, "POST", f"{OPERATOR}/{first['id']}/mark_paid", account=account)
    for query, expected in (
        ("", [second, first]),
        ("?status=paid", [first]),
        ("?status=canceled", []),
        (f"?destination={first['destination']}&status=pending", [second]),
        (f"?arrival_date[gte]={first['arrival_date']}", [second, first]),
        (f"?arrival_date[lt]={first['arrival_date']}", []),
        (f"?created[gt]={second['created'] + 100}", []),
    ):
        page = await done(platform, "GET", f"{PAYOUTS}{query}", account=account)
        assert [one["id"] for one in page["data"]] == [one["id"] for one in expected], query
    form = {"metadata[a]": "b"}
    changed = await done(platform, "POST", f"{PAYOUTS}/{first['id']}", form, account=account)
    assert changed["metadata"] == {"a": "b"}


async def test_the_last_penny_leaves_once(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1000)
    form = {"amount": "1000", "currency": "gbp"}
    statuses = await together(
        *(platform.call("POST", PAYOUTS, form=form, account=account) for _ in range(6))
    )
    assert statuses == [200] + [400] * 5
    assert (await balance(platform, account, "gbp"))["available"] == 0
    made = (await done(platform, "GET", PAYOUTS, account=account))["data"][0]
    path = f"{PAYOUTS}/{made['id']}/cancel"
    ends = await together(*(platform.call("POST", path, account=account) for _ in range(4)))
    assert ends == [200, 400, 400, 400]
    assert (await balance(platform, account, "gbp"))["available"] == 1000
    await check_books(platform, account)

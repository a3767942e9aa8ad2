"""Live mode: nothing moves by itself; bank statements, payment files and the operator move it."""

import asyncio
import csv
import io
import secrets
from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.financial_accounts.support import Keeper, wanted
from tests.funding.statements.files import send
from tests.support.server import Live, Platform

POUND_BANK = {
    "account_holder_name": "Rocket Rides",
    "account_number": "12345678",
    "currency": "gbp",
    "routing_number": "108800",
}
ACTIVE = "update account_capabilities set status = 'active' where account_id = $1"


@pytest.fixture
async def owner(live: Live) -> Keeper:
    """A live British account that may keep money, on a platform with a bank of its own."""
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    status, body = await platform.call("POST", "/_cardwright/bank_accounts", form=POUND_BANK)
    assert status == 200, body
    made = wanted("gb", "gbp")
    status, body = await platform.call(
        "POST", "/v2/core/accounts", version="2026-10-14.preview", json=made
    )
    assert status == 200, body
    await live.application.database.pool.execute(ACTIVE, body["id"])
    return Keeper(platform, body["id"], "gbp")


async def operate(owner: Keeper, path: str, **form: str) -> Any:
    return await owner.done("POST", f"/_cardwright/{path}", form=form)


async def addressed(owner: Keeper) -> tuple[str, str, str]:
    """A financial account, its address, and the number that the operator gave it."""
    account = await owner.open()
    body = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": "gbp"},
    }
    made = await owner.done("POST", "financial_addresses", body)
    # A number belongs to one account of the whole installation.
    number = str(secrets.randbelow(10**8)).zfill(8)
    numbers = {"account_number": number, "routing_number": "108800"}
    active = await operate(owner, f"financial_addresses/{made['id']}/activate", **numbers)
    assert (active["status"], active["bank_account"]["sort_code"]["account_number"]) == (
        "active",
        number,
    )
    return account, made["id"], number


async def funded(owner: Keeper, value: int) -> str:
    account = await owner.open()
    form = {"amount": str(value), "currency": "gbp", "network": "fps"}
    await operate(owner, f"financial_accounts/{account}/credit", **form)
    return account


async def bank(owner: Keeper) -> str:
    path = "/v2/core/vault/gb_bank_accounts"
    body = {"account_number": "00012345", "sort_code": "108800", "currency": "gbp"}
    return str((await owner.done("POST", path, body))["id"])


def transfer(source: str, to: str, value: int) -> dict[str, Any]:
    return {
        "from": {"financial_account": source, "currency": "gbp"},
        "to": {"payout_method": to},
        "amount": {"value": value, "currency": "gbp"},
    }


async def test_an_address_waits_for_the_operator(owner: Keeper) -> None:
    account, address, number = await addressed(owner)
    helper = f"test_helpers/financial_addresses/{address}/credit"
    body = {"amount": owner.money(1), "network": "fps"}
    refused = await owner.refused("POST", helper, body)
    assert refused["code"] == "testmode_only"
    again = {"account_number": number, "routing_number": "108800"}
    status, answer = await owner.call(
        "POST", f"/_cardwright/financial_addresses/{address}/activate", form=again
    )
    assert (status, "active" in answer["error"]["message"]) == (400, True)
    other = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": "gbp"},
    }
    waiting = await owner.done("POST", "financial_addresses", other)
    for numbers, param in (
        ({"account_number": "1", "routing_number": "108800"}, "account_number"),
        ({"account_number": "00012346", "routing_number": "1"}, "routing_number"),
    ):
        status, answer = await owner.call(
            "POST", f"/_cardwright/financial_addresses/{waiting['id']}/activate", form=numbers
        )
        assert (status, answer["error"]["param"]) == (400, param)
    status, answer = await owner.call(
        "POST", f"/_cardwright/financial_addresses/{waiting['id']}/fail", form={"a": "b"}
    )
    assert (status, answer["error"]["code"]) == (400, "parameter_unknown")
    failed = await operate(owner, f"financial_addresses/{waiting['id']}/fail")
    assert failed["status"] == "failed"


async def test_a_transfer_leaves_in_a_payment_file(owner: Keeper) -> None:
    account, place = await funded(owner, 100), await bank(owner)
    made = await owner.done("POST", "outbound_transfers", transfer(account, place, 70))
    due = await owner.platform.live.application.database.pool.fetchval(
        "select count(*) from deadlines where subject = $1", made["id"]
    )
    assert due == 0, "time alone moves nothing in live mode"
    status, file = await owner.platform.call(
        "POST", "/_cardwright/payment_files", form={"currency": "gbp"}
    )
    assert (status, file["count"], file["amount"]) == (200, 1, 70), file
    assert file["payouts"] == [made["id"]]
    _, content = await owner.platform.call(
        "GET", f"/_cardwright/payment_files/{file['id']}/content"
    )
    [line] = csv.DictReader(io.StringIO(content["content"]))
    assert (line["reference"], line["account_number"], line["amount"]) == (
        made["id"].replace("_", "-"),
        "00012345",
        "0.70",
    )
    status, empty = await owner.platform.call(
        "POST", "/_cardwright/payment_files", form={"currency": "gbp"}
    )
    assert (status, "waiting" in empty["error"]["message"]) == (400, True)
    refused = await owner.refused("POST", f"outbound_transfers/{made['id']}/cancel")
    assert refused["code"] == "not_cancelable"
    posted = await operate(owner, f"outbound_transfers/{made['id']}/post")
    assert (posted["status"], await owner.balance(account)) == ("posted", (30, 0, 0))
    returned = await operate(
        owner, f"outbound_transfers/{made['id']}/return", reason="payout_method_closed"
    )
    assert returned["status_details"] == {"returned": {"reason": "payout_method_closed"}}
    assert await owner.balance(account) == (100, 0, 0)
    await owner.clean()


async def test_the_operator_says_what_the_bank_did(owner: Keeper) -> None:
    account, place = await funded(owner, 100), await bank(owner)
    made = await owner.done("POST", "outbound_transfers", transfer(account, place, 40))
    failed = await operate(owner, f"outbound_transfers/{made['id']}/fail", reason="review_rejected")
    assert (failed["status"], await owner.balance(account)) == ("failed", (100, 0, 0))
    status, answer = await owner.call("POST", f"/_cardwright/outbound_transfers/{made['id']}/post")
    assert (status, "failed" in answer["error"]["message"]) == (400, True)
    form = {"amount": "30", "currency": "gbp", "network": "bacs"}
    debit = await operate(owner, f"financial_accounts/{account}/debit", **form)
    assert (debit["status"], await owner.balance(account)) == ("succeeded", (70, 0, 0))
    status, answer = await owner.call(
        "POST",
        f"/_cardwright/financial_accounts/{account}/debit",
        form={**form, "network": "ach"},
    )
    assert (status, answer["error"]["param"]) == (400, "network")
    pull = {
        "from": {"payment_method": place},
        "to": {"financial_account": account, "currency": "gbp"},
        "amount": owner.money(20),
    }
    first = await owner.done("POST", "inbound_transfers", pull)
    await operate(owner, f"inbound_transfers/{first['id']}/succeed")
    await operate(
        owner, f"inbound_transfers/{first['id']}/return", failure_code="insufficient_funds"
    )
    second = await owner.done("POST", "inbound_transfers", pull)
    await operate(owner, f"inbound_transfers/{second['id']}/fail", failure_code="no_account")
    assert await owner.balance(account) == (70, 0, 0)
    await owner.clean()


STATEMENT = (
    "date,amount,currency,account_number,reference,description,counterparty,bank_reference\n"
)


async def test_a_bank_statement_moves_money(owner: Keeper) -> None:
    account, _, number = await addressed(owner)
    line = f"2025-06-18,25.00,GBP,{number},,Rent,Jenny Rosen,B1\n"
    status, made = await send(owner.platform, (STATEMENT + line).encode(), "day.csv")
    assert (status, made["lines_matched"]) == (200, 1), made
    for _ in range(100):
        if await owner.balance(account) != (0, 0, 0):
            break
        await asyncio.sleep(0.1)
    assert await owner.balance(account) == (2_500, 0, 0)
    [credit] = (await owner.done("GET", "received_credits"))["data"]
    assert (credit["description"], credit["status"]) == ("Rent", "succeeded")
    sent = await owner.done("POST", "outbound_transfers", transfer(account, await bank(owner), 700))
    reference = sent["id"].replace("_", "-")
    line = f"2025-06-19,-7.00,GBP,,{reference},Out,Jenny Rosen,B2\n"
    status, made = await send(owner.platform, (STATEMENT + line).encode(), "next.csv")
    assert (status, made["lines_matched"]) == (200, 1), made
    await owner.until(f"outbound_transfers/{sent['id']}", "posted")
    assert await owner.balance(account) == (1_800, 0, 0)
    await owner.clean()


async def test_money_for_a_closed_account_waits_for_the_operator(owner: Keeper) -> None:
    account, _, number = await addressed(owner)
    await owner.done("POST", f"financial_accounts/{account}/close")
    line = f"2025-06-18,25.00,GBP,{number},,Rent,Jenny Rosen,B1\n"
    _, made = await send(owner.platform, (STATEMENT + line).encode(), "day.csv")
    path = f"/_cardwright/bank_statement_lines?statement={made['id']}"
    for _ in range(100):
        [kept] = (await owner.platform.call("GET", path))[1]["data"]
        if kept["status"] == "unmatched":
            break
        await asyncio.sleep(0.1)
    assert (kept["status"], kept["reason"]) == (
        "unmatched",
        "The financial account does not take it.",
    )
    assert (await owner.done("GET", "received_credits"))["data"] == []

"""Payouts of the live environment leave in files for a bank."""

import csv
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cardwright.funding.instructions.model import OperatorBank
from cardwright.funding.payouts.payment_file import Payment, content
from cardwright.kernel.clock import rfc3339
from cardwright.roles.provisioning import create_platform
from cardwright.wire.resource import Currency
from tests.funding.steps import (
    add_bank,
    balance,
    check_books,
    done,
    event_types,
    refused,
    together,
)
from tests.support.server import Live, Platform

PAYOUTS, FILES, BANKS = "/v1/payouts", "/_cardwright/payment_files", "/_cardwright/bank_accounts"
EURO_BANK = {
    "account_holder_name": "Rocket Rides",
    "bic": "COBADEFF",
    "currency": "eur",
    "iban": "DE89370400440532013000",
}
POUND_BANK = {
    "account_holder_name": "Rocket Rides",
    "account_number": "12345678",
    "currency": "gbp",
    "routing_number": "108800",
}
ACTIVE = """
update account_capabilities set status = 'active' where account_id = $1
"""


@pytest.fixture
async def live_platform(live: Live) -> Platform:
    """A platform of live mode with the bank accounts of an operator."""
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    for bank in (EURO_BANK, POUND_BANK):
        await done(platform, "POST", BANKS, bank)
    return platform


async def account_with(platform: Platform, currency: str, amount: int) -> str:
    """A live account with money and a bank account, which may be paid out."""
    form = {"type": "custom", "country": "GB", "capabilities[transfers][requested]": "true"}
    account = str((await done(platform, "POST", "/v1/accounts", form))["id"])
    await add_bank(platform, account, currency, account_holder_name="Jenny Rosen")
    await platform.live.application.database.pool.execute(ACTIVE, account)
    form = {"amount": str(amount), "currency": currency}
    made = await done(platform, "POST", "/v1/topups", form, account=account)
    path = f"/_cardwright/topups/{made['id']}/mark_succeeded"
    await done(platform, "POST", path, account=account)
    return account


async def paid_out(platform: Platform, account: str, amount: int, currency: str) -> Any:
    form = {"amount": str(amount), "currency": currency, "description": "Week 7"}
    return await done(platform, "POST", PAYOUTS, form, account=account)


@pytest.mark.calendar
async def test_a_live_payout_leaves_in_a_file(live_platform: Platform) -> None:
    platform = live_platform
    account = await account_with(platform, "eur", 5000)
    other = await account_with(platform, "eur", 700)
    first = await paid_out(platform, account, 2550, "eur")
    second = await paid_out(platform, other, 700, "eur")
    due = await platform.live.application.database.pool.fetchval(
        "select count(*) from deadlines where subject = any($1)", [first["id"], second["id"]]
    )
    assert due == 0, "time alone moves nothing in live mode"
    canceled = await paid_out(platform, account, 50, "eur")
    await done(platform, "POST", f"{PAYOUTS}/{canceled['id']}/cancel", account=account)
    made = await done(platform, "POST", FILES, {"currency": "eur"})
    assert made["id"].startswith("pf_")
    assert (made["object"], made["format"], made["count"], made["amount"]) == (
        "payment_file",
        "pain.001",
        2,
        3250,
    )
    assert sorted(made["payouts"]) == sorted([first["id"], second["id"]])
    text = (await done(platform, "GET", f"{FILES}/{made['id']}/content"))["content"]
    document = ET.fromstring(text)
    space = {"p": document.tag[1:].partition("}")[0]}
    assert space["p"].endswith("pain.001.001.03")
    day, time = rfc3339(made["created"] * 1000)[:19].split("T")
    assert document.findtext(".//p:CreDtTm", namespaces=space) == f"{day}T{time}Z"
    assert document.findtext(".//p:ReqdExctnDt", namespaces=space) == day
    found = {
        one.findtext("p:PmtId/p:EndToEndId", namespaces=space): (
            one.findtext("p:Amt/p:InstdAmt", namespaces=space),
            one.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=space),
            one.findtext("p:Cdtr/p:Nm", namespaces=space),
            one.findtext("p:RmtInf/p:Ustrd", namespaces=space),
        )
        for one in document.iter(f"{{{space['p']}}}CdtTrfTxInf")
    }
    told = ("DE89370400440532013000", "Jenny Rosen", "Week 7")
    assert found == {
        first["id"].replace("_", "-"): ("25.50", *told),
        second["id"].replace("_", "-"): ("7.00", *told),
    }
    path = f"{PAYOUTS}/{first['id']}"
    assert (await done(platform, "GET", path, account=account))["status"] == "in_transit"
    assert (await platform.call("POST", f"{path}/cancel", account=account))[0] == 400
    await done(platform, "POST", f"/_cardwright/payouts/{first['id']}/mark_paid", account=account)
    failure = {"failure_code": "invalid_account_number"}
    path = f"/_cardwright/payouts/{second['id']}/fail"
    failed = await done(platform, "POST", path, failure, account=other)
    assert (failed["status"], failed["failure_code"]) == ("failed", "invalid_account_number")
    assert (await balance(platform, other, "eur"))["available"] == 700
    assert await event_types(platform, account, "payout.") == [
        "payout.created",
        "payout.created",
        "payout.canceled",
        "payout.updated",
        "payout.paid",
    ]
    assert [one["id"] for one in (await done(platform, "GET", FILES))["data"]] == [made["id"]]
    await check_books(platform, account, other)


@pytest.mark.calendar
async def test_a_file_in_pounds_is_a_table(live_platform: Platform) -> None:
    platform = live_platform
    account = await account_with(platform, "gbp", 5000)
    made = await paid_out(platform, account, 1234, "gbp")
    file = await done(platform, "POST", FILES, {"currency": "gbp"})
    assert file["format"] == "csv"
    text = (await done(platform, "GET", f"{FILES}/{file['id']}/content"))["content"]
    (row,) = csv.DictReader(io.StringIO(text))
    assert row == {
        "date": rfc3339(file["created"] * 1000)[:10],
        "reference": made["id"].replace("_", "-"),
        "amount": "12.34",
        "currency": "GBP",
        "account_holder_name": "Jenny Rosen",
        "routing_number": "108800",
        "account_number": "00012345",
        "description": "Week 7",
    }


async def test_no_file_is_at_the_bank_at_once(live_platform: Platform) -> None:
    account = await account_with(live_platform, "gbp", 500)
    form = {"amount": "100", "currency": "gbp", "method": "instant"}
    expected = ("instant_payouts_unsupported", "method")
    assert await refused(live_platform, "POST", PAYOUTS, form, account=account) == expected


async def test_a_payout_is_in_one_file(live_platform: Platform) -> None:
    platform = live_platform
    account = await account_with(platform, "gbp", 500)
    await paid_out(platform, account, 100, "gbp")
    form = {"currency": "gbp"}
    calls = [platform.call("POST", FILES, form=form) for _ in range(5)]
    assert await together(*calls) == [200] + [400] * 4
    stored = await platform.live.application.database.pool.fetch(
        "select sealed from secrets where account_id = $1 and name = 'content'",
        platform.keys.account_id,
    )
    assert [b"00012345" in row["sealed"] for row in stored] == [False], "numbers are sealed"


async def test_a_payout_whose_bank_account_is_gone_comes_back(live_platform: Platform) -> None:
    platform = live_platform
    account = await account_with(platform, "gbp", 500)
    made = await paid_out(platform, account, 500, "gbp")
    await platform.live.application.database.pool.execute(
        "delete from external_accounts where account_id = $1", account
    )
    other = await account_with(platform, "gbp", 500)
    kept = await paid_out(platform, other, 500, "gbp")
    file = await done(platform, "POST", FILES, {"currency": "gbp"})
    assert file["payouts"] == [kept["id"]]
    found = await done(platform, "GET", f"{PAYOUTS}/{made['id']}", account=account)
    assert (found["status"], found["failure_code"]) == ("failed", "account_closed")
    assert (await balance(platform, account, "gbp"))["available"] == 500


async def test_what_makes_no_file(live_platform: Platform, platform: Platform) -> None:
    status, body = await live_platform.call("POST", FILES, form={"currency": "gbp"})
    assert (status, "is waiting" in body["error"]["message"]) == (400, True)
    expected = (None, "currency")
    assert await refused(live_platform, "POST", FILES, {"currency": "usd"}) == expected
    status, body = await platform.call("POST", FILES, form={"currency": "eur"})
    assert (status, BANKS in body["error"]["message"]) == (400, True)
    code, _ = await refused(platform, "GET", f"{FILES}/pf_nobody/content")
    assert code == "resource_missing"


def test_no_words_become_a_formula() -> None:
    bank = OperatorBank(account_holder_name="Rocket Rides", currency=Currency("gbp"))
    text = content(bank, [Payment("po-1", 5, "=1+1", "1", "2", "@x")], 0)
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["account_holder_name"], row["description"]) == ("1+1", "x")


async def test_letters_that_banks_do_not_take_are_written_in_those_they_do() -> None:
    bank = OperatorBank(
        account_holder_name="Rocket Rides",
        bic="COBADEFF",
        currency=Currency("eur"),
        iban="DE89370400440532013000",
    )
    payment = Payment(
        "po-1", 5, "J\u00e9nny R\u00f8sen & <x>", "DE89370400440532013000", None, "\u20ac"
    )
    text = content(bank, [payment], 1_790_164_800_000)
    assert "Jenny Rosen &amp; &lt;x&gt;" in text


@pytest.mark.parametrize("words", ["\U0001f600", "\x01", "\u200b", "\x7f", "\n", "a" * 500])
def test_no_words_keep_a_file_from_being_written(words: str) -> None:
    bank = OperatorBank(
        account_holder_name="Rocket Rides",
        bic="COBADEFF",
        currency=Currency("eur"),
        iban="DE89370400440532013000",
    )
    payment = Payment("po-1", 99_999_999, words, "DE89370400440532013000", None, words)
    text = content(bank, [payment], 1_790_164_800_000)
    ET.fromstring(text)
    if words.isalpha():
        assert f"<Nm>{words[:70]}</Nm>" in text
    else:
        assert "<Nm>Account holder</Nm>" in text
        assert "<Ustrd>po-1</Ustrd>" in text


async def test_a_bank_account_that_a_file_cannot_name_is_paid_nothing(
    live_platform: Platform,
) -> None:
    platform = live_platform
    account = await account_with(platform, "eur", 500)
    british = {"country": "GB", "routing_number": "108800", "account_number": "00012345"}
    bank = await add_bank(platform, account, "eur", **british)
    await platform.live.application.database.pool.execute(ACTIVE, account)
    form = {"amount": "400", "currency": "eur"}
    wrong = await done(platform, "POST", PAYOUTS, {**form, "destination": bank}, account=account)
    right = await paid_out(platform, account, 100, "eur")
    made = await done(platform, "POST", FILES, {"currency": "eur"})
    assert made["payouts"] == [right["id"]]
    found = await done(platform, "GET", f"{PAYOUTS}/{wrong['id']}", account=account)
    assert (found["status"], found["failure_code"]) == ("failed", "invalid_currency")
    assert (await balance(platform, account, "eur"))["available"] == 400
    await check_books(platform, account)

"""Bank statements on a live port: matched, booked once, or waiting for the operator."""

import asyncio
from typing import Any

import pytest

from cardwright.funding.statements import flows, routes
from cardwright.funding.statements.files import ReadLine
from cardwright.ledger import audit
from cardwright.ledger import rules as ledger
from cardwright.tenancy import registry
from tests.funding.statements.files import camt, entry, send
from tests.funding.steps import (
    PREVIEW,
    balance,
    done,
    payable_account,
    top_up,
    verified_account,
)
from tests.support.server import Platform

LINES = "/_cardwright/bank_statement_lines"


async def number_of(platform: Platform, account: str, currency: str) -> str:
    """Where the account's Issuing balance takes money in the currency."""
    form = {
        "currency": currency,
        "funding_type": "bank_transfer",
        "bank_transfer[type]": {"eur": "eu", "gbp": "gb", "usd": "us"}[currency] + "_bank_transfer",
    }
    made = await done(platform, "POST", "/v1/issuing/funding_instructions", form, account=account)
    address = made["bank_transfer"]["financial_addresses"][0]
    details = address[address["type"]]
    return str(details.get("iban") or details["account_number"])


async def imported(platform: Platform, *entries: str) -> Any:
    """A statement that was taken."""
    status, body = await send(platform, camt(*entries))
    assert status == 200, body
    return body


async def lines_of(platform: Platform, statement: Any) -> list[Any]:
    """Its lines in order, when none of them is about to be booked any more."""
    for _ in range(200):
        found = await done(platform, "GET", f"{LINES}?limit=100&statement={statement['id']}")
        if all(one["status"] != "matched" for one in found["data"]):
            return list(reversed(found["data"]))
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def check_books(platform: Platform, account: str) -> None:
    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, account) == []


@pytest.mark.parametrize("currency", ["eur", "gbp", "usd"])
async def test_money_for_a_number_reaches_the_issuing_balance(
    platform: Platform, currency: str
) -> None:
    account = await verified_account(platform, currency)
    number = await number_of(platform, account, currency)
    statement = await imported(
        platform, entry("125.00", currency=currency.upper(), number=number, bank_reference="B1")
    )
    assert (statement["lines"], statement["lines_matched"], statement["lines_known"]) == (1, 1, 0)
    assert statement["format"] == "camt.053"
    [line] = await lines_of(platform, statement)
    assert (line["status"], line["account"], line["balance"]) == ("booked", account, "issuing")
    assert (await balance(platform, account, currency))["issuing"] == 12_500
    shown = await done(
        platform, "GET", f"/v1/balance_transactions/{line['transfer']}", account=account
    )
    assert (shown["type"], shown["amount"], shown["source"]) == ("topup", 12_500, line["id"])
    await check_books(platform, account)


async def test_a_line_has_one_effect_in_however_many_files(platform: Platform) -> None:
    account = await verified_account(platform, "eur")
    number = await number_of(platform, account, "eur")
    named = entry("10.00", number=number, bank_reference="B1")
    nameless = entry("5.00", number=number)
    first = await imported(platform, named, nameless)
    assert await imported(platform, named, nameless) == first, "the same file is the same import"
    await lines_of(platform, first)
    second = await imported(platform, named, nameless, nameless)
    assert (second["lines"], second["lines_known"]) == (3, 2), "one more that looks the same"
    await lines_of(platform, second)
    assert (await balance(platform, account, "eur"))["issuing"] == 2_000
    third, fourth = await asyncio.gather(
        imported(platform, entry("1.00", number=number, bank_reference="B9"), named),
        imported(platform, named, entry("1.00", number=number, bank_reference="B9")),
    )
    for statement in (third, fourth):
        await lines_of(platform, statement)
    assert (await balance(platform, account, "eur"))["issuing"] == 2_100
    await check_books(platform, account)


async def test_money_moves_while_a_file_is_imported(platform: Platform) -> None:
    account = await verified_account(platform)
    await top_up(platform, None, "gbp", 100)
    database = platform.live.application.database
    line = ReadLine("2025-06-18", 100, "gbp")
    form = {"amount": "100", "currency": "gbp", "destination": account}
    async with registry.transaction(database, platform.keys.account_id) as tx:
        await flows.import_statement(tx, [line], "a digest", "csv", None)
        await done(platform, "POST", "/v1/transfers", form)
    assert (await balance(platform, account, "gbp"))["available"] == 100


async def test_what_matches_nothing_waits_and_is_assigned(platform: Platform) -> None:
    account = await verified_account(platform, "eur")
    statement = await imported(
        platform,
        entry("7.00", number="DE02120300000000202051"),
        entry("-8.00"),
        entry("9.00", currency="GBP", number=await number_of(platform, account, "eur")),
    )
    assert (statement["lines"], statement["lines_matched"]) == (3, 0)
    found = await lines_of(platform, statement)
    assert [line["reason"] for line in found] == [
        "Its account number is none of ours.",
        "It names no payment of ours.",
        "The number takes eur.",
    ]
    queue = await done(platform, "GET", f"{LINES}?status=unmatched")
    assert {one["id"] for one in queue["data"]} == {one["id"] for one in found}
    path = f"{LINES}/{found[0]['id']}/assign"
    for wrong, code in (
        ({}, 400),
        ({"account": account, "payment": "po_x"}, 400),
        ({"account": "acct_nobody"}, 404),
        ({"account": account, "balance": "clearing"}, 400),
        ({"payment": "po_01JD0000000000000000000000"}, 404),
    ):
        assert (await platform.call("POST", path, form=wrong))[0] == code
    form = {"account": account, "balance": "payments"}
    taken = await done(platform, "POST", path, form)
    assert taken["status"] == "matched"
    assert (await platform.call("POST", path, form=form))[0] == 400, "once"
    assert (await lines_of(platform, statement))[0]["status"] == "booked"
    assert (await balance(platform, account, "eur"))["available"] == 700
    debit = {"account": account}
    assert (await platform.call("POST", f"{LINES}/{found[1]['id']}/assign", form=debit))[0] == 400
    await check_books(platform, account)


async def test_money_of_nobody_is_sent_back(platform: Platform) -> None:
    statement = await imported(platform, entry("7.00", bank_reference="B1"), entry("-1.00"))
    credit, debit = await lines_of(platform, statement)
    form = {"reason": "Sender unknown"}
    status, _ = await platform.call("POST", f"{LINES}/{debit['id']}/return", form=form)
    assert status == 400
    going = await done(platform, "POST", f"{LINES}/{credit['id']}/return", form)
    assert (going["status"], going["reason"]) == ("returning", "Sender unknown")
    reference = credit["id"].replace("_", "-")
    [other] = await lines_of(
        platform, await imported(platform, entry("-6.00", reference=reference))
    )
    assert other["status"] == "unmatched", "another amount"
    [left] = await lines_of(platform, await imported(platform, entry("-7.00", reference=reference)))
    assert (left["status"], left["payment"]) == ("booked", credit["id"])
    assert (await done(platform, "GET", f"{LINES}/{credit['id']}"))["status"] == "returned"


async def payout(platform: Platform, account: str) -> str:
    """A payout that bank statements find, as in live mode."""
    form = {"amount": "1000", "currency": "gbp"}
    made = await done(platform, "POST", "/v1/payouts", form, account=account)
    async with registry.transaction(platform.live.application.database, account) as tx:
        await routes.enter_payment(tx, made["id"])
    return str(made["id"])


async def test_a_payout_is_paid_and_comes_back_by_its_reference(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 5_000)
    payout_id = await payout(platform, account)
    reference = payout_id.replace("_", "-")
    [wrong] = await lines_of(
        platform, await imported(platform, entry("-9.00", currency="GBP", reference=reference))
    )
    assert (wrong["status"], wrong["reason"]) == ("unmatched", "The payment is of 10.00 gbp.")
    # In live mode it leaves with a payment file; the statement that shows it is later than that.
    for _ in range(400):
        shown = await done(platform, "GET", f"/v1/payouts/{payout_id}", account=account)
        if shown["status"] == "in_transit":
            break
        await asyncio.sleep(0.02)
    left = entry("-10.00", currency="GBP", reference=reference, bank_reference="B1")
    [paid] = await lines_of(platform, await imported(platform, left))
    assert (paid["status"], paid["payment"]) == ("booked", payout_id), paid
    shown = await done(platform, "GET", f"/v1/payouts/{payout_id}", account=account)
    assert shown["status"] == "paid"
    back = entry("10.00", currency="GBP", reference=reference, bank_reference="B2")
    [returned] = await lines_of(platform, await imported(platform, back))
    assert returned["status"] == "booked", returned
    shown = await done(platform, "GET", f"/v1/payouts/{payout_id}", account=account)
    assert (shown["status"], shown["failure_code"]) == ("failed", "could_not_process")
    assert (await balance(platform, account, "gbp"))["available"] == 5_000
    await check_books(platform, account)


async def test_statements_are_the_platforms_own(platform: Platform) -> None:
    account = await verified_account(platform, "eur")
    statement = await imported(platform, entry("7.00"))
    status, _ = await platform.call(
        "GET", f"/_cardwright/bank_statements/{statement['id']}", account=account
    )
    assert status == 400
    status, body = await send(platform, b"", "empty.csv")
    assert (status, body["error"]["message"]) == (400, "The file is empty.")
    status, body = await send(platform, b"no,statement\n", "odd.csv")
    assert status == 400
    listed = await done(platform, "GET", "/_cardwright/bank_statements")
    assert [one["id"] for one in listed["data"]] == [statement["id"]], "nothing is half kept"


async def test_what_happened_to_a_payment_happened_once(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1_000)
    form = {"amount": "700", "currency": "gbp"}
    made = await done(platform, "POST", "/v1/payouts", form, account=account)
    told = {"currency": "GBP", "reference": made["id"].replace("_", "-")}
    for amount, status in (("-7.00", "paid"), ("7.00", "failed")):
        statement = await imported(
            platform,
            entry(amount, bank_reference=f"A{amount}", **told),
            entry(amount, bank_reference=f"B{amount}", **told),
        )
        lines = await lines_of(platform, statement)
        waiting, booked = sorted(lines, key=lambda line: str(line["status"]), reverse=True)
        assert (booked["status"], waiting["status"]) == ("booked", "unmatched")
        assert waiting["reason"] == f"The line {booked['id']} has told the same of {made['id']}."
        path = f"/v1/payouts/{made['id']}"
        assert (await done(platform, "GET", path, account=account))["status"] == status
    assert (await balance(platform, account, "gbp"))["available"] == 1_000
    await check_books(platform, account)


async def test_what_cannot_be_booked_waits_again(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 100)
    form = {
        "amount": "7",
        "currency": "gbp",
        "source_balance[type]": "payments",
        "destination_balance[type]": "issuing",
    }
    moved = await done(
        platform, "POST", "/v1/balance_transfers", form, account=account, version=PREVIEW
    )
    statement = await imported(platform, entry("7", currency="CHF"), entry("0.07", currency="GBP"))
    swiss, british = await lines_of(platform, statement)
    to_account = {"account": account, "balance": "fa_01JD0000000000000000000000"}
    for line, form, reason in (
        (swiss, to_account, "No balance has it"),
        (british, {"payment": moved["id"]}, f"No line of a bank statement settles {moved['id']}"),
    ):
        await done(platform, "POST", f"{LINES}/{line['id']}/assign", form)
        await lines_of(platform, statement)
        found = await done(platform, "GET", f"{LINES}/{line['id']}")
        assert found["status"] == "unmatched"
        assert reason in found["reason"]


async def test_more_than_a_balance_can_be_waits(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "BALANCE_MINOR_MAX", 1_000)
    account = await verified_account(platform)
    number = await number_of(platform, account, "gbp")
    found = []
    for amount in ("10.00", "0.01"):
        statement = await imported(platform, entry(amount, currency="GBP", number=number))
        found += await lines_of(platform, statement)
    assert [line["status"] for line in found] == ["booked", "unmatched"]
    assert "would pass the largest" in found[1]["reason"]
    form = {"amount": "1", "currency": "gbp"}
    refused = await platform.call(
        "POST", "/v1/test_helpers/issuing/fund_balance", form=form, account=account
    )
    assert (refused[0], refused[1]["error"]["code"]) == (400, "amount_too_large")
    await check_books(platform, account)

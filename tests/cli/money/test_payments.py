"""``cardwright payments``, beside a running server."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from cyclopts import App

from cardwright.cli.money import ledger, payments
from cardwright.kernel.startup import StartError
from tests.funding.steps import balance, done, payable_account, top_up
from tests.simulator.clocks import START
from tests.support.server import Platform

BANK = (
    "--currency=gbp",
    "--account-holder-name=Rocket Rides",
    "--account-number=12345678",
    "--routing-number=108800",
)


async def command(data: Path, printed: Any, *arguments: str) -> tuple[int, str, str]:
    """What ``cardwright payments`` answers: exit code, output, errors."""
    return await answered(payments.app, data, printed, *arguments)


async def left_in_books(data: Path, printed: Any, account: str) -> str:
    """What ``cardwright ledger show`` says is left of the payments balance, closed or not."""
    arguments = ("show", account, "--book", "payments")
    code, out, errors = await answered(ledger.app, data, printed, *arguments)
    assert code == 0, errors
    [closing] = [line for line in out.splitlines() if "closing balance" in line]
    return closing.split()[-1]


async def answered(app: App, data: Path, printed: Any, *arguments: str) -> tuple[int, str, str]:
    """What a command answers."""
    tokens = [*arguments, "--data-dir", str(data)]
    called, given, _ = app.parse_args(tokens, exit_on_error=False, print_error=False)
    printed.readouterr()
    try:
        await asyncio.to_thread(called, *given.args, **given.kwargs)
    except StartError as error:
        return 1, "", str(error)
    return 0, printed.readouterr().out, ""


async def on_a_clock(platform: Platform, account: str) -> None:
    """Nothing moves by itself any more."""
    form = {"frozen_time": str(START)}
    made = await done(platform, "POST", "/v1/test_helpers/test_clocks", form)
    path = f"/_cardwright/accounts/{account}/test_clock"
    await done(platform, "POST", path, {"test_clock": made["id"]})


async def test_from_the_payout_to_its_end(
    served: Platform, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = await payable_account(served)
    await on_a_clock(served, account)
    await top_up(served, account, "gbp", 1000)
    form = {"amount": "400", "currency": "gbp"}
    first, second = [
        await done(served, "POST", "/v1/payouts", form, account=account) for _ in range(2)
    ]
    file = tmp_path / "payments.csv"
    export = ("export", "--currency=gbp", f"--to={file}")
    code, _, errors = await command(data, capsys, *export)
    assert (code, "/_cardwright/bank_accounts" in errors) == (1, True)
    code, out, errors = await command(data, capsys, "bank", *BANK)
    assert (code, "currency: gbp" in out) == (0, True), errors
    code, out, errors = await command(data, capsys, *export)
    assert (code, "2 payouts, 8.00 gbp" in out) == (0, True), errors
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().count("00012345") == 2
    code, _, errors = await command(data, capsys, *export)
    assert (code, "exists already" in errors) == (1, True)
    again = tmp_path / "again.csv"
    await command(data, capsys, "write", out.partition(":")[0], f"--to={again}")
    assert again.read_text() == file.read_text()

    code, out, errors = await command(data, capsys, "paid", first["id"])
    assert (code, out) == (0, f"{first['id']}: paid\n"), errors
    code, out, errors = await command(data, capsys, "failed", second["id"], "--code=no_account")
    assert (code, out) == (0, f"{second['id']}: failed\n"), errors
    assert (await balance(served, account, "gbp"))["available"] == 600
    code, _, errors = await command(data, capsys, "paid", second["id"])
    assert (code, "cannot become paid" in errors) == (1, True)

    topup = await done(served, "GET", "/v1/topups", account=account)
    code, out, errors = await command(data, capsys, "failed", topup["data"][0]["id"])
    assert (code, "reversed" in out) == (0, True), errors
    assert (await balance(served, account, "gbp"))["available"] == -400
    for arguments, words in (
        (("paid", "po_nobody"), "There is no payment po_nobody"),
        (("failed", second["id"], "--code=bad"), "No such failure code: bad"),
        (("bank", "--currency=gbp"), "Missing required param"),
        (("bank", "--currency=jpy", "--account-holder-name=x"), "Invalid currency"),
    ):
        code, _, errors = await command(data, capsys, *arguments)
        assert (code, words in errors) == (1, True), errors


async def test_what_a_bank_does_after_the_account_is_closed(
    served: Platform, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The payout that comes back is in its books, and what a top-up lacks is written off."""
    account = await payable_account(served)
    await on_a_clock(served, account)
    form = {"amount": "400", "currency": "gbp"}
    topup = await done(served, "POST", "/v1/topups", form, account=account)
    payout = await done(served, "POST", "/v1/payouts", form, account=account)
    await command(data, capsys, "paid", payout["id"])
    await done(served, "DELETE", f"/v1/accounts/{account}")
    for payment, words, left in ((topup, "reversed", "-4.00"), (payout, "failed", "4.00")):
        code, out, errors = await command(data, capsys, "failed", payment["id"])
        assert (code, out) == (0, f"{payment['id']}: {words}\n"), errors
        assert await left_in_books(data, capsys, account) == left
        if payment is topup:
            path = f"/_cardwright/accounts/{account}/write_offs"
            owed = {"currency": "gbp", "balance": "payments", "description": "gone"}
            await done(served, "POST", path, owed)

"""The commands of an operator for financial accounts, beside a running server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cardwright.cli import main as commands
from cardwright.kernel.startup import StartError
from tests.cli.money.test_payments import on_a_clock
from tests.financial_accounts.moves.test_live import bank, transfer
from tests.financial_accounts.support import Keeper, keeper
from tests.support.server import Platform

BANK = {
    "account_holder_name": "Rocket Rides",
    "account_number": "12345678",
    "currency": "gbp",
    "routing_number": "108800",
}


@pytest.fixture
async def owner(served: Platform) -> Keeper:
    """An account that keeps money on a server of its own, on a clock that stands still."""
    found = await keeper(served)
    await on_a_clock(served, str(found.account))
    return found


async def command(data: Path, printed: Any, *arguments: str) -> tuple[int, str]:
    """What ``cardwright`` answers: exit code, and output or errors."""
    tokens = [*arguments, "--data-dir", str(data)]
    called, given, _ = commands.app.parse_args(tokens, exit_on_error=False, print_error=False)
    printed.readouterr()
    try:
        await asyncio.to_thread(called, *given.args, **given.kwargs)
    except StartError as error:
        return 1, str(error)
    return 0, printed.readouterr().out


async def test_from_the_number_to_the_payment(
    owner: Keeper, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = await owner.open()
    body = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": "gbp"},
    }
    made = await owner.done("POST", "financial_addresses", body)
    give = ("financial-address", made["id"], "--account", str(owner.account))
    code, said = await command(data, capsys, *give)
    assert (code, "--account-number" in said) == (1, True)
    code, said = await command(data, capsys, *give, "--account-number=1", "--routing-number=108800")
    assert (code, "eight digits" in said) == (1, True)
    numbers = ("--account-number=00012345", "--routing-number=108800")
    assert await command(data, capsys, *give, *numbers) == (0, f"{made['id']}: active\n")
    code, said = await command(data, capsys, *give, "--refuse")
    assert (code, "active" in said) == (1, True)
    await owner.credit(made["id"], 100)

    place = await bank(owner)
    sent = [
        await owner.done("POST", "outbound_transfers", transfer(account, place, value))
        for value in (30, 20)
    ]
    status, answer = await owner.platform.call("POST", "/_cardwright/bank_accounts", form=BANK)
    assert status == 200, answer
    file = tmp_path / "payments.csv"
    code, said = await command(data, capsys, "payments", "export", "--currency=gbp", f"--to={file}")
    assert (code, "0.50 gbp" in said) == (0, True), said
    assert file.read_text().count("00012345") == 2
    code, said = await command(data, capsys, "payments", "paid", sent[0]["id"])
    assert (code, said) == (0, f"{sent[0]['id']}: posted\n")
    failed = ("payments", "failed", "--code=account_closed")
    code, said = await command(data, capsys, *failed, sent[1]["id"])
    assert (code, said) == (0, f"{sent[1]['id']}: failed\n")
    code, said = await command(data, capsys, *failed, sent[0]["id"])
    assert (code, said) == (0, f"{sent[0]['id']}: returned\n")
    assert await owner.balance(account) == (100, 0, 0)
    pull = {
        "from": {"payment_method": place},
        "to": {"financial_account": account, "currency": "gbp"},
        "amount": owner.money(20),
    }
    pulled = await owner.done("POST", "inbound_transfers", pull)
    code, _ = await command(data, capsys, "payments", "paid", pulled["id"])
    assert (code, await owner.balance(account)) == (0, (120, 0, 0))
    code, _ = await command(data, capsys, *failed, pulled["id"])
    assert (code, await owner.balance(account)) == (0, (100, 0, 0))
    code, said = await command(data, capsys, "ledger", "verify")
    assert (code, "clean" in said) == (0, True)

"""The commands on the books, beside a running server: prove, read, export, correct, reconcile."""

import asyncio
import csv
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from cardwright.cli.main import app
from cardwright.kernel.clock import machine_ms, moment
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault
from cardwright.ledger import flows, transfers
from cardwright.tenancy import gates, registry
from tests.support import processes
from tests.support.database import private_directory
from tests.support.issuing import issuing_account
from tests.support.server import Platform


@dataclass
class Beside:
    """The commands beside a server, and an account with 100.00 gbp in its Issuing balance."""

    data: Path
    platform: Platform
    account: str

    async def run(self, *words: str, code: int = 0) -> list[str]:
        """What a command prints; it ends with the exit code."""
        return await asyncio.to_thread(self._run, [*words, "--data-dir", str(self.data)], code)

    @staticmethod
    def _run(words: list[str], code: int) -> list[str]:
        printed = io.StringIO()
        ended: object = 0
        with redirect_stdout(printed):
            try:
                app(words, exit_on_error=False)
            except SystemExit as stopped:
                ended = stopped.code or 0
            except StartError as refused:
                ended = 1
                printed.write(str(refused))
        assert ended == code, printed.getvalue()
        return printed.getvalue().splitlines()


@pytest.fixture(scope="module")
async def beside() -> AsyncIterator[Beside]:
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        vault = installed_vault(data, None)
        async with processes.beside(server.published["database"], vault, server.base) as platform:
            account = platform.keys.account_id
            async with registry.transaction(platform.live.application.database, account) as tx:
                await gates.lock(tx, account)
                come = transfers.incoming(account, "issuing", "gbp", 10_000, description="First")
                await flows.post(tx, come)
                await flows.hold(tx, "iauth_1", "gbp", 3_000)
            yield Beside(data, platform, account)
    finally:
        server.stop()
        shutil.rmtree(directory)


async def test_a_statement_is_read_from_opening_to_closing(beside: Beside) -> None:
    shown = [line.split() for line in await beside.run("ledger", "show", beside.account)]
    assert shown[0][:3] == [beside.account, "issuing", "gbp"]
    told = [" ".join(words[2:] if words and words[0][:2] == "20" else words) for words in shown]
    assert "opening balance 0.00" in told
    [first] = [line for line in told if line.startswith("money in: First txn_")]
    assert first.endswith(" 100.00 100.00")
    assert "card authorization iauth_1 30.00 30.00 70.00" in told
    assert "closing balance 100.00 30.00 30.00 70.00" in told
    later = await beside.run("ledger", "show", beside.account, "--since", "2999-01-01")
    assert [" ".join(line.split()) for line in later if "balance" in line] == [
        "opening balance 30.00 70.00",
        "closing balance 0.00 0.00 30.00 70.00",
    ]
    nothing = await beside.run("ledger", "show", beside.account, "--currency", "eur")
    assert nothing == [f"There is nothing in the books of {beside.account}."]
    refused = await beside.run("ledger", "show", "acct_nobody", code=1)
    assert refused == ["There is no account acct_nobody."]


async def test_the_books_are_exported_line_by_line(beside: Beside, tmp_path: Path) -> None:
    file = tmp_path / "books.csv"
    await beside.run("ledger", "export", "--csv", str(file), "--account", beside.account)
    lines = list(csv.DictReader(file.read_text().splitlines()))
    assert sum(int(line["amount_minor"]) for line in lines) == 0
    first = lines[0]
    assert (first["book"], first["part"], first["amount_minor"], first["description"]) == (
        "issuing",
        "available",
        "10000",
        "First",
    )
    assert datetime.fromisoformat(first["created"]).tzinfo is not None
    assert (await beside.run("ledger", "export", "--csv", "-", "--account", beside.account))[
        0
    ].startswith("account_id,transfer_id,line,created")
    refused = await beside.run("ledger", "export", "--csv", str(tmp_path), code=1)
    assert "cannot be written" in refused[0]


@pytest.mark.calendar
async def test_the_first_difference_is_told(beside: Beside) -> None:
    clean = ["The ledger is clean: every transfer sums to zero and every balance to its entries."]
    assert await beside.run("ledger", "verify") == clean
    assert await beside.run("ledger", "verify", "--account", beside.account) == clean
    damage = "update balances set available_minor = available_minor + $2 where account_id = $1"
    pool = beside.platform.live.application.database.pool
    await pool.execute(damage, beside.account, 1)
    try:
        for words in ((), ("--account", beside.account)):
            [first] = await beside.run("ledger", "verify", *words, code=1)
            assert first == (
                f"The issuing balance of {beside.account} has 70.01 gbp available, "
                "its entries sum to 70.00 gbp."
            )
        everything = await beside.run("ledger", "verify", "--all", code=1)
        assert len(everything) == 2, "the outside book is off too"
        day = moment(machine_ms()).date().isoformat()
        report = await beside.run("reconciliation", "--date", day)
        assert report[-1] == f"{day}: 0 differences.", "the first platform is another one"
    finally:
        await pool.execute(damage, beside.account, -1)
    assert await beside.run("ledger", "verify") == clean


async def test_books_are_corrected_by_hand(beside: Beside) -> None:
    money = ("--currency", "usd", "--reason", "Test")
    [made] = await beside.run(
        "ledger", "adjust", beside.account, "--amount", "500", *money, "--key", "once"
    )
    assert made.startswith("ladj_")
    assert ": 5.00 usd to the issuing balance, transfer txn_" in made
    again = await beside.run(
        "ledger", "adjust", beside.account, "--amount", "500", *money, "--key", "once"
    )
    assert again == [made]
    transfer = made.rpartition(" ")[2]
    [aside] = await beside.run("ledger", "set-aside", beside.account, "--amount", "400", *money)
    claim = aside.partition(":")[0]
    assert aside.endswith("pending, 4.00 usd set aside, 0.00 taken, 0.00 given back")
    refused = await beside.run(
        "ledger", "correct", beside.account, transfer, "--reason", "Wrong", code=1
    )
    assert "Insufficient funds" in refused[0]
    [taken] = await beside.run("ledger", "take", beside.account, claim, "--amount", "100")
    assert taken.endswith("pending, 3.00 usd set aside, 1.00 taken, 0.00 given back")
    [back] = await beside.run("ledger", "give-back", beside.account, claim)
    assert back.endswith("captured, 0.00 usd set aside, 1.00 taken, 3.00 given back")
    await beside.run("ledger", "correct", beside.account, transfer, "--reason", "Wrong", "--force")
    [lost] = await beside.run("ledger", "write-off", beside.account, *money)
    assert ": 1.00 usd to the issuing balance" in lost
    refused = await beside.run("ledger", "write-off", beside.account, *money, code=1)
    assert "nothing to write off" in refused[0]
    assert await beside.run("ledger", "verify", "--account", beside.account)


async def test_the_books_of_a_closed_account_are_tidied_by_command(beside: Beside) -> None:
    account = await issuing_account(beside.platform, program=False)
    assert (await beside.platform.call("DELETE", f"/v1/accounts/{account}"))[0] == 200
    wanted = ("--currency", "gbp", "--reason", "Late")
    [made] = await beside.run(
        "ledger", "adjust", account, "--amount", "-70", *wanted, "--against", "fees", "--force"
    )
    assert ": -0.70 gbp to the issuing balance" in made
    [lost] = await beside.run("ledger", "write-off", account, *wanted)
    assert ": 0.70 gbp to the issuing balance" in lost
    refused = await beside.run("ledger", "set-aside", account, "--amount", "1", *wanted, code=1)
    assert "is closed" in refused[0]


async def test_a_bank_statement_is_imported_and_assigned(beside: Beside, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("date,amount,currency,counterparty\n2025-06-18,12.00,EUR,Jenny Rosen\n")
    [made] = await beside.run("statements", "import", str(file))
    assert made.endswith("1 lines, 1 of them new, 0 matched, 1 to assign")
    assert await beside.run("statements", "import", str(file)) == [made]
    heads, waiting = await beside.run("statements", "unmatched")
    assert heads.split() == [
        *("id", "booked_on", "amount", "counterparty", "description", "reason")
    ]
    line = waiting.split()[0]
    assert waiting.split()[1:7] == ["2025-06-18", "12.00", "eur", "Jenny", "Rosen", "-"]
    assert waiting.endswith("Its account number is none of ours.")
    refused = await beside.run("statements", "assign", line, "--account", "acct_nobody", code=1)
    assert "No such account" in refused[0]
    [going] = await beside.run("statements", "return", line, "--reason", "Unknown")
    assert going == f"{line}: returning, reference {line.replace('_', '-')}"
    nothing = await beside.run("statements", "unmatched")
    assert nothing == ["No line of a bank statement waits for you."]
    refused = await beside.run("statements", "import", str(tmp_path / "none.csv"), code=1)
    assert "cannot be read" in refused[0]
    report = await beside.run("reconciliation", "--date", "2025-06-18", "--csv", "-")
    assert report[0] == "date,program,account,book,currency,line,transfers,amount"


async def test_words_of_others_are_words_alone(beside: Beside, tmp_path: Path) -> None:
    """What a payer wrote steers no terminal and no spreadsheet."""
    written = "=HYPERLINK(1)\x1b[31m [/red]\r\n[bold]x"
    database = beside.platform.live.application.database
    async with registry.transaction(database, beside.account) as tx:
        await gates.lock(tx, beside.account)
        come = transfers.incoming(beside.account, "payments", "usd", 5, description=written)
        await flows.post(tx, come)
    shown = await beside.run("ledger", "show", beside.account, "--book", "payments")
    text = " ".join("\n".join(shown).split())
    assert "=HYPERLINK(1)[31m" in text
    assert "[/red][bold]x" in text
    file = tmp_path / "books.csv"
    await beside.run("ledger", "export", "--csv", str(file), "--account", beside.account)
    told = {line["description"] for line in csv.DictReader(file.read_text().splitlines())}
    assert "HYPERLINK(1)[31m [/red][bold]x" in told

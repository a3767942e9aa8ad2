"""``cardwright statements``: what your bank says has arrived and left."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from cyclopts import App

from cardwright.cli import acting, options
from cardwright.funding.statements import flows
from cardwright.funding.statements.files import format_of, read
from cardwright.funding.statements.model import Assignment, BankStatement, BankStatementLine
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.kernel.words import printed
from cardwright.tenancy import clocks, registry
from cardwright.wire import pages, rows

app = App(name="statements", help="Import bank statements, and settle what they leave open.")
Made = TypeVar("Made")
HEAD_BYTES = 64


@app.command(name="import")
def import_(
    file: Path,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Import a file of your bank, camt.053 or CSV; the same file or line again changes nothing."""
    try:
        with file.open("rb") as opened:
            format_ = format_of(opened.read(HEAD_BYTES))
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            statement = _run(
                lambda tx: flows.import_statement(
                    tx, read(opened, format_), digest, format_, file.name
                ),
                live,
                data_dir,
                database_url,
                booked=_lines,
            )
    except OSError as error:
        raise StartError(f"{file} cannot be read: {error.strerror}.") from None
    new = statement.lines - statement.lines_known
    print(
        f"{statement.id}: {statement.lines} lines, {new} of them new, "
        f"{statement.lines_matched} matched, {new - statement.lines_matched} to settle"
    )


@app.command
def unmatched(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the newest lines that wait for you."""

    async def listed(tx: Tx) -> list[BankStatementLine]:
        page = await pages.list_page(
            tx.connection,
            BankStatementLine,
            tx.account_id,
            None,
            pages.PageRequest(pages.LIMIT_MAX),
            fixed={"status": "unmatched"},
        )
        return page.data

    for line in _run(listed, live, data_dir, database_url):
        amount = f"{decimal_text(line.amount, line.currency)} {line.currency}"
        who = line.counterparty or line.account_number or "unknown"
        told = printed(f"{who}: {line.description or ''}")
        print(f"{line.id}  {line.booked_on}  {amount:>18}  {told}")
        print(f"{'':31} {line.reason}")


@app.command
def assign(
    line: options.Line,
    *,
    account: str | None = None,
    balance: str | None = None,
    payment: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say whose an unmatched line is; it is booked there.

    Parameters
    ----------
    account
        The account that the money is for.
    balance
        issuing, payments, or the id of a financial account.
    payment
        The payout, top-up or transfer that the line settles.
    """
    wanted = Assignment(account=account, balance=balance, payment=payment)
    made = _run(
        lambda tx: flows.assign(tx, line, wanted), live, data_dir, database_url, booked=_itself
    )
    print(f"{made.id}: {made.status}" + (f" ({made.reason})" if made.reason else ""))


@app.command(name="return")
def return_(
    line: options.Line,
    *,
    reason: str,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Send an unmatched credit back: pay it with the reference that is printed.

    Parameters
    ----------
    reason
        Why; it stays on record.
    """
    made = _run(lambda tx: flows.send_back(tx, line, reason), live, data_dir, database_url)
    print(f"{made.id}: {made.status}, reference {made.id.replace('_', '-')}")


def _run(
    work: Callable[[Tx], Awaitable[Made]],
    live: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
    booked: Callable[[Tx, Any], Awaitable[tuple[Any, list[str]]]] | None = None,
) -> Made:
    """Do the work as the platform; with ``booked`` what it matched is booked at once, also where no
    server runs, and the answer is how it is then."""

    async def run() -> Made:
        async with acting.database_of(data_dir, database_url) as database:
            platform = await acting.platform_of(database, live=live)
            async with registry.transaction(database, platform) as tx:
                made = await work(tx)
            return made if booked is None else await _book(database, platform, made, booked)

    return acting.done(run())


async def _book(
    database: Database,
    platform: str,
    made: Any,
    booked: Callable[[Tx, Any], Awaitable[tuple[Any, list[str]]]],
) -> Any:
    async with registry.transaction(database, platform) as tx:
        _, accounts = await booked(tx, made)
    for account in accounts:
        while await clocks.meet_due(database, account):
            pass
    async with registry.transaction(database, platform) as tx:
        return (await booked(tx, made))[0]


async def _lines(tx: Tx, statement: BankStatement) -> tuple[BankStatement, list[str]]:
    """A statement as it is now, and the accounts of its lines that are about to be booked."""
    return statement, await flows.accounts_to_book(tx, statement.id)


async def _itself(tx: Tx, line: BankStatementLine) -> tuple[BankStatementLine, list[str]]:
    """A line as it is now, and its account."""
    now = await rows.get(tx, BankStatementLine, line.id)
    return now, [now.account] if now.status == "matched" and now.account else []

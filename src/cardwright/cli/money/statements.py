"""``cardwright statements``: what your bank says has arrived and left."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Amount, Columns, Json, table
from cardwright.cli.transaction import Said, as_platform, working
from cardwright.funding.statements import flows
from cardwright.funding.statements.files import format_of, read
from cardwright.funding.statements.model import Assignment, BankStatement, BankStatementLine
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.tenancy import clocks, registry
from cardwright.wire import pages, rows

app = App(name="statements", help="Import bank statements, and decide on what they leave open.")
T = TypeVar("T")
HEAD_BYTES = 64
# What is to be booked now: the subject as it is by then, and the accounts that it concerns.
Booked = Callable[[Tx, T], Awaitable[tuple[T, list[str]]]]
UNMATCHED: Columns[BankStatementLine] = {
    "id": lambda line: line.id,
    "booked_on": lambda line: line.booked_on,
    "amount": lambda line: Amount(line.amount, line.currency),
    "counterparty": lambda line: line.counterparty or line.account_number or "unknown",
    "description": lambda line: line.description,
    "reason": lambda line: line.reason,
}


@app.command(name="import")
@working
async def import_(file: Path, *, platform: Platform = PLATFORM) -> Said:
    """Import a file of your bank, camt.053 or CSV; the same file or line again changes nothing."""
    try:
        with file.open("rb") as opened:
            format_ = format_of(opened.read(HEAD_BYTES))
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)

            def importing(tx: Tx) -> Awaitable[BankStatement]:
                return flows.import_statement(tx, read(opened, format_), digest, format_, file.name)

            statement = await _booking(platform, importing, _lines)
    except OSError as error:
        raise StartError(f"{file} cannot be read: {error.strerror}.") from None
    new = statement.lines - statement.lines_known
    return (
        f"{statement.id}: {statement.lines} lines, {new} of them new, "
        f"{statement.lines_matched} matched, {new - statement.lines_matched} to assign"
    )


@app.command
@as_platform
async def unmatched(tx: Tx, *, json: Json = False) -> Said:
    """List the newest lines that wait for you."""
    page = await pages.list_page(
        tx.connection,
        BankStatementLine,
        tx.account_id,
        None,
        pages.PageRequest(options.LISTED_MAX),
        fixed={"status": "unmatched"},
    )
    none = "No line of a bank statement waits for you."
    return table(page.data, UNMATCHED, json=json, more=page.has_more, none=none)


@app.command
@working
async def assign(
    line: options.Line,
    *,
    account: str | None = None,
    balance: str | None = None,
    payment: str | None = None,
    platform: Platform = PLATFORM,
) -> Said:
    """Say whose an unmatched line is; it is booked there.

    Parameters
    ----------
    account
        The account that the money is for.
    balance
        issuing, payments, or the id of a financial account.
    payment
        The payout, top-up or transfer that the line is of.
    """
    wanted = Assignment(account=account, balance=balance, payment=payment)
    made = await _booking(platform, lambda tx: flows.assign(tx, line, wanted), _itself)
    return f"{made.id}: {made.status}" + (f" ({made.reason})" if made.reason else "")


@app.command(name="return")
@as_platform
async def return_(tx: Tx, line: options.Line, *, reason: str) -> Said:
    """Send an unmatched credit back: pay it with the reference that is printed.

    Parameters
    ----------
    reason
        Why; it stays on record.
    """
    made = await flows.send_back(tx, line, reason)
    return f"{made.id}: {made.status}, reference {made.id.replace('_', '-')}"


async def _booking(platform: Platform, work: Callable[[Tx], Awaitable[T]], booked: Booked[T]) -> T:
    """Do the work as the platform; what it matched is booked at once, also where no server runs,
    and the answer is how it is then."""
    async with platform.installation.database() as database:
        own = await platform.account_id(database)
        async with registry.transaction(database, own) as tx:
            made = await work(tx)
        async with registry.transaction(database, own) as tx:
            _, accounts = await booked(tx, made)
        for account in accounts:
            while await clocks.meet_due(database, account):
                pass
        async with registry.transaction(database, own) as tx:
            return (await booked(tx, made))[0]


async def _lines(tx: Tx, statement: BankStatement) -> tuple[BankStatement, list[str]]:
    """A statement as it is now, and the accounts of its lines that are about to be booked."""
    return statement, await flows.accounts_to_book(tx, statement.id)


async def _itself(tx: Tx, line: BankStatementLine) -> tuple[BankStatementLine, list[str]]:
    """A line as it is now, and its account."""
    now = await rows.get(tx, BankStatementLine, line.id)
    return now, [now.account] if now.status == "matched" and now.account else []

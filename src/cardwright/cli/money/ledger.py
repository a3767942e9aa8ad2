"""``cardwright ledger``: prove the books, read them, export them, and correct them."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager
from csv import writer
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.money import ledger_changes
from cardwright.cli.money.ledger_page import Statement, width
from cardwright.cli.transaction import Said, working
from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.startup import StartError
from cardwright.kernel.words import tabled
from cardwright.ledger import audit, flows, history
from cardwright.ledger.chart import is_floored
from cardwright.ledger.rules import Balance

app = App(name="ledger", help="Prove, read, export and correct the books.")
ledger_changes.add_to(app)

Day = Annotated[date | None, Parameter(help="A day (UTC) as 2025-06-18.")]
# An instant after every other.
NEVER_MS = 1 << 62
# How often progress is told of.
ROWS_AT_ONCE = 10_000


@app.command
@working
async def verify(
    *,
    account: str | None = None,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    installation: Installation = INSTALLATION,
) -> Said:
    """Recompute every balance from its entries; also beside a running server.

    Prints the first difference and ends with exit code 1 when there is one.

    Parameters
    ----------
    account
        Only the books of this account.
    everything
        Print every difference instead of the first.
    """
    found = False
    async with installation.connection(account) as connection:
        with _progress("Accounts") as tell:
            async with aclosing(audit.differences(connection, account, tell)) as differences:
                async for difference in differences:
                    print(difference.words)
                    found = True
                    if not everything:
                        break
    if found:
        sys.exit(1)
    return "The ledger is clean: every transfer sums to zero and every balance to its entries."


@app.command
@working
async def show(
    account: options.Account,
    *,
    book: str | None = None,
    currency: str | None = None,
    since: Day = None,
    until: Day = None,
    installation: Installation = INSTALLATION,
) -> None:
    """Print the statement of each balance of an account: what came, what went, what is left.

    Parameters
    ----------
    book
        Only this book, which may also be one that the account's owner does not see.
    currency
        Only this currency.
    since
        From this day on (UTC).
    until
        Until the end of this day (UTC).
    """
    start = _start_of(since) if since else 0
    end = _start_of(until) + clock.DAY_MS if until else NEVER_MS
    console = Console(width=width(), highlight=False, markup=False, emoji=False)
    async with (
        installation.connection(account) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        kept = [
            each
            for each in await flows.balances_of(connection, account)
            if currency in (None, each.currency)
            and (each.book == book if book else _is_own(each.book))
        ]
        if not kept:
            print(f"There is nothing in the books of {account}.")
        for each in kept:
            await _print(console, connection, account, each, start, end)


@app.command
@working
async def export(
    *,
    csv: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    account: str | None = None,
    installation: Installation = INSTALLATION,
) -> None:
    """Write every line of the books.

    Parameters
    ----------
    csv
        The CSV file to write; - is the standard output.
    account
        Only the books of this account.
    """
    with _written(csv) as write, _progress("Lines") as tell:
        async with (
            installation.connection(account) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            write(history.Entry._fields)
            total = await history.count(connection, account)
            done = 0
            async for entry in history.entries(connection, account):
                write(entry._replace(description=tabled(entry.description or "")))
                done += 1
                if done % ROWS_AT_ONCE == 0 or done == total:
                    tell(done, total)


async def _print(
    console: Console, connection: Connection, account: str, kept: Balance, start: int, end: int
) -> None:
    """One book's statement."""
    page = Statement(console, account, kept.book, kept.currency)
    page.open(await history.opening(connection, account, kept.book, kept.currency, start))
    async for movement in history.movements(
        connection, account, kept.book, kept.currency, start, end
    ):
        page.add(movement)
    page.close()


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for a person who waits; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _written(file: Path) -> Iterator[Callable[[Iterable[object]], object]]:
    """Where the rows of a CSV file go."""
    if str(file) == "-":
        yield writer(sys.stdout).writerow
        return
    try:
        opened = file.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise StartError(f"{file} cannot be written: {error.strerror}.") from None
    with opened:
        yield writer(opened).writerow


def _is_own(book: str) -> bool:
    """Whether it is what the account's owner has or will have."""
    return is_floored(book) or book == "payments_pending" or book.endswith(":inbound_pending")


def _start_of(day: date) -> int:
    """The first instant of a day, in milliseconds."""
    return int(datetime.combine(day, time(), UTC).timestamp()) * clock.SECOND_MS

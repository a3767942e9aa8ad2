"""``cardwright reconciliation``."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich import box
from rich.console import Console
from rich.table import Table

from cardwright.bookkeeping.reconciliation import ReconciledGroup, Reconciliation, as_csv, reconcile
from cardwright.cli.installation import PLATFORM, Platform, platform_of
from cardwright.cli.money.ledger_page import width
from cardwright.cli.transaction import working
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.ledger.history import words_of


@working
async def reconciliation(
    *,
    date: Annotated[date, Parameter(help="The day (UTC) as 2025-06-18.")],
    csv: Annotated[
        Path | None,
        Parameter(help="Write a CSV file; - is the standard output.", allow_leading_hyphen=True),
    ] = None,
    platform: Platform = PLATFORM,
) -> None:
    """Reconcile a day: opening, movements by type, closing, for each program.

    Ends with exit code 1 when there is a difference.
    """
    async with platform.installation.connection() as connection:
        own = await platform_of(connection, live=platform.live)
        report = await reconcile(connection, own, date, livemode=platform.live)
    if csv is None:
        _print(report)
    elif str(csv) == "-":
        sys.stdout.write(as_csv(report))
    else:
        try:
            csv.write_text(as_csv(report), encoding="utf-8", newline="")
        except OSError as error:
            raise StartError(f"{csv} cannot be written: {error.strerror}.") from None
    if report.differences:
        sys.exit(1)


def _print(report: Reconciliation) -> None:
    console = Console(width=width(), highlight=False)
    for group in report.data:
        console.rule(_title(group), align="left", style="none")
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("book", width=40)
        table.add_column("", width=36)
        table.add_column("transfers", justify="right")
        table.add_column("amount", justify="right", width=16)
        for book in group.books:
            name = f"{book.book} {book.currency}"
            table.add_row(name, "opening", "", decimal_text(book.opening, book.currency))
            for one in book.movements:
                amount = decimal_text(one.amount, book.currency)
                table.add_row("", words_of(one.type), str(one.transfers), amount)
            table.add_row("", "closing", "", decimal_text(book.closing, book.currency))
            if book.difference:
                table.add_row("", "DIFFERENCE", "", decimal_text(book.difference, book.currency))
        console.print(table)
    for line in report.bank_statement_lines:
        arrived, left = (
            decimal_text(amount, line.currency) for amount in (line.arrived, line.left)
        )
        console.print(
            f"Bank statements, {line.status}: {line.lines} lines, {arrived} {line.currency} "
            f"arrived, {left} left"
        )
    console.print(f"{report.date}: {report.differences} differences.")


def _title(group: ReconciledGroup) -> str:
    if group.program is None:
        return f"{group.account} (no program)"
    return f"program {group.program} ({group.accounts} accounts)"

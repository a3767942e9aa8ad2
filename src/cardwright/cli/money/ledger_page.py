"""A statement on the screen: one book in one currency, printed in pieces as it is read."""

import shutil

from rich.console import Console
from rich.table import Table

from cardwright.kernel.clock import moment
from cardwright.kernel.money import decimal_text
from cardwright.kernel.words import printed
from cardwright.ledger.history import Movement, Opening, words_of

# Column widths add up to this; a narrower screen wraps, a file does not.
WIDTH = 150
# How many rows are laid out at once, so that a long statement needs little memory.
ROWS_AT_ONCE = 500


def width() -> int:
    """How wide to print."""
    return max(shutil.get_terminal_size((WIDTH, 40)).columns, WIDTH)


class Statement:
    """The statement of a book, from its opening to its closing."""

    def __init__(self, console: Console, account: str, book: str, currency: str) -> None:
        self.console = console
        self.currency = currency
        self.title = f"{account}  {book}  {currency}"
        self.available_minor = self.held_minor = 0
        self.in_minor = self.out_minor = 0
        self._table: Table | None = None

    def open(self, had: Opening) -> None:
        """Print the heading and what the book had."""
        self.available_minor, self.held_minor = had
        self.console.rule(self.title, align="left", style="none")
        table = self._new(header=True)
        self._row(table, ["", "opening balance", "", "", ""])
        self.console.print(table)

    def add(self, movement: Movement) -> None:
        """A transfer: what it brought or took, and what is left after it."""
        change = movement.available_minor
        self.available_minor += change
        self.held_minor += movement.held_minor
        self.in_minor += max(0, change)
        self.out_minor -= min(0, change)
        what = words_of(movement.reason) + (" (forced)" if movement.forced else "")
        if movement.description:
            what = f"{what}: {printed(movement.description)}"
        if self._table is None:
            self._table = self._new(header=False)
        self._row(
            self._table,
            [
                moment(movement.created_ms).strftime("%Y-%m-%d %H:%M:%S"),
                what,
                movement.source_id or movement.transfer_id,
                self._words(change) if change > 0 else "",
                self._words(-change) if change < 0 else "",
            ],
        )
        if self._table.row_count >= ROWS_AT_ONCE:
            self._print()

    def close(self) -> None:
        """Print what is left."""
        self._print()
        table = self._new(header=False)
        came, went = self._words(self.in_minor), self._words(self.out_minor)
        self._row(table, ["", "closing balance", "", came, went])
        self.console.print(table)
        self.console.print()

    def _print(self) -> None:
        if self._table is not None:
            self.console.print(self._table)
        self._table = None

    def _row(self, table: Table, cells: list[str]) -> None:
        held = self._words(self.held_minor) if self.held_minor else ""
        table.add_row(*cells, held, self._words(self.available_minor))

    def _words(self, amount_minor: int) -> str:
        return decimal_text(amount_minor, self.currency)

    @staticmethod
    def _new(*, header: bool) -> Table:
        table = Table(show_header=header, box=None, pad_edge=False)
        table.add_column("date (UTC)", width=19)
        table.add_column("what", width=40)
        table.add_column("source", width=32, no_wrap=True)
        for name in ("in", "out", "held", "available"):
            table.add_column(name, width=12, justify="right", no_wrap=True)
        return table

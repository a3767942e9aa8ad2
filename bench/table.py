"""The table of the benchmark, filled while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table

from bench.measurement import Measurement

TITLE = "Beside pgbench on the same database"
BASE = "tpcb"
LOADS = {
    "tpcb": "pgbench, 16 clients",
    "lanes": "decide, 64 at once",
    "http_authorizations": "decide, 64 at once",
    "webhook_overhead": "ask first, 8 at once",
    "http_create": "create, 16 at once",
    "http_get": "read, 16 at once",
    "http_accounts": "new account, 16 at once",
    "http_account_get": "read it, 16 at once",
    "ledger_single": "transfer, 16 at once",
    "ledger_batched": "transfer, 50 together",
}


class Row(msgspec.Struct, frozen=True):
    """A measurement beside that of pgbench, as it is written to the file."""

    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float


class Report:
    """What is known so far, and what is being done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._rounds: dict[str, list[Measurement]] = {}
        self.facts: list[str] = []
        self._doing = ""
        self._live = Live(self._shown(), console=console, refresh_per_second=4)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it for as long as the benchmark runs; a pipe gets a line a step instead."""
        if not self.console.is_terminal:
            yield
            self.console.print(self._shown())
            return
        with self._live:
            yield

    def doing(self, what: str) -> None:
        """Say what takes the next seconds."""
        self._doing = what
        self._refresh()
        if not self.console.is_terminal:
            self.console.print(what)

    def done(self) -> None:
        """Nothing more is to come."""
        self._doing = ""
        self._refresh()

    def measured(self, name: str, measured: Measurement) -> None:
        """Take the measurement of one round."""
        self._rounds.setdefault(name, []).append(measured)
        self._refresh()

    @property
    def rows(self) -> dict[str, Row]:
        """The middle one of each load's rounds, beside the middle one of pgbench."""
        middle = {name: middle_of(rounds) for name, rounds in self._rounds.items()}
        return {
            name: Row(
                measured.per_second,
                round(measured.per_second / middle[BASE].per_second, 2),
                measured.p50_ms,
                measured.p99_ms,
            )
            for name, measured in middle.items()
        }

    def fact(self, sentence: str) -> None:
        """Take a sentence for below the table."""
        self.facts.append(sentence)
        self._refresh()

    def _refresh(self) -> None:
        self._live.update(self._shown())

    def _shown(self) -> RenderableType:
        table = Table(
            box=box.SIMPLE_HEAD,
            title=TITLE,
            title_justify="left",
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        table.add_column("load", no_wrap=True)
        table.add_column("", no_wrap=True)
        for heading in ("per second", "x tpcb", "p50 ms", "p99 ms"):
            table.add_column(heading, justify="right", no_wrap=True)
        rows = self.rows
        for name, what in LOADS.items():
            row = rows.get(name)
            if row is None:
                table.add_row(name, what)
                continue
            cells = (f"{row.per_second:,.0f}", f"{row.ratio:.2f}")
            table.add_row(name, what, *cells, f"{row.p50_ms:.2f}", f"{row.p99_ms:.2f}")
        below: list[RenderableType] = [*self.facts]
        if self._doing:
            below.append(Spinner("dots", self._doing))
        return Group(table, *below)


def middle_of(rounds: list[Measurement]) -> Measurement:
    """The round with the median throughput; of two the slower one."""
    ordered = sorted(rounds, key=lambda measured: measured.per_second)
    return ordered[(len(ordered) - 1) // 2]

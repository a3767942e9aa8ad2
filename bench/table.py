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
    "tpcb": "pgbench TPC-B-like, 16 clients",
    "lanes": "authorizations, no HTTP, 64 at once",
    "http_authorizations": "authorizations, 64 at once",
    "http_create": "POST a cardholder, 16 at once",
    "http_get": "GET a cardholder, 16 at once",
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
        self.rows: dict[str, Row] = {}
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
        """Take a measurement."""
        base = self.rows[BASE].per_second if BASE in self.rows else measured.per_second
        ratio = round(measured.per_second / base, 2)
        self.rows[name] = Row(measured.per_second, ratio, measured.p50_ms, measured.p99_ms)
        self._refresh()

    def fact(self, sentence: str) -> None:
        """Take a sentence for below the table."""
        self.facts.append(sentence)
        self._refresh()

    def _refresh(self) -> None:
        self._live.update(self._shown())

    def _shown(self) -> RenderableType:
        table = Table(box=box.SIMPLE_HEAD, title=TITLE, title_justify="left")
        table.add_column("load", no_wrap=True)
        table.add_column("")
        for heading in ("per second", "x tpcb", "p50 ms", "p99 ms"):
            table.add_column(heading, justify="right", no_wrap=True)
        for name, what in LOADS.items():
            row = self.rows.get(name)
            if row is None:
                table.add_row(name, what)
                continue
            cells = (f"{row.per_second:,.0f}", f"{row.ratio:.2f}")
            table.add_row(name, what, *cells, f"{row.p50_ms:.2f}", f"{row.p99_ms:.2f}")
        below: list[RenderableType] = [*self.facts]
        if self._doing:
            below.append(Spinner("dots", self._doing))
        return Group(table, *below)

"""How a command prints a list: under column heads for a person, as JSON for a program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from cyclopts import Parameter
from rich.cells import cell_len

from cardwright.cli.options import LISTED_MAX
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.money import decimal_text
from cardwright.kernel.words import printed

T = TypeVar("T")
Json = Annotated[bool, Parameter(negative="", help="As JSON, for a program.")]
BETWEEN = "  "


class Amount(NamedTuple):
    """An amount of money."""

    amount: int
    currency: str


Cell = str | int | Amount | Sequence[str] | None
# The name of each column, and how its cell is read from a row.
Columns = Mapping[str, Callable[[T], Cell]]


def table(
    rows: Iterable[T], columns: Columns[T], *, none: str, json: bool = False, more: bool = False
) -> str:
    """A list to print; ``none`` is the sentence for an empty one, ``more`` says that some are left
    out."""
    cells = [[read(row) for read in columns.values()] for row in rows]
    if json:
        data = [dict(zip(columns, map(_plain, line), strict=True)) for line in cells]
        return as_json({"data": data, "has_more": more})
    if not cells:
        return none
    texts = [list(columns), *([_text(cell) or "-" for cell in line] for line in cells)]
    widths = [max(map(cell_len, column)) for column in zip(*texts, strict=True)]
    numbers = [
        any(isinstance(cell, int | Amount) for cell in column)
        for column in zip(*cells, strict=True)
    ]
    lines = [BETWEEN.join(map(_padded, line, widths, numbers)).rstrip() for line in texts]
    if more:
        lines.append(f"... and more; the newest {LISTED_MAX} are shown")
    return "\n".join(lines)


def _padded(text: str, width: int, right: bool) -> str:
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def line(row: T, columns: Columns[T]) -> str:
    """A row without heads, as a command that changes it answers: what is not there is left out."""
    return BETWEEN.join(filter(None, (_text(read(row)) for read in columns.values())))


def as_json(value: Any) -> str:
    """A value as JSON that a person can read, too."""
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def instant(seconds: int | None) -> str | None:
    """An instant as a cell."""
    return None if seconds is None else rfc3339(seconds * SECOND_MS)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Amount(minor, currency):
            return f"{decimal_text(minor, currency)} {currency}"
        case str():
            return printed(cell)
        case int():
            return str(cell)
    return ",".join(map(printed, cell))


def _plain(cell: Cell) -> Any:
    return cell._asdict() if isinstance(cell, Amount) else cell

"""Named SQL: each statement lives in a ``queries.sql`` beside its feature.

A file is a row of statements, each opened by ``-- name: get_card`` and a sentence that says what
it is for; parameters are written ``:name``. A statement is bound once, at import, to the shape of
its rows::

    QUERIES = load(__file__)
    CARD = QUERIES.one("get_card", CardRow)
    row = await CARD(tx.connection, account_id=..., id=...)
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cardwright.kernel.database import Connection

RowT = TypeVar("RowT")

_NAME = re.compile(r"^-- name: (\w+)[ \t]*\n", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")

# How many rows of a stream are fetched at once.
STREAMED_AT_ONCE = 1000


class Statement(NamedTuple):
    """A statement as PostgreSQL takes it, with its parameter names in the order of ``$1, $2``."""

    name: str
    sentence: str
    sql: str
    parameters: tuple[str, ...]
    file: Path


class Bound(NamedTuple):
    """A statement that is in use, with the shape of its rows (None: no rows)."""

    statement: Statement
    row: Any


# Every binding made at import: a test prepares each and compares its columns with its row.
BOUND: list[Bound] = []
LOADED: list["Queries"] = []


def compile_statement(name: str, text: str, file: Path) -> Statement:
    """Turn ``:name`` into ``$n``; the same name is the same parameter."""
    lines = text.strip().split("\n")
    comments = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    body = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match.group(1) not in names:
            names.append(match.group(1))
        return f"${names.index(match.group(1)) + 1}"

    return Statement(name, " ".join(comments), _PARAMETER.sub(number, body), tuple(names), file)


class Queries:
    """The statements of one file."""

    def __init__(self, file: Path) -> None:
        parts = _NAME.split(file.read_text())
        self.file = file
        self.statements = {
            name: compile_statement(name, text, file)
            for name, text in zip(parts[1::2], parts[2::2], strict=True)
        }
        LOADED.append(self)

    def _bind(self, name: str, row: Any) -> Statement:
        statement = self.statements[name]
        BOUND.append(Bound(statement, row))
        return statement

    def one(self, name: str, row: type[RowT]) -> Callable[..., Awaitable[RowT | None]]:
        """At most one row, as ``row(*columns)``."""
        sql, parameters = self._bind(name, row)[2:4]

        async def fetch(connection: Connection, /, **given: Any) -> RowT | None:
            record = await connection.fetchrow(sql, *[given[key] for key in parameters])
            return None if record is None else row(*record)

        return fetch

    def many(self, name: str, row: type[RowT]) -> Callable[..., Awaitable[list[RowT]]]:
        """Every row, in the statement's order."""
        sql, parameters = self._bind(name, row)[2:4]

        async def fetch(connection: Connection, /, **given: Any) -> list[RowT]:
            records = await connection.fetch(sql, *[given[key] for key in parameters])
            return [row(*record) for record in records]

        return fetch

    def stream(self, name: str, row: type[RowT]) -> Callable[..., AsyncIterator[RowT]]:
        """The rows one by one, few in memory at a time; needs a transaction."""
        sql, parameters = self._bind(name, row)[2:4]

        async def fetch(connection: Connection, /, **given: Any) -> AsyncIterator[RowT]:
            arguments = [given[key] for key in parameters]
            async for record in connection.cursor(sql, *arguments, prefetch=STREAMED_AT_ONCE):
                yield row(*record)

        return fetch

    def each(self, name: str, row: type[RowT]) -> Callable[..., Awaitable[list[RowT]]]:
        """The rows of the statement run once for each set of parameters, pipelined."""
        sql, parameters = self._bind(name, row)[2:4]

        async def fetch(connection: Connection, given: list[dict[str, Any]], /) -> list[RowT]:
            sets = [[one[key] for key in parameters] for one in given]
            return [row(*record) for record in await connection.fetchmany(sql, sets)]

        return fetch

    def value(self, name: str, kind: type[RowT]) -> Callable[..., Awaitable[RowT | None]]:
        """The single column of the single row, or None when there is no row."""
        sql, parameters = self._bind(name, kind)[2:4]

        async def fetch(connection: Connection, /, **given: Any) -> RowT | None:
            found: RowT | None = await connection.fetchval(sql, *[given[key] for key in parameters])
            return found

        return fetch

    def run(self, name: str) -> Callable[..., Awaitable[int]]:
        """Execute; the answer is the number of rows it touched."""
        sql, parameters = self._bind(name, None)[2:4]

        async def execute(connection: Connection, /, **given: Any) -> int:
            status = await connection.execute(sql, *[given[key] for key in parameters])
            last = status.rsplit(" ", 1)[-1]
            return int(last) if last.isdigit() else 0

        return execute


def load(module_file: str, name: str = "queries.sql") -> Queries:
    """The statements of ``queries.sql`` beside the module that asks."""
    return Queries(Path(module_file).with_name(name))

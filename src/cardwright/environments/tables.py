"""Statements over every table of accounts, made from the catalogue of the database: a table that a
feature adds belongs to snapshots without being named here.

Each is one statement, so that foreign keys are looked at when all of it is done.
"""

from typing import Any, NamedTuple

from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__)

# What others wait for is changed in place: registrations, gates, clocks.
ANCHORS = ("clocks", "gates", "tenants")
# What goes with an account, and is neither set back nor kept in snapshots: its keys, who is
# listening, and the log of what was asked.
APART = ("api_keys", "listening_sessions", "request_log")
# The rows of snapshots themselves, which belong to who made the environment.
OURS = ("environment_snapshot_rows", "environment_snapshots", "environments")


class Table(NamedTuple):
    """A table whose rows belong to accounts."""

    name: str
    columns: list[str]
    types: list[str]
    key: list[str]


_DESCRIBE = QUERIES.many("describe_tables", Table)


async def described(connection: Connection) -> list[Table]:
    """The tables of accounts that are set back and kept."""
    return [table for table in await _DESCRIBE(connection) if table.name not in (*APART, *OURS)]


async def take(connection: Connection, owner: str, snapshot: str, accounts: list[str]) -> int:
    """Copy every row of some accounts as it is at one instant; returns how many."""
    reads = " union all ".join(
        f"select '{table.name}', row_number() over (), {_content(table)}"  # noqa: S608
        f" from {table.name} held where account_id = any($3)"
        for table in await described(connection)
    )
    status = await connection.execute(
        "insert into environment_snapshot_rows"  # noqa: S608
        " (account_id, snapshot, table_name, position, content)"
        f" select $1, $2, taken.* from ({reads}) as taken(name, position, content)",
        owner,
        snapshot,
        accounts,
    )
    return int(status.rsplit(" ", 1)[-1])


async def clear(connection: Connection, accounts: list[str], *, gone: list[str]) -> None:
    """Delete the rows of some accounts, and of those that are ``gone`` the registration, too."""
    every = await described(connection)
    await _at_once(
        connection,
        [_delete(table.name, 1) for table in every if table.name not in ANCHORS],
        accounts,
    )
    if gone:
        await _at_once(connection, [_delete(name, 1) for name in (*APART, *ANCHORS)], gone)


async def put_back(connection: Connection, owner: str, snapshot: str) -> None:
    """Write the rows of a snapshot, after ``clear``."""
    every = await described(connection)
    anchors = [table for table in every if table.name in ANCHORS]
    others = [table for table in every if table.name not in ANCHORS]
    for tables in (anchors, others):
        await _at_once(connection, [_insert(table) for table in tables], owner, snapshot)


def _delete(name: str, place: int) -> str:
    return f"delete from {name} where account_id = any(${place}::text[])"  # noqa: S608


def _content(table: Table) -> str:
    """A row by the names of its columns, each value as the text that its type reads: JSON of its
    own knows neither bytes nor where an array begins."""
    names = ", ".join(f"'{name}'" for name in table.columns)
    values = ", ".join(f'held."{name}"::text' for name in table.columns)
    return f"json_object(array[{names}]::text[], array[{values}]::text[])"


def _insert(table: Table) -> str:
    """Rows by the names of their columns."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    values = ", ".join(
        f"(kept.content ->> '{name}')::{type_}"
        for name, type_ in zip(table.columns, table.types, strict=True)
    )
    text = (
        f"insert into {table.name} ({names}) select {values}"  # noqa: S608
        " from environment_snapshot_rows kept"
        f" where kept.account_id = $1 and kept.snapshot = $2 and kept.table_name = '{table.name}'"
    )
    if table.name not in ANCHORS:
        return text
    changed = ", ".join(
        f'"{name}" = excluded."{name}"' for name in table.columns if name not in table.key
    )
    action = f"update set {changed}" if changed else "nothing"
    return f"{text} on conflict ({', '.join(table.key)}) do {action}"


async def _at_once(connection: Connection, statements: list[str], *given: Any) -> None:
    """Run statements as one."""
    parts = ", ".join(f"part{at} as ({text})" for at, text in enumerate(statements))
    await connection.execute(f"with {parts} select", *given)

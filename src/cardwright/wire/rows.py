"""Rows of resources: the statements that a declaration implies, so that no feature repeats them.

A resource's row is ``account_id``, ``id``, a column for every member marked ``column`` and
``body jsonb`` for the rest, in which some members are sealed (see ``sealing``). Joins, counters and
anything special are written in ``queries.sql``.
"""

from functools import cache
from typing import Any, NamedTuple, TypeVar

import asyncpg
import msgspec

from cardwright.kernel.database import Connection, Tx, vault_of
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import sealing
from cardwright.wire.resource import Resource, members

ResourceT = TypeVar("ResourceT", bound=Resource)


class Layout(NamedTuple):
    """How a resource is laid into its row."""

    columns: tuple[str, ...]
    sealed: bool
    select: str
    get: str
    lock: str
    batch: str
    insert: str
    update: str
    delete: str


@cache
def layout(shape: type[Resource]) -> Layout:
    """The compiled statements of a resource."""
    columns = tuple(
        name
        for name, member in members(shape).items()
        if member.mark is not None and member.mark.column
    )
    names = ", ".join(("id", *columns, "body"))
    places = ", ".join(f"${index}" for index in range(1, len(columns) + 4))
    changes = ", ".join(f"{name} = ${index}" for index, name in enumerate((*columns, "body"), 3))
    table = shape.table
    sealed = bool(sealing.steps(shape))
    # Sealed members open for their account alone, which the rows of a list do not share.
    read = f"{names}, account_id" if sealed else names
    select = f"select {read} from {table} where account_id = $1"  # noqa: S608 - names are ours
    return Layout(
        columns=columns,
        sealed=sealed,
        select=select,
        get=f"{select} and id = $2",
        # Rows that others reference are never locked FOR UPDATE: their key does not change.
        lock=f"{select} and id = $2 for no key update",
        batch=f"{select} and id = any($2)",
        insert=f"insert into {table} (account_id, {names}) values ({places})",  # noqa: S608
        update=f"update {table} set {changes} where account_id = $1 and id = $2",  # noqa: S608
        delete=f"delete from {table} where account_id = $1 and id = $2",  # noqa: S608
    )


def decode(shape: type[ResourceT], row: asyncpg.Record, connection: Connection) -> ResourceT:
    """A selected row (id, columns, body) as its resource; an unknown stored member is ignored.

    ``connection`` is where the row was read: its vault opens what is sealed in it.
    """
    columns = layout(shape).columns
    content: dict[str, Any] = msgspec.json.decode(row[len(columns) + 1])
    if layout(shape).sealed:
        sealing.unseal_body(shape, content, vault_of(connection), row[-1], row[0])
    content["id"] = row[0]
    for index, name in enumerate(columns, 1):
        content[name] = row[index]
    return msgspec.convert(content, shape)


def encode(
    resource: Resource, vault: Vault | None = None, account_id: str = ""
) -> tuple[list[Any], str]:
    """The resource's column values and its body as JSON text; what is sealed in it needs the vault
    and the account it is written for."""
    content = msgspec.to_builtins(resource)
    if layout(type(resource)).sealed:
        assert vault is not None, f"{type(resource).__name__} has sealed members"
        sealing.seal_body(type(resource), content, vault, account_id, resource.id)
    content.pop("object", None)
    del content["id"]
    values = [content.pop(name) for name in layout(type(resource)).columns]
    return values, msgspec.json.encode(content).decode()


async def find(
    connection: Connection, shape: type[ResourceT], account_id: str, resource_id: str
) -> ResourceT | None:
    """The resource, or None when the account has none of that id."""
    row = await connection.fetchrow(layout(shape).get, account_id, resource_id)
    return None if row is None else decode(shape, row, connection)


async def get(tx: Tx, shape: type[ResourceT], resource_id: str, *, param: str = "id") -> ResourceT:
    """The acting account's resource; refuses with ``resource_missing``."""
    found = await find(tx.connection, shape, tx.account_id, resource_id)
    return found if found is not None else missing(shape, resource_id, param)


async def lock(tx: Tx, shape: type[ResourceT], resource_id: str, *, param: str = "id") -> ResourceT:
    """The same, with the row locked for change."""
    row = await tx.connection.fetchrow(layout(shape).lock, tx.account_id, resource_id)
    if row is None:
        return missing(shape, resource_id, param)
    return decode(shape, row, tx.connection)


async def batch(
    connection: Connection, shape: type[ResourceT], account_id: str, ids: list[str]
) -> dict[str, ResourceT]:
    """Several resources of one account, by id; absent ones are absent."""
    rows = await connection.fetch(layout(shape).batch, account_id, ids)
    return {row[0]: decode(shape, row, connection) for row in rows}


async def insert(tx: Tx, resource: Resource, *, account_id: str | None = None) -> None:
    """Write a new row, in the acting account unless another is named."""
    owner = account_id or tx.account_id
    values, body = encode(resource, tx.vault, owner)
    statement = layout(type(resource)).insert
    await tx.connection.execute(statement, owner, resource.id, *values, body)


async def save(tx: Tx, resource: Resource, *, account_id: str | None = None) -> None:
    """Write a changed row over the one with the same id."""
    owner = account_id or tx.account_id
    values, body = encode(resource, tx.vault, owner)
    statement = layout(type(resource)).update
    status = await tx.connection.execute(statement, owner, resource.id, *values, body)
    assert status == "UPDATE 1", f"{type(resource).__name__} {resource.id} has no row"


async def delete(tx: Tx, resource: Resource, *, account_id: str | None = None) -> None:
    """Remove the row."""
    await tx.connection.execute(
        layout(type(resource)).delete, account_id or tx.account_id, resource.id
    )


def missing(shape: type[ResourceT], resource_id: str, param: str = "id") -> ResourceT:
    """Refuse: there is no such object, in the words of v1 (``No such card: 'ic_x'``)."""
    name = str(shape.__struct_config__.tag).rsplit(".", 1)[-1].replace("_", " ")
    fail(tenancy_refusals.RESOURCE_MISSING, param=param, object=name, id=resource_id[:200])

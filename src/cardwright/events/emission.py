"""From what a flow emitted to rows of the event log, in the transaction that caused it."""

from collections import defaultdict
from functools import cache
from typing import Any, NamedTuple

import msgspec

from cardwright.events import catalogue
from cardwright.kernel import ids
from cardwright.kernel.database import Emission, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.vault import Vault
from cardwright.tenancy import registry
from cardwright.wire import sealing
from cardwright.wire.render import needs_reshaping, nested, render
from cardwright.wire.resource import members
from cardwright.wire.versions import LATEST, Body

QUERIES = load(__file__)
_INSERT = QUERIES.run("insert_events")

PREFIX = "evt_"


class EventRow(NamedTuple):
    """A row of ``events``; the texts are JSON."""

    account_id: str
    id: str
    type: str
    created_ms: int
    object_id: str
    object_version: int
    snapshot: str | None
    previous: str | None
    thin: str | None
    request_id: str | None
    idempotency_key: str | None


class Hiding(NamedTuple):
    """A member that is hidden, or the shapes below it that hide something (and whether listed)."""

    name: str
    below: tuple[tuple[type[msgspec.Struct], bool], ...]


def row_of(
    emission: Emission,
    *,
    created_ms: int,
    object_version: int,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> EventRow:
    """The row of an emission, for a writer of its own statement.

    The writer also adds ``(account_id, id)`` to ``events_pending`` where the account or its
    platform has a destination, and chooses the version: 1 for
    the event of the object's creation, afterwards as the migration of ``events`` says.
    """
    catalogue.tag_of(emission.type)  # asserts that the type is in the catalogue
    snapshot = previous = thin = None
    if catalogue.is_v2(emission.type):
        thin = _text(_thin(emission))
    else:
        snapshot = _snapshot(emission.object)
        previous = _text(emission.previous) if emission.previous is not None else None
    return EventRow(
        emission.account_id,
        ids.new_id(PREFIX),
        emission.type,
        created_ms,
        _member(emission.object, "id") or emission.account_id,
        object_version,
        snapshot,
        previous,
        thin,
        request_id,
        idempotency_key,
    )


async def write(tx: Tx) -> list[EventRow]:
    """Write what the transaction emitted since the last write; returns the rows, in order.

    A row's ``object_version`` is final in the table only.
    """
    rows = [
        _sealed(
            row_of(
                emission,
                created_ms=(
                    await registry.instant_of(tx, emission.account_id)
                    if emission.created_ms is None
                    else emission.created_ms
                ),
                object_version=0,
                request_id=tx.request_id,
                idempotency_key=tx.idempotency_key,
            ),
            tx.vault,
        )
        for emission in tx.emissions
    ]
    tx.emissions.clear()
    for account_id in sorted({row.account_id for row in rows}):
        await _insert(tx, account_id, [row for row in rows if row.account_id == account_id])
    return rows


async def _insert(tx: Tx, account_id: str, rows: list[EventRow]) -> None:
    """One statement for the rows of one account: versions, events, flags."""
    changes: dict[str, int] = defaultdict(int)
    created: set[str] = set()
    steps = []
    for row in rows:
        if row.type.endswith(".created") and row.object_id not in created | changes.keys():
            created.add(row.object_id)
            steps.append(0)
        else:
            changes[row.object_id] += 1
            steps.append(changes[row.object_id])
    # Ascending, so that two transactions on the same objects wait instead of deadlocking.
    changed = sorted(changes)
    await _INSERT(
        tx.connection,
        account_id=account_id,
        platform_id=tx.platform_id,
        changed=changed,
        counts=[changes[object_id] for object_id in changed],
        ids=[row.id for row in rows],
        types=[row.type for row in rows],
        created_ms=[row.created_ms for row in rows],
        object_ids=[row.object_id for row in rows],
        steps=steps,
        snapshots=[row.snapshot for row in rows],
        previous=[row.previous for row in rows],
        thin=[row.thin for row in rows],
        request_id=rows[0].request_id,
        idempotency_key=rows[0].idempotency_key,
    )


def _sealed(row: EventRow, vault: Vault) -> EventRow:
    """The row as it is stored: with what is personal in its texts sealed."""
    snapshot, previous, thin = [
        None if text is None else sealing.seal_text(text, vault, row.account_id, row.object_id)
        for text in (row.snapshot, row.previous, row.thin)
    ]
    return row._replace(snapshot=snapshot, previous=previous, thin=thin)


def _snapshot(resource: Any) -> str:
    if isinstance(resource, dict):
        return _text(resource)
    shape: type[msgspec.Struct] = type(resource)
    if needs_reshaping(shape, LATEST) or _reveals(shape):
        body = render(resource, LATEST)
        _hide(shape, body)
        return _text(body)
    return _text(resource)


@cache
def _reveals(shape: type[msgspec.Struct]) -> bool:
    """Whether the shape, or one inside it, has members that only a retrieve may show."""
    return any(
        (member.mark is not None and member.mark.revealed)
        or any(_reveals(inner) for inner, _ in nested(member.type))
        for member in members(shape).values()
    )


@cache
def _hiding(shape: type[msgspec.Struct]) -> tuple[Hiding, ...]:
    """The members of a shape that are hidden, or that hold something hidden."""
    found = []
    for name, member in members(shape).items():
        if member.mark is not None and member.mark.revealed:
            found.append(Hiding(name, ()))
            continue
        below = tuple(pair for pair in nested(member.type) if _reveals(pair[0]))
        if below:
            found.append(Hiding(name, below))
    return tuple(found)


def _hide(shape: type[msgspec.Struct], body: Body) -> None:
    """Take out what only a retrieve may show: a card's number never enters an event."""
    for name, below in _hiding(shape):
        if not below:
            body.pop(name, None)
            continue
        value = body.get(name)
        for inner, is_list in below:
            for child in (value or []) if is_list else [value]:
                if isinstance(child, dict):
                    _hide(inner, child)


def _thin(emission: Emission) -> Body:
    """``related_object``, ``data`` and ``changes`` of a v2 event."""
    body = _builtins(emission.object)
    found = catalogue.related(emission.type, body)
    thin: Body = {}
    if found is not None:
        thin["related_object"] = found._asdict()
    if emission.data is not None:
        thin["data"] = emission.data
    if emission.previous is not None:
        thin["changes"] = {
            "before": emission.previous,
            "after": {name: body.get(name) for name in emission.previous},
        }
    return thin


def _builtins(resource: Any) -> Body:
    body: Body = resource if isinstance(resource, dict) else msgspec.to_builtins(resource)
    return body


def _member(resource: Any, name: str) -> Any:
    return resource.get(name) if isinstance(resource, dict) else getattr(resource, name, None)


def _text(content: Any) -> str:
    return msgspec.json.encode(content).decode()

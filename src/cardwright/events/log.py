"""Reading the log of events: by account, newest first."""

from collections.abc import Mapping

import msgspec

from cardwright.events.model import LoggedEvent
from cardwright.kernel.database import Connection, Tx, vault_of
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages, sealing

QUERIES = load(__file__)


class Pending(msgspec.Struct, frozen=True):
    """How many deliveries of an event are still to come."""

    event_id: str
    count: int


_GET = QUERIES.one("get_event", LoggedEvent)
_GET_OF_PLATFORM = QUERIES.one("get_event_of_platform", LoggedEvent)
_LIST = QUERIES.many("list_events", LoggedEvent)
_LIST_BACKWARDS = QUERIES.many("list_events_backwards", LoggedEvent)
_BATCH = QUERIES.many("events_by_id", LoggedEvent)
_PENDING = QUERIES.many("pending_deliveries", Pending)

FOREVER_MS = 2**62


class Filter(msgspec.Struct, frozen=True):
    """Which events: names (``*`` stands for anything; None: all), instants from and before, the
    v1 face only, whether every delivery succeeded, and the object they are about."""

    names: list[str] | None = None
    from_ms: int = 0
    before_ms: int = FOREVER_MS
    v1_only: bool = False
    delivered: bool | None = None
    object_id: str | None = None


async def find(tx: Tx, event_id: str) -> LoggedEvent | None:
    """An event of the acting account; a platform also finds those of its connected accounts."""
    if tx.account_id == tx.platform_id:
        found = await _GET_OF_PLATFORM(tx.connection, platform_id=tx.platform_id, id=event_id)
        return None if found is None else _opened(tx.connection, found)
    return await get(tx, event_id)


async def get(tx: Tx, event_id: str) -> LoggedEvent | None:
    """An event of the acting account itself."""
    found = await _GET(tx.connection, account_id=tx.account_id, id=event_id)
    return None if found is None else _opened(tx.connection, found)


async def by_id(
    connection: Connection, account_id: str, event_ids: list[str]
) -> dict[str, LoggedEvent]:
    """Several events of one account."""
    rows = await _BATCH(connection, account_id=account_id, ids=event_ids)
    return {row.id: _opened(connection, row) for row in rows}


async def list_events(
    tx: Tx, account_id: str, wanted: Filter, request: pages.PageRequest
) -> pages.Page[LoggedEvent]:
    """A page of an account's events; the cursors are ids of the log."""
    cursor = request.starting_after or request.ending_before
    backwards = request.ending_before is not None
    if cursor is not None and not await _GET(tx.connection, account_id=account_id, id=cursor):
        param = "ending_before" if backwards else "starting_after"
        fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="event", id=cursor[:200])
    patterns = None if wanted.names is None else [_pattern(name) for name in wanted.names]
    rows = await (_LIST_BACKWARDS if backwards else _LIST)(
        tx.connection,
        account_id=account_id,
        owners=sorted({account_id, tx.platform_id}),
        cursor=cursor,
        patterns=patterns,
        v1_only=wanted.v1_only,
        delivered=wanted.delivered,
        object_id=wanted.object_id,
        from_ms=wanted.from_ms,
        before_ms=wanted.before_ms,
        limit=request.limit + 1,
    )
    page = [_opened(tx.connection, row) for row in rows[: request.limit]]
    if backwards:
        page.reverse()
    return pages.Page(page, len(rows) > request.limit, request)


async def pending(
    connection: Connection, owners: list[str], event_ids: list[str]
) -> Mapping[str, int]:
    """How many deliveries to the owners' destinations are still to come, by event."""
    rows = await _PENDING(connection, owners=owners, ids=event_ids)
    return {row.event_id: row.count for row in rows}


def _opened(connection: Connection, event: LoggedEvent) -> LoggedEvent:
    """The event with what is sealed in its texts in clear."""
    vault, owner = vault_of(connection), event.account_id
    snapshot, previous, thin = [
        None if text is None else sealing.unseal_text(text, vault, owner)
        for text in (event.snapshot, event.previous, event.thin)
    ]
    return msgspec.structs.replace(event, snapshot=snapshot, previous=previous, thin=thin)


def _pattern(name: str) -> str:
    """A name as PostgreSQL's LIKE takes it."""
    escaped = name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
    return escaped.replace("*", "%")

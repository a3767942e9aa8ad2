"""``/v2/core/events`` and ``/v2/core/event_destinations``."""

from typing import Any

from cardwright.events import bodies, catalogue, destinations, emission, log, refusals
from cardwright.events.model import EventDestination, LoggedEvent, ThinEventFilter
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import registry
from cardwright.wire import instants, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.versions import Body

EVENTS, DESTINATIONS = "/v2/core/events", "/v2/core/event_destinations"
TYPES_MAX = 20
URL, SECRET = "webhook_endpoint.url", "webhook_endpoint.signing_secret"


async def list_events(tx: Tx, call: Call[ThinEventFilter]) -> pages.Page[Body]:
    """List events of the last thirty days, newest first.

    A platform that asks for the events of a connected account by its id gets that account's.
    """
    types = call.given.get("types")
    if types is not None and len(types) > TYPES_MAX:
        fail(refusals.EVENT_TYPES_TOO_MANY, param="types", limit=TYPES_MAX)
    object_id = call.given.get("object_id")
    account_id = await _owner(tx, object_id)
    from_ms, before_ms = instants.half_open(
        instants.of_texts(call.given.get("created")), log.FOREVER_MS
    )
    wanted = log.Filter(
        names=None if types is None else [name.removeprefix("v1.") for name in types],
        from_ms=from_ms,
        before_ms=before_ms,
        object_id=object_id,
    )
    page = await log.list_events(tx, account_id, wanted, _stored_cursors(call.page))
    return pages.Page([_event(tx, event) for event in page.data], page.has_more, page.request)


async def _owner(tx: Tx, object_id: str | None) -> str:
    """Whose log is read: a connected account's when it is itself the object asked for."""
    if object_id is not None and object_id.startswith("acct_"):
        tenant = await registry.find_tenant(tx.connection, object_id)
        if tenant is not None and tenant.platform_id == tx.account_id:
            return tenant.account_id
    return tx.account_id


def _stored_cursors(request: pages.PageRequest) -> pages.PageRequest:
    after, before = request.starting_after, request.ending_before
    return pages.PageRequest(
        request.limit,
        None if after is None else bodies.stored_id(after),
        None if before is None else bodies.stored_id(before),
    )


async def retrieve_event(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve an event with its data and changes."""
    return await _current_event(tx, call, call.path["id"])


async def _current_event(tx: Tx, _call: Call[Any], event_id: str) -> Body:
    event = await log.find(tx, bodies.stored_id(event_id))
    if event is None:
        fail(wire_refusals.NOT_FOUND, param="id", object="event", id=event_id[:200])
    return _event(tx, event)


def _event(tx: Tx, event: LoggedEvent) -> Body:
    context = event.account_id if event.account_id != tx.platform_id else None
    return bodies.v2_body(event, livemode=tx.livemode, context=context, whole=True)


async def create(tx: Tx, call: Call[EventDestination]) -> Body:
    """Create an event destination; its signing secret can be included only here."""
    destination, secret = await destinations.create_destination(tx, call.given)
    return _shown(destination, call.include, secret)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve an event destination."""
    return await _current(tx, call, call.path["id"])


async def _current(tx: Tx, call: Call[Any], destination_id: str) -> Body:
    return _shown(await _get(tx, destination_id), call.include)


async def update(tx: Tx, call: Call[EventDestination]) -> Body:
    """Update an event destination."""
    await _get(tx, call.path["id"])
    changed = await destinations.update_destination(tx, call.path["id"], call.given)
    return _shown(changed, call.include)


async def enable(tx: Tx, call: Call[Any]) -> Body:
    """Deliver to a destination again."""
    await _get(tx, call.path["id"])
    changed = await destinations.switch_destination(tx, call.path["id"], enabled=True)
    return _shown(changed, call.include)


async def disable(tx: Tx, call: Call[Any]) -> Body:
    """Deliver nothing to a destination."""
    await _get(tx, call.path["id"])
    changed = await destinations.switch_destination(tx, call.path["id"], enabled=False)
    return _shown(changed, call.include)


async def ping(tx: Tx, call: Call[Any]) -> Body:
    """Make a ping event, delivered to this destination alone."""
    destination = await _get(tx, call.path["id"])
    tx.emit(catalogue.PING, _shown(destination, []))
    *_, row = await emission.write(tx)
    return await _current_event(tx, call, row.id)


async def delete(tx: Tx, call: Call[Any]) -> Body:
    """Delete an event destination."""
    await _get(tx, call.path["id"])
    await destinations.delete_destination(tx, call.path["id"])
    return await _deleted(tx, call, call.path["id"])


async def _deleted(_tx: Tx, _call: Call[Any], destination_id: str) -> Body:
    return {"id": destination_id, "object": "v2.core.event_destination"}


async def list_all(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List event destinations, newest first."""
    page = await pages.list_page(
        tx.connection, EventDestination, tx.account_id, None, call.page, cursor_param=False
    )
    shown = [_shown(item, call.include) for item in page.data]
    return pages.Page(shown, page.has_more, page.request)


async def _get(tx: Tx, destination_id: str) -> EventDestination:
    """The destination, refused in the words of v2."""
    found = await rows.find(tx.connection, EventDestination, tx.account_id, destination_id)
    if found is None:
        fail(
            wire_refusals.NOT_FOUND, param="id", object="event destination", id=destination_id[:200]
        )
    return found


def _shown(destination: EventDestination, include: list[str], secret: str | None = None) -> Body:
    """The destination with what was included; an address and a secret are null unless named."""
    unknown = [name for name in include if name not in (URL, SECRET)]
    if unknown:
        raise Failure(wire_refusals.INCLUDE_INVALID, param="include", value=unknown[0][:100])
    body = render(destination)
    body["webhook_endpoint"] = {
        "signing_secret": secret if SECRET in include else None,
        "url": destination.webhook_endpoint.url if URL in include else None,
    }
    return body


OPERATIONS = (
    Operation(
        method="GET",
        path=EVENTS,
        handler=list_events,
        takes=ThinEventFilter,
        letter="l",
        is_list=True,
    ),
    Operation(method="GET", path=f"{EVENTS}/{{id}}", handler=retrieve_event),
    Operation(
        method="POST",
        path=DESTINATIONS,
        handler=create,
        takes=EventDestination,
        letter="c",
        current=_current,
        includes=True,
    ),
    Operation(method="GET", path=DESTINATIONS, handler=list_all, is_list=True, includes=True),
    Operation(method="GET", path=f"{DESTINATIONS}/{{id}}", handler=retrieve, includes=True),
    Operation(
        method="POST",
        path=f"{DESTINATIONS}/{{id}}",
        handler=update,
        takes=EventDestination,
        letter="u",
        current=_current,
        includes=True,
    ),
    Operation(
        method="POST",
        path=f"{DESTINATIONS}/{{id}}/enable",
        handler=enable,
        current=_current,
        includes=True,
    ),
    Operation(
        method="POST",
        path=f"{DESTINATIONS}/{{id}}/disable",
        handler=disable,
        current=_current,
        includes=True,
    ),
    Operation(
        method="POST", path=f"{DESTINATIONS}/{{id}}/ping", handler=ping, current=_current_event
    ),
    Operation(method="DELETE", path=f"{DESTINATIONS}/{{id}}", handler=delete, current=_deleted),
)

"""``/v1/events`` and ``/v1/webhook_endpoints``: the operations on snapshots and their receivers."""

from typing import Any

from cardwright.events import bodies, destinations, log
from cardwright.events.model import EventFilter, LoggedEvent, WebhookEndpoint
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import instants, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.versions import Body, Version, parse_version

EVENTS, ENDPOINTS = "/v1/events", "/v1/webhook_endpoints"


async def list_events(tx: Tx, call: Call[EventFilter]) -> pages.Page[Body]:
    """List the account's events of the last thirty days, newest first."""
    given = call.given
    names, name = given.get("types"), given.get("type")
    if names is not None and name is not None:
        fail(wire_refusals.PARAMETER_EXCLUSIVE, param="types", params="type, types")
    from_ms, before_ms = instants.half_open(
        instants.of_seconds(given.get("created")), log.FOREVER_MS
    )
    wanted = log.Filter(
        names=[name] if name is not None else names,
        from_ms=from_ms,
        before_ms=before_ms,
        v1_only=True,
        delivered=given.get("delivery_success"),
    )
    page = await log.list_events(tx, tx.account_id, wanted, call.page)
    shown = await _shown(tx, call.actor.api_version, page.data)
    return pages.Page(shown, page.has_more, page.request)


async def retrieve_event(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve an event of the account."""
    event = await log.get(tx, call.path["id"])
    if event is None or event.snapshot is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING, param="id", object="event", id=call.path["id"][:200]
        )
    (shown,) = await _shown(tx, call.actor.api_version, [event])
    return shown


async def _shown(tx: Tx, api_version: str, events: list[LoggedEvent]) -> list[Body]:
    """Events in the platform's pinned version, whatever version the call asks for."""
    version: Version = parse_version(api_version)
    owners = sorted({tx.account_id, tx.platform_id})
    pending = await log.pending(tx.connection, owners, [event.id for event in events])
    return [
        bodies.v1_body(
            event,
            version=version,
            livemode=tx.livemode,
            pending_webhooks=pending.get(event.id, 0),
        )
        for event in events
    ]


async def create_endpoint(tx: Tx, call: Call[WebhookEndpoint]) -> Body:
    """Create a webhook endpoint; the answer alone holds its secret."""
    endpoint, secret = await destinations.create_endpoint(tx, call.given)
    return {**_endpoint(endpoint), "secret": secret}


async def retrieve_endpoint(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a webhook endpoint."""
    return _endpoint(await rows.get(tx, WebhookEndpoint, call.path["id"]))


async def update_endpoint(tx: Tx, call: Call[WebhookEndpoint]) -> Body:
    """Update a webhook endpoint."""
    return _endpoint(await destinations.update_endpoint(tx, call.path["id"], call.given))


async def delete_endpoint(tx: Tx, call: Call[Any]) -> Body:
    """Delete a webhook endpoint."""
    await destinations.delete_endpoint(tx, call.path["id"])
    return {"id": call.path["id"], "object": "webhook_endpoint", "deleted": True}


async def list_endpoints(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List webhook endpoints, newest first."""
    page = await pages.list_page(tx.connection, WebhookEndpoint, tx.account_id, None, call.page)
    return pages.Page([_endpoint(item) for item in page.data], page.has_more, page.request)


def _endpoint(endpoint: WebhookEndpoint) -> Body:
    body = render(endpoint)
    del body["connect"], body["disabled"]
    return body


OPERATIONS = (
    Operation(
        method="GET",
        path=EVENTS,
        handler=list_events,
        takes=EventFilter,
        letter="l",
        is_list=True,
    ),
    Operation(method="GET", path=f"{EVENTS}/{{id}}", handler=retrieve_event),
    Operation(
        method="POST",
        path=ENDPOINTS,
        handler=create_endpoint,
        takes=WebhookEndpoint,
        letter="c",
        returns=WebhookEndpoint,
    ),
    Operation(
        method="GET",
        path=ENDPOINTS,
        handler=list_endpoints,
        returns=WebhookEndpoint,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{ENDPOINTS}/{{id}}",
        handler=retrieve_endpoint,
        returns=WebhookEndpoint,
    ),
    Operation(
        method="POST",
        path=f"{ENDPOINTS}/{{id}}",
        handler=update_endpoint,
        takes=WebhookEndpoint,
        letter="u",
        returns=WebhookEndpoint,
    ),
    Operation(method="DELETE", path=f"{ENDPOINTS}/{{id}}", handler=delete_endpoint),
)

"""``/_cardwright/events/:id/attempts``: what became of an event's deliveries, try by try."""

from typing import Any

import msgspec

from cardwright.events import bodies, resending, signing
from cardwright.events.delivery import CONTENT_TYPE
from cardwright.events.model import LoggedEvent
from cardwright.kernel.clock import SECOND_MS
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body, parse_version

QUERIES = load(__file__)

SHOWN_MAX = 500


class Waiting(msgspec.Struct, frozen=True):
    """A delivery as it stands."""

    destination_id: str
    state: str
    attempts: int
    due_ms: int
    is_trying: bool


class Attempt(msgspec.Struct, frozen=True):
    """A try as it was noted."""

    account_id: str
    destination_id: str
    attempt: int
    started_ms: int
    duration_ms: int
    status: int | None
    failure: str | None
    next_try_ms: int | None
    url: str | None
    signature: str | None
    api_version: str | None
    pending_webhooks: int | None
    answer_headers: str | None
    answer_body: str | None


_DELIVERIES = QUERIES.many("deliveries_of", Waiting)
_ATTEMPTS = QUERIES.many("attempts_of", Attempt)


async def attempts_of(tx: Tx, event: LoggedEvent) -> Body:
    """The tries of an event to the destinations of its account and of the platform, and what each
    delivery waits for."""
    named = {"owners": _owners(tx, event), "event_id": event.id}
    tried = await _ATTEMPTS(tx.connection, **named, limit=SHOWN_MAX)
    return {
        "object": "list",
        "data": [_attempt(tx, event, attempt) for attempt in tried],
        "deliveries": [_delivery(one) for one in await _DELIVERIES(tx.connection, **named)],
        "has_more": len(tried) == SHOWN_MAX,
        "url": f"/_cardwright/events/{event.id}/attempts",
    }


def _owners(tx: Tx, event: LoggedEvent) -> list[str]:
    return sorted({tx.account_id, tx.platform_id, event.account_id})


def _delivery(waiting: Waiting) -> Body:
    again = waiting.state == "pending" and not waiting.is_trying
    return {
        "object": "delivery",
        "attempts": waiting.attempts,
        "destination": waiting.destination_id,
        "next_attempt": waiting.due_ms // SECOND_MS if again else None,
        "status": waiting.state,
    }


def _attempt(tx: Tx, event: LoggedEvent, tried: Attempt) -> Body:
    return {
        "object": "delivery_attempt",
        "attempt": tried.attempt,
        "created": tried.started_ms // SECOND_MS,
        "destination": tried.destination_id,
        "duration_ms": tried.duration_ms,
        "event": event.id,
        "failure": tried.failure,
        "next_attempt": None if tried.next_try_ms is None else tried.next_try_ms // SECOND_MS,
        "request": _request(tx, event, tried),
        "response": _response(tried),
    }


def _request(tx: Tx, event: LoggedEvent, tried: Attempt) -> Body | None:
    """What was sent; the body is rendered again as it was."""
    # Tries of earlier releases kept nothing of it.
    if tried.url is None or tried.signature is None:
        return None
    body = bodies.delivered(
        event,
        tried.account_id,
        version=None if tried.api_version is None else parse_version(tried.api_version),
        livemode=tx.livemode,
        pending_webhooks=tried.pending_webhooks or 0,
    )
    return {
        "body": body.decode(),
        "headers": {"Content-Type": CONTENT_TYPE, signing.HEADER: tried.signature},
        "method": "POST",
        "url": tried.url,
    }


def _response(tried: Attempt) -> Body | None:
    if tried.status is None:
        return None
    return {
        "body": tried.answer_body,
        "headers": msgspec.json.decode(tried.answer_headers or "{}"),
        "status": tried.status,
    }


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve the tries of an event, oldest first."""
    return await attempts_of(tx, await resending.find(tx, call.path["id"]))


OPERATIONS = (Operation(method="GET", path="/_cardwright/events/{id}/attempts", handler=retrieve),)

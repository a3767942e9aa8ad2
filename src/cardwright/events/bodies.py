"""The two faces of an event: the v1 snapshot in a version's vocabulary, and the v2 thin event."""

from typing import Any

import msgspec

from cardwright.events import catalogue
from cardwright.events.emission import PREFIX
from cardwright.events.model import LoggedEvent
from cardwright.kernel import clock
from cardwright.wire import expand
from cardwright.wire.render import needs_reshaping, reshaper
from cardwright.wire.versions import Body, Version

# Members that the public API does not have stand under this name.
EXTENSION = "cardwright"
# In test mode the v2 face of an id says so.
TEST_PREFIX = "evt_test_"


def v1_body(
    event: LoggedEvent,
    *,
    version: Version,
    livemode: bool,
    pending_webhooks: int,
    account: str | None = None,
) -> Body:
    """The v1 event; ``account`` is shown to a platform that hears of a connected account."""
    data: Body = {"object": _object(event, version)}
    if event.previous is not None:
        data["previous_attributes"] = msgspec.Raw(event.previous.encode())
    body: Body = {
        "id": event.id,
        "object": "event",
        "api_version": version.text,
        "created": event.created_ms // 1000,
        "data": data,
        "livemode": livemode,
        "pending_webhooks": pending_webhooks,
        "request": {"id": event.request_id, "idempotency_key": event.idempotency_key},
        "type": event.type,
        EXTENSION: _extension(event),
    }
    return body if account is None else {"account": account, **body}


def _object(event: LoggedEvent, version: Version) -> Any:
    """The snapshot, byte for byte where the version speaks of the object as it was stored."""
    assert event.snapshot is not None, f"{event.type} has no snapshot"
    tag = catalogue.tag_of(event.type)
    loader = expand.LOADERS.get(tag or "")
    if loader is None or not needs_reshaping(loader.shape, version):
        return msgspec.Raw(event.snapshot.encode())
    return reshaper(loader.shape, version)(msgspec.json.decode(event.snapshot))


def v2_body(event: LoggedEvent, *, livemode: bool, context: str | None, whole: bool) -> Body:
    """The v2 event: ``whole`` as it is retrieved, otherwise thin as it is delivered."""
    body: Body = {
        "id": v2_id(event.id, livemode=livemode),
        "object": "v2.core.event",
        "type": event.type if catalogue.is_v2(event.type) else f"v1.{event.type}",
        "created": clock.rfc3339(event.created_ms),
        "livemode": livemode,
        "context": context,
        "reason": _reason(event),
        EXTENSION: _extension(event),
    }
    thin = _thin(event)
    if "related_object" in thin:
        body["related_object"] = thin["related_object"]
    if not catalogue.is_v2(event.type):
        body["snapshot_event"] = event.id
    if whole:
        body |= {name: thin[name] for name in ("data", "changes") if name in thin}
    return body


def delivered(
    event: LoggedEvent,
    owner_id: str,
    *,
    version: Version | None,
    livemode: bool,
    pending_webhooks: int,
) -> bytes:
    """The payload for a destination of ``owner_id``: a snapshot in a version, or thin without one.
    It names the account when that is not the owner."""
    account = event.account_id if event.account_id != owner_id else None
    if version is None:
        return msgspec.json.encode(v2_body(event, livemode=livemode, context=account, whole=False))
    return msgspec.json.encode(
        v1_body(
            event,
            version=version,
            livemode=livemode,
            pending_webhooks=pending_webhooks,
            account=account,
        )
    )


def _extension(event: LoggedEvent) -> Body:
    """The place of the event among those of its object: 1, 2, 3 ... by its creation and changes.
    Deliveries may overtake each other; a receiver keeps the highest."""
    return {"sequence": event.object_version}


def _thin(event: LoggedEvent) -> Body:
    if event.thin is not None:
        thin: Body = msgspec.json.decode(event.thin)
        return thin
    related = catalogue.related(event.type, msgspec.json.decode(event.snapshot or "{}"))
    return {} if related is None else {"related_object": related._asdict()}


def _reason(event: LoggedEvent) -> Body | None:
    if event.request_id is None:
        return None
    # Thin events always have a key as text; a call may have come without one.
    request = {"id": event.request_id, "idempotency_key": event.idempotency_key or ""}
    return {"type": "request", "request": request}


def v2_id(event_id: str, *, livemode: bool) -> str:
    """An event's id as v2 shows it."""
    return event_id if livemode else TEST_PREFIX + event_id.removeprefix(PREFIX)


def stored_id(event_id: str) -> str:
    """An event's id in the log, from either face."""
    if event_id.startswith(TEST_PREFIX):
        return PREFIX + event_id.removeprefix(TEST_PREFIX)
    return event_id

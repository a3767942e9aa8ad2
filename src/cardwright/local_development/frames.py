"""What goes over a session's connection: frames of JSON, in the words of the official command line.

The server sends ``webhook_event`` (a snapshot), ``v2_event`` (a thin event) and
``request_log_event``; the command line answers with ``event_ack`` once it has an event, and with
``webhook_response`` once whoever it forwarded it to has answered.
"""

from typing import Any

import msgspec

FORWARDED_MAX = 500


class Frame(msgspec.Struct):
    """What a command line sent; members that its type does not have stay empty."""

    type: str = ""
    webhook_conversation_id: str = ""
    notification_id: str = ""
    event_id: str = ""
    webhook_id: str = ""
    forward_url: str = ""
    status: int = 0
    body: str = ""
    http_headers: dict[str, str] = msgspec.field(default_factory=dict)


def read(text: str | bytes) -> Frame | None:
    """A frame, or None when it is none."""
    try:
        return msgspec.json.decode(text, type=Frame)
    except (msgspec.DecodeError, RecursionError):
        return None


def snapshot(
    session_id: str,
    conversation_id: str,
    payload: bytes,
    headers: dict[str, str],
    latest_version: str | None,
) -> str:
    """A v1 event; ``latest_version`` names the version of the copy for those who asked for the
    latest instead of the platform's own."""
    return _text(
        {
            "type": "webhook_event",
            "endpoint": {"api_version": latest_version},
            "event_payload": payload.decode(),
            "http_headers": headers,
            "webhook_conversation_id": conversation_id,
            "webhook_id": session_id,
        }
    )


def thin(session_id: str, payload: bytes, headers: dict[str, str]) -> str:
    """A v2 event."""
    return _text(
        {
            "type": "v2_event",
            "payload": payload.decode(),
            "http_headers": headers,
            "destination_id": session_id,
        }
    )


def request_log(request_id: str, payload: dict[str, Any]) -> str:
    """A request that was answered."""
    return _text(
        {
            "type": "request_log_event",
            "event_payload": _text(payload),
            "request_log_id": request_id,
        }
    )


def _text(content: dict[str, Any]) -> str:
    return msgspec.json.encode(content).decode()

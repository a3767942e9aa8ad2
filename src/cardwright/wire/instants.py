"""Bounds of time (``gt``, ``gte``, ``lt``, ``lte``) as callers give them and as records keep them.

v1 gives seconds, v2 RFC 3339 text; records keep milliseconds, or text with milliseconds.
"""

from cardwright.kernel.clock import parse_rfc3339, rfc3339
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals

# By bound, as records keep them.
Bounds = dict[str, int]


def of_seconds(given: Bounds | None) -> Bounds:
    """Milliseconds of bounds in seconds: a second is all of its thousand."""
    return {
        bound: at * 1000 + (999 if bound in ("gt", "lte") else 0)
        for bound, at in (given or {}).items()
    }


def of_texts(given: dict[str, str | None] | None, param: str = "created") -> Bounds:
    """Milliseconds of bounds in RFC 3339 text; refuses what is no instant."""
    found = {}
    for bound, text in (given or {}).items():
        if text is None:
            continue
        try:
            found[bound] = parse_rfc3339(text)
        except (ValueError, OverflowError):
            fail(refusals.FIELD_TIMESTAMP, param=f"{param}.{bound}")
    return found


def as_texts(bounds: Bounds) -> dict[str, str]:
    """The bounds for columns that keep instants as text."""
    return {bound: rfc3339(at_ms) for bound, at_ms in bounds.items()}


def half_open(bounds: Bounds, forever_ms: int) -> tuple[int, int]:
    """From which millisecond on, and before which."""
    from_ms, before_ms = 0, forever_ms
    for bound, at_ms in bounds.items():
        edge_ms = at_ms + (bound in ("gt", "lte"))
        if bound in ("gt", "gte"):
            from_ms = max(from_ms, edge_ms)
        else:
            before_ms = min(before_ms, edge_ms)
    return from_ms, before_ms

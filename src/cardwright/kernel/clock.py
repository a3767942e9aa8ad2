"""The only place that reads a clock.

Everything else receives time as an argument: ``tx.now_ms`` inside a transaction, a parameter
elsewhere. Instants are integers of milliseconds since the Unix epoch, UTC.
"""

import time
from datetime import UTC, datetime, timedelta

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def machine_ms() -> int:
    """Machine time, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds on a clock that never steps back; only differences mean anything."""
    return time.monotonic()


def moment(instant_ms: int) -> datetime:
    """The instant as an aware UTC datetime."""
    return _EPOCH + timedelta(milliseconds=instant_ms)


def rfc3339(instant_ms: int) -> str:
    """The instant as v2 prints it: ``2025-06-18T00:48:16.000Z``."""
    return moment(instant_ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant_ms % 1000:03d}Z"


def parse_rfc3339(text: str) -> int:
    """Milliseconds since the epoch; raises ValueError on anything but RFC 3339 with an offset."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None or "T" not in text.upper():
        raise ValueError(text)
    return (parsed - _EPOCH) // timedelta(milliseconds=1)


def day_number(instant_ms: int) -> int:
    """The UTC day, counted from the epoch."""
    return instant_ms // DAY_MS


def month_number(instant_ms: int) -> int:
    """The UTC calendar month, counted from year 0: ``year * 12 + month - 1``."""
    date = moment(instant_ms)
    return date.year * 12 + date.month - 1

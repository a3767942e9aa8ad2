"""The only place that reads a clock.

Everything else receives time as an argument: ``tx.now_ms`` inside a transaction, a parameter
elsewhere. Instants are integers of milliseconds since the Unix epoch, UTC.
"""

import re
import time
from datetime import UTC, datetime, timedelta

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# Virtual clocks stand between 1 January 2000 and 1 January 2100.
EARLIEST_MS, LATEST_MS = 946_684_800_000, 4_102_444_800_000

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def machine_ms() -> int:
    """Machine time, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def latest_ms(now_ms: int) -> int:
    """The later of an account's instant and machine time: what comes after is not past anywhere."""
    return max(now_ms, machine_ms())


def monotonic() -> float:
    """Seconds on a clock that never steps back; only differences mean anything."""
    return time.monotonic()


def ticks_ns() -> int:
    """Nanoseconds on the finest clock there is; only differences mean anything."""
    return time.perf_counter_ns()


def moment(instant_ms: int) -> datetime:
    """The instant as an aware UTC datetime."""
    return _EPOCH + timedelta(milliseconds=instant_ms)


def rfc3339(instant_ms: int) -> str:
    """The instant as v2 prints it: ``2025-06-18T00:48:16.000Z``."""
    return moment(instant_ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant_ms % 1000:03d}Z"


def parse_rfc3339(text: str) -> int:
    """Milliseconds since the epoch; raises ValueError on anything but RFC 3339 with an offset."""
    # The library reads every form of ISO 8601, weeks and dates without dashes too.
    if not _RFC3339.fullmatch(text):
        raise ValueError(text)
    parsed = datetime.fromisoformat(text.upper())
    return (parsed - _EPOCH) // timedelta(milliseconds=1)


def parse_instant(text: str) -> int:
    """The same, or the start of a day (UTC) as ``2026-01-01``."""
    return parse_rfc3339(f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text)


def day_number(instant_ms: int) -> int:
    """The UTC day, counted from the epoch."""
    return instant_ms // DAY_MS


def month_number(instant_ms: int) -> int:
    """The UTC calendar month, counted from year 0: ``year * 12 + month - 1``."""
    date = moment(instant_ms)
    return date.year * 12 + date.month - 1

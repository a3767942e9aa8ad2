"""What every measurement comes to."""

from collections.abc import Sequence

import msgspec

# Every load runs this long before its answers count.
WARM_UP_SECONDS = 1.0


class Wrong(Exception):  # noqa: N818 - it is the benchmark that is wrong, not a call of ours
    """The benchmark cannot go on; the words say why."""


class Measurement(msgspec.Struct, frozen=True):
    """Throughput and latency of one load."""

    per_second: float
    p50_ms: float
    p99_ms: float


def measurement(latencies_seconds: Sequence[float], seconds: float) -> Measurement:
    """The measurement of what was answered within so many seconds."""
    if not latencies_seconds:
        raise Wrong("nothing was answered while it was measured")
    ordered = sorted(latencies_seconds)
    return Measurement(
        per_second=round(len(ordered) / seconds, 1),
        p50_ms=round(ordered[len(ordered) // 2] * 1000, 2),
        p99_ms=round(ordered[len(ordered) * 99 // 100] * 1000, 2),
    )

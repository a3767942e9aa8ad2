"""The fault: what goes wrong, for which calls or deliveries, how often and until when."""

from typing import Annotated, ClassVar, Literal

from cardwright.wire.resource import Mark, Parameters, Resource, Sealed, Timestamp

# What happens to calls of the API, and what happens to deliveries of events.
RequestEffect = Literal["status", "rate_limit", "lock_timeout", "latency", "drop_response"]
DeliveryEffect = Literal["delay_delivery", "duplicate_delivery", "drop_delivery", "answer_delivery"]
Effect = Literal[
    "status",
    "rate_limit",
    "lock_timeout",
    "latency",
    "drop_response",
    "delay_delivery",
    "duplicate_delivery",
    "drop_delivery",
    "answer_delivery",
]
# The reasons that the public documentation names.
Reason = Literal[
    "global-rate",
    "endpoint-rate",
    "global-concurrency",
    "endpoint-concurrency",
    "resource-specific",
]

LATENCY_MAX_MS = 60_000
# A delivery is somebody else's after thirty seconds, twenty of which a receiver may take.
DELIVERY_LATENCY_MAX_MS = 8_000
LASTS_SECONDS = 3_600
LASTS_MAX_SECONDS = 86_400


class NewFault(Parameters):
    """What a new fault takes. ``share`` is a percentage, ``latency_ms`` milliseconds,
    ``expires_in`` seconds; ``path`` and ``event_type`` may hold ``*``."""

    effect: Annotated[Effect, Mark(need="c")]
    account: Annotated[str | None, Mark(longest=255)] = None
    attempt: Annotated[int | None, Mark(low=1, high=100)] = None
    count: Annotated[int | None, Mark(low=1, high=1_000_000)] = None
    destination: Annotated[str | None, Mark(longest=255)] = None
    event_type: Annotated[str | None, Mark(longest=255)] = None
    expires_in: Annotated[int, Mark(low=1, high=LASTS_MAX_SECONDS)] = LASTS_SECONDS
    key: Sealed | None = None
    latency_ms: Annotated[int | None, Mark(low=1, high=LATENCY_MAX_MS)] = None
    method: Literal["DELETE", "GET", "POST"] | None = None
    path: Annotated[str | None, Mark(longest=500, pattern=r"/\S*")] = None
    reason: Reason | None = None
    share: Annotated[int, Mark(low=1, high=100)] = 100
    status: Annotated[int | None, Mark(low=100, high=599)] = None


class Fault(Resource, tag="fault"):
    """A fault as it is kept. ``key`` is masked; ``strikes`` says how often it struck."""

    prefix: ClassVar[str] = "fault_"
    table: ClassVar[str] = "faults"

    created: Annotated[Timestamp, Mark("l", column=True)]
    effect: Effect
    expires_at: Annotated[Timestamp, Mark(column=True)]
    livemode: bool
    account: str | None = None
    attempt: int | None = None
    count: Annotated[int | None, Mark(column=True)] = None
    destination: str | None = None
    event_type: str | None = None
    key: str | None = None
    key_hash: Annotated[str | None, Mark(hidden=True)] = None
    latency_ms: int | None = None
    method: str | None = None
    path: str | None = None
    reason: Reason | None = None
    share: int = 100
    status: int | None = None
    strikes: Annotated[int, Mark(column=True)] = 0

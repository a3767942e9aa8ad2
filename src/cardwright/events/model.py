"""Who hears of events, each said once (source: Webhook Endpoints v1, Event Destinations v2)."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import field

from cardwright.wire.resource import Mark, Metadata, Moment, Parameters, Resource, Shape, Timestamp

Status = Literal["enabled", "disabled"]
ALL = "*"


class WebhookEndpoint(Resource, tag="webhook_endpoint"):
    """A v1 endpoint. ``connect`` and ``disabled`` are parameters that the answer does not show."""

    prefix: ClassVar[str] = "we_"
    table: ClassVar[str] = "webhook_endpoints"

    api_version: Annotated[str | None, Mark("c", longest=100)] = None
    application: str | None = None
    connect: Annotated[bool, Mark("c")] = False
    created: Annotated[Timestamp, Mark("", column=True)]
    description: Annotated[str | None, Mark("cu")] = None
    disabled: Annotated[bool, Mark("u")] = False
    enabled_events: Annotated[list[str], Mark("cu", need="c", longest=200)]
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    status: Status = "enabled"
    url: Annotated[str, Mark("cu", need="c", longest=2048)]


class Disabled(Shape):
    """Why a destination is disabled."""

    reason: str


class StatusDetails(Shape):
    """What more there is to say of the status."""

    disabled: Disabled | None = None


class Target(Shape):
    """Where a destination is; the signing secret is kept sealed and shown once."""

    url: Annotated[str, Mark(need="c", longest=2048)]


class EventDestination(Resource, tag="v2.core.event_destination"):
    """A v2 destination of thin or snapshot events."""

    prefix: ClassVar[str] = "ed_"
    table: ClassVar[str] = "event_destinations"

    amazon_eventbridge: Annotated[Metadata | None, Mark("")] = None
    azure_event_grid: Annotated[Metadata | None, Mark("")] = None
    created: Annotated[Moment, Mark("", column=True)]
    description: Annotated[str, Mark("cu")] = ""
    enabled_events: Annotated[list[str], Mark("cu", need="c", longest=200)]
    event_payload: Annotated[Literal["snapshot", "thin"], Mark("c", need="c")]
    events_from: Annotated[list[str], Mark("c", longest=100)] = field(
        default_factory=lambda: ["@self"]
    )
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    name: Annotated[str, Mark("cu", need="c")]
    snapshot_api_version: Annotated[str | None, Mark("c", longest=100)] = None
    status: Status = "enabled"
    status_details: StatusDetails | None = None
    type: Annotated[
        Literal["webhook_endpoint", "amazon_eventbridge", "azure_event_grid"], Mark("c", need="c")
    ]
    updated: Moment
    webhook_endpoint: Annotated[Target, Mark("cu", need="c")]


class EventFilter(Parameters):
    """Parameters of the v1 list of events."""

    created: Timestamp | None = None
    delivery_success: bool | None = None
    type: Annotated[str | None, Mark(longest=200)] = None
    types: Annotated[list[str] | None, Mark(longest=200)] = None


class CreatedRange(Shape):
    """Bounds of an instant, RFC 3339."""

    gt: Annotated[str | None, Mark(longest=40)] = None
    gte: Annotated[str | None, Mark(longest=40)] = None
    lt: Annotated[str | None, Mark(longest=40)] = None
    lte: Annotated[str | None, Mark(longest=40)] = None


class ThinEventFilter(Parameters):
    """Parameters of the v2 list of events."""

    object_id: Annotated[str | None, Mark(longest=200)] = None
    types: Annotated[list[str] | None, Mark(longest=200)] = None
    created: CreatedRange | None = None


class LoggedEvent(msgspec.Struct, frozen=True):
    """An event as it is read from the log; the texts are JSON."""

    account_id: str
    id: str
    type: str
    created_ms: int
    object_version: int
    snapshot: str | None
    previous: str | None
    thin: str | None
    request_id: str | None
    idempotency_key: str | None

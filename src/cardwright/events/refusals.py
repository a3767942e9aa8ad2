"""What is refused about events and where they go."""

from cardwright.kernel.refusal import Refusal

WEBHOOK_URL_INVALID = Refusal("webhook_url_invalid", "Invalid URL: {reason}.", code="url_invalid")
EVENT_NAMES_EMPTY = Refusal(
    "event_names_empty",
    "At least one event type is needed, or '*'.",
    code="parameter_invalid_empty",
)
EVENT_TYPE_UNKNOWN = Refusal("event_type_unknown", "Unknown event type: '{type}'")
ENDPOINTS_TOO_MANY = Refusal(
    "endpoints_too_many", "An account has at most {limit} webhook endpoints."
)
DESTINATION_TYPE_UNSUPPORTED = Refusal(
    "destination_type_unsupported",
    "Destinations of type '{type}' cannot be reached from this server; use webhook_endpoint.",
    code="unsupported_destination_type",
)
DESTINATION_DISABLED = Refusal(
    "destination_disabled", "{id} is disabled; enable it before an event is sent to it again."
)
DESTINATION_NOT_REACHED = Refusal(
    "destination_not_reached", "{id} does not hear of events such as {event}."
)
NOBODY_LISTENS = Refusal(
    "nobody_listens",
    "No command line is listening. Start one (`cardwright listen`, or the official CLI's "
    "listen), or name a webhook_endpoint.",
)
SECRET_OVERLAP_TOO_LONG = Refusal(
    "secret_overlap_too_long",
    "Invalid value for {param}: must be from 0 to {longest} seconds",
    code="invalid_fields",
)
THIN_EVENTS_WITHOUT_VERSION = Refusal(
    "thin_events_without_version",
    "Invalid value for {param}: thin events have no version",
    code="invalid_fields",
)
EVENTS_FROM_INVALID = Refusal(
    "events_from_invalid",
    "Invalid value for {param}: must be {own}, {others} or both",
    code="invalid_fields",
)
EVENT_TYPES_TOO_MANY = Refusal(
    "event_types_too_many",
    "Invalid value for {param}: at most {limit} types",
    code="invalid_fields",
)

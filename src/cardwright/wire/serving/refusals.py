"""Refusals of connections, and of requests that are none."""

from cardwright.kernel.refusal import Refusal

REQUEST_MALFORMED = Refusal("request_malformed", "This is not a request in HTTP/1.1: {reason}.")
HTTP_VERSION_UNSUPPORTED = Refusal(
    "http_version_unsupported", "HTTP/{version} is not spoken here. Use HTTP/1.1.", status=505
)
TARGET_INVALID = Refusal(
    "target_invalid",
    "The target of the request is not a path: it begins with a slash and holds printable ASCII "
    "characters.",
)
TARGET_TOO_LONG = Refusal(
    "target_too_long", "The target of the request is longer than {limit} bytes.", status=414
)
TARGET_OF_ANOTHER_HOST = Refusal(
    "target_of_another_host", "The target of the request and its Host header name two hosts."
)
PATH_INVALID = Refusal("path_invalid", "The path of the request is invalid: {reason}.")
HEAD_TOO_LARGE = Refusal(
    "head_too_large",
    "The headers of the request are too large: {limit} bytes together, and half of that for one.",
    status=431,
)
FIELDS_TOO_MANY = Refusal(
    "fields_too_many", "The request has more than {limit} header fields.", status=431
)
FIELD_REPEATED = Refusal(
    "field_repeated", "The header {field} can be sent only once with a request."
)
HOST_MISSING = Refusal("host_missing", "The request has no Host header.")
HOST_INVALID = Refusal("host_invalid", "The Host header is not a host: '{host}'.")
HOST_UNKNOWN = Refusal(
    "host_unknown",
    "This server does not answer to the name '{host}'. Call it by its address, or start it "
    "with this name in --public-url (CARDWRIGHT_PUBLIC_URL).",
)
TRANSFER_ENCODING_UNSUPPORTED = Refusal(
    "transfer_encoding_unsupported",
    "The only Transfer-Encoding is 'chunked', and only in HTTP/1.1.",
)
EXPECTATION_UNSUPPORTED = Refusal(
    "expectation_unsupported", "The only expectation is '100-continue'.", status=417
)
REQUEST_TIMEOUT = Refusal(
    "request_timeout", "The {what} of the request did not arrive in time.", status=408
)
WEBSOCKET_INVALID = Refusal("websocket_invalid", "This is not a WebSocket: {reason}.")
WEBSOCKET_REFUSED = Refusal("websocket_refused", "No WebSocket is opened here.", status=403)
CONNECTIONS_TOO_MANY = Refusal(
    "connections_too_many",
    "There are too many connections. Try again in a moment.",
    code="service_unavailable",
    status=503,
    type="api_error",
)

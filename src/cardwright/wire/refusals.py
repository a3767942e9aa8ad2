"""The general refusals: of the request as such, its parameters, keys and state."""

from cardwright.kernel.refusal import Refusal

# The request as such.
API_KEY_MISSING = Refusal(
    "api_key_missing",
    "You did not provide an API key. Send it as the user name of HTTP Basic authentication "
    "or as 'Authorization: Bearer YOUR_SECRET_KEY'.",
    status=401,
)
API_KEY_INVALID = Refusal("api_key_invalid", "Invalid API Key provided: {key}", status=401)
API_KEY_EXPIRED = Refusal(
    "api_key_expired", "Expired API Key provided: {key}", code="api_key_expired", status=401
)
SECRET_KEY_REQUIRED = Refusal(
    "secret_key_required",
    "This API call cannot be made with a publishable API key. Please use a secret API key.",
    code="secret_key_required",
    status=403,
)
ACCOUNT_INVALID = Refusal(
    "account_invalid",
    "The provided key '{key}' does not have access to account '{account}' "
    "(or that account does not exist).",
    code="account_invalid",
    status=403,
)
PLATFORM_ONLY = Refusal(
    "platform_only", "This request must be made by the platform, without an account header."
)
TEST_MODE_ONLY = Refusal(
    "test_mode_only", "This endpoint is only available in test mode.", code="testmode_only"
)
URL_UNKNOWN = Refusal(
    "url_unknown", "Unrecognized request URL ({method}: {path}).", code="url_invalid", status=404
)
VERSION_MISSING = Refusal(
    "version_missing",
    "You did not provide an API version. Send one in the Stripe-Version header.",
    code="api_version_required",
)
VERSION_INVALID = Refusal(
    "version_invalid", "Invalid API version: '{version}'.", code="api_version_invalid"
)
VERSION_NOT_PREVIEW = Refusal(
    "version_not_preview",
    "This endpoint needs a preview version in the Stripe-Version header; got '{version}'.",
    code="preview_version_required",
)
BODY_TOO_LARGE = Refusal(
    "body_too_large",
    "The request body is larger than {limit} bytes.",
    code="request_too_large",
    status=413,
)
BODIES_TOO_MANY = Refusal(
    "bodies_too_many",
    "Too many large requests are arriving at once. Try again in a moment.",
    code="service_unavailable",
    status=503,
    type="api_error",
)
BODY_NOT_UTF8 = Refusal(
    "body_not_utf8", "The request is not valid UTF-8.", code="body_invalid_encoding"
)
BODY_NOT_JSON = Refusal(
    "body_not_json", "The request body is not valid JSON: {reason}.", code="invalid_json"
)
BODY_NOT_OBJECT = Refusal(
    "body_not_object", "The request body must be a JSON object.", code="invalid_json"
)
CONTENT_TYPE_UNSUPPORTED = Refusal(
    "content_type_unsupported",
    "Unsupported content type '{content_type}'. Send '{expected}'.",
    code="content_type_unsupported",
)
FORM_MALFORMED = Refusal(
    "form_malformed", "Malformed parameter name: {name} ({reason}).", code="parameter_invalid"
)
# Forms that bring a file.
BODY_CUT = Refusal("body_cut", "The connection ended before the request was whole.")
MULTIPART_MALFORMED = Refusal(
    "multipart_malformed", "The multipart form is malformed: {reason}.", code="parameter_invalid"
)
UPLOAD_EXPECTED = Refusal(
    "upload_expected", "Invalid file for {param}: send it in a multipart/form-data form."
)
UPLOAD_REPEATED = Refusal(
    "upload_repeated", "Only one file can be sent with a request: {param} is given twice."
)
UPLOAD_TOO_LARGE = Refusal(
    "upload_too_large",
    "The file is larger than {limit} bytes.",
    code="request_too_large",
    status=413,
)
PARAMETERS_TOO_MANY = Refusal(
    "parameters_too_many", "The request has more than {limit} parameters.", code="parameter_invalid"
)
# Parameters.
PARAMETER_UNKNOWN = Refusal(
    "parameter_unknown", "Received unknown parameter: {param}", code="parameter_unknown"
)
PARAMETER_MISSING = Refusal(
    "parameter_missing", "Missing required param: {param}.", code="parameter_missing"
)
PARAMETER_EMPTY = Refusal(
    "parameter_empty",
    "You passed an empty string for '{param}'. We assume empty values are an attempt to unset "
    "a parameter; however '{param}' cannot be unset.",
    code="parameter_invalid_empty",
)
PARAMETER_INTEGER = Refusal(
    "parameter_integer", "Invalid integer: {value}", code="parameter_invalid_integer"
)
PARAMETER_INTEGER_RANGE = Refusal(
    "parameter_integer_range",
    "{param} must be {rule}; got {value}.",
    code="parameter_invalid_integer",
)
PARAMETER_BOOLEAN = Refusal("parameter_boolean", "Invalid boolean: {value}")
PARAMETER_STRING = Refusal("parameter_string", "Invalid string: {value}")
PARAMETER_BLANK = Refusal(
    "parameter_blank", "'{param}' must not be blank.", code="parameter_invalid_string_blank"
)
PARAMETER_TOO_LONG = Refusal(
    "parameter_too_long", "Invalid string: {value}; must be at most {limit} characters"
)
PARAMETER_PATTERN = Refusal("parameter_pattern", "Invalid {param}: {value}")
PARAMETER_ENUM = Refusal("parameter_enum", "Invalid {param}: must be one of {values}")
PARAMETER_HASH = Refusal("parameter_hash", "Invalid hash for {param}.")
PARAMETER_LIST = Refusal("parameter_list", "Invalid array for {param}.")
PARAMETER_TOO_MANY = Refusal("parameter_too_many", "Array {param} has more than {limit} elements.")
PARAMETER_TIMESTAMP = Refusal("parameter_timestamp", "Invalid timestamp for {param}: {value}")
PARAMETER_DECIMAL = Refusal(
    "parameter_decimal", "Invalid decimal: {value}", code="parameter_invalid_decimal"
)
PARAMETER_EXCLUSIVE = Refusal(
    "parameter_exclusive", "You may only specify one of these parameters: {params}."
)
METADATA_INVALID = Refusal("metadata_invalid", "Invalid metadata: {reason}")
EXPAND_INVALID = Refusal("expand_invalid", "This property cannot be expanded ({param}).")
EXPAND_TOO_DEEP = Refusal(
    "expand_too_deep", "You cannot expand more than 4 levels of a property ({param})."
)
INCLUDE_INVALID = Refusal("include_invalid", "Cannot include '{value}'.", code="invalid_fields")
PAGE_INVALID = Refusal("page_invalid", "The page token is not valid.", code="page_invalid")
PAGE_OF_OTHER_FILTERS = Refusal(
    "page_of_other_filters",
    "The filters of a list are the same for all of its pages.",
    code="page_invalid",
)
# v2 has its own words for the same mistakes.
FIELD_UNKNOWN = Refusal("field_unknown", "Unknown field: {param}", code="invalid_fields")
FIELD_MISSING = Refusal("field_missing", "Missing required field: {param}", code="invalid_fields")
FIELD_INVALID = Refusal(
    "field_invalid", "Invalid value for {param}: {reason}", code="invalid_fields"
)
FIELD_TIMESTAMP = Refusal(
    "field_timestamp",
    "Invalid value for {param}: expected an RFC 3339 timestamp",
    code="invalid_fields",
)
FIELD_STRINGS = Refusal(
    "field_strings",
    "Invalid value for {param}: expected an array of strings",
    code="invalid_fields",
)
FIELD_QUERY_LIST = Refusal(
    "field_query_list",
    "Invalid value for {param}: an array in a query is indexed: {param}[0]",
    code="invalid_fields",
)
FIELD_METADATA_TOO_MANY = Refusal(
    "field_metadata_too_many",
    "Invalid value for {param}: the object would have {count} keys; at most {limit}",
    code="invalid_fields",
)
NOT_FOUND = Refusal("not_found", "No such {object}: '{id}'", code="not_found", status=404)
IP_ADDRESS_INVALID = Refusal(
    "ip_address_invalid", "{param} is not an IP address.", code="ip_address_invalid"
)
EPHEMERAL_KEY_FORBIDDEN = Refusal(
    "ephemeral_key_forbidden",
    "This API call cannot be made with this ephemeral key: it reads the card that it was made "
    "for, and nothing else.",
    code="secret_key_required",
    status=403,
)
# Idempotency and contention.
IDEMPOTENCY_ERROR = Refusal(
    "idempotency_error",
    "Keys for idempotent requests can only be used with the same parameters they were first "
    "used with. Try using a key other than '{key}' if you meant to execute a different "
    "request.",
    type="idempotency_error",
    v2_type="idempotency_error",
)
IDEMPOTENCY_KEY_IN_USE = Refusal(
    "idempotency_key_in_use",
    "There is currently another in-progress request using this idempotency key (that probably "
    "means you submitted twice, and the other request is still going through): {key}. "
    "Please try again later.",
    code="idempotency_key_in_use",
    status=409,
    type="idempotency_error",
    v2_type="idempotency_error",
)
IDEMPOTENCY_KEY_INVALID = Refusal(
    "idempotency_key_invalid",
    "An idempotency key is 1 to 255 characters.",
    code="parameter_invalid",
)
LOCK_TIMEOUT = Refusal(
    "lock_timeout",
    "This object cannot be accessed right now because another request is currently accessing "
    "it. Please retry.",
    code="lock_timeout",
    status=429,
)
UNAVAILABLE = Refusal(
    "unavailable",
    "The service is not ready: {reason}.",
    code="service_unavailable",
    status=503,
    type="api_error",
)
INTERNAL = Refusal(
    "internal",
    "An error occurred on the server. Request: {request}",
    code="internal_error",
    status=500,
    type="api_error",
)

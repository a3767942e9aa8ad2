"""Every refusal a caller can see: one closed table, and the exception that carries a row of it.

A row says the v1 ``type``, the ``code`` (both versions), the HTTP status and the message. v2
prints a ``type`` only for the typed errors (``v2_type``). An expected failure is raised with
``fail``; an impossible state asserts.
"""

from typing import NoReturn

from cardwright.kernel.account_refusals import ACCOUNT_REFUSALS
from cardwright.kernel.card_refusals import CARD_REFUSALS
from cardwright.kernel.cardholder_refusals import CARDHOLDER_REFUSALS
from cardwright.kernel.clock_refusals import CLOCK_REFUSALS
from cardwright.kernel.credit_refusals import CREDIT_REFUSALS
from cardwright.kernel.dispute_refusals import DISPUTE_REFUSALS
from cardwright.kernel.environment_refusals import ENVIRONMENT_REFUSALS
from cardwright.kernel.fault_refusals import FAULT_REFUSALS
from cardwright.kernel.financial_account_refusals import FINANCIAL_ACCOUNT_REFUSALS
from cardwright.kernel.funding_refusals import FUNDING_REFUSALS
from cardwright.kernel.issuing_refusals import ISSUING_REFUSALS
from cardwright.kernel.notice_refusals import NOTICE_REFUSALS
from cardwright.kernel.refusal import INVALID, Refusal
from cardwright.kernel.verification_refusals import VERIFICATION_REFUSALS

REFUSALS: dict[str, Refusal] = {
    # The request as such.
    "api_key_missing": Refusal(
        401,
        INVALID,
        None,
        "You did not provide an API key. Send it as the user name of HTTP Basic authentication "
        "or as 'Authorization: Bearer YOUR_SECRET_KEY'.",
    ),
    "api_key_invalid": Refusal(401, INVALID, None, "Invalid API Key provided: {key}"),
    "api_key_expired": Refusal(401, INVALID, "api_key_expired", "Expired API Key provided: {key}"),
    "secret_key_required": Refusal(
        403,
        INVALID,
        "secret_key_required",
        "This API call cannot be made with a publishable API key. Please use a secret API key.",
    ),
    "account_invalid": Refusal(
        403,
        INVALID,
        "account_invalid",
        "The provided key '{key}' does not have access to account '{account}' "
        "(or that account does not exist).",
    ),
    "platform_only": Refusal(
        400, INVALID, None, "This request must be made by the platform, without an account header."
    ),
    "test_mode_only": Refusal(
        400, INVALID, "testmode_only", "This endpoint is only available in test mode."
    ),
    "url_unknown": Refusal(
        404, INVALID, "url_invalid", "Unrecognized request URL ({method}: {path})."
    ),
    "version_missing": Refusal(
        400,
        INVALID,
        "api_version_required",
        "You did not provide an API version. Send one in the Stripe-Version header.",
    ),
    "version_invalid": Refusal(
        400, INVALID, "api_version_invalid", "Invalid API version: '{version}'."
    ),
    "version_not_preview": Refusal(
        400,
        INVALID,
        "preview_version_required",
        "This endpoint needs a preview version in the Stripe-Version header; got '{version}'.",
    ),
    "body_too_large": Refusal(
        413, INVALID, "request_too_large", "The request body is larger than {limit} bytes."
    ),
    "body_not_utf8": Refusal(
        400, INVALID, "body_invalid_encoding", "The request is not valid UTF-8."
    ),
    "body_not_json": Refusal(
        400, INVALID, "invalid_json", "The request body is not valid JSON: {reason}."
    ),
    "body_not_object": Refusal(
        400, INVALID, "invalid_json", "The request body must be a JSON object."
    ),
    "content_type_unsupported": Refusal(
        400,
        INVALID,
        "content_type_unsupported",
        "Unsupported content type '{content_type}'. Send '{expected}'.",
    ),
    "form_malformed": Refusal(
        400, INVALID, "parameter_invalid", "Malformed parameter name: {name} ({reason})."
    ),
    # Forms that bring a file.
    "body_cut": Refusal(400, INVALID, None, "The connection ended before the request was whole."),
    "multipart_malformed": Refusal(
        400, INVALID, "parameter_invalid", "The multipart form is malformed: {reason}."
    ),
    "upload_expected": Refusal(
        400, INVALID, None, "Invalid file for {param}: send it in a multipart/form-data form."
    ),
    "upload_repeated": Refusal(
        400, INVALID, None, "Only one file can be sent with a request: {param} is given twice."
    ),
    "upload_too_large": Refusal(
        413, INVALID, "request_too_large", "The file is larger than {limit} bytes."
    ),
    "parameters_too_many": Refusal(
        400, INVALID, "parameter_invalid", "The request has more than {limit} parameters."
    ),
    # Parameters.
    "parameter_unknown": Refusal(
        400, INVALID, "parameter_unknown", "Received unknown parameter: {param}"
    ),
    "parameter_missing": Refusal(
        400, INVALID, "parameter_missing", "Missing required param: {param}."
    ),
    "parameter_empty": Refusal(
        400,
        INVALID,
        "parameter_invalid_empty",
        "You passed an empty string for '{param}'. We assume empty values are an attempt to unset "
        "a parameter; however '{param}' cannot be unset.",
    ),
    "parameter_integer": Refusal(
        400, INVALID, "parameter_invalid_integer", "Invalid integer: {value}"
    ),
    "parameter_integer_range": Refusal(
        400, INVALID, "parameter_invalid_integer", "{param} must be {rule}; got {value}."
    ),
    "parameter_boolean": Refusal(400, INVALID, None, "Invalid boolean: {value}"),
    "parameter_string": Refusal(400, INVALID, None, "Invalid string: {value}"),
    "parameter_blank": Refusal(
        400, INVALID, "parameter_invalid_string_blank", "'{param}' must not be blank."
    ),
    "parameter_too_long": Refusal(
        400, INVALID, None, "Invalid string: {value}; must be at most {limit} characters"
    ),
    "parameter_pattern": Refusal(400, INVALID, None, "Invalid {param}: {value}"),
    "parameter_enum": Refusal(400, INVALID, None, "Invalid {param}: must be one of {values}"),
    "parameter_hash": Refusal(400, INVALID, None, "Invalid hash for {param}."),
    "parameter_list": Refusal(400, INVALID, None, "Invalid array for {param}."),
    "parameter_too_many": Refusal(
        400, INVALID, None, "Array {param} has more than {limit} elements."
    ),
    "parameter_timestamp": Refusal(400, INVALID, None, "Invalid timestamp for {param}: {value}"),
    "parameter_decimal": Refusal(
        400, INVALID, "parameter_invalid_decimal", "Invalid decimal: {value}"
    ),
    "parameter_exclusive": Refusal(
        400, INVALID, None, "You may only specify one of these parameters: {params}."
    ),
    "parameter_conflict": Refusal(400, INVALID, None, "{reason}"),
    "currency_unsupported": Refusal(400, INVALID, None, "Invalid currency: {value}. {reason}"),
    "metadata_invalid": Refusal(400, INVALID, None, "Invalid metadata: {reason}"),
    "expand_invalid": Refusal(
        400,
        INVALID,
        None,
        "This property cannot be expanded ({param}).",
    ),
    "expand_too_deep": Refusal(
        400, INVALID, None, "You cannot expand more than 4 levels of a property ({param})."
    ),
    "include_invalid": Refusal(400, INVALID, "invalid_fields", "Cannot include '{value}'."),
    "page_invalid": Refusal(400, INVALID, "page_invalid", "The page token is not valid."),
    "page_of_other_filters": Refusal(
        400, INVALID, "page_invalid", "The filters of a list are the same for all of its pages."
    ),
    # v2 has its own words for the same mistakes.
    "field_unknown": Refusal(400, INVALID, "invalid_fields", "Unknown field: {param}"),
    "field_missing": Refusal(400, INVALID, "invalid_fields", "Missing required field: {param}"),
    "field_invalid": Refusal(400, INVALID, "invalid_fields", "Invalid value for {param}: {reason}"),
    # Objects and state.
    "resource_missing": Refusal(404, INVALID, "resource_missing", "No such {object}: '{id}'"),
    "not_found": Refusal(404, INVALID, "not_found", "No such {object}: '{id}'"),
    "state_invalid": Refusal(400, INVALID, None, "{reason}"),
    "platform_not_closed": Refusal(
        400, INVALID, None, "The account of a platform itself cannot be closed."
    ),
    "account_closed": Refusal(400, INVALID, "account_closed", "The account '{account}' is closed."),
    # Files.
    "file_empty": Refusal(400, INVALID, None, "The file is empty."),
    "file_too_large": Refusal(
        400,
        INVALID,
        None,
        "The file has {size} bytes; a file for the purpose {purpose} has at most {limit}.",
    ),
    "file_type_unsupported": Refusal(
        400,
        INVALID,
        None,
        "A file for the purpose {purpose} is of type {types}; by its content this one is {found}.",
    ),
    "file_expired": Refusal(400, INVALID, None, "The file '{file}' has expired."),
    "file_not_linkable": Refusal(
        400,
        INVALID,
        None,
        "A file for the purpose {purpose} has no links. Purposes that do: {purposes}.",
    ),
    "file_link_expiry_past": Refusal(
        400, INVALID, None, "A link can only expire at an instant to come."
    ),
    "file_link_unknown": Refusal(404, INVALID, "resource_missing", "There is no such file link."),
    "file_link_expired": Refusal(404, INVALID, "resource_missing", "This file link has expired."),
    "document_invalid": Refusal(400, INVALID, "document_invalid", "No such file: '{id}'"),
    "document_purpose_invalid": Refusal(
        400,
        INVALID,
        "document_purpose_invalid",
        "The file '{id}' was uploaded for the purpose {purpose}; here it must be {purposes}.",
    ),
    # Cardholders.
    "email_invalid": Refusal(400, INVALID, "email_invalid", "Invalid email address: {email}"),
    "phone_invalid": Refusal(400, INVALID, None, "Invalid phone number: {phone}"),
    "date_invalid": Refusal(400, INVALID, None, "{param} is not a past date of the calendar."),
    # Account links.
    "link_url_invalid": Refusal(
        400,
        INVALID,
        "url_invalid",
        "Not a valid URL: '{url}'. It must be absolute, with {schemes}, name a host and no user, "
        "and have only the characters of a URL; others are percent-encoded.",
    ),
    "link_configurations": Refusal(
        400,
        INVALID,
        "configs_must_match_to_use_account_links",
        "The configurations of the link must be those of the account: {configurations}.",
    ),
    "link_update_collector": Refusal(
        400,
        INVALID,
        None,
        "A link of type {type} needs an account whose requirements the platform collects.",
    ),
    # Money.
    "balance_insufficient": Refusal(
        400,
        INVALID,
        "balance_insufficient",
        "Insufficient funds: the {balance} balance has {available} available.",
    ),
    "balance_too_large": Refusal(
        400,
        INVALID,
        "amount_too_large",
        "The {balance} balance would pass the largest that can be kept, {limit} {currency}.",
    ),
    **CARDHOLDER_REFUSALS,
    **FUNDING_REFUSALS,
    **NOTICE_REFUSALS,
    **ISSUING_REFUSALS,
    **FINANCIAL_ACCOUNT_REFUSALS,
    **ACCOUNT_REFUSALS,
    **CREDIT_REFUSALS,
    **DISPUTE_REFUSALS,
    **VERIFICATION_REFUSALS,
    # Cards.
    "card_capability_inactive": Refusal(
        400,
        INVALID,
        None,
        "The account cannot issue cards: its capability {capability} is {status}. It must be "
        "active.",
    ),
    "card_canceled": Refusal(
        400, INVALID, None, "This card is canceled. A canceled card cannot be used again."
    ),
    "card_expiry_past": Refusal(
        400, INVALID, "invalid_expiry_month", "The card would be expired already: {expiry}."
    ),
    "card_cardholder_inactive": Refusal(
        400,
        INVALID,
        None,
        "The card cannot be active: its cardholder {cardholder} is {status}.",
    ),
    "card_cardholder_requirements": Refusal(
        400,
        INVALID,
        None,
        "The card cannot be active: its cardholder {cardholder} has outstanding requirements "
        "({reason}).",
    ),
    "card_replaced": Refusal(400, INVALID, None, "The card {card} is replaced by {by} already."),
    **CARD_REFUSALS,
    # Events.
    "webhook_url_invalid": Refusal(400, INVALID, "url_invalid", "Invalid URL: {reason}."),
    "event_names_empty": Refusal(
        400, INVALID, "parameter_invalid_empty", "At least one event type is needed, or '*'."
    ),
    "event_type_unknown": Refusal(400, INVALID, None, "Unknown event type: '{type}'"),
    "endpoints_too_many": Refusal(
        400, INVALID, None, "An account has at most {limit} webhook endpoints."
    ),
    "destination_type_unsupported": Refusal(
        400,
        INVALID,
        "unsupported_destination_type",
        "Destinations of type '{type}' cannot be reached from this server; use webhook_endpoint.",
    ),
    "destination_disabled": Refusal(
        400, INVALID, None, "{id} is disabled; enable it before an event is sent to it again."
    ),
    "destination_not_reached": Refusal(
        400, INVALID, None, "{id} does not hear of events such as {event}."
    ),
    "nobody_listens": Refusal(
        400,
        INVALID,
        None,
        "No command line is listening. Start one (`cardwright listen`, or the official CLI's "
        "listen), or name a webhook_endpoint.",
    ),
    # Idempotency and contention.
    "idempotency_error": Refusal(
        400,
        "idempotency_error",
        None,
        "Keys for idempotent requests can only be used with the same parameters they were first "
        "used with. Try using a key other than '{key}' if you meant to execute a different "
        "request.",
        "idempotency_error",
    ),
    "idempotency_key_in_use": Refusal(
        409,
        "idempotency_error",
        "idempotency_key_in_use",
        "There is currently another in-progress request using this idempotency key (that probably "
        "means you submitted twice, and the other request is still going through): {key}. "
        "Please try again later.",
        "idempotency_error",
    ),
    "idempotency_key_invalid": Refusal(
        400, INVALID, "parameter_invalid", "An idempotency key is 1 to 255 characters."
    ),
    "lock_timeout": Refusal(
        429,
        INVALID,
        "lock_timeout",
        "This object cannot be accessed right now because another request is currently accessing "
        "it. Please retry.",
    ),
    **CLOCK_REFUSALS,
    **ENVIRONMENT_REFUSALS,
    **FAULT_REFUSALS,
    "unavailable": Refusal(
        503, "api_error", "service_unavailable", "The service is not ready: {reason}."
    ),
    "internal": Refusal(
        500, "api_error", "internal_error", "An error occurred on the server. Request: {request}"
    ),
}


class Failure(Exception):  # noqa: N818 - an expected answer, not a defect
    """An expected refusal: a row of the table with its words filled in."""

    def __init__(
        self, name: str, /, *, param: str | None = None, hint: str | None = None, **words: object
    ) -> None:
        self.name = name
        self.refusal = REFUSALS[name]
        self.param = param
        self.words = words
        self.hint = hint
        self.message = self.refusal.message.format(param=param, **words)
        if hint is not None:
            self.message = f"{self.message.removesuffix('.')}. {hint}"
        super().__init__(self.message)


class RecordedFailure(Failure):
    """A refusal that is on record: what its flow wrote before it stays."""


def fail(
    name: str, /, *, param: str | None = None, hint: str | None = None, **words: object
) -> NoReturn:
    """Refuse: raise the row ``name``; ``param`` is the bracket path (v1) or dotted path (v2).
    ``hint`` is a sentence behind the message that says what would help."""
    raise Failure(name, param=param, hint=hint, **words)

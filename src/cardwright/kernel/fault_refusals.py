"""The part of the table of refusals that is asked for: answers of faults."""

from cardwright.kernel.refusal import INVALID, Refusal

# The statuses that a fault may answer with: the type and code that each has.
FAULT_STATUSES = {
    400: (INVALID, None),
    401: (INVALID, None),
    402: (INVALID, None),
    403: (INVALID, None),
    404: (INVALID, "resource_missing"),
    409: ("idempotency_error", "idempotency_key_in_use"),
    424: (INVALID, "external_dependency_failed"),
    500: ("api_error", "internal_error"),
    502: ("api_error", "bad_gateway"),
    503: ("api_error", "service_unavailable"),
    504: ("api_error", "gateway_timeout"),
}
FAULT_REFUSALS: dict[str, Refusal] = {
    **{
        f"fault_{status}": Refusal(
            status, kind, code, "Nothing was done: the fault {fault} answers instead."
        )
        for status, (kind, code) in FAULT_STATUSES.items()
    },
    "rate_limited": Refusal(
        429,
        INVALID,
        "rate_limit",
        "Request rate limit exceeded. Slow down, and retry with growing waits.",
        "rate_limit",
    ),
    "faults_too_many": Refusal(
        400,
        INVALID,
        None,
        "There are {limit} faults already. Delete some, or let them expire.",
    ),
}

"""What is refused about faults, and the answers that a fault asks for."""

from cardwright.kernel.refusal import INVALID, Refusal

# The statuses that a fault may answer with: the type and code that each has.
_STATUSES = {
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
FAULT_ANSWERS = {
    status: Refusal(
        f"fault_{status}",
        "Nothing was done: the fault {fault} answers instead.",
        code=code,
        status=status,
        type=kind,
    )
    for status, (kind, code) in _STATUSES.items()
}

RATE_LIMITED = Refusal(
    "rate_limited",
    "Request rate limit exceeded. Slow down, and retry with growing waits.",
    code="rate_limit",
    status=429,
    v2_type="rate_limit",
)
FAULTS_TOO_MANY = Refusal(
    "faults_too_many", "There are {limit} faults already. Delete some, or let them expire."
)
FAULT_MEMBER_OF_OTHER_EFFECT = Refusal(
    "fault_member_of_other_effect", "A fault with the effect {effect} has no {param}."
)
FAULT_ANSWER_OF_SUCCESS = Refusal(
    "fault_answer_of_success", "A receiver's answer of 2xx is no fault: give another status."
)

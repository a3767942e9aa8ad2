"""What is refused about notices."""

from cardwright.kernel.refusal import Refusal

NOTICE_SENT_BY_OPERATOR = Refusal(
    "notice_sent_by_operator",
    "The notice {id} was sent by email already; only its metadata can be changed.",
)
NOTICE_SENT_OUTSIDE = Refusal(
    "notice_sent_outside",
    "A notice is sent after it is made and before now: {param} must be between {since} and {now}.",
    code="parameter_invalid_integer",
)
NOTICE_TEMPLATE_UNKNOWN = Refusal(
    "notice_template_unknown",
    "There is no notice with the reason '{reason}'.",
    code="resource_missing",
    status=404,
)
NOTICE_TEMPLATE_PLACEHOLDER = Refusal(
    "notice_template_placeholder", "Nothing stands for {placeholder} in a notice. Use {known}."
)
NOTICE_TEMPLATE_EMPTY = Refusal(
    "notice_template_empty", "A template needs a subject of one line and a text."
)

"""The part of the table of refusals that is about notices and compliance."""

from cardwright.kernel.refusal import INVALID, Refusal

NOTICE_REFUSALS: dict[str, Refusal] = {
    "notice_sent_by_operator": Refusal(
        400,
        INVALID,
        None,
        "The notice {id} was sent by email already; only its metadata can be changed.",
    ),
    "notice_sent_outside": Refusal(
        400,
        INVALID,
        "parameter_invalid_integer",
        "A notice is sent after it is made and before now: {param} must be between {since} and "
        "{now}.",
    ),
    "notice_template_unknown": Refusal(
        404, INVALID, "resource_missing", "There is no notice with the reason '{reason}'."
    ),
    "notice_template_placeholder": Refusal(
        400,
        INVALID,
        None,
        "Nothing stands for {placeholder} in a notice. Use {known}.",
    ),
    "notice_template_empty": Refusal(
        400, INVALID, None, "A template needs a subject of one line and a text."
    ),
    "issuing_closed_already": Refusal(
        400,
        INVALID,
        None,
        "Issuing is closed for the account {account} already: {reason}.",
    ),
    "issuing_not_closed": Refusal(
        400, INVALID, None, "Issuing is not closed for the account {account}."
    ),
    "issuing_not_requested": Refusal(
        400, INVALID, None, "The account {account} has not asked for issuing."
    ),
    "compliance_case_closed": Refusal(400, INVALID, None, "The case {id} is {status} already."),
}

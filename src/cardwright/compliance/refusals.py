"""What is refused about compliance."""

from cardwright.kernel.refusal import Refusal

ISSUING_CLOSED_ALREADY = Refusal(
    "issuing_closed_already", "Issuing is closed for the account {account} already: {reason}."
)
ISSUING_NOT_CLOSED = Refusal(
    "issuing_not_closed", "Issuing is not closed for the account {account}."
)
ISSUING_NOT_REQUESTED = Refusal(
    "issuing_not_requested", "The account {account} has not asked for issuing."
)
COMPLIANCE_CASE_CLOSED = Refusal("compliance_case_closed", "The case {id} is {status} already.")

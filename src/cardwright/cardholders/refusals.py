"""What is refused about cardholders."""

from cardwright.kernel.refusal import Refusal

CARDHOLDER_NAME_INVALID = Refusal(
    "cardholder_name_invalid",
    "Invalid cardholder name: '{name}'. A name is printed on cards and holds letters, spaces "
    "and the characters . , - ' only, at most 24 of them.",
)
CARDHOLDER_BLOCK_BY_OPERATOR = Refusal(
    "cardholder_block_by_operator", "A cardholder can be blocked by the operator only."
)
CARDHOLDER_BLOCKED = Refusal(
    "cardholder_blocked", "The cardholder is blocked; only the operator can lift that."
)
CARDHOLDER_PERSON_NAME_INVALID = Refusal(
    "cardholder_person_name_invalid",
    "Invalid name of a person: '{name}'. It holds Latin letters, spaces and the characters "
    ". , - ' only.",
)
CARDHOLDER_TOO_YOUNG = Refusal(
    "cardholder_too_young", "A cardholder must be at least {years} years old."
)
CARDHOLDER_NOT_BLOCKED = Refusal(
    "cardholder_not_blocked", "The cardholder {id} is not blocked; it is {status}."
)
# Searches of watchlists.
SCREENING_SUPERSEDED = Refusal(
    "screening_superseded",
    "The values that {id} was about have changed; there is another screening of them.",
)
SCREENING_DOCUMENT_USELESS = Refusal(
    "screening_document_useless",
    "{id} is about a company; it cannot be asked for a person's document.",
)
COMPANY_WITH_INDIVIDUAL = Refusal("company_with_individual", "A company has no individual.")
INDIVIDUAL_WITH_COMPANY = Refusal("individual_with_company", "An individual has no company.")

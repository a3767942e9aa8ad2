"""What is refused about card programs."""

from cardwright.kernel.refusal import Refusal

# Programs.
PROGRAM_ON_PLATFORM = Refusal(
    "program_on_platform",
    "A program is attached to a connected account: name the account in the Stripe-Account header.",
)
PROGRAM_REGION = Refusal(
    "program_region",
    "This program issues {currency} cards to accounts in {countries}; this account is {place}.",
)
PROGRAM_ATTACHED = Refusal(
    "program_attached", "The account already has a program that follows '{program}'."
)
PROGRAM_MISSING = Refusal(
    "program_missing",
    "The account has no default card program. A platform attaches one of its own with POST "
    "/v1/issuing/programs (a preview version with the flag issuing_program_beta=v2) and the header "
    "Stripe-Account; an account that asks for card_issuing through v1 gets one when that becomes "
    "active.",
)
PROGRAM_CLOSED = Refusal(
    "program_closed",
    "The platform is not enrolled in the program {program}: the operator has closed it.",
    status=403,
)
PROGRAM_CURRENCY = Refusal(
    "program_currency",
    "All cards of an account are in one currency: the program issues cards in {currency}, the "
    "account has a program in {other}.",
)
PROGRAM_COUNTRIES = Refusal(
    "program_countries",
    "A program of the offering {offering} issues to accounts in one or more of {countries}.",
)
PROGRAM_BIN = Refusal("program_bin", "No {brand} number begins with {bin}.")
PROGRAM_NOT_OWN = Refusal(
    "program_not_own",
    "The platform has no program '{id}' of its own.",
    code="resource_missing",
    status=404,
)

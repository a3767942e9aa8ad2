"""The part of the table of refusals that is about cardholders and card programs."""

from cardwright.kernel.refusal import INVALID, Refusal

CARDHOLDER_REFUSALS: dict[str, Refusal] = {
    "cardholder_name_invalid": Refusal(
        400,
        INVALID,
        None,
        "Invalid cardholder name: '{name}'. A name is printed on cards and holds letters, spaces "
        "and the characters . , - ' only, at most 24 of them.",
    ),
    "cardholder_block_by_operator": Refusal(
        400, INVALID, None, "A cardholder can be blocked by the operator only."
    ),
    "cardholder_blocked": Refusal(
        400, INVALID, None, "The cardholder is blocked; only the operator can lift that."
    ),
    "cardholder_person_name_invalid": Refusal(
        400,
        INVALID,
        None,
        "Invalid name of a person: '{name}'. It holds Latin letters, spaces and the characters "
        ". , - ' only.",
    ),
    "cardholder_too_young": Refusal(
        400, INVALID, None, "A cardholder must be at least {years} years old."
    ),
    "cardholder_not_blocked": Refusal(
        400, INVALID, None, "The cardholder {id} is not blocked; it is {status}."
    ),
    "card_cardholder_phone": Refusal(
        400,
        INVALID,
        None,
        "The card cannot be active: cards in {currency} ask their user by phone (3-D Secure), and "
        "the cardholder {cardholder} has no phone number.",
    ),
    # Searches of watchlists.
    "screening_superseded": Refusal(
        400,
        INVALID,
        None,
        "The values that {id} was about have changed; there is another screening of them.",
    ),
    "screening_document_useless": Refusal(
        400, INVALID, None, "{id} is about a company; it cannot be asked for a person's document."
    ),
    # Programs.
    "program_on_platform": Refusal(
        400,
        INVALID,
        None,
        "A program is attached to a connected account: name the account in the Stripe-Account "
        "header.",
    ),
    "program_region": Refusal(
        400,
        INVALID,
        None,
        "This program issues {currency} cards to accounts in {countries}; this account is {place}.",
    ),
    "program_attached": Refusal(
        400, INVALID, None, "The account already has a program that follows '{program}'."
    ),
    "program_missing": Refusal(
        400,
        INVALID,
        None,
        "The account has no default card program. Create one with POST /v1/issuing/programs.",
    ),
    "program_closed": Refusal(
        403,
        INVALID,
        None,
        "The platform is not enrolled in the program {program}: the operator has closed it.",
    ),
    "program_currency": Refusal(
        400,
        INVALID,
        None,
        "All cards of an account are in one currency: the program issues cards in {currency}, the "
        "account has a program in {other}.",
    ),
    "program_countries": Refusal(
        400,
        INVALID,
        None,
        "A program of the offering {offering} issues to accounts in one or more of {countries}.",
    ),
    "program_bin": Refusal(400, INVALID, None, "No {brand} number begins with {bin}."),
    "program_not_own": Refusal(
        404, INVALID, "resource_missing", "The platform has no program '{id}' of its own."
    ),
}

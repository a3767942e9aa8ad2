"""Refusals of physical cards and of the tokens that stand for cards."""

from cardwright.kernel.refusal import INVALID, Refusal

ISSUING_REFUSALS: dict[str, Refusal] = {
    "lookup_key_taken": Refusal(
        400,
        INVALID,
        "lookup_key_taken",
        "The lookup key '{key}' belongs to {id}. Send transfer_lookup_key=true to take it.",
    ),
    "bureau_key_missing": Refusal(
        400, INVALID, None, "There is no key of the card bureau yet; set one first."
    ),
    "bureau_key_invalid": Refusal(
        400, INVALID, "parameter_invalid", "The bureau's key cannot be used: {reason}."
    ),
    "bureau_key_private": Refusal(
        400,
        INVALID,
        "parameter_invalid",
        "This is a private key, which belongs to the bureau alone. It was not kept; do not use it "
        "any more, and send the public one.",
    ),
    "bureau_file_empty": Refusal(400, INVALID, None, "No card waits to be made."),
    "bureau_report_invalid": Refusal(
        400, INVALID, None, "The file is no report of a card bureau: {reason}."
    ),
    "bureau_line_invalid": Refusal(400, INVALID, None, "{reason}"),
    "bureau_card_unknown": Refusal(
        400, INVALID, None, "The bureau was given no card with the id '{card}'."
    ),
    "version_too_old": Refusal(
        400,
        INVALID,
        "api_version_invalid",
        "This endpoint needs the version {first} or a newer one in the Stripe-Version header; "
        "got '{version}'.",
    ),
}

"""Refusals of physical cards and of the tokens that stand for cards."""

from cardwright.kernel.refusal import INVALID, Refusal

ISSUING_REFUSALS: dict[str, Refusal] = {
    "lookup_key_taken": Refusal(
        400,
        INVALID,
        "lookup_key_taken",
        "The lookup key '{key}' belongs to {id}. Send transfer_lookup_key=true to take it.",
    ),
    "version_too_old": Refusal(
        400,
        INVALID,
        "api_version_invalid",
        "This endpoint needs the version {first} or a newer one in the Stripe-Version header; "
        "got '{version}'.",
    ),
}

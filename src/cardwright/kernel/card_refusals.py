"""The part of the table of refusals that is about cards' secrets and who may see them."""

from cardwright.kernel.refusal import INVALID, Refusal

CARD_REFUSALS: dict[str, Refusal] = {
    "pin_encryption_invalid": Refusal(
        400,
        INVALID,
        None,
        "Invalid {param}: it must be a compact JWE (RSA-OAEP, A128CBC-HS256) that was encrypted "
        "to the public key of this server: GET /v1/keys.",
    ),
    "ephemeral_key_forbidden": Refusal(
        403,
        INVALID,
        "secret_key_required",
        "This API call cannot be made with this ephemeral key: it reads the card that it was made "
        "for, and nothing else.",
    ),
    "ephemeral_nonce_invalid": Refusal(
        400,
        INVALID,
        None,
        "Invalid {param}: there is no such nonce. A nonce is used for one key, within an hour, and "
        "belongs to the account it was made on.",
    ),
    "pin_invalid": Refusal(400, INVALID, None, "Invalid {param}: a PIN is 4 to 12 digits."),
}

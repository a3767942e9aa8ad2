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
    "pin_invalid": Refusal(400, INVALID, None, "Invalid {param}: a PIN is 4 to 12 digits."),
}

"""What is refused about cards, their secrets and who may see them."""

from cardwright.kernel.refusal import Refusal

CARD_CARDHOLDER_PHONE = Refusal(
    "card_cardholder_phone",
    "The card cannot be active: cards in {currency} ask their user by phone (3-D Secure), and "
    "the cardholder {cardholder} has no phone number.",
)
CARD_CAPABILITY_INACTIVE = Refusal(
    "card_capability_inactive",
    "The account cannot issue cards: its capability {capability} is {status}. It must be active.",
)
CARD_CANCELED = Refusal(
    "card_canceled", "This card is canceled. A canceled card cannot be used again."
)
CARD_EXPIRY_PAST = Refusal(
    "card_expiry_past", "The card would be expired already: {expiry}.", code="invalid_expiry_month"
)
CARD_CARDHOLDER_INACTIVE = Refusal(
    "card_cardholder_inactive",
    "The card cannot be active: its cardholder {cardholder} is {status}.",
)
CARD_CARDHOLDER_REQUIREMENTS = Refusal(
    "card_cardholder_requirements",
    "The card cannot be active: its cardholder {cardholder} has outstanding requirements "
    "({reason}).",
)
CARD_REPLACED = Refusal("card_replaced", "The card {card} is replaced by {by} already.")
PIN_ENCRYPTION_INVALID = Refusal(
    "pin_encryption_invalid",
    "Invalid {param}: it must be a compact JWE (RSA-OAEP, A128CBC-HS256) that was encrypted "
    "to the public key of this server: GET /v1/keys.",
)
EPHEMERAL_NONCE_INVALID = Refusal(
    "ephemeral_nonce_invalid",
    "Invalid {param}: there is no such nonce. A nonce is used for one key, within an hour, and "
    "belongs to the account it was made on.",
)
PIN_INVALID = Refusal("pin_invalid", "Invalid {param}: a PIN is 4 to 12 digits.")

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
PIN_NOT_BLOCKED = Refusal("pin_not_blocked", "The PIN of this card is not blocked.")
CARD_EXPIRY_TAKEN = Refusal(
    "card_expiry_taken",
    "A card that keeps the number of another one expires in another month.",
    code="invalid_expiry_month",
)
CARD_CANCELLATION_REASON_EARLY = Refusal(
    "card_cancellation_reason_early", "A cancellation reason is given when the card is canceled."
)
CARD_VIRTUAL_NOT_SHIPPED = Refusal("card_virtual_not_shipped", "A virtual card is not shipped.")
CARD_VIRTUAL_WITHOUT_DESIGN = Refusal(
    "card_virtual_without_design", "A virtual card has no design."
)
REPLACEMENT_DIFFERS = Refusal(
    "replacement_differs",
    "A replacement has the cardholder, currency and program of the card it replaces.",
)
REPLACEMENT_BEFORE_CANCELLATION = Refusal(
    "replacement_before_cancellation",
    "A card that was {reason} is replaced after it was canceled with that reason.",
)
REPLACEMENT_OF_CANCELED = Refusal(
    "replacement_of_canceled", "The card is canceled; it is not replaced as {reason}."
)
REPLACEMENT_FINANCIAL_ACCOUNT = Refusal(
    "replacement_financial_account",
    "A replacement spends the financial account of the card it replaces.",
)
CARD_NUMBER_COMPROMISED = Refusal(
    "card_number_compromised",
    "The card cannot be active: it has the number of {original}, which was canceled as {reason}.",
)
SHIPPING_SIGNATURE_COUNTRY = Refusal(
    "shipping_signature_country", "Signatures are taken in the United States alone."
)
SHIPPING_SIGNATURE_SERVICE = Refusal(
    "shipping_signature_service",
    "The standard service takes no signature: choose priority or express.",
)
SHIPMENT_NOT_PENDING = Refusal(
    "shipment_not_pending", "The shipment is {status}; it is changed while it is pending."
)
SHIPMENT_STEP = Refusal(
    "shipment_step",
    "The shipment is {before} and cannot become {status}; the next steps are: {steps}.",
    code="status_transition_invalid",
)
SHIPMENT_DETAIL_EARLY = Refusal("shipment_detail_early", "It is known once the card is shipped.")

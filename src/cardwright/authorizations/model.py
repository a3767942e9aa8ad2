"""The authorization, said once (source: Issuing API, ``issuing.authorization``)."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import field

from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.cards.model import IssuedCard
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire.resource import (
    Country,
    Currency,
    DecimalText,
    Mark,
    Metadata,
    Resource,
    Shape,
    Timestamp,
)

Method = Literal["chip", "contactless", "keyed_in", "online", "swipe"]
Presence = Literal["present", "not_present"]
Status = Literal["pending", "closed", "reversed", "expired"]
Check = Literal["match", "mismatch", "not_provided"]
Wallet = Literal["apple_pay", "google_pay", "samsung_pay"]
Kind = Literal["payment", "balance_inquiry", "product_eligibility_inquiry"]
Reason = Literal[
    "account_disabled",
    "card_active",
    "card_canceled",
    "card_expired",
    "card_inactive",
    "cardholder_blocked",
    "cardholder_inactive",
    "cardholder_verification_required",
    "insecure_authorization_method",
    "insufficient_funds",
    "network_fallback",
    "not_allowed",
    "pin_blocked",
    "spending_controls",
    "suspected_fraud",
    "verification_failed",
    "webhook_approved",
    "webhook_declined",
    "webhook_error",
    "webhook_timeout",
]


class AmountDetails(Shape):
    """Parts of the amount, in minor units."""

    atm_fee: Annotated[int | None, Mark(low=0)] = None
    cashback_amount: Annotated[int | None, Mark(low=0)] = None


class MerchantData(Shape):
    """Who asks to be paid; ``category`` is a slug, ``category_code`` its four digits."""

    category: Annotated[str, Mark(choices=MERCHANT_CATEGORIES)]
    category_code: Annotated[str, Mark("")] = ""
    city: str | None = None
    country: Country | None = None
    name: str | None = None
    network_id: str
    postal_code: Annotated[str | None, Mark("")] = None
    state: str | None = None
    tax_id: Annotated[str | None, Mark("")] = None
    terminal_id: str | None = None
    url: str | None = None


class NetworkData(Shape):
    """What the card network says of the request."""

    acquiring_institution_id: Annotated[str | None, Mark(longest=40)] = None
    system_trace_audit_number: Annotated[str | None, Mark("")] = None
    transaction_id: Annotated[str | None, Mark("")] = None


class AuthenticationExemption(Shape):
    """Why the cardholder did not have to prove who they are."""

    claimed_by: Annotated[Literal["acquirer", "issuer"], Mark(need="c")]
    type: Annotated[
        Literal["low_value_transaction", "transaction_risk_analysis", "unknown"], Mark(need="c")
    ]


class ThreeDSecure(Shape):
    """The outcome of authentication by 3-D Secure."""

    result: Annotated[
        Literal["attempt_acknowledged", "authenticated", "failed", "required"], Mark(need="c")
    ]


class VerificationData(Shape):
    """What the merchant sent along to be compared with what is on file."""

    address_line1_check: Check = "not_provided"
    address_postal_code_check: Check = "not_provided"
    authentication_exemption: AuthenticationExemption | None = None
    cvc_check: Check = "not_provided"
    expiry_check: Check = "not_provided"
    postal_code: Annotated[str | None, Mark("")] = None
    three_d_secure: ThreeDSecure | None = None


class CardholderPrompt(Shape):
    """What the cardholder typed at the pump."""

    driver_id: str | None = None
    odometer: int | None = None
    unspecified_id: str | None = None
    user_id: str | None = None
    vehicle_number: str | None = None
    alphanumeric_id: Annotated[str | None, Mark("")] = None


class FuelTotals(Shape):
    """The gross amount of fuel, as a decimal number of the major unit."""

    gross_amount_decimal: DecimalText | None = None


class NonFuelTotals(Shape):
    """The gross amount of everything else."""

    gross_amount_decimal: DecimalText | None = None


class TaxTotals(Shape):
    """Taxes on the purchase."""

    local_amount_decimal: DecimalText | None = None
    national_amount_decimal: DecimalText | None = None


class ReportedBreakdown(Shape):
    """How the merchant broke the amount down."""

    fuel: FuelTotals | None = None
    non_fuel: NonFuelTotals | None = None
    tax: TaxTotals | None = None


class Fleet(Shape):
    """What is known of a purchase with a fleet card."""

    cardholder_prompt_data: CardholderPrompt | None = None
    purchase_type: (
        Literal["fuel_and_non_fuel_purchase", "fuel_purchase", "non_fuel_purchase"] | None
    ) = None
    reported_breakdown: ReportedBreakdown | None = None
    service_type: Literal["full_service", "non_fuel_transaction", "self_service"] | None = None


class Fuel(Shape):
    """What fuel was bought; quantities are decimal text."""

    industry_product_code: str | None = None
    quantity_decimal: DecimalText | None = None
    type: (
        Literal["diesel", "other", "unleaded_plus", "unleaded_regular", "unleaded_super"] | None
    ) = None
    unit: (
        Literal[
            "charging_minute",
            "imperial_gallon",
            "kilogram",
            "kilowatt_hour",
            "liter",
            "other",
            "pound",
            "us_gallon",
        ]
        | None
    ) = None
    unit_cost_decimal: DecimalText | None = None


class FraudChallenge(Shape):
    """What was done to have the cardholder confirm a purchase that looked like fraud."""

    channel: Literal["sms"] = "sms"
    status: Literal["expired", "pending", "rejected", "undeliverable", "verified"]
    undeliverable_reason: Literal["no_phone_number", "unsupported_phone_number"] | None = None


class BalanceResponse(Shape):
    """What an inquiry for the balance is told; amounts in minor units."""

    account_type: Literal["checking", "credit", "default", "other", "savings", "universal"] = (
        "default"
    )
    available_balance: int
    currency: Currency
    current_balance: int


class PendingRequest(Shape):
    """What the platform is being asked; there only while the answer is open."""

    amount: int
    amount_details: AmountDetails | None = None
    currency: Currency
    is_amount_controllable: bool = False
    merchant_amount: int
    merchant_currency: Currency
    network_risk_score: int | None = None


class RequestRecord(Shape):
    """One answer that was given, and why."""

    amount: int
    amount_details: AmountDetails | None = None
    approved: bool
    authorization_code: str | None = None
    created: Timestamp
    currency: Currency
    merchant_amount: int
    merchant_currency: Currency
    network_risk_score: int | None = None
    reason: Reason
    reason_message: str | None = None
    requested_at: Timestamp | None = None


class Treasury(Shape):
    """Movements of a financial account that the authorization caused."""

    received_credits: list[str] = field(default_factory=list)
    received_debits: list[str] = field(default_factory=list)
    transaction: str | None = None


class AuthorizationMembers(Resource):
    """Every member of an authorization that all versions have, but those that are kept as ids and
    shown whole."""

    prefix: ClassVar[str] = "iauth_"

    amount: int
    amount_details: AmountDetails | None = None
    approved: bool
    authorization_method: Method
    card_presence: Presence | None = None
    cardholder: Annotated[str, Mark("l", column=True, expand="issuing.cardholder")]
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Currency
    fleet: Fleet | None = None
    fraud_challenges: list[FraudChallenge] | None = None
    fuel: Fuel | None = None
    livemode: bool
    merchant_amount: int
    merchant_currency: Currency
    merchant_data: MerchantData
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    network_data: NetworkData | None = None
    pending_request: PendingRequest | None = None
    request_history: list[RequestRecord] = field(default_factory=list)
    status: Annotated[Status, Mark("l", column=True)]
    token: Annotated[str | None, Mark("", expand="issuing.token")] = None
    treasury: Treasury | None = None
    verification_data: VerificationData
    verified_by_fraud_challenge: bool | None = None
    wallet: Wallet | None = None


class StableAuthorization(AuthorizationMembers, tag="issuing.authorization"):
    """A request to pay with a card as versions show it that are no previews; what is shown whole
    is rendered already."""

    balance_transactions: list[Any]
    card: Any
    transactions: list[Any]


class PreviewMembers(AuthorizationMembers):
    """What preview versions have besides."""

    balance_response: Annotated[BalanceResponse | None, Mark(preview=True)] = None
    type: Annotated[Kind, Mark(preview=True)] = "payment"


class Authorization(PreviewMembers, tag="issuing.authorization"):
    """A request to pay with a card, as it is stored."""

    table: ClassVar[str] = "authorizations"

    balance_transactions: list[str] = field(default_factory=list)
    card: Annotated[str, Mark("l", column=True)]
    transactions: list[str] = field(default_factory=list)


class ShownAuthorization(PreviewMembers, tag="issuing.authorization"):
    """A request to pay with a card, as it is shown; the transactions are rendered already."""

    balance_transactions: list[BalanceTransaction]
    card: IssuedCard
    transactions: Annotated[list[Any], Mark(expand="issuing.transaction")]

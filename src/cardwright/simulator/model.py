"""Parameters of the test helpers for authorizations (source: Issuing test helpers API)."""

from typing import Annotated, Literal

from cardwright.authorizations.model import (
    AmountDetails,
    Fleet,
    Fuel,
    Kind,
    Method,
    VerificationData,
    Wallet,
)
from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire.resource import Country, Currency, Mark, Parameters, Sealed, Shape

RiskLevel = Literal["elevated", "highest", "low", "normal", "not_assessed", "unknown"]
# Levels of the older form, and what they are called now.
OlderLevel = Literal["low", "normal", "elevated", "high", "highest"]
OLDER_LEVELS: dict[OlderLevel, RiskLevel] = {
    "low": "low",
    "normal": "normal",
    "elevated": "elevated",
    "high": "highest",
    "highest": "highest",
}


class TestMerchant(Shape):
    """The merchant of a test; what is not given is made up."""

    category: Annotated[str | None, Mark(choices=MERCHANT_CATEGORIES)] = None
    city: str | None = None
    country: Country | None = None
    name: str | None = None
    network_id: str | None = None
    postal_code: str | None = None
    state: str | None = None
    terminal_id: str | None = None
    url: str | None = None


class TestNetworkData(Shape):
    """What the network says of the test."""

    acquiring_institution_id: Annotated[str | None, Mark(longest=40)] = None


class Risk(Shape):
    """A level of risk, and the score behind it."""

    level: Annotated[RiskLevel, Mark(need="c")]
    score: Annotated[int | None, Mark(low=0, high=100)] = None


class CardTestingRisk(Shape):
    """The risk that somebody tries card numbers."""

    invalid_account_number_decline_rate_past_hour: int | None = None
    invalid_credentials_decline_rate_past_hour: int | None = None
    level: Annotated[RiskLevel, Mark(need="c")]


class MerchantDisputeRisk(Shape):
    """The risk that purchases from this merchant are disputed."""

    dispute_rate: int | None = None
    level: Annotated[RiskLevel, Mark(need="c")]


class RiskAssessment(Shape):
    """How risky the request looks."""

    card_testing_risk: CardTestingRisk | None = None
    fraud_risk: Risk | None = None
    merchant_dispute_risk: MerchantDisputeRisk | None = None


class TestAuthorization(Parameters):
    """A request to pay, as the card network would bring it."""

    amount: Annotated[int | None, Mark(low=0, high=AMOUNT_MINOR_MAX)] = None
    amount_details: AmountDetails | None = None
    authorization_method: Method = "online"
    card: Annotated[str, Mark(need="c")]
    currency: Currency | None = None
    fleet: Fleet | None = None
    fraud_disputability_likelihood: Literal[
        "neutral", "unknown", "very_likely", "very_unlikely"
    ] = "unknown"
    fraud_score: Annotated[int | None, Mark(low=0, high=100)] = None
    fuel: Fuel | None = None
    is_amount_controllable: bool = False
    merchant_amount: Annotated[int | None, Mark(low=0, high=AMOUNT_MINOR_MAX)] = None
    merchant_currency: Currency | None = None
    merchant_data: TestMerchant | None = None
    network_data: TestNetworkData | None = None
    risk_assessment: RiskAssessment | None = None
    risk_level: OlderLevel | None = None
    type: Annotated[Kind, Mark("c", preview=True)] = "payment"
    verification_data: VerificationData | None = None
    # Ours: the PIN that is typed at the terminal.
    pin: Annotated[Sealed | None, Mark(longest=12, pattern=r"[0-9]{4,12}")] = None
    # Ours: the token of a digital wallet that the payment is made with.
    token: Annotated[str | None, Mark(longest=255)] = None
    wallet: Wallet | None = None


class HeldAuthorization(Parameters):
    """The older form: an amount on a card."""

    authorization_method: Method = "online"
    held_amount: Annotated[int, Mark(need="c", low=0, high=AMOUNT_MINOR_MAX)]
    held_currency: Currency | None = None


class Capture(Parameters):
    """What the network settles; the rest of the hold unless an amount is given."""

    capture_amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None
    close_authorization: bool = True
    purchase_details: PurchaseDetails | None = None


class Reversal(Parameters):
    """What the merchant gives up; the rest of the hold unless an amount is given."""

    reverse_amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None


class Increment(Parameters):
    """How much more the merchant asks for."""

    increment_amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    is_amount_controllable: bool = False


class FinalAmount(Parameters):
    """What the purchase came to, and what was bought."""

    final_amount: Annotated[int, Mark(need="c", low=0, high=AMOUNT_MINOR_MAX)]
    fleet: Fleet | None = None
    fuel: Fuel | None = None


class ChallengeResponse(Parameters):
    """What the cardholder answered."""

    confirmed: Annotated[bool, Mark(need="c")]

"""What is asked of a card, in words that no door and no network owns."""

import msgspec

from cardwright.authorizations.model import (
    AmountDetails,
    Fleet,
    Fuel,
    Kind,
    MerchantData,
    Method,
    NetworkData,
    Presence,
    VerificationData,
    Wallet,
)
from cardwright.cards.pin_verification import Result
from cardwright.wire.resource import Currency, Sealed

PRESENCES: dict[Method, Presence] = {
    "chip": "present",
    "contactless": "present",
    "swipe": "present",
    "keyed_in": "not_present",
    "online": "not_present",
}


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request to pay. Amounts are minor units.

    ``currency`` None means the card's. ``merchant_amount_minor`` None means that the merchant is
    paid in the card's currency. ``network_ref`` names the request within its account; a second
    one with the same name is answered with what the first one got. ``pin`` is what was typed at the
    terminal; the door puts ``pin_check`` in its place.
    """

    card: str
    type: Kind = "payment"
    amount_minor: int
    currency: Currency | None = None
    merchant_amount_minor: int | None = None
    merchant_currency: Currency | None = None
    method: Method = "online"
    merchant_data: MerchantData
    verification_data: VerificationData = msgspec.field(default_factory=VerificationData)
    amount_details: AmountDetails | None = None
    is_amount_controllable: bool = False
    network_data: NetworkData | None = None
    network_ref: str | None = None
    network_risk_score: int | None = None
    fraud_risk: str = "not_assessed"
    insecure: bool = False
    wallet: Wallet | None = None
    token: str | None = None
    pin: Sealed | None = None
    pin_check: Result | None = None
    fleet: Fleet | None = None
    fuel: Fuel | None = None

    @property
    def presence(self) -> Presence:
        """Whether the card was at the merchant's."""
        return PRESENCES[self.method]

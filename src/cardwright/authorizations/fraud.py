"""Challenges by text message: a cardholder confirms a purchase that looked like fraud. Pure.

No message is sent from here: a challenge is a row that is pending until somebody says what the
cardholder answered.
"""

from typing import Literal

from cardwright.authorizations.model import FraudChallenge
from cardwright.kernel import clock

Ended = Literal["verified", "rejected", "expired"]
EXPIRY = "authorization.challenge_expire"
# How long a cardholder may take to answer, and how long a confirmation covers similar purchases.
ANSWER_MS = 10 * clock.MINUTE_MS
CONFIRMED_MS = clock.DAY_MS
# Where text messages go to.
SUPPORTED = ("+1", "+44")


def challenge_of(phone_number: str | None) -> FraudChallenge:
    """The challenge of a cardholder with this number (E.164), sent or not to be delivered."""
    if not phone_number:
        return FraudChallenge(status="undeliverable", undeliverable_reason="no_phone_number")
    if not phone_number.startswith(SUPPORTED):
        return FraudChallenge(
            status="undeliverable", undeliverable_reason="unsupported_phone_number"
        )
    return FraudChallenge(status="pending")


def text_of(merchant: str, amount: str) -> str:
    """What a message asks."""
    return f"Did you try to pay {amount} at {merchant}? Reply YES or NO."

"""What a request is answered with, in words that no door and no network owns."""

from typing import Literal

import msgspec

from cardwright.authorizations.model import (
    Authorization,
    BalanceResponse,
    Reason,
    RequestRecord,
    ShownAuthorization,
)
from cardwright.authorizations.rendering import Made, Shown

# What a network's response code is to say.
Advice = Literal[
    "approved",
    "approved_in_part",
    "card_expired",
    "card_not_active",
    "do_not_honor",
    "fraud_suspected",
    "funds_insufficient",
    "in_progress",
    "limit_exceeded",
    "not_permitted",
    "pin_tries_exceeded",
    "verification_failed",
]
# By the reason of a decline; the others are the platform's or the network's own affair.
ADVICE: dict[Reason, Advice] = {
    "account_disabled": "not_permitted",
    "card_canceled": "card_not_active",
    "card_expired": "card_expired",
    "card_inactive": "card_not_active",
    "cardholder_blocked": "card_not_active",
    "cardholder_inactive": "card_not_active",
    "insecure_authorization_method": "not_permitted",
    "insufficient_funds": "funds_insufficient",
    "not_allowed": "not_permitted",
    "pin_blocked": "pin_tries_exceeded",
    "spending_controls": "limit_exceeded",
    "suspected_fraud": "fraud_suspected",
    "verification_failed": "verification_failed",
}


class AuthorizationResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The decision on a request, or on more for an authorization.

    ``record`` is the line of the history that gives it; None while the platform is still asked
    about a request that came before. ``requested_minor`` is what was asked for, in the card's
    currency; ``balance`` is what an inquiry for it is told. ``asked`` says that the platform was
    asked by this call, ``replayed`` that an earlier request was answered so. ``shown`` is there
    for doors that show the object.
    """

    authorization_id: str
    record: RequestRecord | None
    requested_minor: int
    balance: BalanceResponse | None = None
    asked: bool = False
    replayed: bool = False
    shown: Shown

    @property
    def approved(self) -> bool:
        """Whether it was approved, in whole or in part."""
        return self.record is not None and self.record.approved

    @property
    def reason(self) -> Reason | None:
        """Why."""
        return None if self.record is None else self.record.reason

    @property
    def amount_minor(self) -> int:
        """What was approved, and is held, in minor units of the card's currency."""
        return self.record.amount if self.record is not None and self.record.approved else 0

    @property
    def advice(self) -> Advice:
        """What a response code is to say."""
        if self.record is None:
            return "in_progress"
        if not self.record.approved:
            return ADVICE.get(self.record.reason, "do_not_honor")
        part = self.record.amount < self.requested_minor
        return "approved_in_part" if part else "approved"


class _History(msgspec.Struct):
    """What of an authorization's JSON tells how requests were answered."""

    id: str
    request_history: list[RequestRecord] = []


def response_of(
    shown: Shown,
    requested_minor: int,
    *,
    asked: bool = False,
    replayed: bool = False,
    additional: bool = False,
) -> AuthorizationResponse:
    """The response that an authorization shows to its first request, or to the last one
    (``additional``) for more."""
    known: Authorization | ShownAuthorization | _History
    if isinstance(shown, Made):
        known = shown.authorization
    elif isinstance(shown, ShownAuthorization):
        known = shown
    else:
        known = msgspec.json.decode(shown.body, type=_History)
    history = known.request_history
    return AuthorizationResponse(
        authorization_id=known.id,
        record=history[-1 if additional else 0] if history else None,
        requested_minor=requested_minor,
        balance=getattr(known, "balance_response", None),
        asked=asked,
        replayed=replayed,
        shown=shown,
    )

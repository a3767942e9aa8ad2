"""Whether a card may pay: one pure function, in the order that the contract gives."""

from collections.abc import Iterable, Mapping

import msgspec

from cardwright.authorizations.model import PendingRequest, Reason, RequestRecord
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.spending import Limit, Tally, within
from cardwright.cardholders.spending_controls import SpendingControls
from cardwright.cards.rules import expires_ms
from cardwright.wire.resource import Currency

# No single authorization exceeds this many minor units; it is not shown on any object.
AUTHORIZATION_MINOR_MAX = 1_000_000
BLOCKED_RISK = "highest"


class CardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs to know of the card; ``spend_root`` owns its totals."""

    status: str
    currency: Currency
    exp_month: int
    exp_year: int
    spend_root: str
    controls: SpendingControls
    pin_blocked: bool = False
    expired: bool = False


class HolderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs to know of the cardholder."""

    id: str
    status: str
    disabled_reason: str | None
    controls: SpendingControls


class Decision(msgspec.Struct, frozen=True):
    """The answer and its reason."""

    approved: bool
    reason: Reason


APPROVED = Decision(approved=True, reason="card_active")


def decide(
    request: AuthorizationRequest,
    card: CardFacts,
    holder: HolderFacts,
    *,
    account_enabled: bool,
    available_minor: int,
    limits: Iterable[Limit],
    spent: Mapping[Tally, int],
    now_ms: int,
) -> Decision:
    """Decide on ``request``. ``available_minor`` is the issuing balance less what is held,
    ``limits`` are those of card and cardholder that it meets, ``spent`` their totals so far."""
    refused = standing(card, holder, account_enabled=account_enabled, now_ms=now_ms)
    if refused is None:
        refused = _verification(request)
    if refused is None and not _within_controls(
        request, (card.controls, holder.controls), limits, spent
    ):
        refused = "spending_controls"
    if refused is None and not 0 < available_minor >= request.amount_minor:
        refused = "insufficient_funds"
    return APPROVED if refused is None else Decision(approved=False, reason=refused)


def standing(
    card: CardFacts, holder: HolderFacts, *, account_enabled: bool, now_ms: int
) -> Reason | None:
    """Why account, card or cardholder may not pay at all; None when they may."""
    if not account_enabled:
        return "account_disabled"
    if card.expired:
        return "card_expired"
    if card.status == "canceled":
        return "card_canceled"
    # A card whose PIN is blocked is inactive for that reason.
    if card.pin_blocked:
        return "pin_blocked"
    if card.status != "active":
        return "card_inactive"
    if now_ms >= expires_ms(card.exp_year, card.exp_month):
        return "card_expired"
    if holder.status == "blocked":
        return "cardholder_blocked"
    if holder.status != "active":
        return "cardholder_inactive"
    if holder.disabled_reason is not None:
        return "cardholder_verification_required"
    return None


def merchant_minor(requested: RequestRecord | PendingRequest, amount_minor: int) -> int:
    """A part of what was requested in the merchant's currency, at the rate of the request."""
    if requested.merchant_currency == requested.currency or not requested.amount:
        return amount_minor
    return requested.merchant_amount * amount_minor // requested.amount


def _verification(request: AuthorizationRequest) -> Reason | None:
    checks = request.verification_data
    secure = checks.three_d_secure
    if checks.cvc_check == "mismatch" or checks.expiry_check == "mismatch":
        return "verification_failed"
    if secure is not None and secure.result == "failed":
        return "verification_failed"
    if request.insecure:
        return "insecure_authorization_method"
    return "suspected_fraud" if request.fraud_risk == BLOCKED_RISK else None


def _within_controls(
    request: AuthorizationRequest,
    controls: tuple[SpendingControls, SpendingControls],
    limits: Iterable[Limit],
    spent: Mapping[Tally, int],
) -> bool:
    return (
        request.amount_minor <= AUTHORIZATION_MINOR_MAX
        and _permitted(controls[0], request)
        and _permitted(controls[1], request)
        and within(limits, request.amount_minor, spent)
    )


def _permitted(controls: SpendingControls, request: AuthorizationRequest) -> bool:
    """Whether category, country and presence are allowed and not blocked. What is unknown fails a
    list of what is allowed and passes one of what is blocked."""
    category, country = request.merchant_data.category, request.merchant_data.country
    presence = request.presence
    if category in controls.blocked_categories or country in controls.blocked_merchant_countries:
        return False
    if presence in controls.blocked_card_presences:
        return False
    return (
        (not controls.allowed_categories or category in controls.allowed_categories)
        and (
            not controls.allowed_merchant_countries
            or country in controls.allowed_merchant_countries
        )
        and (not controls.allowed_card_presences or presence in controls.allowed_card_presences)
    )

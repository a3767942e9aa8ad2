"""Whether a card may pay: rules, pure functions, in the order that the contract gives.

The first rule that refuses gives the reason. ``RULES`` is that order, and what an explanation of a
decision goes through; a change of it takes a new number in ``ORDERS``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cardwright.authorizations.decision.spending import Limit, Tally, within
from cardwright.authorizations.model import PendingRequest, Reason, RequestRecord
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders.spending_controls import SpendingControls
from cardwright.cards.rules import expires_ms
from cardwright.kernel import clock
from cardwright.wire.resource import Currency

# No single authorization exceeds this many minor units; it is not shown on any object.
AUTHORIZATION_MINOR_MAX = 1_000_000
BLOCKED_RISK = "highest"
# Merchants who hand out cash.
CASH_CATEGORIES = frozenset(("automated_cash_disburse", "manual_cash_disburse"))


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


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a decision looks at.

    ``available_minor`` is what the book that the card spends has, less what is held;
    ``card_limits`` and ``holder_limits`` are those that the purchase meets, ``spent`` their totals
    so far. ``earlier_minor`` was approved on the authorization before. ``cash`` and ``swipe`` say
    whether the platform lets cards take out cash and pay by magnetic stripe; ``verified`` that the
    cardholder confirmed a similar purchase.
    """

    request: AuthorizationRequest
    card: CardFacts
    holder: HolderFacts
    account_enabled: bool
    available_minor: int
    card_limits: Sequence[Limit]
    holder_limits: Sequence[Limit]
    spent: Mapping[Tally, int]
    now_ms: int
    earlier_minor: int = 0
    cash: bool = True
    swipe: bool = True
    verified: bool = False

    @property
    def amount_minor(self) -> int:
        """What is asked for now."""
        return self.request.amount_minor


class Decision(msgspec.Struct, frozen=True):
    """The answer and its reason; ``took_ns`` is how long each rule took, the last one being the one
    that refused, if any did."""

    approved: bool
    reason: Reason
    took_ns: tuple[int, ...] = ()


def decide(case: Case) -> Decision:
    """Go through the rules until one refuses."""
    return _decided(RULES, case)


def recheck(case: Case) -> Decision:
    """Go through those rules alone that look at account, card and cardholder: what may have changed
    while the platform was asked."""
    return _decided(STANDING, case)


def _decided(rules: "tuple[Rule, ...]", case: Case) -> Decision:
    took = []
    before = clock.ticks_ns()
    for rule in rules:
        refused = rule.judge(case)
        after = clock.ticks_ns()
        took.append(after - before)
        before = after
        if refused is not None:
            return Decision(False, refused, tuple(took))
    return Decision(True, "card_active", tuple(took))


# The rules.


def account(case: Case) -> Reason | None:
    """The account is open and has the capability that the card's program needs."""
    return None if case.account_enabled else "account_disabled"


def cancellation(case: Case) -> Reason | None:
    """The card was not canceled, by anybody or because it expired."""
    if case.card.expired:
        return "card_expired"
    return "card_canceled" if case.card.status == "canceled" else None


def pin(case: Case) -> Reason | None:
    """The PIN was not entered wrongly too often; a card is inactive from then on."""
    return "pin_blocked" if case.card.pin_blocked else None


def card_status(case: Case) -> Reason | None:
    """The card is active."""
    return None if case.card.status == "active" else "card_inactive"


def card_expiry(case: Case) -> Reason | None:
    """The month printed on the card has not ended."""
    expired = case.now_ms >= expires_ms(case.card.exp_year, case.card.exp_month)
    return "card_expired" if expired else None


def cardholder_status(case: Case) -> Reason | None:
    """The cardholder is active."""
    if case.holder.status == "active":
        return None
    return "cardholder_blocked" if case.holder.status == "blocked" else "cardholder_inactive"


def cardholder_requirements(case: Case) -> Reason | None:
    """Nothing is needed of the cardholder before they may pay."""
    return None if case.holder.disabled_reason is None else "cardholder_verification_required"


def verification(case: Case) -> Reason | None:
    """What the merchant sent along is right, a PIN included. A postal address that does not match
    is told to the platform and declines nothing; an exemption from authentication is as good as
    one."""
    checks = case.request.verification_data
    secure = checks.three_d_secure
    wrong = (
        case.request.pin_check == "mismatch"
        or checks.cvc_check == "mismatch"
        or checks.expiry_check == "mismatch"
        or (secure is not None and secure.result == "failed")
    )
    return "verification_failed" if wrong else None


def method(case: Case) -> Reason | None:
    """The card was read in a way that is safe enough."""
    insecure = case.request.insecure or (case.request.method == "swipe" and not case.swipe)
    return "insecure_authorization_method" if insecure else None


def operation(case: Case) -> Reason | None:
    """It is a kind of operation that the platform permits."""
    request = case.request
    if request.type == "product_eligibility_inquiry":
        return "not_allowed"
    return "not_allowed" if takes_cash(request) and not case.cash else None


def fraud_risk(case: Case) -> Reason | None:
    """The risk of fraud is not the highest, or the cardholder confirmed a similar purchase."""
    risky = case.request.fraud_risk == BLOCKED_RISK and not case.verified
    return "suspected_fraud" if risky else None


def largest_amount(case: Case) -> Reason | None:
    """No authorization is larger than any card may pay."""
    total = case.earlier_minor + case.amount_minor
    return "spending_controls" if total > AUTHORIZATION_MINOR_MAX else None


def card_controls(case: Case) -> Reason | None:
    """The card may be used for this category, in this country, in this way."""
    return None if permitted(case.card.controls, case.request) else "spending_controls"


def card_limits(case: Case) -> Reason | None:
    """The amount is within every spending limit of the card."""
    return _within_limits(case.card_limits, case)


def cardholder_controls(case: Case) -> Reason | None:
    """The cardholder's cards may be used for this category, in this country, in this way."""
    return None if permitted(case.holder.controls, case.request) else "spending_controls"


def cardholder_limits(case: Case) -> Reason | None:
    """The amount is within every spending limit of the cardholder."""
    return _within_limits(case.holder_limits, case)


def funds(case: Case) -> Reason | None:
    """There is money, and enough of it; whoever only asks for the balance needs none."""
    if case.request.type == "balance_inquiry":
        return None
    return None if 0 < case.available_minor >= case.amount_minor else "insufficient_funds"


class Rule(NamedTuple):
    """A rule by its name."""

    name: str
    judge: Callable[[Case], Reason | None]


RULES = tuple(
    Rule(judge.__name__, judge)
    for judge in (
        account,
        cancellation,
        pin,
        card_status,
        card_expiry,
        cardholder_status,
        cardholder_requirements,
        verification,
        method,
        operation,
        fraud_risk,
        largest_amount,
        card_controls,
        card_limits,
        cardholder_controls,
        cardholder_limits,
        funds,
    )
)
# Those that are looked at again when the platform has answered.
STANDING = RULES[:7]

# Every order that decisions were ever made in, by its number; the last one is in force.
ORDERS: dict[int, tuple[str, ...]] = {
    1: (
        *("account", "cancellation", "pin", "card_status", "card_expiry", "cardholder_status"),
        *("cardholder_requirements", "verification", "method", "operation", "fraud_risk"),
        *("largest_amount", "card_controls", "card_limits", "cardholder_controls"),
        *("cardholder_limits", "funds"),
    ),
}
ORDER = max(ORDERS)


# What the rules are made of.


def takes_cash(request: AuthorizationRequest) -> bool:
    """Whether the cardholder gets cash, from a machine or at a till."""
    details = request.amount_details
    cashback = details.cashback_amount if details is not None else None
    return bool(cashback) or request.merchant_data.category in CASH_CATEGORIES


def merchant_minor(requested: RequestRecord | PendingRequest, amount_minor: int) -> int:
    """A part of what was requested in the merchant's currency, at the rate of the request."""
    if requested.merchant_currency == requested.currency or not requested.amount:
        return amount_minor
    return requested.merchant_amount * amount_minor // requested.amount


def _within_limits(limits: Sequence[Limit], case: Case) -> Reason | None:
    kept = within(limits, case.amount_minor, case.spent, case.earlier_minor)
    return None if kept else "spending_controls"


def permitted(controls: SpendingControls, request: AuthorizationRequest) -> bool:
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

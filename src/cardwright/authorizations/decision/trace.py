"""What a decision looked at: facts, written with the decision and never changed.

They are compact, because every payment writes them, and rendered when somebody asks for an
explanation. What the authorization itself keeps - merchant, checks, method - is not repeated.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from cardwright.authorizations.decision.rules import ORDER, CardFacts, Case, Decision, HolderFacts
from cardwright.authorizations.decision.spending import Limit, Tally
from cardwright.authorizations.model import Reason
from cardwright.cardholders.spending_controls import SpendingControls
from cardwright.ledger.chart import Book

# The first request, more on an authorization that is open, a look at the card when an answer
# came, and what the card network decided in our place.
Occasion = Literal["request", "increment", "answer", "network"]


class LimitSeen(msgspec.Struct, frozen=True, array_like=True):
    """A limit that the purchase met, in minor units, and what was spent of it before."""

    amount_minor: int
    interval: str
    spent_minor: int
    categories: list[str]


class CardSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The card as it was; ``controls`` without limits and what is empty."""

    status: str
    exp_month: int
    exp_year: int
    pin_blocked: bool = False
    expired: bool = False
    controls: dict[str, list[str]] = {}


class HolderSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The cardholder as they were."""

    status: str
    disabled_reason: str | None = None
    controls: dict[str, list[str]] = {}


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision. ``order`` is that of the rules, ``took_ns`` how long each took, the last one
    that was reached being the one that refused; ``reserved`` is the transfer that set money aside
    while the platform was asked."""

    occasion: Occasion
    at_ms: int
    approved: bool
    reason: Reason
    amount_minor: int
    order: int = ORDER
    earlier_minor: int = 0
    enabled: bool = True
    book: Book
    available_minor: int
    card: msgspec.Raw
    holder: msgspec.Raw
    fraud_risk: str = "not_assessed"
    insecure: bool = False
    pin_check: str | None = None
    verified: bool = False
    cash: bool = True
    swipe: bool = True
    card_limits: list[LimitSeen] = []
    holder_limits: list[LimitSeen] = []
    took_ns: tuple[int, ...] = ()
    reserved: str | None = None


Parties = tuple[msgspec.Raw, msgspec.Raw]
_ENCODER = msgspec.json.Encoder()


def seen(
    occasion: Occasion,
    case: Case,
    decision: Decision,
    book: Book,
    parties: Parties,
    *,
    reserved: str | None = None,
) -> str:
    """The facts of a decision as JSON; ``parties`` are those of card and cardholder."""
    return _ENCODER.encode(
        Seen(
            occasion=occasion,
            at_ms=case.now_ms,
            approved=decision.approved,
            reason=decision.reason,
            amount_minor=case.amount_minor,
            earlier_minor=case.earlier_minor,
            enabled=case.account_enabled,
            book=book,
            available_minor=case.available_minor,
            card=parties[0],
            holder=parties[1],
            fraud_risk=case.request.fraud_risk,
            insecure=case.request.insecure,
            pin_check=case.request.pin_check,
            verified=case.verified,
            cash=case.cash,
            swipe=case.swipe,
            card_limits=_limits(case.card_limits, case.spent),
            holder_limits=_limits(case.holder_limits, case.spent),
            took_ns=decision.took_ns,
            reserved=reserved,
        )
    ).decode()


def parties_of(card: CardFacts, holder: HolderFacts) -> Parties:
    """The facts of card and cardholder, ready to be written."""
    return (
        msgspec.Raw(
            _ENCODER.encode(
                CardSeen(
                    status=card.status,
                    exp_month=card.exp_month,
                    exp_year=card.exp_year,
                    pin_blocked=card.pin_blocked,
                    expired=card.expired,
                    controls=controls_seen(card.controls),
                )
            )
        ),
        msgspec.Raw(
            _ENCODER.encode(
                HolderSeen(
                    status=holder.status,
                    disabled_reason=holder.disabled_reason,
                    controls=controls_seen(holder.controls),
                )
            )
        ),
    )


def controls_seen(controls: SpendingControls) -> dict[str, list[str]]:
    """Those lists of controls that are not empty."""
    found = {
        name: getattr(controls, name)
        for name in SpendingControls.__struct_fields__
        if name.startswith(("allowed_", "blocked_"))
    }
    return {name: list(values) for name, values in found.items() if values}


def _limits(limits: Iterable[Limit], spent: Mapping[Tally, int]) -> list[LimitSeen]:
    return [
        LimitSeen(
            limit.amount_minor,
            limit.interval,
            0 if limit.tally is None else spent[limit.tally],
            [] if limit.tally is None else list(limit.tally.categories),
        )
        for limit in limits
    ]

"""Why an authorization was decided as it was, rule by rule, from what was kept of it. Pure."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from cardwright.authorizations.decision import rules
from cardwright.authorizations.decision.trace import CardSeen, HolderSeen, LimitSeen, Seen
from cardwright.authorizations.model import Authorization, VerificationData
from cardwright.kernel import clock
from cardwright.ledger.history import SourceLine
from cardwright.wire.versions import Body

RuleVerdict = Literal["passed", "refused", "not_reached"]


class Answer(msgspec.Struct, frozen=True):
    """What the platform answered, or that it did not."""

    source: str
    verdict: str
    late: bool
    message: str | None
    asked_ms: int | None
    received_ms: int
    endpoint: str | None
    http_status: int | None
    amount_minor: int | None
    transfer_id: str | None


class Question(msgspec.Struct, frozen=True):
    """A question whose answer is open."""

    asked_ms: int
    endpoint: str | None


class Looked(msgspec.Struct, frozen=True):
    """A decision with the authorization that it was about, as the rules saw them."""

    seen: Seen
    card: CardSeen
    holder: HolderSeen
    authorization: Authorization

    @property
    def checks(self) -> VerificationData:
        """What the merchant sent along; more is asked for without any of it."""
        if self.seen.occasion == "increment":
            return VerificationData()
        return self.authorization.verification_data


def explained(
    authorization: Authorization,
    decisions: list[Seen],
    answers: list[Answer],
    question: Question | None,
    entries: list[SourceLine],
) -> Body:
    """The explanation as the API shows it."""
    return {
        "object": "issuing.authorization_explanation",
        "authorization": authorization.id,
        "approved": authorization.approved,
        "currency": authorization.currency,
        "decisions": [_decision(one, authorization) for one in decisions],
        "answers": [_answer(one) for one in answers],
        "question": None
        if question is None
        else {"asked_at": clock.rfc3339(question.asked_ms), "endpoint": question.endpoint},
        "ledger_transfers": _transfers(entries),
        "livemode": authorization.livemode,
        "status": authorization.status,
    }


def _decision(seen: Seen, authorization: Authorization) -> Body:
    looked = Looked(
        seen,
        msgspec.json.decode(seen.card, type=CardSeen),
        msgspec.json.decode(seen.holder, type=HolderSeen),
        authorization,
    )
    names = rules.ORDERS[seen.order]
    if seen.occasion == "answer":
        names = names[: len(rules.STANDING)]
    if seen.occasion == "network":
        names = ()
    reached = len(seen.took_ns)
    return {
        "occasion": seen.occasion,
        "created": seen.at_ms // clock.SECOND_MS,
        "amount": seen.amount_minor,
        "approved": seen.approved,
        "reason": seen.reason,
        "rules": [
            {
                "rule": name,
                "checks": SENTENCES[name],
                "saw": SAW[name](looked),
                "verdict": _verdict(at, reached, refused=not seen.approved),
                "took_us": seen.took_ns[at] / 1000 if at < reached else None,
            }
            for at, name in enumerate(names)
        ],
        "took_us": sum(seen.took_ns) / 1000,
    }


def _verdict(at: int, reached: int, *, refused: bool) -> RuleVerdict:
    if at >= reached:
        return "not_reached"
    return "refused" if refused and at == reached - 1 else "passed"


def _answer(one: Answer) -> Body:
    took = None if one.asked_ms is None else one.received_ms - one.asked_ms
    return {
        "source": one.source,
        "verdict": one.verdict,
        "amount": one.amount_minor,
        "late": one.late,
        "message": one.message,
        "endpoint": one.endpoint,
        "http_status": one.http_status,
        "asked_at": None if one.asked_ms is None else clock.rfc3339(one.asked_ms),
        "received_at": clock.rfc3339(one.received_ms),
        "took_ms": took,
    }


def _transfers(entries: list[SourceLine]) -> list[Body]:
    found: dict[str, Body] = {}
    for one in entries:
        transfer = found.setdefault(
            one.transfer_id,
            {
                "id": one.transfer_id,
                "reason": one.reason,
                "created": one.created_ms // clock.SECOND_MS,
                "currency": one.currency,
                "entries": [],
            },
        )
        transfer["entries"].append({"book": one.book, "part": one.part, "amount": one.amount_minor})
    return list(found.values())


# What each rule saw.

SENTENCES = {rule.name: " ".join((rule.judge.__doc__ or "").split()) for rule in rules.RULES}


def _verification(looked: Looked) -> dict[str, Any]:
    checks = looked.checks
    secure, exemption = checks.three_d_secure, checks.authentication_exemption
    return {
        "address_line1_check": checks.address_line1_check,
        "address_postal_code_check": checks.address_postal_code_check,
        "authentication_exemption": exemption.type if exemption is not None else None,
        "cvc_check": checks.cvc_check,
        "expiry_check": checks.expiry_check,
        "pin_check": looked.seen.pin_check,
        "three_d_secure": secure.result if secure is not None else None,
    }


def _operation(looked: Looked) -> dict[str, Any]:
    details = looked.authorization.amount_details
    first = looked.seen.occasion != "increment"
    return {
        "type": looked.authorization.type,
        "category": looked.authorization.merchant_data.category,
        "cashback_amount": details.cashback_amount if details is not None and first else None,
        "cash_withdrawals": _allowed(looked.seen.cash),
    }


def _fraud_risk(looked: Looked) -> dict[str, Any]:
    return {
        "level": looked.seen.fraud_risk,
        "verified_by_fraud_challenge": looked.seen.verified,
    }


def _controls(looked: Looked, controls: dict[str, list[str]]) -> dict[str, Any]:
    merchant = looked.authorization.merchant_data
    return {
        "category": merchant.category,
        "merchant_country": merchant.country,
        "card_presence": looked.authorization.card_presence,
        **controls,
    }


def _limits(limits: list[LimitSeen], amount_minor: int, earlier_minor: int) -> dict[str, Any]:
    return {
        "amount": amount_minor,
        "limits": [
            {
                "amount": limit.amount_minor,
                "interval": limit.interval,
                "categories": limit.categories,
                "spent": earlier_minor
                if limit.interval == "per_authorization"
                else limit.spent_minor,
            }
            for limit in limits
        ],
    }


def _allowed(yes: bool) -> str:
    return "allowed" if yes else "not_allowed"


SAW: dict[str, Callable[[Looked], dict[str, Any]]] = {
    "account": lambda it: {"may_pay": it.seen.enabled},
    "cancellation": lambda it: {"status": it.card.status, "expired": it.card.expired},
    "card_status": lambda it: {"status": it.card.status},
    "card_expiry": lambda it: {"exp_month": it.card.exp_month, "exp_year": it.card.exp_year},
    "pin": lambda it: {"blocked": it.card.pin_blocked},
    "cardholder_status": lambda it: {"status": it.holder.status},
    "cardholder_requirements": lambda it: {"disabled_reason": it.holder.disabled_reason},
    "verification": _verification,
    "method": lambda it: {
        "authorization_method": it.authorization.authorization_method,
        "insecure": it.seen.insecure,
        "magnetic_stripe": _allowed(it.seen.swipe),
    },
    "operation": _operation,
    "fraud_risk": _fraud_risk,
    "largest_amount": lambda it: {
        "amount": it.seen.amount_minor,
        "approved_before": it.seen.earlier_minor,
        "largest": rules.AUTHORIZATION_MINOR_MAX,
    },
    "card_controls": lambda it: _controls(it, it.card.controls),
    "card_limits": lambda it: _limits(
        it.seen.card_limits, it.seen.amount_minor, it.seen.earlier_minor
    ),
    "cardholder_controls": lambda it: _controls(it, it.holder.controls),
    "cardholder_limits": lambda it: _limits(
        it.seen.holder_limits, it.seen.amount_minor, it.seen.earlier_minor
    ),
    "funds": lambda it: {
        "book": it.seen.book,
        "available": it.seen.available_minor,
        "amount": it.seen.amount_minor,
    },
}

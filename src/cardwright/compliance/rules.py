"""What the rules of compliance decide. Pure: no storage, no clock."""

from collections.abc import Iterable

from cardwright.accounts.record.model import AccountState, Capability
from cardwright.accounts.record.v1_capabilities import v1_names
from cardwright.accounts.requirements.circumstances import ISSUING
from cardwright.accounts.requirements.evaluation import terms_accepted
from cardwright.accounts.requirements.issuing_closures import ClosureReason
from cardwright.compliance.model import Abroad, CategorySpend
from cardwright.kernel import clock, money
from cardwright.notices.model import Reason
from cardwright.tenancy.platforms import ComplianceSettings
from cardwright.transactions.payments import Spend

# How long an application may wait for its identity to be verified, in live mode and in the test
# environment.
VERIFY_MS = {True: 29 * clock.DAY_MS, False: clock.HOUR_MS}
# Thirteen months without a card transaction, and how long before the end it is said.
IDLE_MS = 395 * clock.DAY_MS
WARNING_DAYS = {"US": 30}
WARNING_DAYS_ELSEWHERE = 60
# What a financial account may hold of an account that is closed for inactivity, in whole units and
# hundredths: 9.99.
LEFT_OVER_HUNDREDTHS = 999
# The codes of a capability that only waits for what the account has to give, or for an answer.
_WAITING = ("requirements_past_due", "requirements_pending_verification")

NOTICES: dict[ClosureReason, Reason] = {
    "business_model": "issuing.account_closed_for_not_providing_business_model_clarification",
    "inactivity": "issuing.account_closed_for_inactivity",
    "terms_of_service": "issuing.account_closed_for_terms_of_service_violation",
    "url": "issuing.account_closed_for_not_providing_url_clarification",
    "use_case": "issuing.account_closed_for_not_providing_use_case_clarification",
}


def issuing_of(state: AccountState) -> list[Capability]:
    """The capabilities of cards that an account asked for."""
    return [one for path, one in state.capabilities.items() if path.startswith(ISSUING)]


def is_active(state: AccountState) -> bool:
    """Whether the account can issue cards."""
    return any(capability.status == "active" for capability in issuing_of(state))


def is_complete(state: AccountState) -> bool:
    """Whether an application for cards says everything that is asked and accepts the terms, and
    only waits to be verified, or could not be."""
    issuing = issuing_of(state)
    waits = any(capability.is_held_by(code) for capability in issuing for code in _WAITING)
    if not waits or state.rejection is not None or not terms_accepted(state.account):
        return False
    return not any(
        entry.awaiting_action_from == "user"
        and entry.minimum_deadline.status == "past_due"
        and not entry.errors
        and any(reason.code == "routine_onboarding" for reason in entry.requested_reasons)
        and any(f"{one.configuration}." == ISSUING for one in entry.impact.restricts_capabilities)
        for entry in state.account.requirements.entries
    )


def has_further_capabilities(state: AccountState) -> bool:
    """Whether the account can do more than issue cards."""
    return any(
        capability.status == "active" and not path.startswith(ISSUING)
        for path, capability in state.capabilities.items()
    )


def v1_name(state: AccountState) -> str:
    """What v1 calls the capability of cards that the account asked for."""
    issuing = sorted(capability.path for capability in issuing_of(state))
    return v1_names(issuing[0])[0] if issuing else "card_issuing"


def warning_ms(country: str | None) -> int:
    """How long before it is closed an account that does not use its cards is warned."""
    return WARNING_DAYS.get(country or "", WARNING_DAYS_ELSEWHERE) * clock.DAY_MS


def is_left_over(amount_minor: int, currency: str) -> bool:
    """Whether money is little enough to close issuing: at most 9.99 of the currency."""
    most: int = LEFT_OVER_HUNDREDTHS * 10 ** money.exponent(currency)
    return amount_minor * 100 <= most


def prohibited(spend: Iterable[Spend], settings: ComplianceSettings) -> list[CategorySpend]:
    """What was spent with businesses that cards may not be used with, if it makes a case."""
    kinds = {code: kind for kind, codes in settings.prohibited.items() for code in codes}
    totals: dict[tuple[str, str], list[int]] = {}
    for one in spend:
        if one.category_code in kinds:
            total = totals.setdefault((one.category_code, one.currency), [0, 0])
            total[0] += one.amount
            total[1] += one.payments
    found = [
        CategorySpend(
            amount=amount,
            category_code=code,
            currency=currency,
            kind=kinds[code],
            payments=payments,
        )
        for (code, currency), (amount, payments) in sorted(totals.items())
    ]
    together: dict[str, int] = {}
    for each in found:
        together[each.currency] = together.get(each.currency, 0) + each.amount
    return found if any(each >= settings.prohibited_minor for each in together.values()) else []


def mostly_abroad(spend: Iterable[Spend], settings: ComplianceSettings) -> list[Abroad]:
    """The currencies in which most was spent outside the account's country."""
    totals: dict[str, list[int]] = {}
    for one in spend:
        total = totals.setdefault(one.currency, [0, 0, 0])
        total[0] += one.amount
        if one.abroad:
            total[1] += one.amount
            total[2] += one.payments
    return [
        Abroad(
            amount=amount,
            currency=currency,
            payments=payments,
            percent=100 * amount // whole,
            total=whole,
        )
        for currency, (whole, amount, payments) in sorted(totals.items())
        if payments >= settings.cross_border_payments
        and whole > 0
        and 100 * amount >= settings.cross_border_percent * whole
    ]

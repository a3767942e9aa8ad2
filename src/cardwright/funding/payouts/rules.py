"""What a payout may become, and what that does to money: pure."""

import msgspec

from cardwright.accounts.record.bank_account import BankAccount
from cardwright.currencies import refusals as currencies_refusals
from cardwright.funding import refusals
from cardwright.funding.failure_codes import MESSAGES
from cardwright.funding.payouts.model import Payout, PayoutStatus, TraceId
from cardwright.kernel.refusal import fail
from cardwright.ledger.transfers import Line, Transfer

# What each status can be followed by. A bank may send a payment back that it had taken.
NEXT: dict[str, frozenset[str]] = {
    "pending": frozenset({"in_transit", "paid", "failed", "canceled"}),
    "in_transit": frozenset({"paid", "failed"}),
    "paid": frozenset({"failed"}),
}


def check_destination(bank: BankAccount, currency: str, method: str) -> None:
    """Refuse a bank account that does not take such a payout."""
    if bank.currency != currency:
        reason = f"The external account {bank.id} takes {bank.currency}."
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="currency",
            value=currency,
            reason=reason,
        )
    if method == "instant" and "instant" not in bank.available_payout_methods:
        fail(refusals.INSTANT_PAYOUTS_UNSUPPORTED, param="method", destination=bank.id)


def check_reversible(payout: Payout, bank: BankAccount | None) -> None:
    """Refuse to call a payout back that cannot be."""
    if payout.status != "paid":
        hint = "A pending payout can be canceled."
        fail(
            refusals.PAYOUT_NOT_PAID,
            payout=payout.id,
            status=payout.status,
            hint=hint if payout.status == "pending" else None,
        )
    if payout.is_return or payout.reversed_by is not None:
        fail(refusals.PAYOUT_REVERSED_ALREADY, payout=payout.id)
    if bank is None or bank.country != "US":
        fail(refusals.PAYOUT_NOT_REVERSIBLE)


def after(payout: Payout, status: PayoutStatus, *, failure_code: str | None = None) -> Payout:
    """The payout in its next status; refuses with ``payout_step`` where there is no such way."""
    if status not in NEXT.get(payout.status, ()):
        fail(refusals.PAYOUT_STEP, payout=payout.id, before=payout.status, status=status)
    ended = status in ("paid", "failed", "canceled")
    return msgspec.structs.replace(
        payout,
        status=status,
        failure_code=failure_code,
        failure_message=MESSAGES[failure_code] if failure_code is not None else None,
        trace_id=TraceId(status="unsupported") if ended else payout.trace_id,
    )


def leaving(account_id: str, payout: Payout) -> Transfer:
    """The money leaves its balance; it is under way until the bank has it."""
    lines = (
        Line(payout.source_balance, -payout.amount),
        Line("payouts_in_transit", payout.amount),
    )
    return _of(account_id, payout, "payout", lines)


def delivered(account_id: str, payout: Payout) -> Transfer:
    """The bank has the money."""
    lines = (Line("payouts_in_transit", -payout.amount), Line("outside", payout.amount))
    return _of(account_id, payout, "payout", lines)


def returned(account_id: str, payout: Payout, reason: str) -> Transfer:
    """The money comes back into the balance it left; ``payout`` is as it was before."""
    came_from = "outside" if payout.status == "paid" else "payouts_in_transit"
    lines = (Line(payout.source_balance, payout.amount), Line(came_from, -payout.amount))
    return _of(account_id, payout, reason, lines)


def brought_back(account_id: str, payout: Payout) -> Transfer:
    """The money of a payout that reverses another is there."""
    lines = (Line(payout.source_balance, -payout.amount), Line("outside", payout.amount))
    return _of(account_id, payout, "payout", lines)


def taken_back(account_id: str, payout: Payout) -> Transfer:
    """The bank takes back what the payout had brought, whether or not it is still there."""
    lines = (Line(payout.source_balance, payout.amount), Line("outside", -payout.amount))
    return _of(account_id, payout, "payout_failure", lines)._replace(forced=True)


def _of(account_id: str, payout: Payout, reason: str, lines: tuple[Line, ...]) -> Transfer:
    return Transfer(account_id, reason, payout.currency, lines, payout.id, payout.description)

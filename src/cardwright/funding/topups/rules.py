"""What a top-up may become, and what that does to money: pure."""

import msgspec

from cardwright.funding import refusals
from cardwright.funding.failure_codes import MESSAGES
from cardwright.funding.topups.model import Topup, TopupStatus
from cardwright.kernel.refusal import fail
from cardwright.ledger.chart import Book
from cardwright.ledger.transfers import Line, Transfer
from cardwright.wire.resource import Timestamp

# What each status can be followed by.
NEXT: dict[str, frozenset[str]] = {
    "pending": frozenset({"succeeded", "failed", "canceled"}),
    "succeeded": frozenset({"reversed"}),
}


def after(topup: Topup, status: TopupStatus, *, failure_code: str | None = None) -> Topup:
    """The top-up in its next status; refuses with ``topup_step`` where there is no such way."""
    if status not in NEXT.get(topup.status, ()):
        fail(refusals.TOPUP_STEP, topup=topup.id, before=topup.status, status=status)
    return msgspec.structs.replace(
        topup,
        status=status,
        failure_code=failure_code,
        failure_message=MESSAGES[failure_code] if failure_code is not None else None,
    )


def announced(account_id: str, topup: Topup) -> Transfer:
    """What is on its way: for the payments balance in its pending part, which Issuing balances
    do not have."""
    lines = (
        Line(_waiting(topup), topup.amount),
        Line("topups_in_transit", -topup.amount),
    )
    return _of(account_id, topup, "topup", lines)


def withdrawn(account_id: str, topup: Topup) -> Transfer:
    """What was announced, taken back: it will not come."""
    lines = (
        Line(_waiting(topup), -topup.amount),
        Line("topups_in_transit", topup.amount),
    )
    return _of(account_id, topup, "topup_reversal", lines)


def arrived(account_id: str, topup: Topup, *, was_announced: bool) -> Transfer:
    """The money is there."""
    lines: tuple[Line, ...] = (
        Line(topup.book, topup.amount),
        Line("outside", -topup.amount),
    )
    if was_announced:
        lines += (
            Line(_waiting(topup), -topup.amount),
            Line("topups_in_transit", topup.amount),
        )
    return _of(account_id, topup, "topup", lines)


def _waiting(topup: Topup) -> Book:
    return "payments_pending" if topup.book == "payments" else "moves_in_transit"


def returned(account_id: str, topup: Topup) -> Transfer:
    """The bank has taken the money back; it does so whether or not it is still there."""
    lines = (Line(topup.book, -topup.amount), Line("outside", topup.amount))
    return _of(account_id, topup, "topup_reversal", lines)._replace(forced=True)


def _of(account_id: str, topup: Topup, reason: str, lines: tuple[Line, ...]) -> Transfer:
    return Transfer(account_id, reason, topup.currency, lines, topup.id, topup.description)


def expected(day_ms: int) -> Timestamp:
    """A day as v1 prints it."""
    return Timestamp(day_ms // 1000)

"""What a transfer does to balances, and which it may not do: pure."""

from typing import NamedTuple

from cardwright.kernel.money import BALANCE_MINOR_MAX, decimal_text
from cardwright.kernel.refusal import fail
from cardwright.ledger import refusals
from cardwright.ledger.chart import (
    REPORTING_CATEGORIES,
    Book,
    Part,
    belongs_to_object,
    is_floored,
    is_holding,
    is_known,
)
from cardwright.ledger.transfers import Line, Transfer


class Balance(NamedTuple):
    """What an account has in one book and currency, in minor units."""

    book: Book
    currency: str
    available_minor: int = 0
    held_minor: int = 0
    overdrawn: bool = False


class Touched(NamedTuple):
    """A balance, and whether somebody waits for what it comes to."""

    book: Book
    currency: str
    available_minor: int
    held_minor: int
    overdrawn: bool
    watched: bool

    @property
    def balance(self) -> Balance:
        """The balance alone."""
        return Balance(*self[:5])


class PostedLine(NamedTuple):
    """A line that is in the books."""

    line: int
    book: Book
    part: Part
    currency: str
    amount_minor: int
    forced: bool


class BalancesAfter(NamedTuple):
    """The balances after a transfer, in lock order, and whether it took one below its floor."""

    balances: list[Balance]
    overdrew: bool


def check_balanced(transfer: Transfer) -> None:
    """Assert that a transfer is one: lines that sum to zero, each of some amount."""
    assert transfer.reason in REPORTING_CATEGORIES, f"no such reason: {transfer.reason}"
    assert len(transfer.lines) > 1, "a transfer has two sides"
    assert all(line.amount_minor for line in transfer.lines), "a line moves an amount"
    assert sum(line.amount_minor for line in transfer.lines) == 0, "a transfer sums to zero"
    for line in transfer.lines:
        assert is_known(line.book), f"no such book: {line.book}"
        assert line.part == "available" or is_holding(line.book), f"{line.book} holds nothing"


def applied(transfer: Transfer, before: dict[Book, Balance]) -> BalancesAfter:
    """The balances that the transfer touches, as they are after it.

    Refuses with ``balance_insufficient`` what would take an account's own book below zero, unless
    the transfer is forced; and with ``balance_too_large`` what no balance can hold.
    """
    check_balanced(transfer)
    after: dict[Book, Balance] = {}
    for line in transfer.lines:
        book = line.book
        was = after.get(book) or before.get(book) or Balance(book, transfer.currency)
        column = "available_minor" if line.part == "available" else "held_minor"
        after[book] = was._replace(**{column: getattr(was, column) + line.amount_minor})
    overdrew = False
    for book, now in after.items():
        was = before.get(book) or Balance(book, transfer.currency)
        assert now.held_minor >= 0, f"{transfer.source_id} releases more than is held"
        below = is_floored(book) and now.available_minor < 0
        if below and now.available_minor < was.available_minor:
            if not transfer.forced:
                fail(
                    refusals.BALANCE_INSUFFICIENT,
                    balance=book,
                    available=f"{decimal_text(was.available_minor, was.currency)} {was.currency}",
                )
            overdrew = True
        _check_size(now)
        after[book] = now._replace(overdrawn=below)
    return BalancesAfter([after[book] for book in sorted(after)], overdrew)


def _check_size(balance: Balance) -> None:
    if max(abs(balance.available_minor), balance.held_minor) > BALANCE_MINOR_MAX:
        limit = decimal_text(BALANCE_MINOR_MAX, balance.currency)
        fail(
            refusals.BALANCE_TOO_LARGE, balance=balance.book, limit=limit, currency=balance.currency
        )


def correction(
    account_id: str,
    transfer_id: str,
    lines: list[PostedLine],
    description: str,
    *,
    forced: bool,
) -> Transfer:
    """The transfer that takes another one back; its source is the one it corrects."""
    if any(line.part == "held" for line in lines):
        fail(refusals.TRANSFER_IS_HOLD, transfer=transfer_id)
    if any(line.book == "clearing" for line in lines):
        fail(refusals.TRANSFER_BETWEEN_ACCOUNTS, transfer=transfer_id)
    of_object = next((line.book for line in lines if belongs_to_object(line.book)), None)
    if of_object is not None:
        fail(refusals.TRANSFER_OF_OBJECT, transfer=transfer_id, book=of_object)
    taken_back = tuple(Line(line.book, -line.amount_minor) for line in lines)
    currency = lines[0].currency
    return Transfer(
        account_id, "adjustment", currency, taken_back, transfer_id, description, forced
    )

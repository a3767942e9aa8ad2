"""Transfers: what moves where. Pure shapes and the makers of those that issuing knows."""

from typing import NamedTuple

from cardwright.ledger.chart import HOLD, RELEASE, SPEND, Book, Part


class Line(NamedTuple):
    """An amount (minor units) into a book, or out of it when negative."""

    book: Book
    amount_minor: int
    part: Part = "available"


class Transfer(NamedTuple):
    """One account's side of a movement of money in one currency.

    The lines sum to zero; the first is the one that the balance transaction shows. ``reason`` is
    the type of the balance transaction, ``source_id`` the object that caused it. A ``forced``
    transfer may take a book below zero: the network has already settled it.
    """

    account_id: str
    reason: str
    currency: str
    lines: tuple[Line, ...]
    source_id: str | None = None
    description: str | None = None
    forced: bool = False


def hold(
    account_id: str,
    source_id: str,
    currency: str,
    amount_minor: int,
    book: Book = "issuing",
    reason: str = HOLD,
    *,
    forced: bool = False,
) -> Transfer:
    """Set ``amount_minor`` of a book aside for a source, such as an authorization.

    Every line that changes what is held names the source it is held for.
    """
    lines = (Line(book, -amount_minor), Line(book, amount_minor, "held"))
    return Transfer(account_id, reason, currency, lines, source_id, forced=forced)


def release(
    account_id: str,
    source_id: str,
    currency: str,
    amount_minor: int,
    book: Book = "issuing",
    reason: str = RELEASE,
) -> Transfer:
    """Give back what was held."""
    lines = (Line(book, amount_minor), Line(book, -amount_minor, "held"))
    return Transfer(account_id, reason, currency, lines, source_id)


def spend(
    account_id: str, source_id: str, currency: str, amount_minor: int, book: Book = "issuing"
) -> Transfer:
    """What a card transaction took (``amount_minor`` > 0) or, negative, gave back.

    It is forced: the network settles a capture whether or not the money is there.
    """
    lines = (Line(book, -amount_minor), Line("network_settlement", amount_minor))
    return Transfer(account_id, SPEND, currency, lines, source_id, forced=True)


def incoming(
    account_id: str,
    book: Book,
    currency: str,
    amount_minor: int,
    *,
    reason: str = "topup",
    source_id: str | None = None,
    description: str | None = None,
) -> Transfer:
    """Money that comes from outside into a book of the account."""
    lines = (Line(book, amount_minor), Line("outside", -amount_minor))
    return Transfer(account_id, reason, currency, lines, source_id, description)


def within(
    account_id: str,
    reason: str,
    currency: str,
    amount_minor: int,
    shown: Book,
    other: Book,
    *,
    source_id: str | None = None,
    description: str | None = None,
    forced: bool = False,
) -> Transfer:
    """``amount_minor`` into the ``shown`` book from the ``other`` one, or (negative) back.

    The shown book is the one whose balance transaction tells of it.
    """
    lines = (Line(shown, amount_minor), Line(other, -amount_minor))
    return Transfer(account_id, reason, currency, lines, source_id, description, forced)


def departure(
    account_id: str, reason: str, book: Book, currency: str, amount_minor: int, source_id: str
) -> Transfer:
    """The sending side of a move to another account, through the clearing book."""
    lines = (Line(book, -amount_minor), Line("clearing", amount_minor))
    return Transfer(account_id, reason, currency, lines, source_id)


def arrival(
    account_id: str, reason: str, book: Book, currency: str, amount_minor: int, source_id: str
) -> Transfer:
    """The receiving side of a move from another account, through the clearing book."""
    lines = (Line(book, amount_minor), Line("clearing", -amount_minor))
    return Transfer(account_id, reason, currency, lines, source_id)

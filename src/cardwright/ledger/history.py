"""What happened in the books, as a person or a spreadsheet reads it: streamed, oldest first."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.ledger.chart import Book

QUERIES = load(__file__, "history.sql")


class Opening(NamedTuple):
    """What a book had at an instant, in minor units."""

    available_minor: int
    held_minor: int


class Movement(NamedTuple):
    """What a transfer did to a book."""

    created_ms: int
    transfer_id: str
    reason: str
    source_id: str | None
    description: str | None
    forced: bool
    available_minor: int
    held_minor: int


class Entry(NamedTuple):
    """A line of a transfer with all that is kept of it."""

    account_id: str
    transfer_id: str
    line: int
    created: str
    book: Book
    part: str
    currency: str
    amount_minor: int
    reason: str
    source_id: str | None
    description: str | None
    forced: str


class SourceLine(NamedTuple):
    """A line of a transfer, as it happened."""

    transfer_id: str
    reason: str
    created_ms: int
    book: Book
    part: str
    currency: str
    amount_minor: int


_OPENING = QUERIES.one("history_opening", Opening)
_MOVEMENTS = QUERIES.stream("history_movements", Movement)
_ENTRIES = QUERIES.stream("history_entries", Entry)
_OF_SOURCES = QUERIES.many("history_of_sources", SourceLine)
_LAST_MOVED = QUERIES.value("last_money_moved", int)
_COUNT = QUERIES.value("history_count", int)

# What a person calls a reason, where its name does not say it.
WORDS = {
    "issuing_authorization_hold": "card authorization",
    "issuing_authorization_release": "authorization released",
    "issuing_transaction": "card transaction",
    "issuing_dispute": "card dispute",
    "payout_cancel": "payout canceled",
    "payout_failure": "payout failed",
    "reserve_hold": "set aside",
    "reserve_release": "given back",
    "topup": "money in",
    "topup_reversal": "money in reversed",
}


def words_of(reason: str) -> str:
    """A reason as a person reads it."""
    return WORDS.get(reason, reason.replace("_", " "))


async def opening(
    connection: Connection, account_id: str, book: Book, currency: str, before_ms: int
) -> Opening:
    """What the book had before an instant."""
    found = await _OPENING(
        connection, account_id=account_id, book=book, currency=currency, before_ms=before_ms
    )
    assert found is not None, "a sum has a row"
    return found


def movements(
    connection: Connection, account_id: str, book: Book, currency: str, from_ms: int, until_ms: int
) -> AsyncIterator[Movement]:
    """What happened in the book from an instant on and before another; needs a transaction."""
    return _MOVEMENTS(
        connection,
        account_id=account_id,
        book=book,
        currency=currency,
        from_ms=from_ms,
        until_ms=until_ms,
    )


def entries(connection: Connection, account_id: str | None) -> AsyncIterator[Entry]:
    """Every line of an account's books, or of all; needs a transaction."""
    return _ENTRIES(connection, account_id=account_id)


async def of_sources(
    connection: Connection, account_id: str, sources: list[str], transfers: list[str]
) -> list[SourceLine]:
    """The lines of the transfers of some sources, and of some transfers, as they happened."""
    return await _OF_SOURCES(
        connection, account_id=account_id, sources=sources, transfers=transfers
    )


async def last_moved(connection: Connection, account_id: str, since: int) -> int:
    """When money last came to or left an account's payments balance or a financial account of it,
    in seconds; 0: never after ``since``."""
    return await _LAST_MOVED(connection, account_id=account_id, since=since) or 0


async def count(connection: Connection, account_id: str | None) -> int:
    """How many lines ``entries`` has."""
    return await _COUNT(connection, account_id=account_id) or 0

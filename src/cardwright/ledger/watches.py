"""Who wants to know when a book reaches an amount, or falls below one: a row to look at, and a
deadline when it does.

Counting is what the books do already; a watch costs whoever moves the money one indexed look, and
nothing where nobody waits.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.ledger.chart import Book
from cardwright.tenancy import deadlines, gates

QUERIES = load(__file__, "watches.sql")


class Watched(msgspec.Struct, frozen=True):
    """What a book has in a currency, and the amount that is waited for (None: no one waits)."""

    currency: str
    amount_minor: int
    threshold_minor: int | None


class Reached(msgspec.Struct, frozen=True):
    """A kind of deadline that an account is due because a book reached its amount."""

    account_id: str
    kind: str


class Amount(NamedTuple):
    """What a book of an account has in a currency, in minor units."""

    account_id: str
    book: Book
    currency: str
    amount_minor: int


_WATCHED = QUERIES.many("watched_balances", Watched)
_FORGET = QUERIES.run("forget_watches")
_PUT = QUERIES.run("put_watches")
_TAKE = QUERIES.many("take_reached", Reached)


async def watched(connection: Connection, account_id: str, book: Book, kind: str) -> list[Watched]:
    """The balances of a book by currency, with what a kind of deadline waits for."""
    return await _WATCHED(connection, account_id=account_id, book=book, kind=kind)


async def watch(
    tx: Tx, book: Book, kind: str, thresholds: dict[str, int], *, below: bool = False
) -> None:
    """Set a deadline of this kind, about the acting account, once a book has that much (minor
    units) of one of the currencies, or less than that. Replaces what was waited for before."""
    key = {"account_id": tx.account_id, "book": book, "kind": kind}
    await _FORGET(tx.connection, **key, currencies=list(thresholds))
    if thresholds:
        await _PUT(
            tx.connection,
            **key,
            currencies=list(thresholds),
            thresholds=list(thresholds.values()),
            below=below,
        )


async def take(connection: Connection, amounts: Sequence[Amount]) -> list[Reached]:
    """Who waited for what books have now; they wait no longer. The accounts' gates are held."""
    accounts, books, currencies, minor = zip(*amounts, strict=True)
    return await _TAKE(
        connection,
        accounts=list(accounts),
        books=list(books),
        currencies=list(currencies),
        amounts=list(minor),
    )


async def look(tx: Tx, amounts: Sequence[Amount], now_ms: int) -> None:
    """Set the deadlines of whoever waited for what books of an account have now, at its instant."""
    for row in await take(tx.connection, amounts):
        assert gates.held(tx, row.account_id), "balances are read under the account's gate"
        await deadlines.schedule(
            tx, kind=row.kind, subject=row.account_id, due_ms=now_ms, account_id=row.account_id
        )

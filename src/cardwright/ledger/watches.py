"""Who wants to know when a book reaches an amount: a row to look at, and a deadline when it does.

Counting is what the books do already; a watch costs whoever moves the money one indexed look.
"""

import msgspec

from cardwright.kernel import deadlines, gates
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.ledger.chart import Book

QUERIES = load(__file__, "watches.sql")


class Watched(msgspec.Struct, frozen=True):
    """What a book has in a currency, and the amount that is waited for (None: no one waits)."""

    currency: str
    amount_minor: int
    threshold_minor: int | None


class Reached(msgspec.Struct, frozen=True):
    """A kind of deadline that is due because a book reached its amount."""

    kind: str


_WATCHED = QUERIES.many("watched_balances", Watched)
_FORGET = QUERIES.run("forget_watches")
_PUT = QUERIES.run("put_watches")
_TAKE = QUERIES.many("take_reached", Reached)


async def watched(connection: Connection, account_id: str, book: Book, kind: str) -> list[Watched]:
    """The balances of a book by currency, with what a kind of deadline waits for."""
    return await _WATCHED(connection, account_id=account_id, book=book, kind=kind)


async def watch(tx: Tx, book: Book, kind: str, thresholds: dict[str, int]) -> None:
    """Set a deadline of this kind, about the acting account, once a book has that much (minor
    units) of one of the currencies. Replaces what was waited for before."""
    key = {"account_id": tx.account_id, "book": book, "kind": kind}
    await _FORGET(tx.connection, **key, currencies=list(thresholds))
    if thresholds:
        await _PUT(
            tx.connection,
            **key,
            currencies=list(thresholds),
            thresholds=list(thresholds.values()),
        )


async def look(tx: Tx, book: Book, currency: str) -> None:
    """Set the deadlines of whoever waited for what a book of the acting account has now."""
    assert gates.held(tx, tx.account_id), "balances are read under the account's gate"
    reached = await _TAKE(tx.connection, account_id=tx.account_id, book=book, currency=currency)
    for row in reached:
        await deadlines.schedule(tx, kind=row.kind, subject=tx.account_id, due_ms=tx.now_ms)

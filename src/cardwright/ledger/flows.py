"""What happens to money: post, move, hold, release, spend. Every verb needs the account's gate.

``gates.lock(tx, account_id)`` comes first, in a statement of its own; what is decided on is read
only afterwards.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cardwright.features.happenings import dispatch
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.ledger import keys, refusals, rules, transfers, watches
from cardwright.ledger.chart import HOLD, RELEASE, Book
from cardwright.ledger.model import MoneyMoved
from cardwright.ledger.rules import Balance, PostedLine, Touched
from cardwright.ledger.transfers import Transfer
from cardwright.tenancy import gates, registry
from cardwright.tenancy import refusals as tenancy_refusals

QUERIES = load(__file__)
PREFIX = "txn_"
# The book whose balance is what the cards of an account spent so far.
CARD_SPEND: Book = "network_settlement"
_LINE_COLUMNS = (
    "transfers lines books parts currencies amounts reasons sources descriptions forced"
).split()


class Spent(NamedTuple):
    """What left a book in a currency."""

    currency: str
    spent_minor: int


_BALANCES = QUERIES.many("list_balances", Balance)
_BALANCES_IN = QUERIES.many("balances_in_books", Balance)
_TOUCHED = QUERIES.many("get_balances", Touched)
_SPENT = QUERIES.many("spent_since", Spent)
_ACCOUNTS = QUERIES.many("accounts_with_book", str)
_POST = QUERIES.run("post_transfers")
_LINES = QUERIES.many("lines_of_transfer", PostedLine)
_CORRECTED = QUERIES.value("was_corrected", bool)
_HELD_FOR = QUERIES.value("held_for_source", int)


async def balances_of(connection: Connection, account_id: str) -> list[Balance]:
    """Every balance of an account, by book and currency."""
    return await _BALANCES(connection, account_id=account_id)


async def balances_in(connection: Connection, account_id: str, books: list[Book]) -> list[Balance]:
    """What an account has in some books, by book and currency."""
    return await _BALANCES_IN(connection, account_id=account_id, books=books)


async def balance_of(connection: Connection, account_id: str, book: Book, currency: str) -> Balance:
    """What an account has in one book and currency; zero where it never had any."""
    found = await _TOUCHED(connection, account_id=account_id, books=[book], currencies=[currency])
    return found[0].balance if found else Balance(book, currency)


async def spent_since(
    connection: Connection, account_id: str, book: Book, reason: str, since: int
) -> dict[str, int]:
    """What transfers of a reason took from a book since an instant (seconds), in minor units by
    currency; less than nothing where they gave more back."""
    found = await _SPENT(connection, account_id=account_id, book=book, reason=reason, since=since)
    return {row.currency: row.spent_minor for row in found}


async def accounts_with(
    connection: Connection, platform_id: str, book: Book, *, after: str, count: int
) -> list[str]:
    """Accounts of a platform that have a balance in a book, after one of them."""
    return await _ACCOUNTS(connection, platform_id=platform_id, book=book, after=after, count=count)


async def post(
    tx: Tx,
    transfer: Transfer,
    *,
    transfer_id: str | None = None,
    shown: bool = True,
    key: str | None = None,
) -> str:
    """Write a transfer and its balances; the answer is its id, the balance transaction's.

    Refuses with ``balance_insufficient`` unless the transfer is forced. A transfer that is not
    ``shown`` has no line 0, so that no balance transaction tells of it. With a ``key`` the same
    transfer is posted once: a repeat is answered with the id of the first, and another transfer
    under the key is refused with ``idempotency_error``.
    """
    assert gates.held(tx, transfer.account_id), "money moves under the account's gate"
    digest = ""
    if key is not None:
        digest = keys.digest_of(transfer, shown)
        before = await keys.find(tx, transfer.account_id, key, digest)
        if before is not None:
            return before
    made = transfer_id or ids.new_id(PREFIX)
    await _write(tx, transfer.account_id, [(made, transfer)], shown=shown)
    if key is not None:
        await keys.keep(tx, transfer.account_id, key, digest, made)
    return made


async def post_together(tx: Tx, several: Sequence[Transfer]) -> list[str]:
    """Write transfers of one account, each on what the one before it leaves: all or none.

    It costs one statement, however many there are. The answer are their ids.
    """
    if not several:
        return []
    account_id = several[0].account_id
    assert all(one.account_id == account_id for one in several), "transfers of one account"
    assert gates.held(tx, account_id), "money moves under the account's gate"
    made = [(ids.new_id(PREFIX), one) for one in several]
    await _write(tx, account_id, made, shown=True)
    return [transfer_id for transfer_id, _ in made]


async def _write(
    tx: Tx, account_id: str, several: list[tuple[str, Transfer]], *, shown: bool
) -> None:
    """Write transfers of an account and the balances after the last of them."""
    found = await _TOUCHED(
        tx.connection,
        account_id=account_id,
        books=sorted({line.book for _, one in several for line in one.lines}),
        currencies=sorted({one.currency for _, one in several}),
    )
    before: dict[str, dict[Book, Balance]] = defaultdict(dict)
    for row in found:
        before[row.currency][row.book] = row.balance
    unwatched = {(row.book, row.currency) for row in found if not row.watched}
    after = {currency: dict(kept) for currency, kept in before.items()}
    touched: dict[tuple[Book, str], Balance] = {}
    lines = []
    for transfer_id, one in several:
        kept = after.setdefault(one.currency, {})
        outcome = rules.applied(one, kept)
        for balance in outcome.balances:
            kept[balance.book] = touched[balance.book, balance.currency] = balance
        lines += [
            (
                transfer_id,
                number + (not shown),
                *(line.book, line.part, one.currency, line.amount_minor),
                *(one.reason, one.source_id, one.description, outcome.overdrew),
            )
            for number, line in enumerate(one.lines)
        ]
    columns = [list(column) for column in zip(*lines, strict=True)]
    balances = [touched[place] for place in sorted(touched)]
    # Each account's own time, also on the far side of a move.
    now_ms = await registry.instant_of(tx, account_id)
    await _POST(
        tx.connection,
        account_id=account_id,
        created_ms=now_ms,
        **dict(zip(_LINE_COLUMNS, columns, strict=True)),
        balance_books=[balance.book for balance in balances],
        balance_currencies=[balance.currency for balance in balances],
        available=[balance.available_minor for balance in balances],
        held=[balance.held_minor for balance in balances],
        overdrawn=[balance.overdrawn for balance in balances],
    )
    # A balance that is new has never said whether anybody waits.
    places = [one for one in balances if (one.book, one.currency) not in unwatched]
    if places:
        amounts = [
            watches.Amount(account_id, one.book, one.currency, one.available_minor)
            for one in places
        ]
        await watches.look(tx, amounts, now_ms)
    for currency in after:
        now = [balance for balance in balances if balance.currency == currency]
        await dispatch(tx, MoneyMoved(account_id, before[currency], now))


async def move(
    tx: Tx,
    departure: Transfer,
    arrival: Transfer,
    *,
    key: str | None = None,
    other: Tx | None = None,
) -> str:
    """Money from one account to another, under one transfer id.

    Each side passes the clearing book, so that each account's own books sum to zero. A ``key`` is
    one of the departing account's, as in ``post``. ``other`` acts as one of the accounts, whose
    side is then written at the instant of its own clock.
    """
    assert departure.account_id != arrival.account_id, "within an account nothing needs clearing"
    assert departure.currency == arrival.currency, "clearing is in one currency"
    cleared = [
        line.amount_minor
        for side in (departure, arrival)
        for line in side.lines
        if line.book == "clearing"
    ]
    assert sum(cleared) == 0, "what one account clears the other takes"
    digest = ""
    if key is not None:
        digest = keys.digest_of(departure, arrival)
        before = await keys.find(tx, departure.account_id, key, digest)
        if before is not None:
            return before
    made = ids.new_id(PREFIX)
    for side in sorted((departure, arrival), key=lambda side: side.account_id):
        is_other = other is not None and side.account_id == other.account_id
        await post(other if other is not None and is_other else tx, side, transfer_id=made)
    if key is not None:
        await keys.keep(tx, departure.account_id, key, digest, made)
    return made


async def lines_of(connection: Connection, account_id: str, transfer_id: str) -> list[PostedLine]:
    """The lines of a transfer, the one that its balance transaction shows first."""
    return await _LINES(connection, account_id=account_id, transfer_id=transfer_id)


async def correct(
    tx: Tx, transfer_id: str, description: str, *, forced: bool = False, key: str | None = None
) -> str:
    """Correct a transfer of the acting account: post its lines with the other sign.

    Nothing is ever taken out of the books. Refuses what has a way of its own to be undone: holds,
    and moves to and from other accounts; and what was corrected before.
    """
    assert gates.held(tx, tx.account_id), "money moves under the account's gate"
    found = await lines_of(tx.connection, tx.account_id, transfer_id)
    if not found or found[0].line:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="corrects",
            object="balance transaction",
            id=transfer_id,
        )
    correction = rules.correction(tx.account_id, transfer_id, found, description, forced=forced)
    digest = keys.digest_of(correction)
    if key is not None:
        before = await keys.find(tx, tx.account_id, key, digest)
        if before is not None:
            return before
    if await _CORRECTED(tx.connection, account_id=tx.account_id, transfer_id=transfer_id):
        fail(refusals.TRANSFER_CORRECTED_ALREADY, transfer=transfer_id)
    made = await post(tx, correction)
    if key is not None:
        await keys.keep(tx, tx.account_id, key, digest, made)
    return made


async def held_for(
    connection: Connection, account_id: str, source_id: str, book: Book = "issuing"
) -> int:
    """What is still held of a book for a source, in minor units."""
    found = await _HELD_FOR(connection, account_id=account_id, source_id=source_id, book=book)
    return found or 0


async def hold(
    tx: Tx,
    source_id: str,
    currency: str,
    amount_minor: int,
    book: Book = "issuing",
    reason: str = HOLD,
    *,
    forced: bool = False,
) -> str:
    """Set part of a book of the acting account aside for a source, such as an authorization;
    ``forced`` whether or not the money is there."""
    made = transfers.hold(
        tx.account_id, source_id, currency, amount_minor, book, reason, forced=forced
    )
    return await post(tx, made)


async def release(
    tx: Tx,
    source_id: str,
    currency: str,
    amount_minor: int,
    book: Book = "issuing",
    reason: str = RELEASE,
) -> str:
    """Give back part or all of what is held for a source, never more than that."""
    held_minor = await held_for(tx.connection, tx.account_id, source_id, book)
    assert 0 < amount_minor <= held_minor, f"{source_id} holds {held_minor}, not {amount_minor}"
    made = transfers.release(tx.account_id, source_id, currency, amount_minor, book, reason)
    return await post(tx, made)


async def spend(
    tx: Tx, source_id: str, currency: str, amount_minor: int, book: Book = "issuing"
) -> str:
    """Take a card transaction from a book (or give it back, when negative).

    A capture is a release of what the authorization no longer needs, then this.
    """
    spent = transfers.spend(tx.account_id, source_id, currency, amount_minor, book)
    return await post(tx, spent)

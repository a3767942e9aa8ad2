"""The reconciliation of a day: for each program, and each account without one, what the books had
when the day began, what moved them, and what they had when it ended.

The opening is summed from the entries, the closing comes from the balances that are kept: where
they do not meet there is a difference. It belongs to no day but is told on each that it touches.
"""

import csv
import io
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.money import decimal_text
from cardwright.kernel.queries import load
from cardwright.wire.resource import Currency, Shape

QUERIES = load(__file__, "reconciliation.sql")
EPOCH = date(1970, 1, 1)
COLUMNS = ("date", "program", "account", "book", "currency", "line", "transfers", "amount")


class DayBalance(NamedTuple):
    """A book of an account at both ends of a day."""

    account_id: str
    program: str | None
    book: str
    currency: str
    opening_minor: int
    closing_minor: int


class DayMovement(NamedTuple):
    """What a reason did to a book of an account within a day."""

    account_id: str
    book: str
    currency: str
    reason: str
    transfers: int
    amount_minor: int


class DayAtTheBank(NamedTuple):
    """What arrived and left at the bank on a day."""

    currency: str
    status: str
    lines: int
    arrived_minor: int
    left_minor: int


_BALANCES = QUERIES.many("day_balances", DayBalance)
_MOVEMENTS = QUERIES.many("day_movements", DayMovement)
_BANK = QUERIES.many("day_at_the_bank", DayAtTheBank)


class Movement(Shape):
    """What one type of balance transaction did, in minor units."""

    amount: int
    transfers: int
    type: str


class ReconciledBook(Shape):
    """A book in one currency: ``difference`` is 0 when opening and movements make the closing."""

    book: str
    closing: int
    currency: Currency
    difference: int
    movements: list[Movement]
    opening: int


class ReconciledGroup(Shape):
    """The accounts of a program together, or one account without a program."""

    account: str | None
    accounts: int
    books: list[ReconciledBook]
    program: str | None


class BankLines(Shape):
    """Lines of bank statements with one status, in minor units."""

    arrived: int
    currency: Currency
    left: int
    lines: int
    status: str


class Reconciliation(Shape, tag_field="object", tag="reconciliation"):
    """The reconciliation of a day (UTC); ``differences`` is how many books do not add up."""

    bank_statement_lines: list[BankLines]
    data: list[ReconciledGroup]
    date: str
    differences: int
    livemode: bool


async def reconcile(
    connection: Connection, platform_id: str, day: date, *, livemode: bool
) -> Reconciliation:
    """The reconciliation of all of a platform's accounts, its own included, read at one instant."""
    from_ms = (day - EPOCH) // timedelta(milliseconds=1)
    asked = {"platform_id": platform_id, "from_ms": from_ms, "until_ms": from_ms + clock.DAY_MS}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        balances = await _BALANCES(connection, **asked)
        movements = await _MOVEMENTS(connection, **asked)
        bank = await _BANK(connection, platform_id=platform_id, day=day.isoformat())
    data = _groups(balances, movements)
    return Reconciliation(
        bank_statement_lines=[
            BankLines(
                arrived=row.arrived_minor,
                currency=Currency(row.currency),
                left=row.left_minor,
                lines=row.lines,
                status=row.status,
            )
            for row in bank
        ],
        data=data,
        date=day.isoformat(),
        differences=sum(book.difference != 0 for group in data for book in group.books),
        livemode=livemode,
    )


def as_csv(report: Reconciliation) -> str:
    """The report as a table: a line for each opening, movement, closing and difference."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for group in report.data:
        for book in group.books:
            head = (report.date, group.program, group.account, book.book, book.currency)
            lines = [
                ("opening", "", book.opening),
                *((one.type, one.transfers, one.amount) for one in book.movements),
                ("closing", "", book.closing),
                ("difference", "", book.difference),
            ]
            for name, transfers, amount in lines:
                writer.writerow([*head, name, transfers, decimal_text(amount, book.currency)])
    return text.getvalue()


# A program, or an account that has none.
_Key = tuple[str | None, str | None]
_Book = tuple[str, str]


def _groups(balances: list[DayBalance], movements: list[DayMovement]) -> list[ReconciledGroup]:
    """The accounts' days, added up by program."""
    key_of: dict[str, _Key] = {}
    ends: dict[_Key, dict[_Book, tuple[int, int]]] = defaultdict(dict)
    for row in balances:
        key = (row.program, None if row.program else row.account_id)
        key_of[row.account_id] = key
        place = (row.book, row.currency)
        opening, closing = ends[key].get(place, (0, 0))
        ends[key][place] = (opening + row.opening_minor, closing + row.closing_minor)
    moved: Counter[tuple[_Key, _Book, str]] = Counter()
    counted: Counter[tuple[_Key, _Book, str]] = Counter()
    for one in movements:
        # What has entries and no balance at all is a difference too.
        key = key_of.setdefault(one.account_id, (None, one.account_id))
        place = (one.book, one.currency)
        ends[key].setdefault(place, (0, 0))
        moved[key, place, one.reason] += one.amount_minor
        counted[key, place, one.reason] += one.transfers
    reasons: dict[tuple[_Key, _Book], list[Movement]] = defaultdict(list)
    for (key, place, reason), amount in sorted(moved.items(), key=lambda item: item[0][2]):
        movement = Movement(amount=amount, transfers=counted[key, place, reason], type=reason)
        reasons[key, place].append(movement)
    accounts = Counter(key_of.values())
    return [
        ReconciledGroup(
            account=key[1],
            accounts=accounts[key],
            books=[
                _book(place, opening, closing, reasons[key, place])
                for place, (opening, closing) in sorted(books.items())
                if opening or closing or reasons[key, place]
            ],
            program=key[0],
        )
        for key, books in ends.items()
    ]


def _book(place: _Book, opening: int, closing: int, movements: list[Movement]) -> ReconciledBook:
    return ReconciledBook(
        book=place[0],
        closing=closing,
        currency=Currency(place[1]),
        difference=closing - opening - sum(one.amount for one in movements),
        movements=movements,
        opening=opening,
    )

"""The proof of the books: recompute everything from the entries and compare."""

from typing import NamedTuple

from cardwright.kernel.database import Connection
from cardwright.kernel.money import decimal_text
from cardwright.kernel.queries import load

QUERIES = load(__file__)


class Difference(NamedTuple):
    """Something that does not add up; ``words`` says what, for a person."""

    account_id: str | None
    words: str


class UnevenTransfer(NamedTuple):
    """A transfer whose lines do not sum to zero."""

    account_id: str
    transfer_id: str
    currency: str
    difference_minor: int


class WrongBalance(NamedTuple):
    """A kept balance beside the sum of its entries."""

    account_id: str
    book: str
    currency: str
    available_minor: int
    held_minor: int
    summed_available_minor: int
    summed_held_minor: int


class BelowFloor(NamedTuple):
    """A balance below zero."""

    account_id: str
    book: str
    currency: str
    available_minor: int


class OverReleased(NamedTuple):
    """What is left held for a source, below zero."""

    account_id: str
    source_id: str | None
    book: str
    currency: str
    held_minor: int


class UnevenClearing(NamedTuple):
    """A transfer between accounts with one side missing or of another amount."""

    transfer_id: str
    currency: str
    difference_minor: int


_TRANSFERS = QUERIES.many("audit_transfers", UnevenTransfer)
_BALANCES = QUERIES.many("audit_balances", WrongBalance)
_FLOORS = QUERIES.many("audit_floors", BelowFloor)
_HOLDS = QUERIES.many("audit_holds", OverReleased)
_CLEARING = QUERIES.many("audit_clearing", UnevenClearing)


async def verify(connection: Connection, account_id: str | None = None) -> list[Difference]:
    """What does not add up in the books of one account or of all; empty when they are right.

    Everything is read from one snapshot, so that it can run beside a busy server. At most a
    hundred differences of each kind are reported.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        uneven = await _TRANSFERS(connection, account_id=account_id)
        wrong = await _BALANCES(connection, account_id=account_id)
        below = await _FLOORS(connection, account_id=account_id)
        over = await _HOLDS(connection, account_id=account_id)
        clearing = await _CLEARING(connection) if account_id is None else []
    return [
        *(
            Difference(
                row.account_id,
                f"Transfer {row.transfer_id} of {row.account_id} does not sum to zero: it is off "
                f"by {_words(row.difference_minor, row.currency)}.",
            )
            for row in uneven
        ),
        *(Difference(row.account_id, _balance_words(row)) for row in wrong),
        *(
            Difference(
                row.account_id,
                f"The {row.book} balance of {row.account_id} is "
                f"{_words(row.available_minor, row.currency)} and no forced transfer explains it.",
            )
            for row in below
        ),
        *(
            Difference(
                row.account_id,
                f"More was released for {row.source_id} of {row.account_id} than was held: "
                f"{_words(row.held_minor, row.currency)} is left held.",
            )
            for row in over
        ),
        *(
            Difference(
                None,
                f"Transfer {row.transfer_id} between accounts does not clear: it is off by "
                f"{_words(row.difference_minor, row.currency)}.",
            )
            for row in clearing
        ),
    ]


def _balance_words(row: WrongBalance) -> str:
    part, kept, summed = (
        ("available", row.available_minor, row.summed_available_minor)
        if row.available_minor != row.summed_available_minor
        else ("held", row.held_minor, row.summed_held_minor)
    )
    return (
        f"The {row.book} balance of {row.account_id} has {_words(kept, row.currency)} {part}, "
        f"its entries sum to {_words(summed, row.currency)}."
    )


def _words(amount_minor: int, currency: str) -> str:
    return f"{decimal_text(amount_minor, currency)} {currency}"

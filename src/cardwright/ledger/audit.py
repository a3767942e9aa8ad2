"""The proof of the books: recompute everything from the entries and compare."""

from collections.abc import AsyncGenerator, Callable
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


class WrongPending(NamedTuple):
    """A pending transfer beside what the entries hold for it."""

    account_id: str
    id: str
    currency: str
    amount_held: int
    held_minor: int


_ACCOUNTS = QUERIES.many("audit_accounts", str)
_COUNT = QUERIES.value("audit_count", int)
_STRAY = QUERIES.many("audit_stray", str)
_TRANSFERS = QUERIES.many("audit_transfers", UnevenTransfer)
_BALANCES = QUERIES.many("audit_balances", WrongBalance)
_FLOORS = QUERIES.many("audit_floors", BelowFloor)
_HOLDS = QUERIES.many("audit_holds", OverReleased)
_PENDING = QUERIES.many("audit_pending", WrongPending)
_CLEARING = QUERIES.many("audit_clearing", UnevenClearing)

# How many accounts are read of at once.
ACCOUNTS_AT_ONCE = 200
# Told how many accounts are done, and of how many.
Progress = Callable[[int, int], None]


async def verify(connection: Connection, account_id: str | None = None) -> list[Difference]:
    """What does not add up in the books of one account or of all; empty when they are right."""
    return [found async for found in differences(connection, account_id)]


async def differences(
    connection: Connection, account_id: str | None = None, progress: Progress | None = None
) -> AsyncGenerator[Difference, None]:
    """What does not add up, account by account in the order of their ids.

    Everything is read from one snapshot, so that it can run beside a busy server, and little of it
    is in memory at a time. Of each kind at most a hundred differences of an account are told.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if account_id is not None:
            for found in await _of_account(connection, account_id):
                yield found
            return
        total = await _COUNT(connection) or 0
        done, after = 0, ""
        while accounts := await _ACCOUNTS(connection, after=after, limit=ACCOUNTS_AT_ONCE):
            for each in accounts:
                for found in await _of_account(connection, each):
                    yield found
                done += 1
                if progress is not None:
                    progress(done, total)
            after = accounts[-1]
        for stray in await _STRAY(connection):
            yield Difference(stray, f"There are entries of {stray}, which is no account.")
        for row in await _CLEARING(connection):
            words = (
                f"Transfer {row.transfer_id} between accounts does not clear: it is off by "
                f"{_words(row.difference_minor, row.currency)}."
            )
            yield Difference(None, words)


async def _of_account(connection: Connection, account_id: str) -> list[Difference]:
    """What does not add up in the books of an account."""
    said = [
        f"Transfer {row.transfer_id} of {row.account_id} does not sum to zero: it is off "
        f"by {_words(row.difference_minor, row.currency)}."
        for row in await _TRANSFERS(connection, account_id=account_id)
    ]
    said += [_balance_words(row) for row in await _BALANCES(connection, account_id=account_id)]
    said += [
        f"The {row.book} balance of {row.account_id} is "
        f"{_words(row.available_minor, row.currency)} and no forced transfer explains it."
        for row in await _FLOORS(connection, account_id=account_id)
    ]
    said += [
        f"More was released for {row.source_id} of {row.account_id} than was held: "
        f"{_words(row.held_minor, row.currency)} is left held."
        for row in await _HOLDS(connection, account_id=account_id)
    ]
    said += [
        f"The pending transfer {row.id} of {row.account_id} says that it holds "
        f"{_words(row.amount_held, row.currency)}, its entries hold "
        f"{_words(row.held_minor, row.currency)}."
        for row in await _PENDING(connection, account_id=account_id)
    ]
    return [Difference(account_id, words) for words in said]


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

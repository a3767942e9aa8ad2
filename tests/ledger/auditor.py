"""An auditor that knows nothing of the ledger's own code: it is told in plain words what happened,
keeps sums of its own, and compares them with what the database has."""

from collections import Counter
from typing import Any

import asyncpg

# (account, book, currency, part) and what is in it.
PartOfBook = tuple[str, str, str, str]
# Books that only what is forced takes below zero; those of financial accounts are too.
SPENDABLE = ("issuing", "payments", "credit")


class Auditor:
    """Sums by account, book, currency and part; and what is held for each source."""

    def __init__(self) -> None:
        self.sums: Counter[PartOfBook] = Counter()
        self.held: dict[tuple[str, str], int] = {}

    def has(self, account: str, book: str, currency: str) -> int:
        """What is available."""
        return self.sums[account, book, currency, "available"]

    def flow(self, account: str, currency: str, amount: int, source: str, target: str) -> None:
        """Money went from one book of an account to another."""
        self.sums[account, source, currency, "available"] -= amount
        self.sums[account, target, currency, "available"] += amount

    def set_aside(self, account: str, currency: str, amount: int, book: str, held_for: str) -> None:
        """Money is held for something; a negative amount is given back."""
        self.sums[account, book, currency, "available"] -= amount
        self.sums[account, book, currency, "held"] += amount
        left = self.held.get((account, held_for), 0) + amount
        assert left >= 0, f"{held_for} gave back more than was held"
        self.held[account, held_for] = left

    def left_for(self, account: str, held_for: str) -> int:
        """What is still held for something."""
        return self.held.get((account, held_for), 0)

    def below_zero(self) -> list[tuple[str, str, str, int]]:
        """Where less than nothing is spendable, and how much it lacks."""
        return [
            (account, book, currency, -amount)
            for (account, book, currency, part), amount in self.sums.items()
            if amount < 0 and part == "available" and is_spendable(book)
        ]

    def check_balances(self, rows: list[asyncpg.Record]) -> None:
        """The kept balances are the sums, and those below zero are flagged."""
        kept: Counter[PartOfBook] = Counter()
        for row in rows:
            account, book, currency = row["account_id"], row["book"], row["currency"]
            kept[account, book, currency, "available"] = row["available_minor"]
            kept[account, book, currency, "held"] = row["held_minor"]
            below = is_spendable(book) and row["available_minor"] < 0
            assert row["overdrawn"] == below, dict(row)
        assert _filled(kept) == _filled(self.sums)

    def check_entries(self, rows: list[asyncpg.Record]) -> None:
        """The entries sum to the same, those of each transfer to zero, and what is held for each
        source is what is left of it."""
        summed: Counter[PartOfBook] = Counter()
        transfers: Counter[tuple[str, str, str]] = Counter()
        held: Counter[tuple[str, str]] = Counter()
        for row in rows:
            account, amount = row["account_id"], row["amount_minor"]
            summed[account, row["book"], row["currency"], row["part"]] += amount
            transfers[account, row["transfer_id"], row["currency"]] += amount
            if row["part"] == "held":
                held[account, row["source_id"]] += amount
        assert not any(transfers.values()), "a transfer does not sum to zero"
        assert _filled(summed) == _filled(self.sums)
        assert _filled(held) == {key: left for key, left in self.held.items() if left}


def is_spendable(book: str) -> bool:
    """Whether its owner can spend it."""
    return book in SPENDABLE or (book.startswith("fa_") and ":" not in book)


def _filled(counted: Counter[Any]) -> dict[Any, int]:
    return {key: amount for key, amount in counted.items() if amount}

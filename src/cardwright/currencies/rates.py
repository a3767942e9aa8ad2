"""What a rate is, which file it comes from, and what an amount comes to: pure.

A rate says how many units of a currency one euro buys, on a day (UTC). It is a decimal number and
stays one: nothing is computed in floating point.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cardwright.currencies import refusals
from cardwright.kernel import money
from cardwright.kernel.clock import DAY_MS, day_number, moment
from cardwright.kernel.refusal import fail

BASE = "eur"
# The day that the built-in rates were rounded off on. They are examples for tests, not market data.
DEFAULT_DAY = day_number(1_735_776_000_000)
DIGITS_MAX = 20
# Powers of ten that a rate lies between; one beyond them is a slip.
MAGNITUDE_MAX = 12
# What a file of the daily kind writes where a currency was not quoted.
BLANK = frozenset({"", "N/A", "n/a", "-"})
_CODE = re.compile(r"[a-z]{3}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Rate(NamedTuple):
    """How many units of ``currency`` one euro buys from ``day`` (counted from the epoch) on."""

    day: int
    currency: str
    per_euro: Decimal


class Quote(NamedTuple):
    """How many units of ``target`` one unit of ``source`` buys."""

    source: str
    target: str
    rate: Fraction

    def convert(self, amount_minor: int) -> int:
        """An amount of ``source`` in ``target``, rounded half away from zero.

        Refuses what no balance can hold with ``exchange_rates_invalid``: such a rate is a slip.
        """
        found = money.converted(amount_minor, self.source, self.target, self.rate)
        if abs(found) > money.BALANCE_MINOR_MAX:
            reason = f"{amount_minor} {self.source} comes to more {self.target} than can be kept"
            fail(refusals.EXCHANGE_RATES_INVALID, reason=reason)
        return found

    @property
    def inverse(self) -> "Quote":
        """The same rate, seen from the other side."""
        return Quote(self.target, self.source, 1 / self.rate)


@cache
def default_rates() -> dict[str, Rate]:
    """The built-in rates, by currency."""
    with Path(__file__).with_name("default_rates.csv").open(newline="") as file:
        return {
            row["currency"]: Rate(DEFAULT_DAY, row["currency"], Decimal(row["per_euro"]))
            for row in csv.DictReader(file)
        }


def quote(source: str, target: str, found: dict[str, Rate]) -> Quote:
    """The rate between two currencies: the rates that were ``found``, built-in ones otherwise.

    Refuses a currency that has neither with ``exchange_rate_missing``.
    """
    per_euro = {BASE: Fraction(1)}
    for currency in (source, target):
        rate = found.get(currency) or default_rates().get(currency)
        if currency != BASE and rate is None:
            fail(refusals.EXCHANGE_RATE_MISSING, currency=currency)
        if rate is not None and currency != BASE:
            per_euro[currency] = Fraction(rate.per_euro)
    return Quote(source, target, per_euro[target] / per_euro[source])


def checked(currency: str, per_euro: str, *, param: str) -> Decimal:
    """The rate that a text says; refuses what is not a positive decimal number."""
    if not _CODE.fullmatch(currency) or currency == BASE:
        reason = f"'{currency[:20]}' is not the code of a currency other than the euro"
        fail(refusals.EXCHANGE_RATES_INVALID, param=param, reason=reason)
    text = per_euro.strip()
    # Decimal reads more than a number, such as 1_1, which is 11.
    rate = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
    if rate <= 0 or len(rate.as_tuple().digits) > DIGITS_MAX:
        reason = f"'{per_euro[:40]}' is not a rate of {currency}"
        fail(refusals.EXCHANGE_RATES_INVALID, param=param, reason=reason)
    if not -MAGNITUDE_MAX <= rate.adjusted() <= MAGNITUDE_MAX:
        reason = f"'{per_euro[:40]}' is too large or too small for a rate of {currency}"
        fail(refusals.EXCHANGE_RATES_INVALID, param=param, reason=reason)
    return rate


def day_of(text: str, *, param: str = "day") -> int:
    """The day of a date: ``2025-06-18``, or ``18 June 2025`` as central banks print it."""
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return (datetime.strptime(text.strip(), form).replace(tzinfo=UTC) - _EPOCH).days
        except ValueError:
            continue
    fail(refusals.EXCHANGE_RATES_INVALID, param=param, reason=f"'{text[:40]}' is not a date")


def date_text(day: int) -> str:
    """The day as a date: ``2025-06-18``."""
    return moment(day * DAY_MS).date().isoformat()


def parse(lines: Iterable[str]) -> list[Rate]:
    """The rates of a CSV file: a column ``Date``, then one for each currency, a row for each day.

    This is the form in which the European Central Bank publishes its reference rates. Refuses
    with ``exchange_rates_invalid``, naming the line.
    """
    return list(_parsed(csv.reader(lines)))


def _parsed(rows: Iterator[list[str]]) -> Iterator[Rate]:
    header = [name.strip().lower() for name in next(rows, [])]
    if len(header) < 2 or header[0] != "date":
        reason = "the first line must be 'Date' and codes of currencies"
        fail(refusals.EXCHANGE_RATES_INVALID, reason=reason)
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        fail(refusals.EXCHANGE_RATES_INVALID, reason=f"the first line has '{twice[0][:20]}' twice")
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        param = f"line {number}"
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            fail(
                refusals.EXCHANGE_RATES_INVALID,
                param=param,
                reason=f"line {number} has too many cells",
            )
        day = day_of(row[0], param=param)
        for currency, cell in zip(header[1:], row[1:], strict=False):
            if currency and cell.strip() not in BLANK:
                yield Rate(day, currency, checked(currency, cell, param=param))

"""Rates, files of them, and what amounts come to."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cardwright.currencies import rates
from cardwright.currencies.rates import Rate
from cardwright.kernel import money
from cardwright.kernel.refusal import Failure

DAY = rates.day_of("2025-06-18")


def rate(currency: str, per_euro: str) -> dict[str, Rate]:
    """One rate, by its currency."""
    return {currency: Rate(DAY, currency, Decimal(per_euro))}


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (-2500, "usd", "-25.00"),
        (5, "gbp", "0.05"),
        (1000, "jpy", "1000"),
        (-1, "jpy", "-1"),
        (1234, "kwd", "1.234"),
        (-7, "kwd", "-0.007"),
    ],
)
def test_exponents(amount: int, currency: str, text: str) -> None:
    """Hundredths, none, and thousandths."""
    assert money.decimal_text(amount, currency) == text


@pytest.mark.parametrize(
    ("amount", "source", "target", "per_unit", "expected"),
    [
        # 10.00 USD at 0.8 are 8.00 GBP.
        (1000, "usd", "gbp", "0.8", 800),
        # 1,000 JPY have no decimals: 6.10 USD.
        (1000, "jpy", "usd", "0.0061", 610),
        # 6.10 USD are 976 JPY.
        (610, "usd", "jpy", "160", 976),
        # 1.234 KWD are 4.00 USD and 4.00936 exactly.
        (1234, "kwd", "usd", "3.2491", 401),
        (401, "usd", "kwd", "0.30778", 1234),
        # Halves go away from zero, on both sides of it.
        (1, "usd", "gbp", "0.5", 1),
        (-1, "usd", "gbp", "0.5", -1),
        (3, "usd", "gbp", "0.5", 2),
        (1, "usd", "gbp", "0.499999999999", 0),
        (0, "usd", "gbp", "0.8", 0),
        # No digit is lost on the way.
        (99_999_999, "usd", "vnd", "25431.123456789", 25_431_123_202),
    ],
)
def test_conversion(amount: int, source: str, target: str, per_unit: str, expected: int) -> None:
    """Exact, then rounded once, half away from zero."""
    assert money.converted(amount, source, target, Fraction(per_unit)) == expected


def test_quotes_go_through_the_euro() -> None:
    """Loaded rates come before built-in ones, and both directions agree."""
    found = rate("usd", "1.25") | rate("gbp", "0.80")
    quote = rates.quote("usd", "gbp", found)
    assert quote.rate == Fraction(16, 25)
    assert quote.convert(1000) == 640
    assert quote.inverse.convert(640) == 1000
    assert rates.quote("eur", "usd", found).convert(100) == 125
    assert rates.quote("usd", "eur", found).convert(125) == 100
    assert rates.quote("jpy", "jpy", {}).convert(7) == 7
    built_in = rates.default_rates()["jpy"].per_euro
    assert rates.quote("eur", "jpy", found).rate == Fraction(built_in)


def test_a_currency_without_a_rate() -> None:
    """Nothing is made up."""
    with pytest.raises(Failure, match="no exchange rate of zzz"):
        rates.quote("usd", "zzz", {})


def test_built_in_rates_have_those_of_cards() -> None:
    """A fresh installation converts between the currencies of cards and the common ones."""
    known = rates.default_rates()
    assert {"usd", "gbp", "eur", "jpy", "kwd", "chf"} <= set(known)
    assert all(one.per_euro > 0 for one in known.values())


FILE = """Date, USD, JPY, CHF,
18 June 2025, 1.1508, 167.02, N/A,

2025-06-19,1.1478,,0.9411
"""


def test_a_daily_file() -> None:
    """The form of central banks: dates in words, gaps, a comma at the end."""
    assert rates.parse(FILE.splitlines()) == [
        Rate(DAY, "usd", Decimal("1.1508")),
        Rate(DAY, "jpy", Decimal("167.02")),
        Rate(DAY + 1, "usd", Decimal("1.1478")),
        Rate(DAY + 1, "chf", Decimal("0.9411")),
    ]
    assert rates.date_text(DAY) == "2025-06-18"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "first line"),
        ("day,usd\n2025-06-18,1", "first line"),
        ("Date,USD\n2025-13-18,1", "not a date"),
        ("Date,USD\n2025-06-18,1e999", "too large"),
        ("Date,USD\n2025-06-18,1.2.3", "not a rate"),
        ("Date,USD\n2025-06-18,-1", "not a rate"),
        ("Date,USD\n2025-06-18,0", "not a rate"),
        ("Date,USD\n2025-06-18,NaN", "not a rate"),
        ("Date,USD\n2025-06-18,Infinity", "not a rate"),
        ("Date,EUR\n2025-06-18,1", "other than the euro"),
        ("Date,DOLLAR\n2025-06-18,1", "not the code"),
        ("Date,USD\n2025-06-18,1,2", "too many cells"),
        ("Date,USD,CHF,usd\n2025-06-18,1,2,3", "'usd' twice"),
        ("Date,USD\n2025-06-18,1_1", "not a rate"),
        ("Date,USD\n2025-06-18,\uff11", "not a rate"),
        ("Date,USD\n2025-06-18,1e13", "too large"),
        ("Date,USD\n2025-06-18,1e-13", "too small"),
    ],
)
def test_a_bad_file(text: str, words: str) -> None:
    """Each is refused in words, whatever is wrong with it."""
    with pytest.raises(Failure, match=words):
        rates.parse(text.splitlines())


def test_what_no_balance_can_hold_is_not_converted() -> None:
    found = {"usd": Rate(DAY, "usd", Decimal("1e-12"))}
    assert rates.quote("usd", "eur", found).convert(1_000_000) == 10**18
    with pytest.raises(Failure, match="can be kept"):
        rates.quote("usd", "eur", found).convert(1_000_001)

"""Money is an integer of minor units and a lower-case ISO 4217 code."""

from fractions import Fraction

# Currencies without minor units, and those with thousandths, as the API counts them; every other
# currency has hundredths.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())

# What a card can be denominated in, with the region whose programs issue it.
ISSUING_CURRENCIES = {"usd": "US", "gbp": "GB", "eur": "EU"}

# The largest amount a request may name: eight digits, as the public API limits it.
AMOUNT_MINOR_MAX = 99_999_999
# The largest balance, below zero too. A column holds nine times as much.
BALANCE_MINOR_MAX = 10**18


def exponent(currency: str) -> int:
    """How many decimal places the currency has: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def decimal_text(amount_minor: int, currency: str) -> str:
    """The amount as people write it: ``-25.00``, ``1000`` for a currency without minor units."""
    places = exponent(currency)
    if not places:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 10**places)
    return f"{sign}{whole}.{part:0{places}d}"


def converted(amount_minor: int, source: str, target: str, rate: Fraction) -> int:
    """The amount in another currency, at ``rate`` units of ``target`` for one of ``source``.

    It is worked out exactly and rounded once, to the nearest minor unit; halves go away from
    zero, so that a payment and its refund round alike.
    """
    exact = amount_minor * rate * Fraction(10) ** (exponent(target) - exponent(source))
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -whole if amount_minor < 0 else whole

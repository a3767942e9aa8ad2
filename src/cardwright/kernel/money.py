"""Money is an integer of minor units and a lower-case ISO 4217 code."""

# Currencies without minor units, as the API counts them.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())

# What a card can be denominated in, with the region whose programs issue it.
ISSUING_CURRENCIES = {"usd": "US", "gbp": "GB", "eur": "EU"}

# The largest amount a request may name: eight digits, as the public API limits it.
AMOUNT_MINOR_MAX = 99_999_999


def decimal_text(amount_minor: int, currency: str) -> str:
    """The amount as people write it: ``-25.00``, ``1000`` for a currency without minor units."""
    if currency in ZERO_DECIMAL:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 100)
    return f"{sign}{whole}.{part:02d}"

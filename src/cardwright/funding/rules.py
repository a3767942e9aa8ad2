"""What funding shows and takes: pure."""

from collections.abc import Iterable, Mapping

from msgspec import UNSET

from cardwright.accounts.record.capabilities import EURO_COUNTRIES
from cardwright.currencies import refusals as currencies_refusals
from cardwright.funding.model import (
    Amount,
    Balance,
    InstantAmount,
    IssuingBalance,
    NetAvailable,
    PrefundingBalance,
    SourceTypes,
)
from cardwright.kernel.money import ISSUING_CURRENCIES
from cardwright.kernel.refusal import fail
from cardwright.ledger import rules as ledger
from cardwright.ledger.chart import Book
from cardwright.wire.resource import Currency


def check_currency(currency: str) -> None:
    """Refuse a currency that no card is issued in."""
    if currency not in ISSUING_CURRENCIES:
        supported = ", ".join(sorted(ISSUING_CURRENCIES))
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="currency",
            value=currency,
            reason=f"Supported are {supported}.",
        )


def national_currency(country: str | None) -> str:
    """The currency that an account of the country has, unless it says otherwise."""
    if country in EURO_COUNTRIES:
        return "eur"
    return "gbp" if country == "GB" else "usd"


def balance(
    kept: Iterable[ledger.Balance],
    default_currency: str,
    instant: Mapping[str, str],
    *,
    is_platform: bool,
    livemode: bool,
) -> Balance:
    """The balance object: every bucket names each currency the account has, and its default.

    ``instant`` has the bank account that takes instant payouts, by currency.
    """
    amounts = {(each.book, each.currency): each.available_minor for each in kept}
    currencies = sorted({default_currency, *(currency for _, currency in amounts)})

    def bucket(book: Book | None, *, sourced: bool = False) -> list[Amount]:
        found = [
            (currency, amounts.get((book, currency), 0) if book else 0) for currency in currencies
        ]
        return [
            Amount(
                amount=amount,
                currency=Currency(currency),
                source_types=SourceTypes(card=amount) if sourced else UNSET,
            )
            for currency, amount in found
        ]

    return Balance(
        available=bucket("payments", sourced=True),
        connect_reserved=bucket("reserved") if is_platform else UNSET,
        instant_available=[
            _instant(currency, amounts.get(("payments", currency), 0), instant.get(currency))
            for currency in currencies
        ],
        issuing=IssuingBalance(available=bucket("issuing")),
        livemode=livemode,
        pending=bucket("payments_pending", sourced=True),
        refund_and_dispute_prefunding=PrefundingBalance(
            available=bucket(None), pending=bucket(None)
        ),
    )


def _instant(currency: str, available_minor: int, destination: str | None) -> InstantAmount:
    """What could be paid out at once: all there is, where a bank account takes it so."""
    amount = max(available_minor, 0) if destination is not None else 0
    sources = SourceTypes(card=amount)
    shown = InstantAmount(amount=amount, currency=Currency(currency), source_types=sources)
    if destination is not None:
        net = NetAvailable(amount=amount, destination=destination, source_types=sources)
        shown.net_available = [net]
    return shown

"""What funding shows and takes: pure."""

from collections.abc import Iterable

from msgspec import UNSET

from cardwright.accounts.capabilities import EURO_COUNTRIES
from cardwright.funding.model import (
    Aba,
    Amount,
    Balance,
    BankTransfer,
    FinancialAddress,
    FundingInstructions,
    Iban,
    IssuingBalance,
    Place,
    PrefundingBalance,
    SortCode,
    SourceTypes,
)
from cardwright.kernel.errors import fail
from cardwright.kernel.money import ISSUING_CURRENCIES
from cardwright.ledger import rules as ledger
from cardwright.ledger.chart import Book
from cardwright.wire.resource import Country, Currency

# No bank has these codes, so no instruction made here can move real money.
HOLDER = "Cardwright test environment"
TEST_BIC, TEST_BANK_CODE, TEST_SORT_CODE, TEST_ROUTING_NUMBER = (
    "CWRTDEF0",
    "00000000",
    "000000",
    "110000000",
)


def check_currency(currency: str) -> None:
    """Refuse a currency that no card is issued in."""
    if currency not in ISSUING_CURRENCIES:
        supported = ", ".join(sorted(ISSUING_CURRENCIES))
        fail(
            "currency_unsupported",
            param="currency",
            value=currency,
            reason=f"Supported are {supported}.",
        )


def national_currency(country: str | None) -> str:
    """The currency an account of the country settles in, unless it says otherwise."""
    if country in EURO_COUNTRIES:
        return "eur"
    return "gbp" if country == "GB" else "usd"


def balance(
    kept: Iterable[ledger.Balance], default_currency: str, *, is_platform: bool, livemode: bool
) -> Balance:
    """The balance object: every bucket names each currency the account has, and its default."""
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
        connect_reserved=bucket(None) if is_platform else UNSET,
        # Nothing can be paid out instantly.
        instant_available=bucket(None, sourced=True),
        issuing=IssuingBalance(available=bucket("issuing")),
        livemode=livemode,
        pending=bucket("payments_pending", sourced=True),
        refund_and_dispute_prefunding=PrefundingBalance(
            available=bucket(None), pending=bucket(None)
        ),
    )


def iban_of(account_number: str) -> str:
    """A German IBAN of the test bank; the check digits are those of ISO 7064 (97-10)."""
    number = TEST_BANK_CODE + account_number
    check = 98 - int(f"{number}131400") % 97
    return f"DE{check:02d}{number}"


def funding_instructions(currency: str, digits: str, *, livemode: bool) -> FundingInstructions:
    """Where to send money in the currency; ``digits`` (ten) tell accounts apart."""
    if currency == "eur":
        place = Place(country=Country("DE"))
        iban = Iban(
            account_holder_address=place,
            account_holder_name=HOLDER,
            bank_address=place,
            bic=TEST_BIC,
            country=Country("DE"),
            iban=iban_of(digits),
        )
        address = FinancialAddress(type="iban", iban=iban, supported_networks=["sepa"])
        transfer = BankTransfer(
            country=Country("DE"), financial_addresses=[address], type="eu_bank_transfer"
        )
    elif currency == "gbp":
        place = Place(country=Country("GB"))
        sort_code = SortCode(
            account_holder_address=place,
            account_holder_name=HOLDER,
            account_number=digits[:8],
            bank_address=place,
            sort_code=TEST_SORT_CODE,
        )
        address = FinancialAddress(
            type="sort_code", sort_code=sort_code, supported_networks=["fps", "bacs"]
        )
        transfer = BankTransfer(
            country=Country("GB"), financial_addresses=[address], type="gb_bank_transfer"
        )
    else:
        place = Place(country=Country("US"))
        aba = Aba(
            account_holder_address=place,
            account_holder_name=HOLDER,
            account_number=digits,
            account_type="checking",
            bank_address=place,
            bank_name=HOLDER,
            routing_number=TEST_ROUTING_NUMBER,
        )
        address = FinancialAddress(
            type="aba", aba=aba, supported_networks=["ach", "us_domestic_wire"]
        )
        transfer = BankTransfer(
            country=Country("US"), financial_addresses=[address], type="us_bank_transfer"
        )
    return FundingInstructions(
        bank_transfer=transfer, currency=Currency(currency), livemode=livemode
    )

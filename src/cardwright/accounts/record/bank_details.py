"""Which bank accounts there can be: pure checks, with the numbers of the test environment."""

import csv
import re
from functools import cache
from pathlib import Path

import msgspec

from cardwright.accounts import refusals
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals

# What a payout to a number of the test environment fails with (source: Connect documentation).
PAYOUT_FAILURES = {
    "000111111113": "account_closed",
    "000111111116": "no_account",
    "000222222227": "insufficient_funds",
    "000333333335": "debit_not_authorized",
    "000444444440": "invalid_currency",
}
# The test environment cannot tell whose this number is, and asks for a document.
OWNER_UNKNOWN = "000999999992"
TEST_ROUTING_NUMBER = "110000000"
TEST_NUMBER = "000123456789"
# The tokens that the test environment always has, and the number each stands for.
TEST_TOKENS = {
    "btok_us": TEST_NUMBER,
    "btok_us_verified": TEST_NUMBER,
    "btok_us_verified_accountClosed": "000111111113",
    "btok_us_verified_debitNotAuthorized": "000333333335",
    "btok_us_verified_insufficientFunds": "000222222227",
    "btok_us_verified_invalidCurrency": "000444444440",
    "btok_us_verified_noAccount": "000111111116",
}
TEST_BANK = "STRIPE TEST BANK"
_SORT_CODE = re.compile(r"[0-9]{6}")
_UK_NUMBER = re.compile(r"[0-9]{8}")
_US_NUMBER = re.compile(r"[0-9]{4,17}")


class BankCountry(msgspec.Struct, frozen=True):
    """A country whose banks can be paid out to: how its accounts are numbered (``aba``,
    ``sort_code`` or ``iban``) and in which currencies, its own first."""

    country: str
    scheme: str
    currencies: tuple[str, ...]


@cache
def bank_countries() -> dict[str, BankCountry]:
    """Every country by its code."""
    with Path(__file__).with_name("bank_countries.csv").open(newline="") as file:
        return {
            line["country"]: BankCountry(
                line["country"], line["scheme"], tuple(line["currencies"].split())
            )
            for line in csv.DictReader(file)
        }


def currency_of(country: str | None) -> str | None:
    """The currency of a country, or None where accounts are not paid out to."""
    known = bank_countries().get(country or "")
    return known.currencies[0] if known is not None else None


class BankNumbers(msgspec.Struct, frozen=True):
    """Checked numbers of a bank account, without blanks and dashes."""

    country: str
    currency: str
    number: str
    routing_number: str | None
    bank_name: str | None


def compact(number: str) -> str:
    """A number as it is kept: without what people write between its characters."""
    return re.sub(r"[\s\-.]", "", number).upper()


def checked(
    *, country: str, currency: str | None, number: str, routing_number: str | None, param: str
) -> BankNumbers:
    """The numbers, if there can be a bank account of them; ``param`` is where they were given.

    Refuses with ``account_number_invalid``, ``routing_number_invalid``, ``country_unsupported``.
    The refusal does not show the number.
    """
    known = bank_countries().get(country)
    if known is None:
        fail(refusals.BANK_COUNTRY_UNSUPPORTED, param=f"{param}[country]", country=country)
    paid_in = currency or known.currencies[0]
    if paid_in not in known.currencies:
        fail(
            refusals.BANK_CURRENCY_UNSUPPORTED,
            param=f"{param}[currency]",
            country=country,
            currency=paid_in,
            supported=", ".join(known.currencies),
        )
    given = compact(number)
    routing = re.sub(r"[\s\-]", "", routing_number) if routing_number else None
    if known.scheme == "aba":
        return _american(given, routing, paid_in, param)
    if known.scheme == "sort_code" and not given.startswith("GB"):
        return _british(given, routing, paid_in, param)
    return _international(known, given, paid_in, param)


def _american(number: str, routing: str | None, currency: str, param: str) -> BankNumbers:
    # Loaded when it is first needed: few processes ever see a bank account.
    from stdnum.us import rtn

    if routing is None:
        fail(wire_refusals.PARAMETER_MISSING, param=f"{param}[routing_number]")
    if not rtn.is_valid(routing):
        reason = "an American routing number has nine digits, the last of which checks the others"
        fail(refusals.ROUTING_NUMBER_INVALID, param=f"{param}[routing_number]", reason=reason)
    if not _US_NUMBER.fullmatch(number):
        reason = "an American account number has 4 to 17 digits"
        fail(refusals.ACCOUNT_NUMBER_INVALID, param=f"{param}[account_number]", reason=reason)
    return BankNumbers("US", currency, number, routing, None)


def _british(number: str, routing: str | None, currency: str, param: str) -> BankNumbers:
    if routing is None:
        fail(wire_refusals.PARAMETER_MISSING, param=f"{param}[routing_number]")
    if not _SORT_CODE.fullmatch(routing):
        reason = "a sort code has six digits"
        fail(refusals.ROUTING_NUMBER_INVALID, param=f"{param}[routing_number]", reason=reason)
    if not _UK_NUMBER.fullmatch(number):
        reason = "a British account number has eight digits"
        fail(refusals.ACCOUNT_NUMBER_INVALID, param=f"{param}[account_number]", reason=reason)
    return BankNumbers("GB", currency, number, routing, None)


def _international(known: BankCountry, number: str, currency: str, param: str) -> BankNumbers:
    from schwifty import IBAN
    from schwifty.exceptions import InvalidStructure, SchwiftyException

    where = f"{param}[account_number]"
    try:
        iban = IBAN(number)
    except InvalidStructure:
        # The words of the library would show the number.
        reason = "not an IBAN (it has characters that are not those of the country's)"
        fail(refusals.ACCOUNT_NUMBER_INVALID, param=where, reason=reason)
    except SchwiftyException as error:
        reason = f"not an IBAN ({str(error).rstrip('.').lower()})"
        fail(refusals.ACCOUNT_NUMBER_INVALID, param=where, reason=reason)
    if iban.country_code != known.country:
        reason = f"the IBAN is of a bank in {iban.country_code}, not in {known.country}"
        fail(refusals.ACCOUNT_NUMBER_INVALID, param=where, reason=reason)
    return BankNumbers(known.country, currency, str(iban), iban.bank_code or None, iban.bank_name)

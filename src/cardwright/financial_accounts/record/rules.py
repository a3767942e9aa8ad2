"""What may happen to financial accounts: pure decisions, no storage."""

from collections.abc import Iterable
from typing import Any

from cardwright.accounts.record import bank_details
from cardwright.accounts.record.bank_details import BankNumbers
from cardwright.accounts.record.capabilities import EURO_COUNTRIES
from cardwright.accounts.record.model import Account
from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.record.model import (
    AddressAba,
    AddressBankAccount,
    AddressIban,
    AddressSortCode,
    Balance,
    FinancialAccount,
    FinancialAddress,
    Money,
)
from cardwright.financial_accounts.record.movements import MoveOutcome
from cardwright.kernel.money import ISSUING_CURRENCIES, decimal_text
from cardwright.kernel.refusal import Failure, fail
from cardwright.ledger import rules as ledger
from cardwright.ledger.chart import inbound_pending
from cardwright.wire.resource import Country, Currency

# What an account is called that has told no name yet.
NAMELESS = "Account holder"
MANAGER = "money_manager"
INBOUND_TRANSFERS = f"{MANAGER}.inbound_transfers.bank_accounts"
OUTBOUND_TRANSFERS = f"{MANAGER}.outbound_transfers.bank_accounts"
OUTBOUND_TRANSFERS_WITHIN = f"{MANAGER}.outbound_transfers.financial_accounts"
OUTBOUND_PAYMENTS = f"{MANAGER}.outbound_payments.bank_accounts"
OUTBOUND_PAYMENTS_TO_CARDS = f"{MANAGER}.outbound_payments.cards"
OUTBOUND_PAYMENTS_WITHIN = f"{MANAGER}.outbound_payments.financial_accounts"
RECEIVED_CREDITS = f"{MANAGER}.received_credits.bank_accounts"
RECEIVED_DEBITS = f"{MANAGER}.received_debits.bank_accounts"
# Either lets an account have addresses: the second is how earlier versions say it.
ADDRESSES = (RECEIVED_CREDITS, f"{MANAGER}.financial_addresses.bank_accounts")

# The bank of the test environment: no bank has these codes, so that nothing can move real money.
TEST_BANK, TEST_BIC, TEST_BANK_CODE = "Cardwright Test Bank", "CWRTDEF0", "00000000"
TEST_SORT_CODE, TEST_ROUTING_NUMBER = "000000", "110000000"
COUNTRY_OF = {"usd": "US", "gbp": "GB", "eur": "DE"}

# What the test environment does with money that goes to a place whose payouts would fail so.
OUTCOMES: dict[str, tuple[MoveOutcome, str]] = {
    "account_closed": ("returned", "payout_method_closed"),
    "debit_not_authorized": ("failed", "payout_method_declined"),
    "insufficient_funds": ("failed", "payout_method_declined"),
    "invalid_currency": ("returned", "payout_method_currency_unsupported"),
    "no_account": ("failed", "payout_method_does_not_exist"),
}
# The same for money that is pulled in.
DEBIT_FAILURES = {
    "account_closed": "bank_account_closed",
    "debit_not_authorized": "bank_debit_not_authorized",
    "insufficient_funds": "insufficient_funds",
    "invalid_currency": "bank_debit_could_not_be_processed",
    "no_account": "bank_account_not_found",
}
# Why a bank sends money back, with the code that v1 has for it; what is not here is "other".
RETURN_CODES = {
    "payout_method_closed": "account_closed",
    "payout_method_currency_unsupported": "invalid_currency",
    "payout_method_declined": "declined",
    "payout_method_does_not_exist": "no_account",
    "payout_method_holder_name_incorrect": "incorrect_account_holder_name",
    "payout_method_invalid_account_number": "invalid_account_number",
    "payout_method_restricted": "bank_account_restricted",
}
_RETURN_REASONS = {code: reason for reason, code in RETURN_CODES.items()}


def storage_capabilities(currency: str) -> tuple[str, ...]:
    """The capabilities, either of which lets an account keep a currency."""
    return (
        f"{MANAGER}.business_storage.inbound.{currency}",
        f"{MANAGER}.holds_currencies.{currency}",
    )


def check_currencies(currencies: list[Currency], param: str) -> None:
    """Refuse what no financial account can hold."""
    if not currencies:
        fail(refusals.CURRENCIES_MISSING, param=param)
    for index, currency in enumerate(currencies):
        if currency not in ISSUING_CURRENCIES or currency in currencies[:index]:
            supported = ", ".join(sorted(ISSUING_CURRENCIES))
            fail(refusals.CURRENCIES_INVALID, param=param, supported=supported, currency=currency)


def check_open(account: FinancialAccount) -> None:
    """Refuse to move money of an account that is not open."""
    if account.status != "open":
        fail(refusals.FINANCIAL_ACCOUNT_NOT_OPEN, account=account.id, status=account.status)


def check_holds(account: FinancialAccount, currency: str, param: str | None = None) -> None:
    """Refuse a currency that the account does not hold."""
    held = account.storage.holds_currencies
    if currency not in held:
        fail(
            refusals.FINANCIAL_ACCOUNT_CURRENCY,
            param=param,
            account=account.id,
            held=", ".join(held),
            currency=currency,
        )


def check_funds(account_id: str, kept: ledger.Balance, amount_minor: int) -> None:
    """Refuse what the account does not have, in the words of financial accounts."""
    if kept.available_minor < amount_minor:
        fail(
            refusals.FINANCIAL_ACCOUNT_FUNDS,
            account=account_id,
            available=f"{decimal_text(kept.available_minor, kept.currency)} {kept.currency}",
            wanted=f"{decimal_text(amount_minor, kept.currency)} {kept.currency}",
        )


def check_flows(account: FinancialAccount, direction: str) -> None:
    """Refuse what the platform has restricted: ``inbound_flows`` or ``outbound_flows``."""
    if account.treasury is None:
        return
    if getattr(account.treasury.restrictions, direction) == "restricted":
        words = direction.replace("_", " ")
        fail(refusals.FINANCIAL_ACCOUNT_FLOWS_RESTRICTED, flows=words, account=account.id)


def return_reason(code: str) -> str:
    """Why money came back, by the code that a bank (or v1) gives."""
    return _RETURN_REASONS.get(code, "unknown_failure")


def money(amount_minor: int, currency: str) -> Money:
    """An amount of a currency."""
    return Money(value=amount_minor, currency=Currency(currency))


def balance(account: FinancialAccount, kept: Iterable[ledger.Balance]) -> Balance:
    """What an account has, every currency that it holds named."""
    amounts = {(each.book, each.currency): each for each in kept}
    shown = Balance()
    for currency in account.storage.holds_currencies:
        cash = amounts.get((account.id, currency)) or ledger.Balance(account.id, currency)
        coming = amounts.get((inbound_pending(account.id), currency))
        announced = coming.available_minor if coming is not None else 0
        shown.available[currency] = money(cash.available_minor, currency)
        shown.inbound_pending[currency] = money(announced, currency)
        shown.outbound_pending[currency] = money(cash.held_minor, currency)
    return shown


def check_empty(account: FinancialAccount, kept: Iterable[ledger.Balance]) -> None:
    """Refuse to close an account that has money, or money under way."""
    for each in kept:
        if each.available_minor or each.held_minor:
            left = each.available_minor or each.held_minor
            words = f"{decimal_text(left, each.currency)} {each.currency}"
            fail(refusals.NON_ZERO_BALANCE, account=account.id, balance=words)


# Addresses.


def address_country(currency: str, given: str | None, param: str) -> Country:
    """The country of an address in a currency."""
    usual = COUNTRY_OF.get(currency)
    if usual is None:
        supported = ", ".join(sorted(COUNTRY_OF))
        fail(refusals.ADDRESS_CURRENCY_INVALID, param=f"{param}.currency", supported=supported)
    country = given or usual
    fits = country in EURO_COUNTRIES if currency == "eur" else country == usual
    if not fits:
        fail(
            refusals.ADDRESS_COUNTRY_INVALID,
            param=f"{param}.country",
            currency=currency,
            country=country,
        )
    return Country(country)


def bank_numbers(
    *, country: str, currency: str | None, number: str, routing_number: str | None, param: str = ""
) -> BankNumbers:
    """The numbers of a bank account, if there can be one; refusals name the dotted path of v2."""
    try:
        return bank_details.checked(
            country=country,
            currency=currency,
            number=number,
            routing_number=routing_number,
            param=param,
        )
    except Failure as refused:
        path = (refused.param or "").replace("[", ".").replace("]", "").removeprefix(".")
        words: dict[str, Any] = dict(refused.words)
        raise Failure(refused.refusal, param=path, **words) from None


def test_bank_account(address: FinancialAddress, holder: str, digits: str) -> AddressBankAccount:
    """A bank account of the test environment; ``digits`` (ten) tell accounts apart."""
    currency = address.settlement_currency
    if currency == "gbp":
        return bank_account(address, holder, digits[:8], TEST_SORT_CODE, TEST_BANK)
    if currency == "usd":
        return bank_account(address, holder, digits, TEST_ROUTING_NUMBER, TEST_BANK)
    return bank_account(address, holder, test_iban(digits), None, TEST_BANK, TEST_BIC)


def test_iban(digits: str) -> str:
    """A German IBAN of the test bank; the check digits are those of ISO 7064 (97-10)."""
    number = TEST_BANK_CODE + digits
    return f"DE{98 - int(f'{number}131400') % 97:02d}{number}"


def holder_of(owner: Account) -> str:
    """Whose name the bank has for an account: the business's or the person's, as they are
    registered."""
    details, person = owner.identity.business_details, owner.identity.individual
    names = (
        details.registered_name if details is not None else None,
        " ".join(filter(None, (person.given_name, person.surname))) if person is not None else None,
        owner.defaults.profile.doing_business_as if owner.defaults.profile is not None else None,
        owner.display_name,
    )
    return next((name for name in names if name), NAMELESS)


def bank_account(
    address: FinancialAddress,
    holder: str,
    number: str,
    routing_number: str | None,
    bank_name: str,
    bic: str | None = None,
) -> AddressBankAccount:
    """The numbers of an address under the names that its country gives them."""
    currency, last4 = address.settlement_currency, number[-4:]
    made = AddressBankAccount(country=address.country, currency=currency, type="iban")
    if currency == "eur":
        made.country = Country(number[:2])
        made.iban = AddressIban(
            account_holder_name=holder,
            bank_name=bank_name,
            bic=bic or "",
            country=made.country,
            iban=number,
            last4=last4,
        )
    elif currency == "gbp":
        made.type = "sort_code"
        made.sort_code = AddressSortCode(
            account_holder_name=holder,
            account_number=number,
            bic=bic,
            last4=last4,
            sort_code=routing_number or "",
        )
    else:
        made.type = "aba"
        made.aba = AddressAba(
            account_holder_name=holder,
            account_number=number,
            bank_name=bank_name,
            bic=bic,
            last4=last4,
            routing_number=routing_number or "",
        )
    return made

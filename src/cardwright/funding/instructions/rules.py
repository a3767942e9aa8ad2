"""Where money is sent in a currency: pure."""

from cardwright.accounts import refusals as accounts_refusals
from cardwright.funding import refusals
from cardwright.funding.instructions.model import (
    Aba,
    BankTransfer,
    FinancialAddress,
    FundingInstructions,
    Iban,
    KnownAddress,
    NewInstructions,
    OperatorBank,
    SortCode,
    TransferType,
)
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Country, Currency

# How money travels to a bank account in the currency.
TRANSFER_TYPES: dict[str, TransferType] = {
    "eur": "eu_bank_transfer",
    "gbp": "gb_bank_transfer",
    "usd": "us_bank_transfer",
}
GB_DIGITS, US_DIGITS = 8, 12
# So many digits at least tell the accounts of a bank apart.
OWN_DIGITS_LEAST = 4
# No bank has these codes, so no instruction of the test environment can move real money.
HOLDER = "Cardwright test environment"
TEST_BANKS = {
    "eur": OperatorBank(
        account_holder_name=HOLDER,
        bic="CWRTDEF0",
        currency=Currency("eur"),
        iban="DE36000000000000000000",
    ),
    "gbp": OperatorBank(
        account_holder_name=HOLDER,
        account_number="00000000",
        currency=Currency("gbp"),
        routing_number="000000",
    ),
    "usd": OperatorBank(
        account_holder_name=HOLDER,
        account_number="000123456789",
        bank_name=HOLDER,
        currency=Currency("usd"),
        routing_number="110000000",
    ),
}


def check(wanted: NewInstructions) -> None:
    """Refuse a kind of bank transfer that does not move the currency."""
    if wanted.bank_transfer.type != TRANSFER_TYPES[wanted.currency]:
        expected = TRANSFER_TYPES[wanted.currency]
        fail(
            refusals.BANK_TRANSFER_TYPE,
            param="bank_transfer[type]",
            currency=wanted.currency,
            expected=expected,
        )


def check_bank(bank: OperatorBank) -> None:
    """Refuse a bank account of which too much or too little is said for its currency."""
    international = bank.currency == "eur"
    wanted = ("iban", "bic") if international else ("account_number", "routing_number")
    other = ("account_number", "routing_number") if international else ("iban",)
    for name in wanted:
        if getattr(bank, name) is None:
            fail(wire_refusals.PARAMETER_MISSING, param=name)
    for name in other:
        if getattr(bank, name) is not None:
            fail(refusals.BANK_NUMBER_NOT_OF_CURRENCY, param=name, currency=bank.currency)
    if international:
        own_iban(bank)
    elif len(bank.routing_number or "") != (6 if bank.currency == "gbp" else 9):
        fail(
            accounts_refusals.ROUTING_NUMBER_INVALID,
            param="routing_number",
            reason="it has another length",
        )
    if _own_digits(bank) < OWN_DIGITS_LEAST:
        fail(refusals.NUMBER_PREFIX_TOO_LONG, param="number_prefix", least=OWN_DIGITS_LEAST)


def own_iban(bank: OperatorBank) -> str:
    """The IBAN of the operator's bank account; refuses one that is none."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(bank.iban or ""))
    except SchwiftyException as error:
        reason = f"not an IBAN ({str(error).rstrip('.').lower()})"
        fail(accounts_refusals.ACCOUNT_NUMBER_INVALID, param="iban", reason=reason)


def number_of(bank: OperatorBank, digits: str) -> str:
    """A number of the bank that begins with its prefix; ``digits`` tell accounts apart.

    An IBAN in euro, else the account number alone.
    """
    length = _own_digits(bank)
    number = (bank.number_prefix or "") + digits[-length:].zfill(length)
    if bank.currency != "eur":
        return number
    from schwifty import IBAN

    own = IBAN(bank.iban or "")
    made = IBAN.generate(
        own.country_code,
        bank_code=own.bank_code,
        account_code=number,
        branch_code=own.branch_code,
    )
    return str(made)


def _own_digits(bank: OperatorBank) -> int:
    """How many digits of a number follow the prefix."""
    if bank.currency == "eur":
        from schwifty import IBAN

        length = len(IBAN(bank.iban or "").account_code)
    else:
        length = GB_DIGITS if bank.currency == "gbp" else US_DIGITS
    return length - len(bank.number_prefix or "")


def instructions(bank: OperatorBank, number: str, *, livemode: bool) -> FundingInstructions:
    """How money is sent to a number of the bank."""
    country = {"gbp": "GB", "usd": "US"}.get(bank.currency) or number[:2]
    known = KnownAddress(country=Country(country))
    transfer = BankTransfer(
        country=Country(country),
        financial_addresses=[address(bank, number, known)],
        type=TRANSFER_TYPES[bank.currency],
    )
    return FundingInstructions(bank_transfer=transfer, currency=bank.currency, livemode=livemode)


def address(bank: OperatorBank, number: str, known: KnownAddress) -> FinancialAddress:
    """The number as an address of its currency."""
    holder, country = bank.account_holder_name, known.country
    assert country is not None, "a bank is somewhere"
    if bank.currency == "eur":
        iban = Iban(
            account_holder_address=known,
            account_holder_name=holder,
            bank_address=known,
            bic=bank.bic or "",
            country=country,
            iban=number,
        )
        return FinancialAddress(type="iban", iban=iban, supported_networks=["sepa"])
    if bank.currency == "gbp":
        sort_code = SortCode(
            account_holder_address=known,
            account_holder_name=holder,
            account_number=number,
            bank_address=known,
            sort_code=bank.routing_number or "",
        )
        return FinancialAddress(
            type="sort_code", sort_code=sort_code, supported_networks=["fps", "bacs"]
        )
    aba = Aba(
        account_holder_address=known,
        account_holder_name=holder,
        account_number=number,
        account_type="checking",
        bank_address=known,
        bank_name=bank.bank_name or holder,
        routing_number=bank.routing_number or "",
    )
    return FinancialAddress(type="aba", aba=aba, supported_networks=["ach", "us_domestic_wire"])

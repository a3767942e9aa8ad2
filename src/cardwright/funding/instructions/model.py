"""Funding instructions, said once (source: Issuing Funding Instructions API)."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import Country, Currency, Mark, Parameters, Shape

TransferType = Literal["eu_bank_transfer", "gb_bank_transfer", "us_bank_transfer"]


class FundBalance(Parameters):
    """What is put into the Issuing balance of a test account."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]


class KnownAddress(Shape):
    """An address of which little more than the country is known."""

    city: str | None = None
    country: Country | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Iban(Shape):
    """An account number of the euro area."""

    account_holder_address: KnownAddress
    account_holder_name: str
    bank_address: KnownAddress
    bic: str
    country: Country
    iban: str


class SortCode(Shape):
    """An account number of the United Kingdom."""

    account_holder_address: KnownAddress
    account_holder_name: str
    account_number: str
    bank_address: KnownAddress
    sort_code: str


class Aba(Shape):
    """An account number of the United States."""

    account_holder_address: KnownAddress
    account_holder_name: str
    account_number: str
    account_type: str
    bank_address: KnownAddress
    bank_name: str
    routing_number: str


class FinancialAddress(Shape):
    """A bank account to send money to."""

    aba: Aba | UnsetType = UNSET
    iban: Iban | UnsetType = UNSET
    sort_code: SortCode | UnsetType = UNSET
    supported_networks: list[str]
    type: Literal["aba", "iban", "sort_code"]


class BankTransfer(Shape):
    """How money is sent by bank transfer."""

    country: Country
    financial_addresses: list[FinancialAddress]
    type: TransferType


class FundingInstructions(Shape, tag_field="object", tag="funding_instructions"):
    """How an account funds its Issuing balance; the same for an account and currency."""

    bank_transfer: BankTransfer
    currency: Currency
    funding_type: Literal["bank_transfer"] = "bank_transfer"
    livemode: bool


class BankTransferKind(Shape):
    """Of which kind the bank transfer is."""

    type: Annotated[TransferType, Mark(need="c")]


class NewInstructions(Parameters):
    """``POST /v1/issuing/funding_instructions``."""

    bank_transfer: Annotated[BankTransferKind, Mark(need="c")]
    currency: Annotated[Currency, Mark(need="c")]
    funding_type: Annotated[Literal["bank_transfer"], Mark(need="c")]


class OperatorBank(Parameters):
    """The operator's bank account for a currency, and how the bank numbers those it lends out.

    In euro it is known by its ``iban``; elsewhere by ``account_number`` and ``routing_number``
    (in the United Kingdom the sort code). Accounts of the live environment are told to send money
    to numbers of the same bank that begin with ``number_prefix``.
    """

    account_holder_name: Annotated[str, Mark(need="c", longest=70)]
    account_number: Annotated[str | None, Mark(pattern="[0-9]{4,17}")] = None
    bank_name: Annotated[str | None, Mark(longest=70)] = None
    bic: Annotated[str | None, Mark(pattern="[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")] = None
    currency: Annotated[Currency, Mark(need="c")]
    iban: Annotated[str | None, Mark(longest=42)] = None
    number_prefix: Annotated[str | None, Mark(pattern="[0-9]{1,10}")] = None
    routing_number: Annotated[str | None, Mark(pattern="[0-9]{6}|[0-9]{9}")] = None

"""What funding shows, said once (source: Balance, Top-ups and Funding Instructions APIs)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.ledger.chart import REPORTING_CATEGORIES
from cardwright.wire.resource import (
    Country,
    Currency,
    Mark,
    Metadata,
    Parameters,
    Resource,
    Shape,
    Timestamp,
)

# The balance that money comes into; without one it is the payments balance.
Destination = Literal["issuing", "payments"]


class SourceTypes(Shape):
    """Where the money of an amount came from."""

    card: int = 0


class Amount(Shape):
    """An amount in minor units of its currency."""

    amount: int
    currency: Currency
    source_types: SourceTypes | UnsetType = UNSET


class IssuingBalance(Shape):
    """What cards can spend; holds are already taken off."""

    available: list[Amount]


class PrefundingBalance(Shape):
    """What is set aside for refunds and disputes."""

    available: list[Amount]
    pending: list[Amount]


class Balance(Shape, tag_field="object", tag="balance"):
    """What an account has, by bucket and currency."""

    available: list[Amount]
    connect_reserved: list[Amount] | UnsetType = UNSET
    instant_available: list[Amount]
    issuing: IssuingBalance
    livemode: bool
    pending: list[Amount]
    refund_and_dispute_prefunding: PrefundingBalance


class Topup(Resource, tag="topup"):
    """Money that an account brings in from its own bank."""

    prefix: ClassVar[str] = "tu_"
    table: ClassVar[str] = "topups"

    amount: Annotated[int, Mark("cl", need="c", low=1, high=AMOUNT_MINOR_MAX, column=True)]
    balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("c", need="c", column=True)]
    description: Annotated[str | None, Mark("cu")] = None
    destination_balance: Annotated[Destination | None, Mark("c")] = None
    expected_availability_date: Timestamp | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    source: str | None = None
    statement_descriptor: Annotated[
        str | None, Mark("c", longest=15, pattern=r"[^<>\\'\"*\x00-\x1f]+")
    ] = None
    status: Annotated[
        Literal["pending", "succeeded", "failed", "canceled", "reversed"], Mark("l", column=True)
    ] = "pending"
    transfer_group: Annotated[str | None, Mark("c")] = None


class TransactionFilters(Parameters):
    """Which balance transactions a list shows."""

    created: Timestamp | None = None
    currency: Currency | None = None
    payout: str | None = None
    source: str | None = None
    type: Annotated[str | None, Mark(choices=frozenset(REPORTING_CATEGORIES))] = None


class FundBalance(Parameters):
    """What is put into the Issuing balance of a test account."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]


class Place(Shape):
    """An address of which little more than the country is known."""

    city: str | None = None
    country: Country | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Iban(Shape):
    """An account number of the euro area."""

    account_holder_address: Place
    account_holder_name: str
    bank_address: Place
    bic: str
    country: Country
    iban: str


class SortCode(Shape):
    """An account number of the United Kingdom."""

    account_holder_address: Place
    account_holder_name: str
    account_number: str
    bank_address: Place
    sort_code: str


class Aba(Shape):
    """An account number of the United States."""

    account_holder_address: Place
    account_holder_name: str
    account_number: str
    account_type: str
    bank_address: Place
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
    type: Literal["eu_bank_transfer", "gb_bank_transfer", "us_bank_transfer"]


class FundingInstructions(Shape, tag_field="object", tag="funding_instructions"):
    """How an account funds its Issuing balance; the same for an account and currency."""

    bank_transfer: BankTransfer
    currency: Currency
    funding_type: Literal["bank_transfer"] = "bank_transfer"
    livemode: bool

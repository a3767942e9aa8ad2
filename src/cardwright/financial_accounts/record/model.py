"""Financial accounts, their addresses and what moves money, each said once in the words of v2
(source: Money Management API). Members that only v1 shows are hidden here; the tables in ``views``
make the v1 face of the same record.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import Country, Currency, Mark, Metadata, Moment, Resource, Shape

MONEY = "v2.money_management"

AccountStatus = Literal["closed", "open", "pending"]
AddressStatus = Literal["active", "archived", "failed", "pending"]
CreditStatus = Literal["failed", "pending", "returned", "succeeded"]
DebitStatus = Literal["canceled", "failed", "pending", "returned", "succeeded"]
OutboundStatus = Literal["canceled", "failed", "posted", "processing", "returned"]
FlowType = Literal[
    "adjustment",
    "inbound_transfer",
    "issuing_authorization",
    "issuing_transaction",
    "outbound_payment",
    "outbound_transfer",
    "received_credit",
    "received_debit",
    "treasury_credit_reversal",
    "treasury_debit_reversal",
]


class Money(Shape):
    """An amount in minor units of its currency."""

    currency: Annotated[Currency, Mark(need="c")]
    value: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]


class Balance(Shape):
    """What a financial account has, by currency; pending amounts are not negative."""

    available: dict[str, Money] = field(default_factory=dict)
    inbound_pending: dict[str, Money] = field(default_factory=dict)
    outbound_pending: dict[str, Money] = field(default_factory=dict)


class Storage(Shape):
    """What an account of type storage keeps."""

    funds_usage_type: Literal["business", "consumer"] | None = None
    holds_currencies: Annotated[list[Currency], Mark(need="c")]


class ForwardingSettings(Shape):
    """Where money goes that still comes in after the account was closed."""

    payment_method: Annotated[str | None, Mark(longest=255)] = None
    payout_method: Annotated[str | None, Mark(longest=255)] = None
    skip_exportable_balances: bool | None = None


class Closed(Shape):
    """Why an account is closed."""

    forwarding_settings: ForwardingSettings | None = None
    reason: Literal["account_closed", "closed_by_platform", "other"]


class AccountStatusDetails(Shape):
    """What more there is to say of the status."""

    closed: Closed | None = None


class Restrictions(Shape):
    """What the platform forbids a treasury account."""

    inbound_flows: Literal["restricted", "unrestricted"] = "unrestricted"
    outbound_flows: Literal["restricted", "unrestricted"] = "unrestricted"


class TreasuryFace(Shape):
    """What only v1 knows of a financial account; ``features`` are the requested ones."""

    features: Annotated[list[str], Mark("")] = field(default_factory=list)
    nickname: Annotated[str | None, Mark(longest=200)] = None
    restrictions: Annotated[Restrictions, Mark("")] = field(default_factory=Restrictions)


class FinancialAccount(Resource, tag=f"{MONEY}.financial_account"):
    """Money that an account keeps. The balance is filled in from the ledger when it is shown."""

    prefix: ClassVar[str] = "fa_"
    table: ClassVar[str] = "financial_accounts"

    balance: Balance = field(default_factory=Balance)
    country: Country
    created: Annotated[Moment, Mark("", column=True)]
    display_name: Annotated[str | None, Mark("cu", longest=200)] = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    status: Annotated[AccountStatus, Mark("", column=True)] = "pending"
    status_details: AccountStatusDetails | None = None
    storage: Annotated[Storage, Mark("c")]
    type: Annotated[Literal["storage"], Mark("", column=True)] = "storage"
    is_treasury: Annotated[bool, Mark(column=True, hidden=True)] = False
    # Whether cards may spend it.
    spendable: Annotated[bool, Mark(column=True, hidden=True)] = False
    treasury: Annotated[TreasuryFace | None, Mark("cu", hidden=True)] = None


class AddressAba(Shape):
    """A bank account number of the United States."""

    account_holder_name: str
    account_number: str
    bank_name: str
    bic: str | None = None
    last4: str
    routing_number: str


class AddressIban(Shape):
    """A bank account number of the euro area."""

    account_holder_name: str
    bank_name: str
    bic: str
    country: Country
    iban: str
    last4: str


class AddressSortCode(Shape):
    """A bank account number of the United Kingdom."""

    account_holder_name: str
    account_number: str
    bic: str | None = None
    last4: str
    sort_code: str


class AddressBankAccount(Shape):
    """A bank account that money is sent to."""

    aba: AddressAba | UnsetType = UNSET
    country: Country
    currency: Currency
    iban: AddressIban | UnsetType = UNSET
    sort_code: AddressSortCode | UnsetType = UNSET
    type: Literal["aba", "iban", "sort_code"]


class FinancialAddress(Resource, tag=f"{MONEY}.financial_address"):
    """Where money for a financial account is sent."""

    prefix: ClassVar[str] = "finaddr_"
    table: ClassVar[str] = "financial_addresses"

    bank_account: AddressBankAccount | None = None
    created: Annotated[Moment, Mark("", column=True)]
    financial_account: Annotated[str, Mark("", column=True)]
    livemode: bool
    settlement_currency: Currency
    status: Annotated[AddressStatus, Mark("", column=True)] = "pending"
    type: Literal["bank_account"] = "bank_account"
    # What was asked for; the numbers follow when it is activated.
    country: Annotated[Country, Mark(hidden=True)]


# What comes in.


class BalanceTransfer(Shape):
    """Where money came from that stayed within the platform."""

    from_account: str | None = None
    outbound_payment: str | None = None
    outbound_transfer: str | None = None
    type: Literal["outbound_payment", "outbound_transfer"]


class Originator(Shape):
    """The bank account at the other end, as far as it is known."""

    account_holder_name: str | None = None
    bank_name: str | None = None
    bic: str | None = None
    country: Country | None = None
    iban: str | None = None
    last4: str | None = None
    network: str
    routing_number: str | None = None
    sort_code: str | None = None


class OriginatingBankAccount(Shape):
    """The same, under the name of its kind of number."""

    aba: Originator | UnsetType = UNSET
    iban: Originator | UnsetType = UNSET
    sort_code: Originator | UnsetType = UNSET
    type: Literal["aba", "iban", "sort_code"]


class BankTransfer(Shape):
    """A credit that came by bank transfer."""

    financial_address: str | None = None
    originating_bank_account: OriginatingBankAccount
    statement_descriptor: str | None = None


class CardRefund(Shape):
    """The card transaction that gave money back."""

    issuing_transaction_v1: str


class CreditCardSpend(Shape):
    """A credit that came from a card."""

    card_v1_id: str
    refund: CardRefund | None = None


class Reason(Shape):
    """Why something failed or came back."""

    reason: str


class StatusDetails(Shape):
    """What more there is to say of a status."""

    failed: Reason | UnsetType = UNSET
    returned: Reason | UnsetType = UNSET


class StatusTransitions(Shape):
    """When a status was reached."""

    canceled_at: Moment | None = None
    failed_at: Moment | None = None
    posted_at: Moment | None = None
    returned_at: Moment | None = None
    succeeded_at: Moment | None = None


class ReceivedCredit(Resource, tag=f"{MONEY}.received_credit"):
    """Money that came into a financial account without its owner asking for it."""

    prefix: ClassVar[str] = "rc_"
    table: ClassVar[str] = "received_credits"

    amount: Money
    amount_received: Money
    balance_transfer: BalanceTransfer | UnsetType = UNSET
    bank_transfer: BankTransfer | UnsetType = UNSET
    card_spend: CreditCardSpend | UnsetType = UNSET
    created: Annotated[Moment, Mark("", column=True)]
    description: str | None = None
    external_amount: Money | None = None
    financial_account: Annotated[str, Mark("", column=True)]
    livemode: bool
    receipt_url: str | None = None
    status: Annotated[CreditStatus, Mark("", column=True)]
    status_details: StatusDetails | None = None
    status_transitions: StatusTransitions = field(default_factory=StatusTransitions)
    type: Annotated[Literal["balance_transfer", "bank_transfer", "card_spend"], Mark(column=True)]
    # The authorization of a card's credit, and the reversal that took it back, for v1.
    authorization: Annotated[str | None, Mark(hidden=True)] = None
    reversal: Annotated[str | None, Mark(hidden=True)] = None


class CardAuthorization(Shape):
    """The authorization that a card's debit belongs to."""

    amount: Money
    issuing_authorization_v1: str


class CardTransaction(Shape):
    """A card transaction, with what it took."""

    amount: Money
    issuing_transaction_v1: str


class DebitCardSpend(Shape):
    """A debit that a card caused."""

    authorization: CardAuthorization | None = None
    card_transactions: list[CardTransaction]
    card_v1_id: str


class DebitBankAccount(Shape):
    """The bank account that took the money."""

    account_holder_name: str | None = None
    bank_name: str | None = None
    last4: str | None = None
    network: str
    routing_number: str | None = None
    sort_code: str | None = None


class DebitBankTransfer(Shape):
    """A debit that another bank asked for."""

    financial_address: str | None = None
    gb_bank_account: DebitBankAccount | UnsetType = UNSET
    origin_type: Literal["gb_bank_account", "us_bank_account"]
    payment_method_type: Literal["gb_bank_account", "us_bank_account"]
    statement_descriptor: str | None = None
    us_bank_account: DebitBankAccount | UnsetType = UNSET


class ReceivedDebit(Resource, tag=f"{MONEY}.received_debit"):
    """Money that was taken from a financial account."""

    prefix: ClassVar[str] = "rd_"
    table: ClassVar[str] = "received_debits"

    amount: Money
    bank_transfer: DebitBankTransfer | UnsetType = UNSET
    card_spend: DebitCardSpend | UnsetType = UNSET
    created: Annotated[Moment, Mark("", column=True)]
    description: str | None = None
    external_amount: Money | None = None
    financial_account: Annotated[str, Mark("", column=True)]
    livemode: bool
    receipt_url: str | None = None
    status: Annotated[DebitStatus, Mark("", column=True)]
    status_details: StatusDetails | None = None
    status_transitions: StatusTransitions = field(default_factory=StatusTransitions)
    type: Annotated[Literal["bank_transfer", "card_spend"], Mark(column=True)]
    reversal: Annotated[str | None, Mark(hidden=True)] = None

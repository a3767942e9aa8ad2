"""What the operations of money management (v2) take."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, cast

from msgspec import field

from cardwright.financial_accounts.record.model import (
    AccountStatus,
    FinancialAccount,
    ForwardingSettings,
    Money,
    OutboundStatus,
    Storage,
)
from cardwright.financial_accounts.record.movements import (
    BankAccountType,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
    Usage,
)
from cardwright.wire.faces.parameter_shapes import takes_of
from cardwright.wire.resource import (
    Country,
    Currency,
    KeywordOnly,
    Mark,
    Metadata,
    Parameters,
    Sealed,
    Shape,
)

Network = Literal[
    "ach",
    "becs",
    "eft",
    "fedwire",
    "fps",
    "npp",
    "rtp",
    "sepa",
    "sepa_credit",
    "sepa_instant",
    "swift",
]


class CreatedBounds(Shape):
    """Instants (RFC 3339) that a list is bounded by."""

    gt: Annotated[str | None, Mark(longest=40)] = None
    gte: Annotated[str | None, Mark(longest=40)] = None
    lt: Annotated[str | None, Mark(longest=40)] = None
    lte: Annotated[str | None, Mark(longest=40)] = None


@takes_of(FinancialAccount, "c")
class NewFinancialAccount(Parameters):
    """``POST /v2/money_management/financial_accounts``."""

    savings: Storage | None = None
    storage: Storage | None = None
    type: Annotated[Literal["credit", "savings", "storage"], Mark(need="c")]


class ChangedStorage(Shape):
    """What of a storage can change."""

    holds_currencies: list[Currency] | None = None


@takes_of(FinancialAccount, "u")
class ChangedFinancialAccount(Parameters):
    """``POST /v2/money_management/financial_accounts/:id``."""

    forwarding_settings: ForwardingSettings | None = None
    storage: ChangedStorage | None = None


class ClosedFinancialAccount(Parameters):
    """``POST /v2/money_management/financial_accounts/:id/close``."""

    forwarding_settings: ForwardingSettings | None = None


class FinancialAccountList(Parameters):
    """Filters of financial accounts."""

    statuses: list[AccountStatus] = field(default_factory=list)
    types: list[Literal["credit", "payments", "savings", "storage"]] = field(default_factory=list)


class NewBankAccount(Shape):
    """Where the bank account of an address is to be."""

    country: Country | None = None
    currency: Annotated[Currency, Mark(need="c")]


class NewFinancialAddress(Parameters):
    """``POST /v2/money_management/financial_addresses``."""

    bank_account: Annotated[NewBankAccount | None, Mark(need="c")]
    financial_account: Annotated[str, Mark(need="c", longest=255)]
    settlement_currency: Currency | None = None
    type: Annotated[Literal["bank_account"], Mark(need="c")]


class FinancialAddressList(Parameters):
    """Filters of addresses."""

    financial_account: Annotated[str | None, Mark(longest=255)] = None


class Simulated(Parameters):
    """What another bank would say of money."""

    amount: Annotated[Money, Mark(need="c")]
    statement_descriptor: Annotated[str | None, Mark(longest=200)] = None


class SimulatedCredit(Simulated):
    """``.../test_helpers/financial_addresses/:id/credit``."""

    network: Annotated[
        Literal["ach", "chaps", "fps", "rtp", "sepa_credit_transfer", "swift", "wire"],
        Mark(need="c"),
    ]


class SimulatedDebit(Simulated):
    """``.../test_helpers/financial_addresses/:id/debit``."""

    network: Annotated[Literal["ach", "bacs"], Mark(need="c")]


class ReceivedDebitList(Parameters):
    """Filters of received debits."""

    received_debit_mandate: Annotated[str | None, Mark(longest=255)] = None


class CreatedList(Parameters):
    """A list that is bounded in time."""

    created: CreatedBounds | None = None


class FlowList(CreatedList):
    """Filters of adjustments."""

    adjusted_flow: Annotated[str | None, Mark(longest=255)] = None


class TransactionList(CreatedList):
    """Filters of transactions."""

    financial_account: Annotated[str | None, Mark(longest=255)] = None
    flow: Annotated[str | None, Mark(longest=255)] = None


class EntryList(CreatedList):
    """Filters of transaction entries."""

    transaction: Annotated[str | None, Mark(longest=255)] = None


class ChangedTransaction(Parameters):
    """``POST /v2/money_management/transactions/:id``."""

    description: Annotated[str | None, Mark(longest=500)] = None
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)


class CreatedAt(CreatedBounds):
    """The same, or one instant."""

    at: Annotated[str | None, Mark(longest=40)] = None


class OutboundList(Parameters):
    """Filters of what goes out; previews name the bounds of time in one word here."""

    created: Annotated[CreatedAt | None, Mark(shorthand="at")] = None
    created_gt: Annotated[str | None, Mark(longest=40)] = None
    created_gte: Annotated[str | None, Mark(longest=40)] = None
    created_lt: Annotated[str | None, Mark(longest=40)] = None
    created_lte: Annotated[str | None, Mark(longest=40)] = None
    status: list[OutboundStatus] = field(default_factory=list)


class OutboundPaymentList(OutboundList):
    """The same, and who was paid."""

    recipient: Annotated[str | None, Mark(longest=255)] = None


class AchOptions(Shape):
    """What is said to the American clearing house."""

    addenda: Annotated[str | None, Mark(longest=80)] = None
    submission: Literal["next_day", "same_day"] | None = None
    transaction_purpose: Literal["payroll"] | None = None


class NetworkOptions(Shape):
    """What is said to a network."""

    ach: AchOptions | None = None


class MethodBankAccountOptions(Shape):
    """How money should travel to a bank account."""

    preferred_network_options: NetworkOptions | None = None
    preferred_networks: list[Network] = field(default_factory=list)


class MethodOptions(Shape):
    """How money should travel."""

    bank_account: MethodBankAccountOptions | None = None


class Source(Shape):
    """The account that pays."""

    currency: Annotated[Currency, Mark(need="c")]
    financial_account: Annotated[str, Mark(need="c", longest=255)]


class Destination(Shape):
    """Where the money goes."""

    currency: Currency | None = None
    payout_method: Annotated[str, Mark(need="c", longest=255)]
    payout_method_options: MethodOptions | None = None


class RecipientDestination(Shape):
    """Who is paid, and where."""

    currency: Currency | None = None
    payout_method: Annotated[str | None, Mark(longest=255)] = None
    payout_method_options: MethodOptions | None = None
    recipient: Annotated[str, Mark(need="c", longest=255)]


@takes_of(OutboundTransfer, "c")
class _OutboundTransfer(Parameters):
    """``POST /v2/money_management/outbound_transfers``."""

    to: Annotated[Destination, Mark(need="c")]


@takes_of(OutboundPayment, "c")
class _OutboundPayment(Parameters):
    """``POST /v2/money_management/outbound_payments``."""

    to: Annotated[RecipientDestination, Mark(need="c")]


class PullSource(Shape):
    """The bank account that is debited."""

    currency: Currency | None = None
    payment_method: Annotated[str, Mark(need="c", longest=255)]


class PullDestination(Shape):
    """Where the money arrives."""

    currency: Annotated[Currency, Mark(need="c")]
    financial_account: Annotated[str, Mark(need="c", longest=255)]


@takes_of(InboundTransfer, "c")
class _InboundTransfer(Parameters):
    """``POST /v2/money_management/inbound_transfers``."""

    to: Annotated[PullDestination, Mark(need="c")]


def _with_source(base: type[Parameters], source: type[Shape]) -> Any:
    """The shape with the member that Python has no name for."""
    namespace = {
        "__module__": __name__,
        "__doc__": base.__doc__,
        "__annotations__": {"from": Annotated[source, Mark(need="c")]},
    }
    return cast("Any", KeywordOnly(base.__name__.removeprefix("_"), (base,), namespace))


if TYPE_CHECKING:
    NewOutboundTransfer: TypeAlias = _OutboundTransfer
    NewOutboundPayment: TypeAlias = _OutboundPayment
    NewInboundTransfer: TypeAlias = _InboundTransfer
else:
    NewOutboundTransfer = _with_source(_OutboundTransfer, Source)
    NewOutboundPayment = _with_source(_OutboundPayment, Source)
    NewInboundTransfer = _with_source(_InboundTransfer, PullSource)


class UsageFilter(Shape):
    """Which uses a payout method allows."""

    payments: list[Usage] = field(default_factory=list)
    transfers: list[Usage] = field(default_factory=list)


class PayoutMethodList(Parameters):
    """Filters of payout methods."""

    usage_status: UsageFilter | None = None


class NewMethodBankAccount(Shape):
    """A bank account that money shall go to."""

    account_number: Annotated[Sealed, Mark(need="c", longest=50)]
    bank_account_type: BankAccountType | None = None
    branch_number: Annotated[str | None, Mark(longest=30)] = None
    country: Annotated[Country, Mark(need="c")]
    currency: Annotated[Currency, Mark(need="c")]
    routing_number: Annotated[str | None, Mark(longest=30)] = None
    swift_code: Annotated[str | None, Mark(longest=11)] = None


class NewMethodCard(Shape):
    """A card that money shall go to."""

    currency: Annotated[Currency, Mark(need="c")]
    exp_month: Annotated[str, Mark(need="c", pattern="0?[1-9]|1[0-2]")]
    exp_year: Annotated[str, Mark(need="c", pattern="20[0-9]{2}")]
    number: Annotated[Sealed, Mark(need="c", longest=30)]


class PayoutMethodData(Shape):
    """A place that money shall go to."""

    bank_account: NewMethodBankAccount | None = None
    card: NewMethodCard | None = None
    type: Annotated[Literal["bank_account", "card"], Mark(need="c")]


class NewSetupIntent(Parameters):
    """``POST /v2/money_management/outbound_setup_intents``."""

    payout_method: Annotated[str | None, Mark(longest=255)] = None
    payout_method_data: PayoutMethodData | None = None
    usage_intent: Annotated[Literal["payment", "transfer"], Mark("c")] = "payment"


class ChangedSetupIntent(Parameters):
    """``POST /v2/money_management/outbound_setup_intents/:id``."""

    payout_method: Annotated[str | None, Mark(longest=255)] = None
    payout_method_data: PayoutMethodData | None = None


class NewGbBankAccount(Parameters):
    """``POST /v2/core/vault/gb_bank_accounts``."""

    account_number: Annotated[Sealed | None, Mark(longest=50)] = None
    bank_account_type: BankAccountType | None = None
    currency: Currency | None = None
    iban: Annotated[Sealed | None, Mark(longest=50)] = None
    sort_code: Annotated[str | None, Mark(longest=8)] = None


class NewUsBankAccount(Parameters):
    """``POST /v2/core/vault/us_bank_accounts``."""

    account_number: Annotated[Sealed, Mark(need="c", longest=50)]
    bank_account_type: Literal["checking", "savings"] | None = None
    currency: Currency | None = None
    routing_number: Annotated[str | None, Mark(longest=9)] = None

"""Money that the owner of a financial account moves: out to others, out to and in from own bank
accounts, and back; with the places it can go to. Each said once, in the words of v2."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.financial_accounts.record.model import (
    MONEY,
    Money,
    OutboundStatus,
    StatusDetails,
    StatusTransitions,
)
from cardwright.wire.resource import Country, Currency, Mark, Metadata, Moment, Resource, Shape

BankAccountType = Literal["checking", "futsu", "savings", "toza"]
Usage = Literal["disabled", "eligible", "ineligible", "invalid", "requires_action"]
# What happens to money that goes to one of the numbers of the test environment.
MoveOutcome = Literal["canceled", "failed", "posted", "returned"]
# What statements show of money that is sent where nothing else was said.
DESCRIPTOR = "Cardwright"


class PayoutBankAccount(Shape):
    """A bank account that money can go to."""

    bank_account_type: BankAccountType = "checking"
    bank_name: str
    branch_number: str | None = None
    country: Country
    enabled_delivery_schemes: list[str]
    last4: str
    routing_number: str | None = None
    supported_currencies: list[Currency]
    swift_code: str | None = None


class PayoutCard(Shape):
    """A card that money can go to."""

    exp_month: str
    exp_year: str
    fingerprint: str
    last4: str
    supported_currencies: list[Currency]


class UsageStatus(Shape):
    """What the method may be used for: payments to its owner as a recipient, transfers to the
    owner's own account."""

    payments: Usage = "ineligible"
    transfers: Usage = "ineligible"


class PayoutMethod(Resource, tag=f"{MONEY}.payout_method"):
    """A place that money can go to. Its number is in the vault (``account_number``)."""

    table: ClassVar[str] = "payout_methods"

    alternative_reference: Metadata | None = None
    archived: Annotated[bool, Mark("", column=True)] = False
    available_payout_speeds: list[Literal["instant", "standard"]] = field(
        default_factory=lambda: ["standard"]
    )
    bank_account: PayoutBankAccount | UnsetType = UNSET
    card: PayoutCard | UnsetType = UNSET
    created: Annotated[Moment, Mark("", column=True)]
    latest_outbound_setup_intent: str | None = None
    livemode: bool
    restricted: bool = False
    type: Literal["bank_account", "card"]
    usage_status: UsageStatus = field(default_factory=UsageStatus)
    # The kind that the vault of v2 shows: gb_bank_account, us_bank_account or neither.
    vault_type: Annotated[str | None, Mark(column=True, hidden=True)] = None
    # Which owner it has in v1, and what the test environment does with money sent to it.
    holder_name: Annotated[str | None, Mark(hidden=True)] = None
    fingerprint: Annotated[str, Mark(hidden=True)] = ""
    outcome: Annotated[MoveOutcome, Mark(hidden=True)] = "posted"
    outcome_reason: Annotated[str | None, Mark(hidden=True)] = None

    @property
    def currencies(self) -> list[Currency]:
        """What it can receive."""
        place = self.card if self.bank_account is UNSET else self.bank_account
        return [] if place is UNSET else place.supported_currencies


class OutboundSetupIntent(Resource, tag=f"{MONEY}.outbound_setup_intent"):
    """How a payout method was added."""

    prefix: ClassVar[str] = "osi_"
    table: ClassVar[str] = "outbound_setup_intents"

    created: Annotated[Moment, Mark("", column=True)]
    livemode: bool
    next_action: dict[str, Any] | None = None
    payout_method: str | None = None
    status: Annotated[
        Literal["canceled", "requires_action", "requires_payout_method", "succeeded"],
        Mark("", column=True),
    ]
    usage_intent: Literal["payment", "transfer"] = "payment"


# Out.


class OutboundFrom(Shape):
    """The account that pays."""

    debited: Money
    financial_account: str


class OutboundTo(Shape):
    """Who is paid and where: a payout method or a financial account."""

    credited: Money
    payout_method: str | None
    payout_method_options: dict[str, Any] | None = None
    recipient: str | UnsetType = UNSET


class DeliveryOptions(Shape):
    """How the money travels."""

    bank_account: Literal["automatic", "local", "wire"] | None = None
    speed: Literal["instant", "next_business_day", "standard"] | None = None


class TraceId(Shape):
    """What the receiving bank knows the payment by."""

    status: Literal["pending", "supported", "unsupported"] = "pending"
    value: str | None = None


class TreasuryDestination(Shape):
    """What only v1 knows of where money goes."""

    account_holder_type: str | None = None
    account_type: str | None = None
    bank_name: str | None = None
    billing_details: dict[str, Any] = field(default_factory=dict)
    last4: str | None = None
    network: str = "ach"
    routing_number: str | None = None


class TreasuryOutbound(Shape):
    """What only v1 knows of money that goes out."""

    customer: Annotated[str | None, Mark(longest=255)] = None
    destination: Annotated[TreasuryDestination, Mark("")] = field(
        default_factory=TreasuryDestination
    )
    end_user_details: dict[str, Any] | None = None
    returned_transaction: Annotated[str | None, Mark("")] = None
    tracking_details: Annotated[dict[str, Any] | None, Mark("")] = None


class OutboundMembers(Resource):
    """What transfers and payments have in common."""

    amount: Annotated[Money, Mark("c", need="c")]
    cancelable: bool = True
    created: Annotated[Moment, Mark("", column=True)]
    delivery_options: Annotated[DeliveryOptions | None, Mark("c")] = None
    description: Annotated[str | None, Mark("c", longest=500)] = None
    expected_arrival_date: Moment | None = None
    from_: OutboundFrom = field(name="from")
    livemode: bool
    metadata: Annotated[Metadata, Mark("c")] = field(default_factory=dict)
    receipt_url: str | None = None
    recipient_verification: str | None = None
    statement_descriptor: Annotated[str, Mark("c", longest=22)] = DESCRIPTOR
    status: Annotated[OutboundStatus, Mark("", column=True)] = "processing"
    status_details: StatusDetails | None = None
    status_transitions: StatusTransitions = field(default_factory=StatusTransitions)
    to: OutboundTo
    trace_id: TraceId = field(default_factory=TraceId)
    financial_account: Annotated[str, Mark(column=True, hidden=True)]
    outcome: Annotated[MoveOutcome, Mark(hidden=True)] = "posted"
    outcome_reason: Annotated[str | None, Mark(hidden=True)] = None
    # The file that took it to the bank.
    payment_file: Annotated[str | None, Mark(column=True, hidden=True)] = None
    # The received credit at the other end, when that is a financial account too.
    received_credit: Annotated[str | None, Mark(hidden=True)] = None
    treasury: Annotated[TreasuryOutbound | None, Mark("c", hidden=True)] = None


class OutboundTransfer(OutboundMembers, tag=f"{MONEY}.outbound_transfer"):
    """Money to the owner's own bank account or other financial account."""

    prefix: ClassVar[str] = "obt_"
    table: ClassVar[str] = "outbound_transfers"


class RecipientNotification(Shape):
    """Whether the recipient is told."""

    setting: Literal["configured", "none"] = "configured"


class OutboundPayment(OutboundMembers, tag=f"{MONEY}.outbound_payment"):
    """Money to somebody else."""

    prefix: ClassVar[str] = "obp_"
    table: ClassVar[str] = "outbound_payments"

    outbound_payment_quote: str | None = None
    payout_intent: str | None = None
    purpose: Annotated[Literal["payroll"] | None, Mark("c")] = None
    recipient: Annotated[str | None, Mark(column=True, hidden=True)] = None
    recipient_notification: Annotated[RecipientNotification, Mark("c")] = field(
        default_factory=RecipientNotification
    )
    tracking_details: dict[str, Any] | None = None


# In.


class InboundPaymentMethod(Shape):
    """The bank account that is debited."""

    type: str
    bacs_debit: str | UnsetType = UNSET
    us_bank_account: str | UnsetType = UNSET


class InboundFrom(Shape):
    """Where the money is pulled from."""

    debited: Money
    payment_method: InboundPaymentMethod


class InboundTo(Shape):
    """Where the money arrives."""

    credited: Money
    financial_account: str


HistoryType = Literal[
    "bank_debit_failed",
    "bank_debit_processing",
    "bank_debit_queued",
    "bank_debit_returned",
    "bank_debit_succeeded",
]


class HistoryEntry(Shape):
    """One step of a debit."""

    bank_debit_failed: Metadata | UnsetType = UNSET
    bank_debit_processing: Metadata | UnsetType = UNSET
    bank_debit_queued: Metadata | UnsetType = UNSET
    bank_debit_returned: Metadata | UnsetType = UNSET
    bank_debit_succeeded: Metadata | UnsetType = UNSET
    created: Moment
    effective_at: Moment
    id: str
    type: HistoryType


class TreasuryInbound(Shape):
    """What only v1 knows of money that is pulled in."""

    origin: TreasuryDestination = field(default_factory=TreasuryDestination)
    returned_transaction: str | None = None


class InboundTransfer(Resource, tag=f"{MONEY}.inbound_transfer"):
    """Money that is pulled from the owner's own bank account."""

    prefix: ClassVar[str] = "ibt_"
    table: ClassVar[str] = "inbound_transfers"

    amount: Annotated[Money, Mark("c", need="c")]
    created: Annotated[Moment, Mark("", column=True)]
    description: Annotated[str, Mark("c", longest=500)] = ""
    from_: InboundFrom = field(name="from")
    livemode: bool
    receipt_url: str | None = None
    statement_descriptor: Annotated[str | None, Mark("c", longest=22)] = None
    to: InboundTo
    transfer_history: list[HistoryEntry] = field(default_factory=list)
    financial_account: Annotated[str, Mark(column=True, hidden=True)]
    metadata: Annotated[Metadata, Mark("c", hidden=True)] = field(default_factory=dict)
    outcome: Annotated[MoveOutcome, Mark(hidden=True)] = "posted"
    outcome_reason: Annotated[str | None, Mark(hidden=True)] = None
    payment_method: Annotated[str, Mark(hidden=True)]
    returned: Annotated[bool, Mark(hidden=True)] = False
    status: Annotated[
        Literal["canceled", "failed", "processing", "succeeded"], Mark(column=True, hidden=True)
    ] = "processing"
    status_transitions: Annotated[StatusTransitions, Mark(hidden=True)] = field(
        default_factory=StatusTransitions
    )
    treasury: Annotated[TreasuryInbound | None, Mark(hidden=True)] = None


# Back.


class CreditReversal(Resource, tag="treasury.credit_reversal"):
    """A received credit, sent back. It exists in v1 only."""

    prefix: ClassVar[str] = "credrev_"
    table: ClassVar[str] = "credit_reversals"

    amount: Money
    created: Annotated[Moment, Mark(column=True)]
    financial_account: Annotated[str, Mark(column=True)]
    livemode: bool
    metadata: Metadata = field(default_factory=dict)
    network: Literal["ach", "stripe"]
    received_credit: Annotated[str, Mark(column=True)]
    status: Annotated[Literal["canceled", "posted", "processing"], Mark(column=True)]
    status_transitions: StatusTransitions = field(default_factory=StatusTransitions)


class DebitReversal(Resource, tag="treasury.debit_reversal"):
    """A received debit, taken back. It exists in v1 only."""

    prefix: ClassVar[str] = "debrev_"
    table: ClassVar[str] = "debit_reversals"

    amount: Money
    created: Annotated[Moment, Mark(column=True)]
    dispute: str | None = None
    financial_account: Annotated[str, Mark(column=True)]
    livemode: bool
    metadata: Metadata = field(default_factory=dict)
    network: Literal["ach", "card"]
    received_debit: Annotated[str, Mark(column=True)]
    status: Annotated[Literal["failed", "processing", "succeeded"], Mark(column=True)]
    status_transitions: StatusTransitions = field(default_factory=StatusTransitions)

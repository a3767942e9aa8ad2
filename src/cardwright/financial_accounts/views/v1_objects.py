"""The v1 face of financial accounts and what moves in them (source: Treasury API). Each object is
made from the record that v2 shows; ``v1_render.py`` says how."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.financial_accounts.record.model import Restrictions
from cardwright.wire.resource import Country, Currency, Mark, Metadata, Resource, Shape, Timestamp

FeatureStatus = Literal["active", "pending", "restricted"]


class FeatureDetail(Shape):
    """Why a feature is not active."""

    code: str
    resolution: str | None = None
    restriction: str | None = None


class Feature(Shape):
    """What a financial account can do."""

    requested: bool
    status: FeatureStatus
    status_details: list[FeatureDetail] = field(default_factory=list)


class Aba(Shape):
    """A feature of American bank accounts."""

    aba: Feature | UnsetType = UNSET


class Ach(Shape):
    """A feature over the American clearing house."""

    ach: Feature | UnsetType = UNSET


class AchAndWire(Shape):
    """The same, and by wire."""

    ach: Feature | UnsetType = UNSET
    us_domestic_wire: Feature | UnsetType = UNSET


class Features(Shape, tag_field="object", tag="treasury.financial_account_features"):
    """Everything that a financial account can do, requested or not."""

    card_issuing: Feature | UnsetType = UNSET
    deposit_insurance: Feature | UnsetType = UNSET
    financial_addresses: Aba | None = None
    inbound_transfers: Ach | None = None
    intra_stripe_flows: Feature | UnsetType = UNSET
    outbound_payments: AchAndWire | None = None
    outbound_transfers: AchAndWire | None = None


class Amounts(Shape):
    """What an account has, by currency, in minor units."""

    cash: dict[str, int]
    inbound_pending: dict[str, int]
    outbound_pending: dict[str, int]


class AbaAddress(Shape):
    """A bank account number."""

    account_holder_name: str
    account_number: str | None = None
    account_number_last4: str
    bank_name: str
    routing_number: str


class Address(Shape):
    """Where money for the account is sent."""

    aba: AbaAddress
    supported_networks: list[str]
    type: Literal["aba"] = "aba"


class ClosedReasons(Shape):
    """Why an account is closed."""

    reasons: list[str]


class StatusDetails(Shape):
    """What more there is to say of the status."""

    closed: ClosedReasons | None = None


class TreasuryAccount(Resource, tag="treasury.financial_account"):
    """A financial account."""

    active_features: list[str]
    balance: Amounts
    country: Country
    created: Timestamp
    display_name: Annotated[str | None, Mark(preview=True)]
    features: Annotated[Features | UnsetType, Mark(revealed=True)] = UNSET
    financial_addresses: list[Address]
    is_default: bool = False
    livemode: bool
    metadata: Metadata
    nickname: str | None
    pending_features: list[str]
    platform_restrictions: Restrictions
    restricted_features: list[str]
    status: Literal["closed", "open"]
    status_details: StatusDetails
    supported_currencies: list[Currency]


class KnownAddress(Shape):
    """An address of which little is known."""

    city: str | None = None
    country: str | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Billing(Shape):
    """Who is at the other end."""

    address: KnownAddress = field(default_factory=KnownAddress)
    email: str | None = None
    name: str | None = None


class OtherAccount(Shape):
    """A financial account at the other end."""

    id: str
    network: Literal["stripe"] = "stripe"


class OtherBank(Shape):
    """A bank account at the other end."""

    bank_name: str | None = None
    last4: str | None = None
    routing_number: str | None = None


class Initiating(Shape):
    """How money was sent or taken."""

    balance: str | None = None
    billing_details: Billing = field(default_factory=Billing)
    financial_account: OtherAccount | UnsetType = UNSET
    issuing_card: str | UnsetType = UNSET
    type: Literal["balance", "financial_account", "issuing_card", "stripe", "us_bank_account"]
    us_bank_account: OtherBank | UnsetType = UNSET


class ReversalDetails(Shape):
    """Until when it can be sent back, and if not, why."""

    deadline: Timestamp | None = None
    restricted_reason: str | None = None


class CreditFlows(Shape):
    """What else belongs to a credit."""

    credit_reversal: str | None = None
    issuing_authorization: str | None = None
    issuing_transaction: str | None = None
    source_flow: str | None = None
    source_flow_details: dict[str, Any] | None = None
    source_flow_type: str | None = None


class TreasuryCredit(Resource, tag="treasury.received_credit"):
    """Money that came in."""

    amount: int
    created: Timestamp
    currency: Currency
    description: str
    failure_code: str | None
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    initiating_payment_method_details: Initiating
    linked_flows: CreditFlows
    livemode: bool
    network: str
    network_details: dict[str, Any] | None = None
    reversal_details: ReversalDetails | None
    status: Literal["failed", "succeeded"]
    transaction: Annotated[str | None, Mark("", expand="treasury.transaction")]


class DebitFlows(Shape):
    """What else belongs to a debit."""

    debit_reversal: str | None = None
    inbound_transfer: str | None = None
    issuing_authorization: str | None = None
    issuing_transaction: str | None = None
    payout: str | None = None


class TreasuryDebit(Resource, tag="treasury.received_debit"):
    """Money that was taken."""

    amount: int
    created: Timestamp
    currency: Currency
    description: str
    failure_code: str | None
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    initiating_payment_method_details: Initiating
    linked_flows: DebitFlows
    livemode: bool
    network: str
    network_details: dict[str, Any] | None = None
    reversal_details: ReversalDetails | None
    status: Literal["failed", "succeeded"]
    transaction: Annotated[str | None, Mark("", expand="treasury.transaction")]


class DestinationBank(Shape):
    """The bank account that is paid."""

    account_holder_type: str | None = None
    account_type: str | None = None
    bank_name: str | None = None
    fingerprint: str | None = None
    last4: str | None = None
    network: str
    routing_number: str | None = None


class DestinationDetails(Shape):
    """Where money goes."""

    billing_details: dict[str, Any]
    financial_account: OtherAccount | UnsetType = UNSET
    type: Literal["financial_account", "us_bank_account"]
    us_bank_account: DestinationBank | UnsetType = UNSET


class ReturnedDetails(Shape):
    """Why money came back."""

    code: str
    transaction: Annotated[str, Mark("", expand="treasury.transaction")]


class OutboundTransitions(Shape):
    """When a status was reached."""

    canceled_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    posted_at: Timestamp | None = None
    returned_at: Timestamp | None = None


class TreasuryOutboundMembers(Resource):
    """What transfers and payments have in common."""

    amount: int
    cancelable: bool
    created: Timestamp
    currency: Currency
    description: str | None
    destination_payment_method: str | None
    destination_payment_method_details: DestinationDetails
    expected_arrival_date: Timestamp
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    livemode: bool
    metadata: Metadata
    returned_details: ReturnedDetails | None
    statement_descriptor: str
    status: Literal["canceled", "failed", "posted", "processing", "returned"]
    status_transitions: OutboundTransitions
    tracking_details: dict[str, Any] | None
    transaction: Annotated[str, Mark("", expand="treasury.transaction")]


class TreasuryOutboundTransfer(TreasuryOutboundMembers, tag="treasury.outbound_transfer"):
    """Money to the owner's own account."""

    network_details: dict[str, Any] | None = None


class TreasuryOutboundPayment(TreasuryOutboundMembers, tag="treasury.outbound_payment"):
    """Money to somebody else."""

    customer: str | None = None
    end_user_details: dict[str, Any] | None = None
    purpose: str | None = None


class FailureDetails(Shape):
    """Why the bank has not paid."""

    code: str


class InboundFlows(Shape):
    """What else belongs to it."""

    received_debit: str | None = None


class InboundTransitions(Shape):
    """When a status was reached."""

    canceled_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    succeeded_at: Timestamp | None = None


class OriginDetails(Shape):
    """Where money is pulled from."""

    billing_details: Billing = field(default_factory=Billing)
    type: Literal["us_bank_account"] = "us_bank_account"
    us_bank_account: DestinationBank


class TreasuryInboundTransfer(Resource, tag="treasury.inbound_transfer"):
    """Money that is pulled from the owner's own bank account."""

    amount: int
    cancelable: bool
    created: Timestamp
    currency: Currency
    description: str | None
    failure_details: FailureDetails | None
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    linked_flows: InboundFlows = field(default_factory=InboundFlows)
    livemode: bool
    metadata: Metadata
    origin_payment_method: str | None
    origin_payment_method_details: OriginDetails | None
    returned: bool
    statement_descriptor: str
    status: Literal["canceled", "failed", "processing", "succeeded"]
    status_transitions: InboundTransitions
    transaction: Annotated[str | None, Mark("", expand="treasury.transaction")]


class PostedTransitions(Shape):
    """When a credit reversal was posted."""

    posted_at: Timestamp | None = None


class TreasuryCreditReversal(Resource, tag="treasury.credit_reversal"):
    """A received credit, sent back."""

    amount: int
    created: Timestamp
    currency: Currency
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    livemode: bool
    metadata: Metadata
    network: str
    received_credit: str
    status: str
    status_transitions: PostedTransitions
    transaction: Annotated[str | None, Mark("", expand="treasury.transaction")]


class CompletedTransitions(Shape):
    """When a debit reversal was completed."""

    completed_at: Timestamp | None = None


class TreasuryDebitReversal(Resource, tag="treasury.debit_reversal"):
    """A received debit, taken back."""

    amount: int
    created: Timestamp
    currency: Currency
    financial_account: str
    hosted_regulatory_receipt_url: str | None = None
    linked_flows: dict[str, Any] | None = None
    livemode: bool
    metadata: Metadata
    network: str
    received_debit: str
    status: str
    status_transitions: CompletedTransitions
    transaction: Annotated[str | None, Mark("", expand="treasury.transaction")]


class Impact(Shape):
    """What moved, in minor units."""

    cash: int
    inbound_pending: int
    outbound_pending: int


class TransactionTransitions(Shape):
    """When a transaction was posted."""

    posted_at: Timestamp | None = None
    void_at: Timestamp | None = None


class TreasuryEntry(Resource, tag="treasury.transaction_entry"):
    """One movement of a transaction."""

    balance_impact: Impact
    created: Timestamp
    currency: Currency
    effective_at: Timestamp
    financial_account: str
    flow: str | None
    flow_details: dict[str, Any] | None = None
    flow_type: str
    livemode: bool
    transaction: Annotated[str, Mark("", expand="treasury.transaction")]
    type: str


class EntryList(Shape, tag_field="object", tag="list"):
    """The entries of a transaction."""

    data: list[TreasuryEntry]
    has_more: bool = False
    url: str


class TreasuryTransaction(Resource, tag="treasury.transaction"):
    """Everything that moved for one cause."""

    amount: int
    balance_impact: Impact
    created: Timestamp
    currency: Currency
    description: str
    entries: Annotated[EntryList | UnsetType, Mark(revealed=True)] = UNSET
    financial_account: str
    flow: str | None
    flow_details: dict[str, Any] | None = None
    flow_type: str
    livemode: bool
    status: Literal["open", "posted", "void"]
    status_transitions: TransactionTransitions

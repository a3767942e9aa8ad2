"""What the operations of treasury (v1) take."""

from typing import Annotated, Literal

from cardwright.financial_accounts.views.v1_account import ACCOUNT
from cardwright.financial_accounts.views.v1_render import INBOUND, PAYMENT, TRANSFER
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import (
    Country,
    Currency,
    Mark,
    Metadata,
    Parameters,
    Sealed,
    Shape,
    Timestamp,
)

Flows = Literal["restricted", "unrestricted"]
Network = Literal["ach", "us_domestic_wire"]
OutboundStatus = Literal["canceled", "failed", "posted", "processing", "returned"]
Amount = Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
Id = Annotated[str, Mark(need="c", longest=255)]
AddressLine = Annotated[str | None, Mark(longest=200)]
ReturnCode = Literal[
    "account_closed",
    "account_frozen",
    "bank_account_restricted",
    "bank_ownership_changed",
    "declined",
    "incorrect_account_holder_name",
    "invalid_account_number",
    "invalid_currency",
    "no_account",
    "other",
]
FailureCode = Literal[
    "account_closed",
    "account_frozen",
    "bank_account_restricted",
    "bank_ownership_changed",
    "debit_not_authorized",
    "incorrect_account_holder_address",
    "incorrect_account_holder_name",
    "incorrect_account_holder_tax_id",
    "insufficient_funds",
    "invalid_account_number",
    "invalid_currency",
    "no_account",
    "other",
]


class Wanted(Shape):
    """Whether a feature is wanted."""

    requested: Annotated[bool, Mark(need="cu")]


class WantedAba(Shape):
    """Whether bank account numbers are wanted, and of which bank (any will do)."""

    bank: Literal["evolve", "fifth_third", "goldman_sachs"] | None = None
    requested: Annotated[bool, Mark(need="cu")]


class WantedAddresses(Shape):
    """Addresses."""

    aba: WantedAba | None = None


class WantedAch(Shape):
    """The American clearing house."""

    ach: Wanted | None = None


class WantedAchAndWire(Shape):
    """The same, and wires."""

    ach: Wanted | None = None
    us_domestic_wire: Wanted | None = None


class WantedFeatures(Parameters):
    """``POST /v1/treasury/financial_accounts/:id/features``."""

    card_issuing: Wanted | None = None
    deposit_insurance: Wanted | None = None
    financial_addresses: WantedAddresses | None = None
    inbound_transfers: WantedAch | None = None
    intra_stripe_flows: Wanted | None = None
    outbound_payments: WantedAchAndWire | None = None
    outbound_transfers: WantedAchAndWire | None = None


class WantedRestrictions(Shape):
    """What the platform forbids."""

    inbound_flows: Flows | None = None
    outbound_flows: Flows | None = None


class Forwarding(Shape):
    """Where money goes that still comes in after the account was closed."""

    financial_account: Annotated[str | None, Mark(longest=255)] = None
    payment_method: Annotated[str | None, Mark(longest=255)] = None
    type: Annotated[Literal["financial_account", "payment_method"], Mark(need="cu")]


@ACCOUNT.takes()
class TreasuryAccountParameters(Parameters):
    """``/v1/treasury/financial_accounts``: create and update."""

    features: WantedFeatures | None = None
    forwarding_settings: Annotated[Forwarding | None, Mark("u")] = None
    platform_restrictions: WantedRestrictions | None = None


class ClosedTreasuryAccount(Parameters):
    """``POST /v1/treasury/financial_accounts/:id/close``."""

    forwarding_settings: Forwarding | None = None


class TreasuryAccountList(Parameters):
    """Filters of financial accounts."""

    created: Timestamp | None = None
    status: Literal["closed", "open"] | None = None


# What moves.


class CreditList(Parameters):
    """Filters of received credits and debits."""

    financial_account: Annotated[str, Mark(need="l", longest=255)]
    status: Literal["failed", "succeeded"] | None = None


class InboundList(Parameters):
    """Filters of inbound transfers."""

    financial_account: Annotated[str, Mark(need="l", longest=255)]
    status: Literal["canceled", "failed", "processing", "succeeded"] | None = None


class OutboundList(Parameters):
    """Filters of what goes out."""

    created: Timestamp | None = None
    financial_account: Annotated[str, Mark(need="l", longest=255)]
    status: OutboundStatus | None = None


class CreditReversalList(Parameters):
    """Filters of credit reversals."""

    financial_account: Annotated[str, Mark(need="l", longest=255)]
    received_credit: Annotated[str | None, Mark(longest=255)] = None
    status: Literal["canceled", "posted", "processing"] | None = None


class DebitReversalList(Parameters):
    """Filters of debit reversals."""

    financial_account: Annotated[str, Mark(need="l", longest=255)]
    received_debit: Annotated[str | None, Mark(longest=255)] = None
    status: Literal["canceled", "completed", "processing"] | None = None


class TransactionList(Parameters):
    """Filters of transactions."""

    created: Timestamp | None = None
    financial_account: Annotated[str, Mark(need="l", longest=255)]
    order_by: Literal["created"] | None = None
    status: Literal["open", "posted", "void"] | None = None


class EntryListGiven(Parameters):
    """Filters of transaction entries."""

    created: Timestamp | None = None
    financial_account: Annotated[str, Mark(need="l", longest=255)]
    order_by: Literal["created"] | None = None
    transaction: Annotated[str | None, Mark(longest=255)] = None


class NewCreditReversal(Parameters):
    """``POST /v1/treasury/credit_reversals``."""

    metadata: Metadata | None = None
    received_credit: Id


class NewDebitReversal(Parameters):
    """``POST /v1/treasury/debit_reversals``."""

    metadata: Metadata | None = None
    received_debit: Id


@INBOUND.takes()
class NewTreasuryInbound(Parameters):
    """``POST /v1/treasury/inbound_transfers``."""

    financial_account: Id
    origin_payment_method: Id


class BillingAddress(Shape):
    """A postal address."""

    city: AddressLine = None
    country: Country | None = None
    line1: AddressLine = None
    line2: AddressLine = None
    postal_code: AddressLine = None
    state: AddressLine = None


class BillingDetails(Shape):
    """Who is paid."""

    address: BillingAddress | None = None
    email: Annotated[str | None, Mark(longest=800)] = None
    name: Annotated[str | None, Mark(longest=200)] = None
    phone: Annotated[str | None, Mark(longest=50)] = None


class BankGiven(Shape):
    """An American bank account."""

    account_holder_type: Literal["company", "individual"] | None = None
    account_number: Annotated[Sealed | None, Mark(longest=50)] = None
    account_type: Literal["checking", "savings"] | None = None
    routing_number: Annotated[str | None, Mark(longest=9)] = None


class DestinationData(Shape):
    """Where a payment goes, whole."""

    billing_details: BillingDetails | None = None
    financial_account: Annotated[str | None, Mark(longest=255)] = None
    metadata: Metadata | None = None
    type: Annotated[Literal["financial_account", "us_bank_account"], Mark(need="c")]
    us_bank_account: BankGiven | None = None


class OwnAccount(Shape):
    """Another financial account of the owner."""

    financial_account: Annotated[str | None, Mark(longest=255)] = None
    type: Annotated[Literal["financial_account"], Mark(need="c")]


class BankOptions(Shape):
    """How money travels to a bank account."""

    network: Network | None = None


class DestinationOptions(Shape):
    """How money travels."""

    us_bank_account: BankOptions | None = None


@PAYMENT.takes()
class NewTreasuryPayment(Parameters):
    """``POST /v1/treasury/outbound_payments``."""

    destination_payment_method: Annotated[str | None, Mark(longest=255)] = None
    destination_payment_method_data: DestinationData | None = None
    destination_payment_method_options: DestinationOptions | None = None
    financial_account: Id


@TRANSFER.takes()
class NewTreasuryTransfer(Parameters):
    """``POST /v1/treasury/outbound_transfers``."""

    destination_payment_method: Annotated[str | None, Mark(longest=255)] = None
    destination_payment_method_data: OwnAccount | None = None
    destination_payment_method_options: DestinationOptions | None = None
    financial_account: Id


# Test helpers.


class InitiatingBank(Shape):
    """The bank account at the other end."""

    account_holder_name: Annotated[str | None, Mark(longest=200)] = None
    account_number: Annotated[Sealed | None, Mark(longest=50)] = None
    routing_number: Annotated[str | None, Mark(longest=9)] = None


class InitiatingGiven(Shape):
    """Who sent or took the money."""

    type: Annotated[Literal["us_bank_account"], Mark(need="c")]
    us_bank_account: InitiatingBank | None = None


class SimulatedCredit(Parameters):
    """``POST /v1/test_helpers/treasury/received_credits``."""

    amount: Amount
    currency: Annotated[Currency, Mark(need="c")]
    description: Annotated[str | None, Mark(longest=500)] = None
    financial_account: Id
    initiating_payment_method_details: InitiatingGiven | None = None
    network: Annotated[Literal["ach", "rtp", "us_domestic_wire"], Mark(need="c")]


class SimulatedDebit(Parameters):
    """``POST /v1/test_helpers/treasury/received_debits``."""

    amount: Amount
    currency: Annotated[Currency, Mark(need="c")]
    description: Annotated[str | None, Mark(longest=500)] = None
    financial_account: Id
    initiating_payment_method_details: InitiatingGiven | None = None
    network: Annotated[Literal["ach"], Mark(need="c")]


class Failed(Shape):
    """Why the bank has not paid."""

    code: FailureCode | None = None


class FailedInbound(Parameters):
    """``.../inbound_transfers/:id/fail``."""

    failure_details: Failed | None = None


class Returned(Shape):
    """Why money came back."""

    code: ReturnCode | None = None


class ReturnedOutbound(Parameters):
    """``.../outbound_payments/:id/return``."""

    returned_details: Returned | None = None


class TrackedAch(Shape):
    """What the clearing house knows a payment by."""

    trace_id: Annotated[str, Mark(need="c", longest=100)]


class TrackedWire(Shape):
    """What the wire network knows a payment by."""

    chips: Annotated[str | None, Mark(longest=100)] = None
    imad: Annotated[str | None, Mark(longest=100)] = None
    omad: Annotated[str | None, Mark(longest=100)] = None


class Tracking(Shape):
    """Where the money is."""

    ach: TrackedAch | None = None
    type: Annotated[Network, Mark(need="c")]
    us_domestic_wire: TrackedWire | None = None


class TrackedOutbound(Parameters):
    """``POST /v1/test_helpers/treasury/outbound_payments/:id``."""

    tracking_details: Annotated[Tracking, Mark(need="c")]

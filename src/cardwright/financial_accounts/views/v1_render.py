"""The v1 face of what moves in financial accounts (source: Treasury API), as tables over the
records that v2 shows. Pure."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET

from cardwright.financial_accounts.record.model import (
    DebitBankAccount,
    FinancialAccount,
    Originator,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
    TreasuryDestination,
    TreasuryInbound,
    TreasuryOutbound,
)
from cardwright.financial_accounts.record.reversals import Received, reversible_until_ms
from cardwright.financial_accounts.record.rules import RETURN_CODES
from cardwright.financial_accounts.record.sources import moved_by, network_of, transaction_id
from cardwright.financial_accounts.views.v1_objects import (
    Billing,
    DestinationBank,
    EndUser,
    Initiating,
    OtherBank,
    PaymentMethodDetails,
    ReturnedDetails,
    ReversalDetails,
)
from cardwright.kernel import clock
from cardwright.wire.faces.face import Computed, Face, Form, Member, Row, seconds
from cardwright.wire.resource import Mark, Resource, Timestamp
from cardwright.wire.versions import Body

# Reasons of v2 in the words of v1; what is not here is "other".
CREDIT_FAILURES = {
    "capability_inactive": "account_frozen",
    "financial_address_inactive": "account_closed",
    "stripe_rejected": "account_frozen",
}
DEBIT_FAILURES = {**CREDIT_FAILURES, "insufficient_funds": "insufficient_funds"}
Outbound = OutboundTransfer | OutboundPayment
Rows = tuple[Row[Any], ...]

TRANSACTION = Annotated[str | None, Mark("", expand="treasury.transaction")]
TEXT = Form(show=lambda text: text or "")


def _never(*names: str) -> Rows:
    """Members that are always null."""
    return tuple(Computed(name, lambda _: None) for name in names)


def _instants(*names: str) -> Rows:
    """When statuses were reached."""
    return tuple(
        Member(f"status_transitions.{name}", f"status_transitions.{name}") for name in names
    )


def _alphabetical(*rows: Row[Any]) -> Rows:
    """Rows in the order of their names, which all objects here have."""
    return tuple(sorted(rows, key=lambda row: row.name))


# What moves: what all of it has, and what the owner of the account begins.
MOVED: Rows = (
    Member("id", "id"),
    Member("amount", "amount.value"),
    Member("created", "created"),
    Member("currency", "amount.currency"),
    Member("financial_account", "financial_account"),
    *_never("hosted_regulatory_receipt_url"),
    Member("livemode", "livemode"),
)
BEGUN: Rows = (
    *MOVED,
    Member("metadata", "metadata"),
    Member("status", "status"),
    Computed("transaction", lambda one: transaction_id(one.id), type=TRANSACTION),
)


# What others send and take.


def _sender(one: Received) -> Initiating:
    """Who sent the money or took it."""
    if not isinstance(one.card_spend, msgspec.UnsetType):
        return Initiating(type="issuing_card", issuing_card=one.card_spend.card_v1_id)
    other: Originator | DebitBankAccount | msgspec.UnsetType
    if isinstance(one, ReceivedDebit):
        bank = None if isinstance(one.bank_transfer, msgspec.UnsetType) else one.bank_transfer
        other = bank.us_bank_account if bank is not None else UNSET
    elif isinstance(one.bank_transfer, msgspec.UnsetType):
        return Initiating(type="stripe")
    else:
        other = one.bank_transfer.originating_bank_account.aba
    if isinstance(other, msgspec.UnsetType):
        return Initiating(type="us_bank_account", us_bank_account=OtherBank())
    known = OtherBank(
        bank_name=other.bank_name, last4=other.last4, routing_number=other.routing_number
    )
    billing = Billing(name=other.account_holder_name if isinstance(one, ReceivedCredit) else None)
    return Initiating(type="us_bank_account", us_bank_account=known, billing_details=billing)


def _failure(one: Received, words: dict[str, str]) -> str | None:
    if one.status_details is None or isinstance(one.status_details.failed, msgspec.UnsetType):
        return None
    return words.get(one.status_details.failed.reason, "other")


def _reversal(one: Received) -> ReversalDetails | None:
    """Until when it can be taken back; cards and wires cannot."""
    if one.status == "failed":
        return None
    until_ms = reversible_until_ms(one)
    if until_ms is None:
        return ReversalDetails(restricted_reason="network_restricted")
    deadline = Timestamp(until_ms // clock.SECOND_MS)
    reason = "already_reversed" if one.reversal is not None else None
    return ReversalDetails(deadline=deadline, restricted_reason=reason)


def _credit_flows(one: ReceivedCredit) -> Body:
    """What else belongs to a credit."""
    flows: Body = {
        "credit_reversal": one.reversal,
        "issuing_authorization": None,
        "issuing_transaction": None,
        "source_flow": None,
        "source_flow_details": None,
        "source_flow_type": None,
    }
    if not isinstance(one.balance_transfer, msgspec.UnsetType):
        source = one.balance_transfer
        flows["source_flow"] = source.outbound_payment or source.outbound_transfer
        flows["source_flow_type"] = source.type
    if not isinstance(one.card_spend, msgspec.UnsetType) and one.card_spend.refund is not None:
        flows["issuing_authorization"] = one.authorization
        flows["issuing_transaction"] = one.card_spend.refund.issuing_transaction_v1
    return flows


def _debit_flows(one: ReceivedDebit) -> Body:
    """What else belongs to a debit."""
    flows: Body = {
        "debit_reversal": one.reversal,
        "inbound_transfer": None,
        "issuing_authorization": None,
        "issuing_transaction": None,
        "payout": None,
    }
    if not isinstance(one.card_spend, msgspec.UnsetType):
        spend = one.card_spend
        flows["issuing_transaction"] = spend.card_transactions[0].issuing_transaction_v1
        if spend.authorization is not None:
            flows["issuing_authorization"] = spend.authorization.issuing_authorization_v1
    return flows


RECEIVED: Rows = (
    *MOVED,
    Member("description", "description", TEXT),
    Computed("initiating_payment_method_details", _sender),
    Computed("network", network_of),
    *_never("network_details"),
    Computed("reversal_details", _reversal),
    Member(
        "status",
        "status",
        Form(show=lambda status: "failed" if status == "failed" else "succeeded"),
    ),
    Computed(
        "transaction",
        lambda one: None if one.status == "failed" else transaction_id(moved_by(one)),
        type=TRANSACTION,
    ),
)
CREDIT: "Face[ReceivedCredit, TreasuryCredit]" = Face(
    ReceivedCredit,
    *_alphabetical(
        *RECEIVED,
        Computed("failure_code", lambda one: _failure(one, CREDIT_FAILURES)),
        Computed("linked_flows", _credit_flows),
    ),
)
DEBIT: "Face[ReceivedDebit, TreasuryDebit]" = Face(
    ReceivedDebit,
    *_alphabetical(
        *RECEIVED,
        Computed("failure_code", lambda one: _failure(one, DEBIT_FAILURES)),
        Computed("linked_flows", _debit_flows),
    ),
)


@CREDIT.shows
class TreasuryCredit(Resource, tag="treasury.received_credit"):
    """Money that came in."""


@DEBIT.shows
class TreasuryDebit(Resource, tag="treasury.received_debit"):
    """Money that was taken."""


def credit(one: ReceivedCredit) -> TreasuryCredit:
    """A received credit."""
    return CREDIT.view(one, one)


def debit(one: ReceivedDebit) -> TreasuryDebit:
    """A received debit."""
    return DEBIT.view(one, one)


# What the owner sends and pulls in.


def _bank(place: TreasuryDestination, network: str) -> DestinationBank:
    return DestinationBank(
        account_holder_type=place.account_holder_type,
        account_type=place.account_type,
        bank_name=place.bank_name,
        last4=place.last4,
        network=network,
        routing_number=place.routing_number,
    )


def _within(one: Outbound) -> bool:
    """Whether it goes to a financial account."""
    to = one.to.payout_method
    return to is not None and to.startswith(FinancialAccount.prefix)


def _destination(one: Outbound) -> Body:
    place = (one.treasury or TreasuryOutbound()).destination
    details: Body = {"billing_details": place.billing_details}
    if _within(one):
        other = {"id": one.to.payout_method, "network": "stripe"}
        return {**details, "financial_account": other, "type": "financial_account"}
    bank = _bank(place, place.network)
    return {**details, "type": "us_bank_account", "us_bank_account": bank}


def _returned(one: Outbound) -> ReturnedDetails | None:
    if one.status != "returned" or one.status_details is None:
        return None
    reason = one.status_details.returned
    code = (
        "other"
        if isinstance(reason, msgspec.UnsetType)
        else RETURN_CODES.get(reason.reason, "other")
    )
    told = one.treasury.returned_transaction if one.treasury is not None else None
    return ReturnedDetails(code=code, transaction=told or transaction_id(one.id))


def _origin(one: InboundTransfer) -> Body:
    place = (one.treasury or TreasuryInbound()).origin
    return {
        "billing_details": Billing(),
        "type": "us_bank_account",
        "us_bank_account": _bank(place, "ach"),
    }


def _pulling_failure(one: InboundTransfer) -> Body | None:
    return {"code": one.outcome_reason or "other"} if one.status == "failed" else None


END_USER = Form(takes=EndUser, give=lambda given: {"ip_address": None, **given})
OUTBOUND = _alphabetical(
    *BEGUN,
    Member("cancelable", "cancelable"),
    Member("description", "description"),
    Computed(
        "destination_payment_method",
        lambda one: None if _within(one) else one.to.payout_method,
    ),
    Computed("destination_payment_method_details", _destination, type=PaymentMethodDetails),
    Computed(
        "expected_arrival_date", lambda one: seconds(one.expected_arrival_date or one.created)
    ),
    Computed("returned_details", _returned, type=Annotated[ReturnedDetails | None, Mark("")]),
    Member("statement_descriptor", "statement_descriptor", mark=Mark(longest=140)),
    *_instants("canceled_at", "failed_at", "posted_at", "returned_at"),
    Member("tracking_details", "treasury.tracking_details"),
)
TRANSFER: "Face[OutboundTransfer, TreasuryOutboundTransfer]" = Face(
    OutboundTransfer, *OUTBOUND, *_never("network_details")
)
PAYMENT: "Face[OutboundPayment, TreasuryOutboundPayment]" = Face(
    OutboundPayment,
    *OUTBOUND,
    Member("customer", "treasury.customer"),
    Member("end_user_details", "treasury.end_user_details", END_USER, mark=Mark(replace=True)),
    Member("purpose", "purpose"),
)
INBOUND: "Face[InboundTransfer, TreasuryInboundTransfer]" = Face(
    InboundTransfer,
    *_alphabetical(
        *BEGUN,
        Computed("cancelable", lambda one: one.status == "processing"),
        Member("description", "description"),
        Computed("failure_details", _pulling_failure),
        *_never("linked_flows.received_debit"),
        Member("origin_payment_method", "payment_method"),
        Computed("origin_payment_method_details", _origin, type=PaymentMethodDetails),
        Member("returned", "returned"),
        Member(
            "statement_descriptor",
            "statement_descriptor",
            Form(show=lambda text: text or "transfer"),
            mark=Mark(longest=10),
        ),
        *_instants("canceled_at", "failed_at", "succeeded_at"),
    ),
)


@TRANSFER.shows
class TreasuryOutboundTransfer(Resource, tag="treasury.outbound_transfer"):
    """Money to the owner's own account."""


@PAYMENT.shows
class TreasuryOutboundPayment(Resource, tag="treasury.outbound_payment"):
    """Money to somebody else."""


@INBOUND.shows
class TreasuryInboundTransfer(Resource, tag="treasury.inbound_transfer"):
    """Money that is pulled from the owner's own bank account."""


def outbound(one: Outbound) -> TreasuryOutboundTransfer | TreasuryOutboundPayment:
    """A transfer or payment."""
    if isinstance(one, OutboundTransfer):
        return TRANSFER.view(one, one)
    return PAYMENT.view(one, one)


def inbound(one: InboundTransfer) -> TreasuryInboundTransfer:
    """A transfer that is pulled in."""
    return INBOUND.view(one, one)


# What is sent back, and taken back.


def _disputed(dispute: str | None) -> Body | None:
    return None if dispute is None else {"issuing_dispute": dispute}


CREDIT_REVERSAL: "Face[CreditReversal, TreasuryCreditReversal]" = Face(
    CreditReversal,
    *_alphabetical(
        *BEGUN,
        Member("network", "network"),
        Member("received_credit", "received_credit"),
        *_instants("posted_at"),
    ),
)
DEBIT_REVERSAL: "Face[DebitReversal, TreasuryDebitReversal]" = Face(
    DebitReversal,
    *_alphabetical(
        *BEGUN,
        Member("linked_flows", "dispute", Form(show=_disputed)),
        Member("network", "network"),
        Member("received_debit", "received_debit"),
        Member("status_transitions.completed_at", "status_transitions.succeeded_at"),
    ),
)


@CREDIT_REVERSAL.shows
class TreasuryCreditReversal(Resource, tag="treasury.credit_reversal"):
    """A received credit, sent back."""


@DEBIT_REVERSAL.shows
class TreasuryDebitReversal(Resource, tag="treasury.debit_reversal"):
    """A received debit, taken back."""


def credit_reversal(one: CreditReversal) -> TreasuryCreditReversal:
    """A received credit, sent back."""
    return CREDIT_REVERSAL.view(one, one)


def debit_reversal(one: DebitReversal) -> TreasuryDebitReversal:
    """A received debit, taken back."""
    return DEBIT_REVERSAL.view(one, one)

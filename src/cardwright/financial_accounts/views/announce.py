"""The events of financial accounts: thin ones of v2, and v1 snapshots for treasury accounts."""

from typing import Any

from cardwright.financial_accounts.record.model import (
    FinancialAccount,
    FinancialAddress,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.financial_accounts.record.sources import moved_by, transaction_id
from cardwright.financial_accounts.views import v1_account, v1_render
from cardwright.kernel.database import Tx

TRANSACTION = "v2.money_management.transaction"
# The events of v1, by what happened.
ACCOUNTS = {
    "closed": "treasury.financial_account.closed",
    "created": "treasury.financial_account.created",
    "features_status_updated": "treasury.financial_account.features_status_updated",
}
CREDITS = {
    "failed": "treasury.received_credit.failed",
    "succeeded": "treasury.received_credit.succeeded",
}
INBOUND = {
    "bank_debit_failed": "treasury.inbound_transfer.failed",
    "bank_debit_queued": "treasury.inbound_transfer.created",
    "bank_debit_succeeded": "treasury.inbound_transfer.succeeded",
    "canceled": "treasury.inbound_transfer.canceled",
}
PAYMENTS = {
    "canceled": "treasury.outbound_payment.canceled",
    "created": "treasury.outbound_payment.created",
    "failed": "treasury.outbound_payment.failed",
    "posted": "treasury.outbound_payment.posted",
    "returned": "treasury.outbound_payment.returned",
    "updated": "treasury.outbound_payment.tracking_details_updated",
}
TRANSFERS = {
    "canceled": "treasury.outbound_transfer.canceled",
    "created": "treasury.outbound_transfer.created",
    "failed": "treasury.outbound_transfer.failed",
    "posted": "treasury.outbound_transfer.posted",
    "returned": "treasury.outbound_transfer.returned",
    "updated": "treasury.outbound_transfer.tracking_details_updated",
}
CREDIT_REVERSALS = {
    "created": "treasury.credit_reversal.created",
    "posted": "treasury.credit_reversal.posted",
}
DEBIT_REVERSALS = {
    "completed": "treasury.debit_reversal.completed",
    "created": "treasury.debit_reversal.created",
    "granted": "treasury.debit_reversal.initial_credit_granted",
}


def account(
    tx: Tx, one: FinancialAccount, addresses: list[FinancialAddress], standing: str, verb: str
) -> None:
    """A treasury account was ``created`` or ``closed``, or its features have changed."""
    tx.emit(ACCOUNTS[verb], v1_account.account(one, addresses, standing))


def transaction(tx: Tx, source_id: str, verb: str) -> None:
    """A transaction was ``created`` or ``updated``."""
    made = transaction_id(source_id)
    data = {"treasury_transaction": made, "v1_id": None} if verb == "created" else None
    tx.emit(f"{TRANSACTION}.{verb}", {"id": made}, data=data)


def credit(tx: Tx, account: FinancialAccount, record: ReceivedCredit, verb: str) -> None:
    """A credit came (``succeeded``) or ``failed``, or was ``returned``."""
    kind = "v2.money_management.received_credit"
    tx.emit(f"{kind}.{verb}", record)
    if account.is_treasury and verb in CREDITS:
        shown = v1_render.credit(record)
        tx.emit("treasury.received_credit.created", shown)
        tx.emit(CREDITS[verb], shown)
    if verb == "succeeded":
        source = moved_by(record)
        data = {"transaction_id": transaction_id(source)}
        tx.emit("v2.money_management.received_credit.available", record, data=data)
        transaction(tx, source, "created")


def debit(tx: Tx, account: FinancialAccount, record: ReceivedDebit, verb: str) -> None:
    """A debit ``succeeded`` or ``failed``."""
    kind = "v2.money_management.received_debit"
    tx.emit(f"{kind}.{verb}", record)
    if account.is_treasury:
        tx.emit("treasury.received_debit.created", v1_render.debit(record))
    if verb == "succeeded":
        transaction(tx, moved_by(record), "created")


def outbound(
    tx: Tx,
    account: FinancialAccount,
    record: OutboundPayment | OutboundTransfer,
    verb: str,
    previous: dict[str, Any] | None = None,
) -> None:
    """Money that goes out was ``created``, ``posted``, ``failed``, ``canceled``, ``returned`` or
    ``updated``."""
    kind = str(type(record).__struct_config__.tag)
    tx.emit(f"{kind}.{verb}", record, previous=previous)
    if account.is_treasury:
        names = PAYMENTS if isinstance(record, OutboundPayment) else TRANSFERS
        tx.emit(names[verb], v1_render.outbound(record))


def inbound(tx: Tx, account: FinancialAccount, record: InboundTransfer, verb: str) -> None:
    """A step of money that is pulled in; ``canceled`` is known to v1 alone."""
    kind = "v2.money_management.inbound_transfer"
    if verb == "available":
        data = {"transaction_id": transaction_id(record.id)}
        tx.emit("v2.money_management.inbound_transfer.available", record, data=data)
    elif verb != "canceled":
        tx.emit(f"{kind}.{verb}", record)
    if account.is_treasury and verb in INBOUND:
        tx.emit(INBOUND[verb], v1_render.inbound(record))


def credit_reversal(tx: Tx, record: CreditReversal, verb: str) -> None:
    """A credit is being sent back, or has been."""
    tx.emit(CREDIT_REVERSALS[verb], v1_render.credit_reversal(record))
    transaction(tx, record.id, "created" if verb == "created" else "updated")


def debit_reversal(tx: Tx, record: DebitReversal, verb: str) -> None:
    """A debit is being taken back, or has been."""
    tx.emit(DEBIT_REVERSALS[verb], v1_render.debit_reversal(record))
    if verb != "granted":
        transaction(tx, record.id, "created" if verb == "created" else "updated")

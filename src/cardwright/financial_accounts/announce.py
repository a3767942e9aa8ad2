"""The events of financial accounts: thin ones of v2, and v1 snapshots for treasury accounts."""

from typing import Any

from cardwright.financial_accounts.model import (
    CreditCardSpend,
    DebitCardSpend,
    FinancialAccount,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.financial_accounts.movements import (
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.kernel.database import Tx

TRANSACTION = "v2.money_management.transaction"
TRANSACTION_PREFIX = "trxn_"
# The characters of an id behind its prefix.
_ID_LENGTH = 26


def transaction_id(source_id: str) -> str:
    """The transaction that tells of what a source moved (or of a single ledger transfer)."""
    return TRANSACTION_PREFIX + source_id[-_ID_LENGTH:]


def moved_by(record: ReceivedCredit | ReceivedDebit) -> str:
    """What moved the money of a credit or debit: itself, or a card transaction."""
    spend = record.card_spend
    if isinstance(spend, CreditCardSpend) and spend.refund is not None:
        return spend.refund.issuing_transaction_v1
    if isinstance(spend, DebitCardSpend):
        return spend.card_transactions[0].issuing_transaction_v1
    return record.id


def transaction(tx: Tx, source_id: str, verb: str) -> None:
    """A transaction was ``created`` or ``updated``."""
    made = transaction_id(source_id)
    data = {"treasury_transaction": made, "v1_id": None} if verb == "created" else None
    tx.emit(f"{TRANSACTION}.{verb}", {"id": made}, data=data)


def credit(tx: Tx, account: FinancialAccount, record: ReceivedCredit, verb: str) -> None:
    """A credit came (``succeeded``) or ``failed``, or was ``returned``."""
    kind = "v2.money_management.received_credit"
    tx.emit(f"{kind}.{verb}", record)
    if verb == "succeeded":
        data = {"transaction_id": transaction_id(moved_by(record))}
        tx.emit("v2.money_management.received_credit.available", record, data=data)
        transaction(tx, moved_by(record), "created")


def debit(tx: Tx, account: FinancialAccount, record: ReceivedDebit, verb: str) -> None:
    """A debit ``succeeded`` or ``failed``."""
    kind = "v2.money_management.received_debit"
    tx.emit(f"{kind}.{verb}", record)
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


def inbound(tx: Tx, account: FinancialAccount, record: InboundTransfer, verb: str) -> None:
    """A step of money that is pulled in; ``canceled`` is known to v1 alone."""
    kind = "v2.money_management.inbound_transfer"
    if verb == "available":
        data = {"transaction_id": transaction_id(record.id)}
        tx.emit("v2.money_management.inbound_transfer.available", record, data=data)
    elif verb != "canceled":
        tx.emit(f"{kind}.{verb}", record)

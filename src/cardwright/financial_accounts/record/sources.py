"""What moved money, and the transaction that tells of it: pure."""

from msgspec import UnsetType

from cardwright.financial_accounts.record.model import (
    CreditCardSpend,
    DebitCardSpend,
    ReceivedCredit,
    ReceivedDebit,
)

TRANSACTION_PREFIX = "trxn_"
# The characters of an id behind its prefix.
_ID_LENGTH = 26


def transaction_id(source_id: str) -> str:
    """The transaction that tells of what a source moved (or of a single ledger transfer)."""
    return TRANSACTION_PREFIX + source_id[-_ID_LENGTH:]


def network_of(record: ReceivedCredit | ReceivedDebit) -> str:
    """How the money came or was taken: a bank's network, a card, or from within."""
    if not isinstance(record.card_spend, UnsetType):
        return "card"
    if isinstance(record, ReceivedDebit):
        return "ach"
    if not isinstance(record.balance_transfer, UnsetType):
        return "stripe"
    assert not isinstance(record.bank_transfer, UnsetType), "a credit came somehow"
    origin = record.bank_transfer.originating_bank_account.aba
    return "ach" if isinstance(origin, UnsetType) else origin.network


def moved_by(record: ReceivedCredit | ReceivedDebit) -> str:
    """What moved the money of a credit or debit: itself, or a card transaction."""
    spend = record.card_spend
    if isinstance(spend, CreditCardSpend) and spend.refund is not None:
        return spend.refund.issuing_transaction_v1
    if isinstance(spend, DebitCardSpend):
        return spend.card_transactions[0].issuing_transaction_v1
    return record.id

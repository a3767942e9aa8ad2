"""A card transaction is entered: money, row, event, and what is owed for it on credit."""

from typing import NamedTuple

from cardwright.authorizations.model import Authorization, Treasury
from cardwright.credit import obligations
from cardwright.financial_accounts.moves import receiving
from cardwright.financial_accounts.record.model import ReceivedCredit
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book, is_cash, is_shown
from cardwright.transactions.model import Transaction, TransactionTreasury
from cardwright.wire import rows

QUERIES = load(__file__)


class Origin(NamedTuple):
    """What the object does not show of a transaction."""

    book: Book
    refunded_minor: int


_ORIGIN = QUERIES.one("get_origin", Origin)
_SET_BOOK = QUERIES.run("set_book")
_ADD_REFUNDED = QUERIES.run("add_refunded")

# Receipts are told apart: integrations that collect them listen for nothing else.
RECEIPT_UPDATED = "issuing_transaction.purchase_details_receipt_updated"


async def enter(tx: Tx, transaction: Transaction, book: Book) -> None:
    """Take a transaction from a book (amount < 0), or give it back to one. The network has settled
    it already, so the book may go below zero."""
    amount_minor = -transaction.amount
    made = await ledger.spend(tx, transaction.id, transaction.currency, amount_minor, book)
    transaction.balance_transaction = made if is_shown(book) else None
    if is_cash(book):
        transaction.treasury = await _recorded(tx, transaction, book)
    await rows.insert(tx, transaction)
    if book != "issuing":
        await _SET_BOOK(tx.connection, account_id=tx.account_id, id=transaction.id, book=book)
    if book == "credit":
        await obligations.record(tx, transaction.currency, amount_minor, transaction.id)
    tx.emit("issuing_transaction.created", transaction)
    if transaction.purchase_details is not None and transaction.purchase_details.receipt:
        tx.emit(RECEIPT_UPDATED, transaction)


async def _recorded(tx: Tx, transaction: Transaction, book: Book) -> TransactionTreasury:
    """The debit or credit of the financial account that a card spends."""
    approved = None
    if transaction.authorization is not None:
        approved = await rows.get(tx, Authorization, transaction.authorization)
    made = await receiving.record_card_spend(
        tx,
        book,
        transaction_id=transaction.id,
        card=transaction.card,
        amount_minor=-transaction.amount,
        currency=transaction.currency,
        authorization=(approved.id, approved.amount) if approved is not None else None,
    )
    if isinstance(made, ReceivedCredit):
        return TransactionTreasury(received_credit=made.id)
    return TransactionTreasury(received_debit=made.id)


def show_treasury(authorization: Authorization, transaction: Transaction) -> None:
    """The authorization names what its transactions did to a financial account."""
    made, shown = transaction.treasury, authorization.treasury or Treasury()
    if made is None:
        return
    authorization.treasury = Treasury(
        received_credits=[*shown.received_credits, *filter(None, [made.received_credit])],
        received_debits=[*shown.received_debits, *filter(None, [made.received_debit])],
        transaction=shown.transaction,
    )


async def origin_of(tx: Tx, transaction_id: str) -> Origin:
    """Where a transaction's money came from."""
    found = await _ORIGIN(tx.connection, account_id=tx.account_id, id=transaction_id)
    assert found is not None, f"{transaction_id} has no row"
    return found


async def note_refund(tx: Tx, transaction_id: str, amount_minor: int) -> None:
    """So much more of a capture was refunded."""
    await _ADD_REFUNDED(
        tx.connection, account_id=tx.account_id, id=transaction_id, amount_minor=amount_minor
    )

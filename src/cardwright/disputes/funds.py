"""The money of a dispute: given back when it is won, or before that and until it is lost.

It moves between the book that the card spent and what is owed to the card network.
"""

import msgspec

from cardwright.credit import obligations
from cardwright.disputes.model import Dispute
from cardwright.financial_accounts.moves import disputed_debits
from cardwright.kernel.database import Tx
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import Book, is_cash, is_shown
from cardwright.transactions import amounts, posting
from cardwright.transactions.model import Transaction

REASON = "issuing_dispute"


async def give_back(tx: Tx, dispute: Dispute, captured: Transaction, *, decided: bool) -> Dispute:
    """The disputed amount comes back, at the rate of the day; all of it, once."""
    assert not dispute.credited_minor, f"{dispute.id} was paid already"
    book = (await posting.origin_of(tx, captured.id)).book
    amount_minor = await amounts.of_dispute(tx, captured, dispute.amount)
    after: Dispute = msgspec.structs.replace(dispute, credited_minor=amount_minor)
    if not is_cash(book):
        return await _move(tx, after, book, amount_minor)
    treasury = dispute.treasury
    assert treasury is not None, "a dispute of a financial account names its debit"
    made = await disputed_debits.give_back(
        tx, treasury.received_debit, amount_minor, dispute.id, decided=decided
    )
    after.treasury = msgspec.structs.replace(treasury, debit_reversal=made.id)
    return after


async def keep(tx: Tx, dispute: Dispute) -> None:
    """What was given back before the decision stays."""
    if dispute.treasury is not None and dispute.treasury.debit_reversal is not None:
        await disputed_debits.keep(tx, dispute.treasury.debit_reversal)


async def take_back(tx: Tx, dispute: Dispute, captured: Transaction) -> Dispute:
    """What was given back before the decision leaves again: as much as came."""
    book = (await posting.origin_of(tx, captured.id)).book
    amount_minor = dispute.credited_minor
    after: Dispute = msgspec.structs.replace(dispute, credited_minor=0)
    if not is_cash(book):
        return await _move(tx, after, book, -amount_minor)
    treasury = dispute.treasury
    assert treasury is not None, "a dispute of a financial account names its debit"
    assert treasury.debit_reversal is not None, "what was given back is a debit reversal"
    await disputed_debits.take_back(tx, treasury.debit_reversal)
    return after


async def _move(tx: Tx, dispute: Dispute, book: Book, amount_minor: int) -> Dispute:
    moved = transfers.within(
        tx.account_id,
        REASON,
        dispute.currency,
        amount_minor,
        book,
        "network_settlement",
        source_id=dispute.id,
        forced=amount_minor < 0,
    )
    made = await ledger.post(tx, moved)
    if book == "credit":
        await obligations.record(tx, dispute.currency, -amount_minor, dispute.id)
    if not is_shown(book):
        return dispute
    after: Dispute = msgspec.structs.replace(
        dispute, balance_transactions=[*dispute.balance_transactions, made]
    )
    return after

"""The ledger's side of financial accounts: every verb is one transfer in the account's own books.

Line 0 is in the book of the financial account, so that its transactions can be read from the
entries. The account's gate is locked first.
"""

from cardwright.financial_accounts.record import rules
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.kernel.database import Connection, Tx
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book, inbound_pending
from cardwright.ledger.rules import Balance
from cardwright.ledger.transfers import Line, Transfer, within

OUTSIDE: Book = "outside"
# Where money is that goes from one financial account to another of the same owner.
BETWEEN: Book = "moves_in_transit"


async def balances_of(connection: Connection, account_id: str, ids: list[str]) -> list[Balance]:
    """What financial accounts have and expect, by book and currency."""
    books = [*ids, *(inbound_pending(one) for one in ids)]
    return await ledger.balances_in(connection, account_id, books)


async def put(
    tx: Tx,
    account: str,
    currency: str,
    amount_minor: int,
    *,
    reason: str,
    source_id: str,
    against: Book = OUTSIDE,
    description: str | None = None,
    forced: bool = False,
) -> str:
    """Money into an account, or (negative) out of it; the answer is the transfer's id."""
    transfer = within(
        tx.account_id,
        reason,
        currency,
        amount_minor,
        account,
        against,
        source_id=source_id,
        description=description,
        forced=forced,
    )
    return await ledger.post(tx, transfer)


async def announce(
    tx: Tx, account: str, currency: str, amount_minor: int, *, reason: str, source_id: str
) -> str:
    """Money that is on its way in."""
    return await put(
        tx,
        inbound_pending(account),
        currency,
        amount_minor,
        reason=reason,
        source_id=source_id,
    )


async def arrive(
    tx: Tx, account: str, currency: str, amount_minor: int, *, reason: str, source_id: str
) -> str:
    """Announced money is here."""
    return await put(
        tx,
        account,
        currency,
        amount_minor,
        reason=reason,
        source_id=source_id,
        against=inbound_pending(account),
    )


async def set_aside(
    tx: Tx, account: str, currency: str, amount_minor: int, *, reason: str, source_id: str
) -> str:
    """Money that is about to leave; refuses with ``insufficient_funds``."""
    kept = await ledger.balance_of(tx.connection, tx.account_id, account, currency)
    rules.check_funds(account, kept, amount_minor)
    return await ledger.hold(tx, source_id, currency, amount_minor, account, reason)


async def give_back(
    tx: Tx, account: str, currency: str, amount_minor: int, *, reason: str, source_id: str
) -> str:
    """Money that was set aside and did not leave."""
    return await ledger.release(tx, source_id, currency, amount_minor, account, reason)


async def leave(
    tx: Tx, account: str, currency: str, amount_minor: int, *, reason: str, source_id: str
) -> str:
    """Money that was set aside has left."""
    lines = (Line(account, -amount_minor, "held"), Line(OUTSIDE, amount_minor))
    return await ledger.post(tx, Transfer(tx.account_id, reason, currency, lines, source_id))


async def shown(tx: Tx, account: FinancialAccount) -> FinancialAccount:
    """The account with its balance."""
    [filled] = await all_shown(tx, [account])
    return filled


async def all_shown(tx: Tx, accounts: list[FinancialAccount]) -> list[FinancialAccount]:
    """The accounts with their balances, in the same order."""
    kept = await balances_of(tx.connection, tx.account_id, [one.id for one in accounts])
    for one in accounts:
        one.balance = rules.balance(one, kept)
    return accounts

"""``/v1/balance`` and ``/v1/balance_transactions``, and the operations of all that moves money."""

from typing import Any

from cardwright.funding import flows
from cardwright.funding.balance_transfers import api as balance_transfers
from cardwright.funding.bank_sources import api as bank_sources
from cardwright.funding.instructions import api as instructions
from cardwright.funding.low_balance import settings as low_balance
from cardwright.funding.model import Balance, TransactionFilters
from cardwright.funding.payouts import api as payouts
from cardwright.funding.payouts.model import Payout
from cardwright.funding.topups import api as topups
from cardwright.funding.transfers import api as transfers
from cardwright.kernel.database import Tx
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire import pages, rows
from cardwright.wire.operation import Call, Operation

TRANSACTIONS = "/v1/balance_transactions"


async def balance(tx: Tx, _call: Call[Any]) -> Balance:
    """Retrieve the balance of the acting account."""
    return await flows.read_balance(tx)


async def retrieve_transaction(tx: Tx, call: Call[BalanceTransaction]) -> BalanceTransaction:
    """Retrieve a balance transaction."""
    return await rows.get(tx, BalanceTransaction, call.path["id"])


async def list_transactions(
    tx: Tx, call: Call[TransactionFilters]
) -> pages.Page[BalanceTransaction]:
    """List balance transactions, newest first."""
    named = call.given.tree.pop("payout", None)
    if named is not None:
        payout = await rows.get(tx, Payout, named, param="payout")
        # Payouts are asked for one by one, so the transactions of a payout are its own.
        call.given.tree["source"] = payout.id
    return await pages.list_page(
        tx.connection, BalanceTransaction, tx.account_id, call.given, call.page
    )


OPERATIONS = (
    Operation(method="GET", path="/v1/balance", handler=balance),
    *instructions.OPERATIONS,
    *bank_sources.OPERATIONS,
    *topups.OPERATIONS,
    *transfers.OPERATIONS,
    *balance_transfers.OPERATIONS,
    *payouts.OPERATIONS,
    *low_balance.OPERATIONS,
    Operation(
        method="GET",
        path=TRANSACTIONS,
        handler=list_transactions,
        takes=TransactionFilters,
        letter="l",
        returns=BalanceTransaction,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{TRANSACTIONS}/{{id}}",
        handler=retrieve_transaction,
        returns=BalanceTransaction,
    ),
)

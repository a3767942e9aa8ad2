"""``/v1/balance``, ``/v1/balance_transactions``, ``/v1/topups`` and funding in test mode."""

from typing import Any

from cardwright.funding import flows
from cardwright.funding.model import (
    Balance,
    FundBalance,
    FundingInstructions,
    Topup,
    TransactionFilters,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.errors import fail
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire import pages, rows, standard
from cardwright.wire.operation import Call, Operation

TOPUPS = "/v1/topups"
TRANSACTIONS = "/v1/balance_transactions"


async def balance(tx: Tx, _call: Call[Any]) -> Balance:
    """Retrieve the balance of the acting account."""
    return await flows.read_balance(tx)


async def fund(tx: Tx, call: Call[FundBalance]) -> FundingInstructions:
    """Put money into the Issuing balance of a test account."""
    return await flows.fund_balance(tx, call.given)


async def retrieve_transaction(tx: Tx, call: Call[BalanceTransaction]) -> BalanceTransaction:
    """Retrieve a balance transaction."""
    return await rows.get(tx, BalanceTransaction, call.path["id"])


async def list_transactions(
    tx: Tx, call: Call[TransactionFilters]
) -> pages.Page[BalanceTransaction]:
    """List balance transactions, newest first."""
    payout = call.given.tree.pop("payout", None)
    if payout is not None:
        # Nothing is paid out yet, so no id is that of a payout.
        fail("resource_missing", param="payout", object="payout", id=payout[:200])
    return await pages.list_page(
        tx.connection, BalanceTransaction, tx.account_id, call.given, call.page
    )


OPERATIONS = (
    Operation(method="GET", path="/v1/balance", handler=balance),
    Operation(
        method="POST",
        path="/v1/test_helpers/issuing/fund_balance",
        handler=fund,
        takes=FundBalance,
        test_only=True,
    ),
    *standard.operations(Topup, TOPUPS, create=flows.create_topup, update=flows.update_topup),
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

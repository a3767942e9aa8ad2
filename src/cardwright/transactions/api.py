"""``/v1/issuing/transactions``: the operations on card transactions."""

from cardwright.kernel.database import Tx
from cardwright.transactions import flows
from cardwright.transactions.model import Transaction
from cardwright.wire import expand, pages, rows
from cardwright.wire.operation import Call, Operation

PATH = "/v1/issuing/transactions"
LOADER = expand.loader(Transaction)


async def retrieve(tx: Tx, call: Call[Transaction]) -> Transaction:
    """Retrieve a transaction."""
    return await rows.get(tx, Transaction, call.path["id"])


async def update(tx: Tx, call: Call[Transaction]) -> Transaction:
    """Update a transaction's metadata."""
    return await flows.change_metadata(tx, call.path["id"], call.given)


async def list_all(tx: Tx, call: Call[Transaction]) -> pages.Page[Transaction]:
    """List transactions, newest first."""
    return await pages.list_page(tx.connection, Transaction, tx.account_id, call.given, call.page)


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=Transaction,
        letter="l",
        returns=Transaction,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=retrieve,
        returns=Transaction,
        # Always shown; a client that asks for it is not wrong.
        revealed=frozenset({"purchase_details"}),
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=Transaction,
        letter="u",
        returns=Transaction,
    ),
)

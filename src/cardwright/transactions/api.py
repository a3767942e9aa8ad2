"""``/v1/issuing/transactions``: the operations on card transactions."""

from cardwright.transactions import flows, operator
from cardwright.transactions.model import Transaction
from cardwright.wire import expand, standard

LOADER = expand.loader(Transaction)

OPERATIONS = (
    *standard.operations(
        Transaction,
        "/v1/issuing/transactions",
        update=flows.change_metadata,
        # Always shown; a client that asks for it is not wrong.
        revealed=frozenset({"purchase_details"}),
    ),
    *operator.OPERATIONS,
)

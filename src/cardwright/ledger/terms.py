"""When the money of a balance transaction can be used, where that is not at once."""

from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load

QUERIES = load(__file__)
_PUT = QUERIES.run("put_terms")
_END = QUERIES.run("end_terms")


async def announce(tx: Tx, transaction_id: str, available_on: int) -> None:
    """The acting account's balance transaction is pending until about ``available_on``."""
    await _PUT(
        tx.connection, account_id=tx.account_id, id=transaction_id, available_on=available_on
    )


async def make_available(tx: Tx, transaction_id: str) -> None:
    """Nothing of the balance transaction is outstanding any more."""
    await _END(tx.connection, account_id=tx.account_id, id=transaction_id, available_on=tx.now)

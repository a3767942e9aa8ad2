"""``cardwright purchase-details``: what a merchant tells of a purchase after it was captured."""

from pathlib import Path

import msgspec

from cardwright.cli import acting, options
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.transactions import flows
from cardwright.transactions.operator import Details
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST


def purchase_details(
    account: str,
    transaction: str,
    file: Path,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Record what was bought with a captured payment: receipt, flight, lodging, fuel, reference.

    Parameters
    ----------
    account
        The connected account.
    transaction
        The transaction.
    file
        A JSON file in the form of purchase_details.
    """
    try:
        told = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise StartError(f"{file} cannot be read as JSON: {error}") from None

    async def work(tx: Tx) -> str:
        read = parser(Details, "c", "v1", LATEST, form=False)
        details = read({"purchase_details": told}).value().purchase_details
        made = await flows.record_purchase_details(tx, transaction, details)
        return f"{made.id}: {len(details.receipt)} lines of receipt"

    print(acting.as_account(work, account, data_dir, database_url))

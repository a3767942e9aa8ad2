"""``cardwright purchase-details``: what a merchant tells of a purchase after it was captured."""

from pathlib import Path

import msgspec

from cardwright.cli import local_files, options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.transaction import Said, working
from cardwright.kernel.startup import StartError
from cardwright.transactions import flows
from cardwright.transactions.operator import Details
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST


@working
async def purchase_details(
    account: options.Account,
    transaction: str,
    file: Path,
    *,
    installation: Installation = INSTALLATION,
) -> Said:
    """Record what was bought with a captured payment: receipt, flight, lodging, fuel, reference.

    Parameters
    ----------
    transaction
        The transaction.
    file
        A JSON file in the form of purchase_details.
    """
    try:
        content = msgspec.json.decode(local_files.read(file))
    except msgspec.DecodeError as error:
        raise StartError(f"{file} cannot be read as JSON: {error}") from None
    read = parser(Details, "c", "v1", LATEST, form=False)
    details = read({"purchase_details": content}).value().purchase_details
    async with installation.transaction(account) as tx:
        made = await flows.record_purchase_details(tx, transaction, details)
    return f"{made.id}: {len(details.receipt)} lines of receipt"

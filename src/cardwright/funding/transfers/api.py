"""``/v1/transfers`` and their reversals: calls of the platform itself."""

from typing import Any

from cardwright.funding.transfers import flows
from cardwright.funding.transfers.model import (
    NewReversal,
    NewTransfer,
    Transfer,
    TransferReversal,
)
from cardwright.kernel.database import Tx
from cardwright.wire import pages, rows, standard
from cardwright.wire.operation import Call, Operation

TRANSFERS = "/v1/transfers"
REVERSALS = f"{TRANSFERS}/{{id}}/reversals"
REVERSAL = f"{REVERSALS}/{{reversal}}"


async def create(tx: Tx, call: Call[NewTransfer]) -> Transfer:
    """Move money to a connected account."""
    return await flows.create_transfer(tx, call.given)


async def reverse(tx: Tx, call: Call[NewReversal]) -> TransferReversal:
    """Take money of a transfer back."""
    return await flows.reverse(tx, call.path["id"], call.given)


async def list_reversals(tx: Tx, call: Call[Any]) -> pages.Page[TransferReversal]:
    """List the reversals of a transfer, newest first."""
    transfer = await rows.get(tx, Transfer, call.path["id"])
    return await pages.list_page(
        tx.connection,
        TransferReversal,
        tx.account_id,
        None,
        call.page,
        fixed={"transfer": transfer.id},
    )


async def retrieve_reversal(tx: Tx, call: Call[Any]) -> TransferReversal:
    """Retrieve a reversal of a transfer."""
    return await flows.reversal_of(tx, call.path["id"], call.path["reversal"])


async def update_reversal(tx: Tx, call: Call[TransferReversal]) -> TransferReversal:
    """Change the metadata of a reversal."""
    return await flows.update_reversal(tx, call.path["id"], call.path["reversal"], call.given)


OPERATIONS = (
    *standard.operations(Transfer, TRANSFERS, update=flows.update_transfer, platform_only=True),
    Operation(
        method="POST",
        path=TRANSFERS,
        handler=create,
        takes=NewTransfer,
        returns=Transfer,
        platform_only=True,
    ),
    Operation(
        method="POST",
        path=REVERSALS,
        handler=reverse,
        takes=NewReversal,
        returns=TransferReversal,
        platform_only=True,
    ),
    Operation(
        method="GET",
        path=REVERSALS,
        handler=list_reversals,
        returns=TransferReversal,
        is_list=True,
        platform_only=True,
    ),
    Operation(
        method="GET",
        path=REVERSAL,
        handler=retrieve_reversal,
        returns=TransferReversal,
        platform_only=True,
    ),
    Operation(
        method="POST",
        path=REVERSAL,
        handler=update_reversal,
        takes=TransferReversal,
        letter="u",
        returns=TransferReversal,
        platform_only=True,
    ),
)

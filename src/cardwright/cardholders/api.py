"""``/v1/issuing/cardholders``: the operations on cardholders."""

from cardwright.cardholders import flows
from cardwright.cardholders.model import Cardholder
from cardwright.kernel.database import Tx
from cardwright.wire import pages, rows
from cardwright.wire.operation import Call, Operation

PATH = "/v1/issuing/cardholders"


async def create(tx: Tx, call: Call[Cardholder]) -> Cardholder:
    """Create a cardholder."""
    return await flows.create_cardholder(tx, call.given)


async def retrieve(tx: Tx, call: Call[Cardholder]) -> Cardholder:
    """Retrieve a cardholder."""
    return await rows.get(tx, Cardholder, call.path["id"])


async def update(tx: Tx, call: Call[Cardholder]) -> Cardholder:
    """Update a cardholder."""
    return await flows.update_cardholder(tx, call.path["id"], call.given)


async def list_all(tx: Tx, call: Call[Cardholder]) -> pages.Page[Cardholder]:
    """List cardholders, newest first."""
    return await pages.list_page(tx.connection, Cardholder, tx.account_id, call.given, call.page)


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=Cardholder,
        letter="c",
        returns=Cardholder,
    ),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=Cardholder,
        letter="l",
        returns=Cardholder,
        is_list=True,
    ),
    Operation(method="GET", path=f"{PATH}/{{id}}", handler=retrieve, returns=Cardholder),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=Cardholder,
        letter="u",
        returns=Cardholder,
    ),
)

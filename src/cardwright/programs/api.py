"""``/v1/issuing/programs``: the operations on card programs, behind their version flag."""

from cardwright.kernel.database import Tx
from cardwright.programs import flows
from cardwright.programs.model import Program
from cardwright.wire import pages, rows
from cardwright.wire.operation import Call, Operation

PATH = "/v1/issuing/programs"
FLAG = "issuing_program_beta=v2"


async def create(tx: Tx, call: Call[Program]) -> Program:
    """Attach a program of the platform to the connected account."""
    return await flows.attach_program(tx, call.given)


async def retrieve(tx: Tx, call: Call[Program]) -> Program:
    """Retrieve a program."""
    return await rows.get(tx, Program, call.path["id"])


async def update(tx: Tx, call: Call[Program]) -> Program:
    """Update a program."""
    return await flows.update_program(tx, call.path["id"], call.given)


async def list_all(tx: Tx, call: Call[Program]) -> pages.Page[Program]:
    """List programs, newest first."""
    return await pages.list_page(tx.connection, Program, tx.account_id, call.given, call.page)


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=Program,
        letter="c",
        returns=Program,
        preview=True,
        flag=FLAG,
    ),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=Program,
        letter="l",
        returns=Program,
        is_list=True,
        preview=True,
        flag=FLAG,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=retrieve,
        returns=Program,
        preview=True,
        flag=FLAG,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=Program,
        letter="u",
        returns=Program,
        preview=True,
        flag=FLAG,
    ),
)

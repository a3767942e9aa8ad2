"""``/_cardwright/...`` for cardholders: searches of watchlists that wait, and blocks.

The public API has no such thing, so the paths stand outside of it; form, answers and errors are
those of v1. A platform sees the searches of all of its accounts.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from cardwright.accounts.record.acting import named_account
from cardwright.cardholders import flows, screenings
from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.screenings import CardholderScreening
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/cardholder_screenings"
BLOCKS = "/_cardwright/accounts/{account}/cardholders/{id}"
NOTE_LONGEST = 2000
# What an operator answers: each is the last part of a path.
ANSWERS = (
    screenings.clear,
    screenings.mark_listed,
    screenings.reject,
    screenings.request_document,
)


class Answer(Parameters):
    """Why, for the file."""

    note: Annotated[str | None, Mark(longest=NOTE_LONGEST)] = None


class Unblocking(Parameters):
    """The status that the cardholder has from now on."""

    status: Literal["active", "inactive"] = "active"


async def list_all(tx: Tx, call: Call[CardholderScreening]) -> pages.Page[Body]:
    """List screenings of cardholders, newest first."""
    page = await pages.list_page(
        tx.connection,
        CardholderScreening,
        tx.account_id,
        call.given,
        call.page,
        owner="platform_id",
        fixed={"current": True},
    )
    found = [screenings.shown(one) for one in page.data]
    return pages.Page(found, page.has_more, page.request)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a screening with the values it is for."""
    at, found = await screenings.find_screening(tx, call.path["id"])
    return await screenings.shown_whole(at, found)


async def block(tx: Tx, call: Call[Any]) -> Cardholder:
    """Block a cardholder."""
    return await flows.block_cardholder(
        await named_account(tx, call.path["account"]), call.path["id"]
    )


async def unblock(tx: Tx, call: Call[Unblocking]) -> Cardholder:
    """Lift the block of a cardholder."""
    status = call.given.value().status
    return await flows.unblock_cardholder(
        await named_account(tx, call.path["account"]), call.path["id"], status
    )


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


def _answering(verb: Callable[..., Awaitable[CardholderScreening]]) -> Operation:
    async def handler(tx: Tx, call: Call[Answer]) -> Body:
        return screenings.shown(await verb(tx, call.path["id"], call.given.value().note))

    handler.__doc__ = f"Answer a screening. {verb.__doc__}"
    return _operation("POST", f"{PATH}/{{id}}/{verb.__name__}", handler, takes=Answer)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=CardholderScreening, letter="l", is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    *map(_answering, ANSWERS),
    _operation("POST", f"{BLOCKS}/block", block, returns=Cardholder),
    _operation("POST", f"{BLOCKS}/unblock", unblock, takes=Unblocking, returns=Cardholder),
)

"""``/_cardwright/...`` for cardholders: searches of watchlists that wait, and blocks.

The public API has no such thing, so the paths stand outside of it; form, answers and errors are
those of v1. A platform sees the searches of all of its accounts.
"""

from typing import Annotated, Any, Literal

from cardwright.accounts.record.acting import acting
from cardwright.cardholders import flows, screenings
from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.requirements import ScreeningStatus
from cardwright.cardholders.screenings import CardholderScreening
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/cardholder_screenings"
BLOCKS = "/_cardwright/accounts/{account}/cardholders/{id}"
NOTE_LONGEST = 2000
# What an operator answers, and the last part of the path that says it.
ANSWERS: dict[str, ScreeningStatus] = {
    "clear": "cleared",
    "mark_listed": "listed",
    "reject": "rejected",
    "request_document": "document_requested",
}


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
    return await flows.block_cardholder(await _named(tx, call), call.path["id"])


async def unblock(tx: Tx, call: Call[Unblocking]) -> Cardholder:
    """Lift the block of a cardholder."""
    status = call.given.value().status
    return await flows.unblock_cardholder(await _named(tx, call), call.path["id"], status)


async def _named(tx: Tx, call: Call[Any]) -> Tx:
    account = call.path["account"]
    found = await acting(tx, account)
    if found is None:
        fail(tenancy_refusals.RESOURCE_MISSING, param="account", object="account", id=account[:200])
    return found


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


def _answering(verb: str) -> Operation:
    async def handler(tx: Tx, call: Call[Answer]) -> Body:
        note = call.given.value().note
        return screenings.shown(await screenings.answer(tx, call.path["id"], ANSWERS[verb], note))

    handler.__doc__ = f"Answer a screening: {ANSWERS[verb]}."
    return _operation("POST", f"{PATH}/{{id}}/{verb}", handler, takes=Answer)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=CardholderScreening, letter="l", is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    *map(_answering, ANSWERS),
    _operation("POST", f"{BLOCKS}/block", block, returns=Cardholder),
    _operation("POST", f"{BLOCKS}/unblock", unblock, takes=Unblocking, returns=Cardholder),
)

"""What the operations of money management (v2) have in common."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from cardwright.kernel.database import Tx
from cardwright.wire import instants, pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Parameters, Resource
from cardwright.wire.versions import Body

PATH = "/v2/money_management"
ResourceT = TypeVar("ResourceT", bound=Resource)
Show = Callable[[Tx, Call[Any], Any], Awaitable[Body]]


async def plain(_tx: Tx, call: Call[Any], record: Resource) -> Body:
    """A record as it is kept, without what is hidden."""
    return render(record, call.version)


def outbound_bounds(tree: dict[str, Any]) -> dict[str, str]:
    """Bounds of time that are members of their own: ``created_gte``."""
    named = {
        name.removeprefix("created_"): tree[name] for name in tree if name.startswith("created_")
    }
    given = dict(tree.get("created") or {})
    at = given.pop("at", None)
    if at is not None:
        given |= {"gte": at, "lte": at}
    return instants.as_texts(instants.of_texts({**given, **named}))


async def listed(
    tx: Tx,
    call: Call[Any],
    shape: type[ResourceT],
    show: Callable[[ResourceT], Body],
    **fixed: Any,
) -> pages.Page[Body]:
    """A page of records with the given columns."""
    found = await pages.list_page(
        tx.connection,
        shape,
        tx.account_id,
        None,
        call.page,
        fixed={name: value for name, value in fixed.items() if value},
        cursor_param=False,
    )
    return pages.Page([show(one) for one in found.data], found.has_more, found.request)


def reads(name: str, shape: type[ResourceT], show: Show = plain, **more: Any) -> Operation:
    """``GET /v2/money_management/<name>/:id``."""

    async def retrieve(tx: Tx, call: Call[Any]) -> Body:
        return await show(tx, call, await rows.get(tx, shape, call.path["id"]))

    return Operation(method="GET", path=f"{PATH}/{name}/{{id}}", handler=retrieve, **more)


def writes(
    path: str,
    handler: Callable[[Tx, Call[Any]], Awaitable[Body]],
    shape: type[Resource],
    takes: type[Parameters] | None = None,
    show: Show = plain,
    letter: str = "c",
) -> Operation:
    """``POST`` to a path; a repeated key shows the object as it is now."""

    async def current(tx: Tx, call: Call[Any], one_id: str) -> Body:
        return await show(tx, call, await rows.get(tx, shape, one_id))

    return Operation(
        method="POST",
        path=path,
        handler=handler,
        takes=takes,
        letter=letter,
        current=current,
    )


def lists(
    name: str,
    handler: Callable[[Tx, Call[Any]], Awaitable[pages.Page[Body]]],
    takes: type[Parameters] | None = None,
    **more: Any,
) -> Operation:
    """``GET /v2/money_management/<name>``."""
    return Operation(
        method="GET",
        path=f"{PATH}/{name}",
        handler=handler,
        takes=takes,
        letter="l",
        is_list=True,
        **more,
    )

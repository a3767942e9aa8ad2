"""The four operations that nearly every v1 resource has: create, list, retrieve, update; and the
two of settings.

A resource whose rows are shown as they are stored needs nothing but its flows::

    OPERATIONS = standard.operations(
        Cardholder, "/v1/issuing/cardholders",
        create=flows.create_cardholder, update=flows.update_cardholder,
    )
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from cardwright.kernel.database import Tx
from cardwright.wire import pages, rows
from cardwright.wire.given import Given
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Parameters, Resource
from cardwright.wire.versions import Body

ResourceT = TypeVar("ResourceT", bound=Resource)
SettingsT = TypeVar("SettingsT")


def settings(
    path: str,
    takes: type[Parameters],
    *,
    read: Callable[[Tx], Awaitable[SettingsT]],
    change: Callable[[Tx, dict[str, Any]], Awaitable[SettingsT]],
    show: Callable[[Tx, SettingsT], Body],
) -> tuple[Operation, Operation]:
    """Retrieve and change what a platform has set."""

    async def retrieve(tx: Tx, _call: Call[Any]) -> Body:
        return show(tx, await read(tx))

    async def update(tx: Tx, call: Call[Any]) -> Body:
        return show(tx, await change(tx, call.given.tree))

    return (
        Operation(method="GET", path=path, handler=retrieve, platform_only=True),
        Operation(method="POST", path=path, handler=update, takes=takes, platform_only=True),
    )


def operations(
    shape: type[ResourceT],
    path: str,
    *,
    create: Callable[[Tx, Given[ResourceT]], Awaitable[ResourceT]] | None = None,
    update: Callable[[Tx, str, Given[ResourceT]], Awaitable[ResourceT]] | None = None,
    **common: Any,
) -> tuple[Operation, ...]:
    """List and retrieve, and create and update where there is a flow for them; ``common`` are
    members that all of the operations have (a flag, a preview mark)."""

    async def list_all(tx: Tx, call: Call[ResourceT]) -> pages.Page[ResourceT]:
        return await pages.list_page(tx.connection, shape, tx.account_id, call.given, call.page)

    async def retrieve(tx: Tx, call: Call[ResourceT]) -> ResourceT:
        return await rows.get(tx, shape, call.path["id"])

    one = f"{path}/{{id}}"
    common["returns"] = shape
    made = [
        Operation(
            method="GET",
            path=path,
            handler=list_all,
            takes=shape,
            letter="l",
            is_list=True,
            **common,
        ),
        Operation(method="GET", path=one, handler=retrieve, **common),
    ]
    if create is not None:
        made.append(_create(create, path, shape, common))
    if update is not None:
        made.append(_update(update, one, shape, common))
    return tuple(made)


def _create(flow: Any, path: str, shape: type[Resource], common: dict[str, Any]) -> Operation:
    async def create(tx: Tx, call: Call[Any]) -> Any:
        return await flow(tx, call.given)

    return Operation(method="POST", path=path, handler=create, takes=shape, letter="c", **common)


def _update(flow: Any, path: str, shape: type[Resource], common: dict[str, Any]) -> Operation:
    async def update(tx: Tx, call: Call[Any]) -> Any:
        return await flow(tx, call.path["id"], call.given)

    return Operation(method="POST", path=path, handler=update, takes=shape, letter="u", **common)

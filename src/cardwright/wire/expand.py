"""``expand[]``: ids replaced by the objects they name, four levels deep, loaded in batches.

A member marked ``expand="issuing.cardholder"`` holds an id of that tag. The features register a
loader and a shape by tag, because expansion may reach up the line of features.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from cardwright.kernel.database import Connection
from cardwright.kernel.refusal import fail
from cardwright.kernel.registries import Keyed
from cardwright.wire import refusals, rows
from cardwright.wire.render import nested, render
from cardwright.wire.resource import Resource, members
from cardwright.wire.versions import Body, Version

DEPTH_MAX = 4
PATHS_MAX = 50

Load = Callable[[Connection, str, list[str]], Awaitable[dict[str, Any]]]


class Loader(NamedTuple):
    """How objects of a tag are found by id within an account."""

    shape: type[msgspec.Struct]
    load: Load


LOADERS: Keyed[str, Loader] = Keyed("loaders of objects")

# Expansion paths as a tree: {"cardholder": {}, "authorization": {"cardholder": {}}}.
Tree = dict[str, Any]


def loader(shape: type[Resource]) -> Loader:
    """The loader of a resource that is stored as rows of its own."""

    async def load(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
        return dict(await rows.batch(connection, shape, account_id, ids))

    return Loader(shape, load)


def tree_of(
    paths: list[str], shape: type[msgspec.Struct] | None, *, is_list: bool, revealed: frozenset[str]
) -> Tree:
    """Check the paths against the shape of the answer; ``revealed`` are members that only this
    operation shows when expanded (a card's number)."""
    tree: Tree = {}
    if len(paths) > PATHS_MAX:
        fail(refusals.PARAMETER_TOO_MANY, param="expand", limit=PATHS_MAX)
    for path in paths:
        steps = path.split(".")
        if is_list:
            if steps[0] != "data" or len(steps) == 1:
                fail(refusals.EXPAND_INVALID, param=path[:200])
            steps = steps[1:]
        if len(steps) > DEPTH_MAX:
            fail(refusals.EXPAND_TOO_DEEP, param=path[:200])
        if ".".join(steps) not in revealed:
            _check(shape, steps, path)
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
    return tree


def _check(shape: type[msgspec.Struct] | None, steps: list[str], path: str) -> None:
    for position, step in enumerate(steps):
        member = members(shape).get(step) if shape is not None else None
        if member is None or (member.mark is not None and member.mark.revealed):
            fail(refusals.EXPAND_INVALID, param=path[:200])
        tag = member.mark.expand if member.mark is not None else None
        inside = nested(member.type)
        if tag is not None:
            shape = LOADERS[tag].shape
        elif inside and (issubclass(inside[0][0], Resource) or position < len(steps) - 1):
            shape = inside[0][0]
        else:
            fail(refusals.EXPAND_INVALID, param=path[:200])


async def fill(
    connection: Connection,
    account_id: str,
    shape: type[msgspec.Struct],
    bodies: list[Body],
    tree: Tree,
    version: Version,
) -> None:
    """Replace the named ids in the rendered bodies by rendered objects."""
    for name, below in tree.items():
        member = members(shape).get(name)
        if member is None:
            continue
        tag = member.mark.expand if member.mark is not None else None
        if tag is not None:
            shape_below = LOADERS[tag].shape
            found = await _load(connection, account_id, tag, bodies, name, version)
        else:
            inside = nested(member.type)
            if not inside:
                continue
            shape_below = inside[0][0]
            found = [child for body in bodies for child in _children(body.get(name))]
        if below and found:
            await fill(connection, account_id, shape_below, found, below, version)


async def _load(
    connection: Connection,
    account_id: str,
    tag: str,
    bodies: list[Body],
    name: str,
    version: Version,
) -> list[Body]:
    """Load every id that the bodies hold under ``name`` and put the objects in their place."""
    ids = {id_ for body in bodies for id_ in _ids(body.get(name))}
    objects = await LOADERS[tag].load(connection, account_id, sorted(ids)) if ids else {}
    placed: list[Body] = []

    def replace(value: Any) -> Any:
        if isinstance(value, dict):
            # Shown whole already; what is below it may be expanded.
            placed.append(value)
        if not isinstance(value, str) or value not in objects:
            return value
        body = render(objects[value], version)
        placed.append(body)
        return body

    for body in bodies:
        value = body.get(name)
        if isinstance(value, list):
            body[name] = [replace(item) for item in value]
        elif isinstance(value, str):
            body[name] = replace(value)
    return placed


def _ids(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _children(value: Any) -> list[Body]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]

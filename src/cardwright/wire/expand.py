"""``expand[]``: ids replaced by the objects they name, four levels deep, loaded in batches.

A member marked ``expand="issuing.cardholder"`` holds an id of that tag; one that is also marked
``named_by="flow"`` is not there until it is expanded, and the id stands in that other member. The
features register a loader and a shape by tag, because expansion may reach up the line of features.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from cardwright.kernel.database import Connection
from cardwright.kernel.refusal import fail
from cardwright.kernel.registries import Keyed
from cardwright.wire import refusals, rows
from cardwright.wire.render import nested, render
from cardwright.wire.resource import Member, Resource, members
from cardwright.wire.versions import Body, Version

DEPTH_MAX = 4
PATHS_MAX = 50
# Objects of the public API that this server has none of, since nobody is charged here: a member
# that names one may be expanded as there, and stays what it is.
ABSENT = frozenset(
    {
        "application_fee",
        "charge",
        "customer",
        "issuing.settlement",
        "mandate",
        "payment_method",
        "refund",
        "tax_id",
    }
)

# Expansion paths as a tree: {"cardholder": {}, "authorization": {"cardholder": {}}}.
Tree = dict[str, Any]
Shapes = tuple[type[msgspec.Struct], ...]
# Objects, or bodies of them, by id.
Load = Callable[[Connection, str, list[str]], Awaitable[dict[str, Any]]]


class Loader(NamedTuple):
    """How objects of a tag are found by id within an account. ``among`` are the tags of an object
    that may be of several kinds, ``always`` what is expanded in it without being asked for."""

    shape: type[msgspec.Struct]
    load: Load
    among: tuple[str, ...] = ()
    always: Tree = {}


LOADERS: Keyed[str, Loader] = Keyed("loaders of objects")


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
        if ".".join(steps) not in revealed and not _leads((shape,) if shape else (), steps):
            fail(refusals.EXPAND_INVALID, param=path[:200])
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
    return tree


def _leads(shapes: Shapes, steps: list[str]) -> bool:
    """Whether the steps lead, in an object of one of the shapes, to something that expands."""
    step, *further = steps
    return any(
        _expands(member, further) for shape in shapes if (member := members(shape).get(step))
    )


def _expands(member: Member, further: list[str]) -> bool:
    mark = member.mark
    if mark is not None and mark.revealed:
        return False
    if mark is not None and mark.expand is not None:
        return mark.expand in ABSENT or not further or _leads(_shapes_of(mark.expand), further)
    inside = tuple(kind for kind, _ in nested(member.type))
    return _leads(inside, further) if further else any(_is_object(kind) for kind in inside)


def _is_object(kind: type[msgspec.Struct]) -> bool:
    """Whether it is an object of the API, or a list of some: both may be named, though they are
    shown whole already."""
    return kind.__struct_config__.tag is not None


def _shapes_of(tag: str) -> Shapes:
    loader = LOADERS[tag]
    return tuple(shape for each in loader.among for shape in _shapes_of(each)) or (loader.shape,)


async def fill(
    connection: Connection,
    account_id: str,
    shape: type[msgspec.Struct],
    bodies: list[Body],
    tree: Tree,
    version: Version,
) -> None:
    """Replace the named ids in the rendered bodies by rendered objects. What an object that names
    its account holds is that account's."""
    for owner, owned in _by_owner(shape, account_id, bodies).items():
        for name, below in tree.items():
            member = members(shape).get(name)
            if member is None:
                continue
            filling = _Filling(connection, owner, version)
            mark = member.mark
            if mark is None or mark.expand is None:
                await filling.inside(member, owned, below)
            elif mark.expand not in ABSENT:
                await filling.named(mark.expand, mark.named_by or name, name, owned, below)


def _by_owner(
    shape: type[msgspec.Struct], account_id: str, bodies: list[Body]
) -> dict[str, list[Body]]:
    member = shape.owned_by if issubclass(shape, Resource) else ""
    if not member:
        return {account_id: bodies}
    owners: dict[str, list[Body]] = {}
    for body in bodies:
        owners.setdefault(_id_of(body[member]), []).append(body)
    return owners


class _Filling(NamedTuple):
    """What is the same for all that one account's bodies hold."""

    connection: Connection
    account_id: str
    version: Version

    async def inside(self, member: Member, bodies: list[Body], below: Tree) -> None:
        """Go on in a hash, or in the items of a list."""
        found = [child for body in bodies for child in _children(body.get(member.name))]
        shapes = [kind for kind, _ in nested(member.type)]
        if below and found and shapes:
            await fill(self.connection, self.account_id, shapes[0], found, below, self.version)

    async def named(
        self, tag: str, source: str, name: str, bodies: list[Body], below: Tree
    ) -> None:
        """Load every id that the bodies hold under ``source``, put the objects under ``name``, and
        go on in them."""
        loader = LOADERS[tag]
        ids = {id_ for body in bodies for id_ in _ids(body.get(source))}
        objects = await loader.load(self.connection, self.account_id, sorted(ids)) if ids else {}
        placed: list[Body] = []
        for body in bodies:
            if source in body:
                shown = self._placed(body[source], objects, placed)
                body[name] = shown if source == name or not isinstance(shown, str) else None
        below = {**loader.always, **below}
        if not below:
            return
        for shape in _shapes_of(tag):
            found = [body for body in placed if not loader.among or _is_of(body, shape)]
            if found:
                await fill(self.connection, self.account_id, shape, found, below, self.version)

    def _placed(self, value: Any, objects: dict[str, Any], placed: list[Body]) -> Any:
        """The value with objects for ids, which ``placed`` collects."""
        if isinstance(value, list):
            return [self._placed(item, objects, placed) for item in value]
        if isinstance(value, str) and value in objects:
            found = objects[value]
            value = found if isinstance(found, dict) else render(found, self.version)
        if isinstance(value, dict):
            # Some are shown whole already; what is below them may be expanded.
            placed.append(value)
        return value


def _is_of(body: Body, shape: type[msgspec.Struct]) -> bool:
    return bool(body.get("object") == shape.__struct_config__.tag)


def _id_of(value: Any) -> str:
    return str(value["id"] if isinstance(value, dict) else value)


def _ids(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def _children(value: Any) -> list[Body]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]

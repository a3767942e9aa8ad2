"""From a resource to the body of an answer or event, in the caller's version.

``reshape`` is compiled per (shape, version epoch): which members to drop or rename on the way
down, in nested hashes and resources too, and which edits follow. Where nothing is to do, msgspec
encodes the struct as it is.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, get_args

import msgspec

from cardwright.wire.resource import Resource, members
from cardwright.wire.versions import EDITS, LATEST, Body, Version

Reshape = Callable[[Body], Body]


def render(resource: msgspec.Struct, version: Version = LATEST) -> Body:
    """The object as plain data, in the version's vocabulary."""
    body: Body = msgspec.to_builtins(resource)
    shape = type(resource)
    return reshaper(shape, version)(body) if needs_reshaping(shape, version) else body


def needs_reshaping(shape: type[msgspec.Struct], version: Version) -> bool:
    """Whether the version differs from the newest for this shape or any shape inside it."""
    return _differs(shape, version.date, version.preview)


@cache
def _differs(shape: type[msgspec.Struct], date: str, preview: bool) -> bool:
    if any(date < cut for cut, _ in EDITS.get(_tag(shape), [])):
        return True
    for member in members(shape).values():
        mark = member.mark
        if mark is not None and (
            mark.hidden
            or (mark.since and date < mark.since)
            or (mark.until and date >= mark.until)
            or (mark.preview and not preview)
            or any(date < until for _, until in mark.earlier)
        ):
            return True
        if any(_differs(inner, date, preview) for inner, _ in nested(member.type)):
            return True
    return False


def reshaper(shape: type[msgspec.Struct], version: Version) -> Reshape:
    """The function from the newest body of ``shape`` to the version's."""
    return _reshaper(shape, version.date, version.preview)


@cache
def _reshaper(shape: type[msgspec.Struct], date: str, preview: bool) -> Reshape:
    drops: list[str] = []
    names: list[tuple[str, str]] = []
    inner: list[tuple[str, bool, Reshape]] = []
    for name, member in members(shape).items():
        mark = member.mark
        for kind, is_list in nested(member.type):
            if _differs(kind, date, preview):
                inner.append((name, is_list, _reshaper(kind, date, preview)))
        if mark is None:
            continue
        absent = (mark.since and date < mark.since) or (mark.until and date >= mark.until)
        if absent or mark.hidden or (mark.preview and not preview):
            drops.append(name)
        for earlier, until in mark.earlier:
            if date < until:
                names.append((name, earlier))
    edits = [edit for cut, edit in sorted(EDITS.get(_tag(shape), []), reverse=True) if date < cut]

    def reshape(body: Body) -> Body:
        for name, is_list, change in inner:
            value = body.get(name)
            if isinstance(value, dict):
                body[name] = change(value)
            elif is_list and isinstance(value, list):
                body[name] = [change(item) if isinstance(item, dict) else item for item in value]
        for name in drops:
            body.pop(name, None)
        for name, earlier in names:
            if name in body:
                body[earlier] = body.pop(name)
        for edit in edits:
            body = edit(body)
        return body

    return reshape


def nested(kind: Any) -> list[tuple[type[msgspec.Struct], bool]]:
    """The structs directly inside a member's type, with whether they stand in a list."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [(kind, False)]
    return [(inner, True) for part in get_args(kind) for inner, _ in nested(part)]


def _tag(shape: type[msgspec.Struct]) -> str:
    return str(shape.__struct_config__.tag) if issubclass(shape, Resource) else ""

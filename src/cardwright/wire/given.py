"""What a caller gave, and the two ways it becomes an object: ``build`` and ``merge``."""

from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from cardwright.kernel.refusal import fail
from cardwright.wire import refusals
from cardwright.wire.resource import Member, Metadata, members

StructT = TypeVar("StructT", bound=msgspec.Struct)
# How many strings an object may have as metadata, those of earlier updates included.
METADATA_KEYS_MAX = 50


class Given(Generic[StructT]):
    """A checked tree of what was given, and only that: nested dictionaries, lists, values, None.

    ``style`` is ``v1`` (bracket paths in errors) or ``v2`` (dotted paths).
    """

    __slots__ = ("shape", "style", "tree")

    def __init__(self, shape: type[StructT], tree: dict[str, Any], style: str = "v1") -> None:
        self.shape = shape
        self.tree = tree
        self.style = style

    def __contains__(self, name: str) -> bool:
        return name in self.tree

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The given value of a top-level member."""
        return self.tree.get(name, otherwise)

    def value(self) -> StructT:
        """The whole, built from nothing but what was given and the declared defaults."""
        return build(self.shape, self)


def path_of(parent: str, name: str, style: str) -> str:
    """The path of a member: ``a[b]`` in v1, ``a.b`` in v2."""
    if not parent:
        return name
    return f"{parent}[{name}]" if style == "v1" else f"{parent}.{name}"


def build(shape: type[StructT], given: Given[StructT], /, **server: Any) -> StructT:
    """A new object from what was given; ``server`` holds the members that only we set."""
    made: StructT = _build(shape, given.tree, "", given.style, server)
    return made


def _build(shape: Any, tree: dict[str, Any], path: str, style: str, server: dict[str, Any]) -> Any:
    values = dict(server)
    known = members(shape)
    for name, value in tree.items():
        if value is not None and name in known and name not in server:
            values[name] = _fresh(known[name], value, path_of(path, name, style), style)
    for member in _without_default(shape):
        if member.name in values:
            continue
        if not member.nullable:
            here = path_of(path, member.name, style)
            fail(
                refusals.PARAMETER_MISSING if style == "v1" else refusals.FIELD_MISSING, param=here
            )
        values[member.name] = None
    return shape(**values)


@cache
def _without_default(shape: type[msgspec.Struct]) -> tuple[Member, ...]:
    return tuple(member for member in members(shape).values() if not member.has_default)


def _fresh(member: Member, value: Any, path: str, style: str) -> Any:
    """A member's value where there was none before."""
    return _typed(member.type, value, path, style)


def _typed(kind: Any, value: Any, path: str, style: str) -> Any:
    if kind == Metadata:
        return {key: text for key, text in value.items() if text not in (None, "")}
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _build(kind, value, path, style, {})
    if isinstance(value, list):
        (element,) = kind.__args__
        return [
            _typed(element, item, path_of(path, str(index), style), style)
            for index, item in enumerate(value)
        ]
    return value


def merge(before: StructT, given: Given[Any]) -> StructT:
    """The object after an update: hashes merge member by member, lists replace, null resets to
    the declared default, metadata merges by key, a hash that was null must be complete."""
    after: StructT = _merge(before, given.tree, "", given.style)
    return after


def _merge(before: Any, tree: dict[str, Any], path: str, style: str) -> Any:
    if not tree:
        return before
    shape: type[msgspec.Struct] = type(before)
    known = members(shape)
    changes = {}
    for name, value in tree.items():
        if name in known:
            here = path_of(path, name, style)
            changes[name] = _changed(known[name], getattr(before, name), value, here, style)
    return msgspec.structs.replace(before, **changes)


def _changed(member: Member, current: Any, value: Any, path: str, style: str) -> Any:
    if value is None:
        if member.type == Metadata:
            return {}
        return member.default_value() if member.has_default else None
    if member.type == Metadata:
        merged = {**(current or {}), **value}
        kept = {key: text for key, text in merged.items() if text not in (None, "")}
        if len(kept) > max(METADATA_KEYS_MAX, len(current or {})):
            if style == "v1":
                reason = f"the object would have {len(kept)} keys; at most {METADATA_KEYS_MAX}"
                fail(refusals.METADATA_INVALID, param=path, reason=reason)
            fail(
                refusals.FIELD_METADATA_TOO_MANY,
                param=path,
                count=len(kept),
                limit=METADATA_KEYS_MAX,
            )
        return kept
    replaced = member.mark is not None and member.mark.replace
    if isinstance(value, dict) and isinstance(current, msgspec.Struct) and not replaced:
        return _merge(current, value, path, style)
    return _fresh(member, value, path, style)


def changed(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, Any]:
    """The old values of what differs, as an event's ``previous_attributes``."""
    return difference(msgspec.to_builtins(before), msgspec.to_builtins(after))


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The old values of what differs between two bodies, hash by hash."""
    old: dict[str, Any] = {}
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        nested = isinstance(was, dict) and isinstance(now, dict)
        old[name] = difference(was, now) if nested else was  # type: ignore[arg-type]
    return old

"""Shapes of parameters that are made from what is declared elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar, cast, get_type_hints

import msgspec

from cardwright.wire.faces.trees import Tree
from cardwright.wire.resource import (
    Factory,
    KeywordOnly,
    Mark,
    Parameters,
    Resource,
    Shape,
    members,
)

ShapeT = TypeVar("ShapeT", bound=msgspec.Struct)


def takes_of(record: type[Resource], letter: str) -> Callable[[type[ShapeT]], type[ShapeT]]:
    """A decorator: the shape with what callers of an operation give of a record as it is declared
    there. What is hidden they do not know, and what the shape has itself it takes otherwise."""

    def decorate(shape: type[ShapeT]) -> type[ShapeT]:
        annotations = {}
        for name, member in members(record).items():
            mark = member.mark or Mark()
            if letter in (mark.operations or "") and not mark.hidden:
                resets = member.nullable or member.has_default
                kind = member.type | None if resets else member.type
                annotations[name] = Annotated[kind, replace(bounds(mark), operations=None)]
        return joined(shape, annotations)

    return decorate


def joined(shape: type[ShapeT], annotations: Tree) -> type[ShapeT]:
    """The shape with more members, all in the order of their names: of several that are missing
    the first is the one that is named."""
    own, annotations = get_type_hints(shape, include_extras=True), dict(annotations)
    namespace: Tree = {"__module__": shape.__module__, "__doc__": shape.__doc__}
    for name, member in members(shape).items():
        annotations[name] = own[name]
        if isinstance(member.default, Factory):
            namespace[name] = msgspec.field(default_factory=member.default.make)
        elif member.has_default:
            namespace[name] = member.default
    namespace["__annotations__"] = dict(sorted(annotations.items()))
    base = Parameters if issubclass(shape, Parameters) else Shape
    return cast("type[ShapeT]", KeywordOnly(shape.__name__, (base,), namespace))


def made(
    name: str, base: type, annotations: Tree, module: str, words: str | None, **config: Any
) -> type:
    """A shape with the annotations."""
    namespace = {"__module__": module, "__doc__": words, "__annotations__": annotations}
    return KeywordOnly(name, (base,), namespace, **config)


def bounds(mark: Mark | None) -> Mark:
    """What of a mark is about the value, and whether only some calls give it."""
    mark = mark or Mark()
    some = mark.operations is not None and not {"c", "u"} <= set(mark.operations)
    return Mark(
        operations=mark.operations if some else None,
        need=mark.need,
        replace=mark.replace,
        longest=mark.longest,
        low=mark.low,
        high=mark.high,
        pattern=mark.pattern,
        choices=mark.choices,
    )

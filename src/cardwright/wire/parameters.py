"""Parsers for parameters, compiled once from the declarations of a shape.

There is a parser per (shape, operation, form or JSON, version epoch). It takes the raw tree and
returns only what was given, checked and typed; anything else is refused with its path: bracket
path and v1 words for forms, dotted path and v2 words for JSON.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from cardwright.wire import refusals
from cardwright.wire.given import Given, path_of
from cardwright.wire.resource import (
    Country,
    Currency,
    DecimalText,
    IpAddress,
    Mark,
    Member,
    Metadata,
    Moment,
    Parameters,
    Sealed,
    Timestamp,
    Upload,
    is_amount_of_action,
    members,
)
from cardwright.wire.values import Parse, Values
from cardwright.wire.versions import PREVIEW_HINT, Version

StructT = TypeVar("StructT", bound=msgspec.Struct)


def parser(
    shape: type[StructT], operation: str, style: str, version: Version, *, form: bool
) -> Callable[[dict[str, Any]], Given[StructT]]:
    """The compiled parser of ``shape`` for the operation letter, in ``v1`` or ``v2`` words;
    ``form`` when values come as text (a form or a query) and not as JSON."""
    cuts = _cuts(shape)
    epoch = sum(cut <= version.date for cut in cuts)
    moment = max([cut for cut in cuts if cut <= version.date], default="")
    return _parser(shape, operation, style, form, epoch, moment, version.preview)


@cache
def _cuts(shape: type[msgspec.Struct]) -> tuple[str, ...]:
    """The dates at which the shape, or a shape inside it, changes."""
    found: set[str] = set()
    for member in members(shape).values():
        mark = member.mark or Mark()
        found.update(date for date in (mark.since, mark.until) if date)
        found.update(date for _, date in mark.earlier)
        for inner in _shapes(member.type):
            found.update(_cuts(inner))
    return tuple(sorted(found))


def _shapes(kind: Any) -> list[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [kind]
    return [inner for part in get_args(kind) for inner in _shapes(part)]


@cache
def _parser(
    shape: type[StructT],
    operation: str,
    style: str,
    form: bool,
    _epoch: int,
    date: str,
    preview: bool,
) -> Callable[[dict[str, Any]], Given[StructT]]:
    compiler = Compiler(operation, style, form, date, preview)
    compiled = compiler.hash_of(shape, top=not issubclass(shape, Parameters))

    def parse(raw: dict[str, Any]) -> Given[StructT]:
        return Given(shape, compiled(raw, ""), style)

    return parse


def _swapped(shape: type[msgspec.Struct], name: str, value: Any) -> tuple[str, str] | None:
    """The two names that were meant by one the shape has not, if their levels are merely the wrong
    way round (``prepaid_card.stripe``)."""
    for inner in value if isinstance(value, dict) else ():
        member = members(shape).get(inner)
        kind = member.type if member is not None else None
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and name in members(kind):
            return inner, name
    return None


class Compiler:
    """Builds the parser of one shape for one operation, style and version epoch."""

    def __init__(self, operation: str, style: str, form: bool, date: str, preview: bool) -> None:
        self.operation = operation
        self.values = Values(style, form)
        self.date = date
        self.preview = preview

    def takes(self, member: Member, top: bool, preview: bool) -> bool:
        """Whether the operation may give the member at this version, if that is a ``preview``."""
        mark = member.mark or Mark()
        named = not top if mark.operations is None else self.operation in mark.operations
        if not named or (mark.preview and not preview):
            return False
        started = mark.since is None or mark.since <= self.date
        return started and (mark.until is None or self.date < mark.until)

    def hash_of(self, shape: type[msgspec.Struct], top: bool = False) -> Parse:
        """The parser of a struct: a dictionary in, a dictionary of what was given out."""
        entries: dict[str, tuple[str, Parse]] = {}
        needed = []
        previewed = set()
        for name, member in members(shape).items():
            if not self.takes(member, top, self.preview):
                if self.takes(member, top, preview=True):
                    previewed.add(name)
                continue
            mark = member.mark or Mark()
            parse = self.member(member, mark, resets=not is_amount_of_action(shape, member))
            entries[name] = (name, parse)
            for earlier, _ in mark.earlier:
                entries[earlier] = (name, parse)
            if self.operation in mark.need:
                needed.append(name)
        style, refuse = self.values.style, self.values.refuse
        unknown, missing = self.values.unknown, self.values.missing

        def parse_hash(raw: Any, path: str) -> dict[str, Any]:
            if not isinstance(raw, dict):
                refuse(refusals.PARAMETER_HASH, path, "expected an object")
            given: dict[str, Any] = {}
            for name, value in raw.items():
                entry = entries.get(name)
                here = path_of(path, name, style)
                if entry is None:
                    hint = PREVIEW_HINT if name in previewed else None
                    if swapped := _swapped(shape, name, value):
                        outer, inner = swapped
                        hint = f"Did you mean {path_of(path_of(path, outer, style), inner, style)}?"
                    unknown(here, hint)
                    continue
                given[entry[0]] = entry[1](value, here)
            for name in needed:
                here = path_of(path, name, style)
                if name not in given:
                    missing(here)
                if given[name] is None:
                    refuse(refusals.PARAMETER_EMPTY, here, "it cannot be null")
                if isinstance(given[name], str) and not given[name].strip():
                    refuse(refusals.PARAMETER_BLANK, here, "it must not be blank")
            return given

        return parse_hash

    def member(self, member: Member, mark: Mark, *, resets: bool = True) -> Parse:
        """The parser of a member's value, null included where the member ``resets`` by it."""
        values = self.values
        if self.operation == "l" and member.type in (Timestamp, int):
            exact = values.timestamp if member.type is Timestamp else values.integer
            return values.range_of(exact(mark))
        inner = self.kind(member.type, mark)
        if mark.shorthand is not None:
            inner = _or_shorthand(inner, mark.shorthand)
        resettable = resets and (member.nullable or member.has_default)
        form, refuse = values.form, values.refuse

        def parse(value: Any, path: str) -> Any:
            if value is None or (form and value == ""):
                if not resettable:
                    refuse(refusals.PARAMETER_EMPTY, path, "it cannot be null")
                return None
            return inner(value, path)

        return parse

    def kind(self, kind: Any, mark: Mark) -> Parse:
        """The parser of a bare type."""
        values = self.values
        plain: dict[Any, Callable[[Mark], Parse]] = {
            str: values.text,
            int: values.integer,
            bool: values.boolean,
            Timestamp: values.timestamp,
            Moment: values.moment,
            Currency: values.currency,
            Country: values.country,
            IpAddress: values.ip_address,
            DecimalText: values.decimal,
            Sealed: values.sealed,
            Metadata: values.metadata,
            Upload: values.upload,
        }
        if kind in plain:
            return plain[kind](mark)
        if get_origin(kind) is Literal:
            return values.choice(frozenset(get_args(kind)), get_args(kind))
        if get_origin(kind) is list:
            return values.list_of(self.kind(get_args(kind)[0], mark))
        assert isinstance(kind, type), f"no parser for {kind}"
        assert issubclass(kind, msgspec.Struct), f"no parser for {kind}"
        return self.hash_of(kind)


def _or_shorthand(inner: Parse, name: str) -> Parse:
    """A hash, or a plain text that stands for one of its members."""

    def parse(value: Any, path: str) -> Any:
        return inner({name: value} if isinstance(value, str) else value, path)

    return parse

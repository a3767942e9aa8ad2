"""The text of a function from a record to a body, written once from a table: see ``face``.

It is what one would write by hand, and as fast; a table that is walked for every body took half as
long again.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from cardwright.wire.versions import Body

# From a record, what computed members are made of, and what is kept in the face's own words.
View = Callable[[Any, Any, Body], Any]


class HashSource:
    """The text of a hash: an expression or a hash for each member; ``said`` are those that are
    left out while an expression is null. What is kept for the hash follows, of the names in
    ``kept``."""

    def __init__(self, path: tuple[str, ...] = ()) -> None:
        self.path = path
        self.members: dict[str, str | HashSource] = {}
        self.said: dict[str, str] = {}
        self.kept: list[str] = []

    def inside(self, steps: Iterable[str]) -> "HashSource":
        """The hash at the end of the steps, made where it is missing."""
        found = self
        for step in steps:
            below = found.members.setdefault(step, HashSource((*found.path, step)))
            assert isinstance(below, HashSource), f"{step} is shown both whole and in parts"
            found = below
        return found

    def text(self) -> str:
        """A dictionary display."""
        parts = []
        for name, below in self.members.items():
            member = f"{name!r}: {_text(below)}"
            raw = self.said.get(name)
            parts.append(f"**({{}} if {raw} is None else {{{member}}})" if raw else member)
        if self.kept:
            kept = "kept" + "".join(f".get({step!r}, {{}})" for step in self.path)
            known = f"{{{', '.join(map(repr, self.kept))}}}"
            members = f"for name, value in {kept}.items() if name in {known}"
            parts.append(f"**{{name: value {members}}}")
        return f"{{{', '.join(parts)}}}"

    def arguments(self) -> str:
        """The same as the arguments of a call."""
        assert not self.said, "an object has all of its members"
        assert not self.kept, "an object has no members of its own"
        return ", ".join(f"{name}={_text(below)}" for name, below in self.members.items())


def _text(member: str | HashSource) -> str:
    return member.text() if isinstance(member, HashSource) else member


class ViewSource:
    """The text of a view, and the function that it is."""

    def __init__(self) -> None:
        self.body = HashSource()
        self._held: dict[str, str] = {}
        self._lines: list[str] = []
        self._functions: dict[str, Any] = {}

    def value(self, path: str) -> str:
        """An expression for the value at a dotted path of the record; null inside of nothing."""
        parent, _, name = path.rpartition(".")
        assert name.isidentifier(), path
        if not parent:
            return f"record.{name}"
        if parent not in self._held:
            self._held[parent] = self.held(self.value(parent))
        inside = self._held[parent]
        return f"(None if {inside} is None else {inside}.{name})"

    def call(self, function: Callable[[Any], Any], argument: str) -> str:
        """An expression that calls a function."""
        name = f"function_{len(self._functions)}"
        self._functions[name] = function
        return f"{name}({argument})"

    def held(self, expression: str, unless: str | None = None) -> str:
        """A variable with the value of an expression, null while that of ``unless`` is."""
        name = f"value_{len(self._lines)}"
        if unless not in (None, expression):
            expression = f"None if {unless} is None else {expression}"
        self._lines.append(f"{name} = {expression}")
        return name

    def text(self, result: str) -> str:
        """The whole function."""
        lines = (*self._lines, f"return {result}")
        return "def view(record, subject, kept):\n" + "".join(f"    {line}\n" for line in lines)

    def compiled(self, shape: type | None = None) -> View:
        """The function, which makes a dictionary or an object of the shape; its text is made of
        names in our own tables alone."""
        result = self.body.text() if shape is None else f"make({self.body.arguments()})"
        functions = {**self._functions, "make": shape}
        exec(self.text(result), functions)  # noqa: S102
        return cast("View", functions["view"])

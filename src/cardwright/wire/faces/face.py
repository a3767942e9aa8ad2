"""Two faces of one record: the names that an older API has for its members, said once as a table.

The record speaks the newest words. A face is a table over it, in the order in which its bodies
show the members; one row says all that differs::

    PERSON = Face(
        Person,
        Member("first_name", "given_name"),
        Member("first_name_kana", "script_names.kana.given_name", said=True),
        Computed("id_number", takes=Annotated[Sealed, Mark(longest=50)], at=("id_numbers",)),
        Computed("id_number_provided", shows=lambda seen: bool(seen.person.id_numbers)),
    )

Whatever a row does not say follows from the declaration of the record. From the table are made:
the parameters of the older calls (``takes``), what was given in the words of the record
(``translate``), the body that is shown (``view``; ``shows`` where it is a resource with marks of
its own), the parameter that an error names (``parameter``) and what a requirement is called
(``named``). A path that the record does not have
fails at the import.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    TypeAlias,
    TypeVar,
    cast,
    get_args,
    get_origin,
)

import msgspec

from cardwright.kernel.clock import parse_rfc3339
from cardwright.wire import resource
from cardwright.wire.faces.parameter_shapes import bounds, joined, made
from cardwright.wire.faces.trees import Tree, beginnings, bracketed, keep, put, put_at
from cardwright.wire.faces.view_source import HashSource, ViewSource
from cardwright.wire.resource import Mark, Moment, Resource, Shape, members

Convert = Callable[[Any], Any]
SubjectT = TypeVar("SubjectT")
ShapeT = TypeVar("ShapeT", bound=msgspec.Struct)
# What a view makes: a body, or the resource that the face ``shows``.
ResultT = TypeVar("ResultT")
# The member of a record that keeps what the older face alone says, in its own words.
KEPT = "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the face has a kind of value, where not as the record.

    ``takes``: the type of the parameter. ``give``: from what was taken, if not null, to what the
    record is given. ``show``: from the record's value, which may be null, to the body's; False
    shows nothing. ``below``: from a path inside the record's value to those inside the face's, of
    which an error names the first; an empty one is the whole, and so is what the parameter lacks.
    """

    takes: Any = None
    give: Convert | None = None
    show: Convert | Literal[False] | None = None
    below: Callable[[str], tuple[str, ...]] | None = None


def seconds(moment: str | None) -> int | None:
    """An RFC 3339 instant as v1 shows time."""
    return None if not moment else parse_rfc3339(moment) // 1000


# Kinds of values that every older face has alike: a flag that was never given is not set.
FORMS: Mapping[Any, Form] = {Moment: Form(show=seconds), bool: Form(show=bool)}


@dataclass(frozen=True, slots=True)
class Member:
    """A member that the face calls ``name`` and the record ``path``, both dotted.

    ``form`` where the value looks different and ``mark`` where the bounds are others. ``shown``:
    whether a body has it at all, ``said``: only if there is something to show. ``asked``: the
    parts that requirements ask for one by one.
    """

    name: str
    path: str
    form: Form | None = None
    mark: Mark | None = None
    shown: bool = True
    said: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed(Generic[SubjectT]):
    """A member that the record has in no one place.

    ``shows`` makes it from the subject of the view, ``type`` is the annotation of what it shows
    (where it expands or holds what expands). ``takes`` is the annotation of its parameter, which
    the caller of ``translate`` puts into the record, ``at`` are the paths of the record that
    errors and requirements call by its name, with all that is below them.
    """

    name: str
    shows: Callable[[SubjectT], Any] | None = None
    type: Any = Any
    takes: Any = None
    at: tuple[str, ...] = ()
    said: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the face alone says: kept with the record under the same name, shown as it was given,
    after the other members of its hash."""

    name: str
    takes: Any
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Within:
    """A resource inside the record that has a face of its own: for names in errors and
    requirements."""

    name: str
    path: str
    face: "Face[Any, Any]"


Row: TypeAlias = Member | Computed[SubjectT] | Kept | Within


class _Place(NamedTuple):
    """How a path of the record is called."""

    name: str
    below: Callable[[str], tuple[str, ...]]
    asked: tuple[str, ...] = ()
    # What the parameter there takes.
    kind: Any = None


class Face(Generic[SubjectT, ResultT]):
    """A table over a record, compiled.

    ``forms`` say how kinds of values look in this face, ``hashes`` are the marks of hashes that
    the names of rows make: ``controller`` of ``controller.losses.payments``.
    """

    def __init__(
        self,
        record: type[msgspec.Struct],
        *rows: Row[SubjectT],
        forms: Mapping[Any, Form] | None = None,
        hashes: Mapping[str, Mark] | None = None,
    ) -> None:
        self.record = record
        self.rows = rows
        self.forms = {**FORMS, **(forms or {})}
        self.hashes = hashes or {}
        self._kept = tuple(row.name for row in rows if isinstance(row, Kept))
        self._moves = [
            (tuple(row.name.split(".")), tuple(row.path.split(".")), self._form_of(row).give)
            for row in rows
            if isinstance(row, Member) and self._is_taken(row)
        ]
        self._view = self._written().compiled()
        self._places: dict[str, _Place | Within] = {}
        for path, place in self._named_places():
            self._places.setdefault(path, place)

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """What is given as it is at another place: the face's name and the record's path."""
        return tuple((".".join(row[0]), ".".join(row[1])) for row in self._moves if row[2] is None)

    # What is taken.

    def takes(
        self, *, inside: str | None = None, without: Collection[str] = ()
    ) -> Callable[[type[ShapeT]], type[ShapeT]]:
        """A decorator: the shape with a parameter for each row that takes one, ``inside`` a hash
        of the face or at the top, but for those named ``without``."""
        tree: Tree = {}
        for row in self.rows:
            if row.name.partition(".")[0] not in without:
                annotation = self._annotation(row)
                if annotation is not None:
                    put(tree, row.name, annotation)

        if inside is not None:
            tree = tree[inside]

        def decorate(shape: type[ShapeT]) -> type[ShapeT]:
            return joined(shape, self._annotations(tree))

        return decorate

    def _annotations(self, tree: Tree, path: str = "") -> Tree:
        """The tree with shapes in the place of its hashes."""
        annotations = {}
        for name, below in tree.items():
            here = f"{path}.{name}".removeprefix(".")
            annotations[name] = below
            if isinstance(below, dict):
                inside = self._annotations(below, here)
                kind = made(bracketed(here), Shape, inside, __name__, Shape.__doc__)
                annotations[name] = Annotated[kind, self.hashes.get(here, Mark())]
        return annotations

    def _annotation(self, row: Row[SubjectT]) -> Any:
        """What a row takes; None when it takes nothing."""
        if isinstance(row, Computed | Kept):
            return row.takes
        if isinstance(row, Within) or not self._is_taken(row):
            return None
        member = self._at(row.path)
        marks = (row.mark, *(self.hashes.get(name) for name in beginnings(row.name)))
        fixed = any(mark and mark.operations and "u" not in mark.operations for mark in marks)
        mark = row.mark or bounds(member.mark)
        return self._derived(member, self._form_of(row), mark, fixed=fixed)

    def _derived(
        self, member: resource.Member, form: Form, mark: Mark, *, fixed: bool = False
    ) -> Any:
        """The annotation of a parameter. An empty value sets back neither flags nor hashes that
        merge, nor what the face takes ``fixed`` at the creation."""
        kind = self._kind_of(member, form)
        stays = fixed or kind is bool or (_is_shape(kind) and not mark.replace)
        resets = not stays and (member.nullable or member.has_default)
        return Annotated[kind | None if resets else kind, mark]

    def _kind_of(self, member: resource.Member, form: Form) -> Any:
        """The bare type of a parameter; a hash without a form is taken member by member."""
        if form.takes is not None or not _is_shape(member.type):
            return form.takes or member.type
        shape, annotations = member.type, {}
        for name, each in members(shape).items():
            inside = self._form_for(each)
            assert inside.give is None, f"{name} of {shape.__name__} needs a row of its own"
            annotations[name] = self._derived(each, inside, bounds(each.mark))
        return made(shape.__name__, Shape, annotations, shape.__module__, shape.__doc__)

    def _is_taken(self, row: Member) -> bool:
        """Whether callers give the member and all that it is in."""
        shape: Any = self.record
        if row.mark is not None and row.mark.operations == "":
            return False
        for step in row.path.split("."):
            member = members(shape)[step]
            operations = member.mark.operations if member.mark is not None else None
            if operations == "" or (operations is None and issubclass(shape, Resource)):
                return False
            shape = member.type
        return True

    def translate(self, given: Tree, before: msgspec.Struct | None = None) -> Tree:
        """What was given, in the record's words: members at their places, and whatever the face
        alone says as it is after the call, joined to what the record ``before`` keeps of it."""
        tree: Tree = {}
        for source, target, give in self._moves:
            node: Any = given
            for step in source:
                if not isinstance(node, dict) or step not in node:
                    break
                node = node[step]
            else:
                put_at(tree, target, node if give is None or node is None else give(node))
        held: Tree = getattr(before, KEPT, None) or {}
        kept = keep(given, self._kept, held)
        if kept is not held:
            tree[KEPT] = kept
        return tree

    # What is shown.

    def view(self, record: Any, subject: SubjectT) -> ResultT:
        """What the face shows of a record; computed members are made from the ``subject``."""
        shown: ResultT = self._view(record, subject, getattr(record, KEPT, None) or {})
        return shown

    def _written(self) -> ViewSource:
        """The text of the view, its members in the order of the rows."""
        source = ViewSource()
        for row in self.rows:
            *branches, leaf = row.name.split(".")
            if isinstance(row, Kept):
                if row.shown:
                    source.body.inside(branches).kept.append(leaf)
                continue
            if isinstance(row, Member) and row.shown:
                value = self._shown(source, row.path, self._at(row.path), self._form_of(row))
            elif isinstance(row, Computed) and row.shows is not None:
                value = source.call(row.shows, "subject")
            else:
                continue
            if value is None:
                continue
            inside = source.body.inside(branches)
            assert leaf not in inside.members, f"{row.name} is shown twice"
            if row.said:
                raw = source.value(row.path) if isinstance(row, Member) else None
                if isinstance(value, str):
                    value = raw = source.held(value, unless=raw)
                assert raw is not None, "only a member is shown by its parts"
                inside.said[leaf] = raw
            inside.members[leaf] = value
        return source

    def _shown(
        self, source: ViewSource, path: str, member: resource.Member, form: Form
    ) -> str | HashSource | None:
        """How a value is shown: by its form, or as it is, a hash by its members; None: not."""
        if form.show is False:
            return None
        if form.show is not None:
            return source.call(form.show, source.value(path))
        if not _is_shape(member.type):
            return source.value(path)
        body = HashSource()
        for name, each in members(member.type).items():
            value = self._shown(source, f"{path}.{name}", each, self._form_for(each))
            body.members |= {name: value} if value is not None else {}
        return body

    def shows(self, shape: type[ResultT]) -> type[ResultT]:
        """A decorator: the resource with a member for each that is shown; ``view`` makes it."""
        assert issubclass(shape, Resource), shape
        source = self._written()
        rows = {row.name: row for row in self.rows if isinstance(row, Computed)}
        annotations = {
            name: rows[name].type if name in rows else Any for name in source.body.members
        }
        # Its id is declared.
        del annotations["id"]
        tag = shape.__struct_config__.tag
        shown = made(shape.__name__, shape, annotations, shape.__module__, shape.__doc__, tag=tag)
        self._view = source.compiled(shown)
        return cast("type[ResultT]", shown)

    def describes(self, shape: type[ShapeT]) -> type[ShapeT]:
        """A decorator: the resource that the bodies of the face are, as far as something in them
        expands. The view goes on making bodies: none is ever built from it."""
        tree: Tree = {}
        for row in self.rows:
            if isinstance(row, Computed) and row.shows is not None:
                put(tree, row.name, row.type)
            elif isinstance(row, Member) and row.shown and self._form_of(row).show is None:
                put(tree, row.name, self._at(row.path).type)
        # Its id is declared, and what it is follows from its tag.
        del tree["id"], tree["object"]
        tag = shape.__struct_config__.tag
        annotations = self._annotations(tree)
        described = made(
            shape.__name__, shape, annotations, shape.__module__, shape.__doc__, tag=tag
        )
        return cast("type[ShapeT]", described)

    # What it is called.

    def parameter(self, path: str) -> str | None:
        """The parameter that gives what the record has at a dotted path, for an error; None where
        the face has none."""
        found = self._found(path)
        if found is None:
            return None
        place, inside = found[0]
        return bracketed(f"{place.name}.{inside if place.kind else ''}".strip("."))

    def named(self, path: str) -> list[str]:
        """What requirements call a path of the record: often more than one name, or none."""
        names = []
        for place, inside in self._found(path) or ():
            name = f"{place.name}.{inside}".strip(".")
            asked = place.asked if not inside else ()
            names += [f"{name}.{part}" for part in asked] or [name]
        return names

    def _found(self, path: str) -> list[tuple[_Place, str]] | None:
        """The places with the longest beginning of the path, each with the path inside it."""
        for head in (path, *reversed(list(beginnings(path)))):
            place = self._places.get(head)
            if place is not None:
                rest = path[len(head) + 1 :]
                if isinstance(place, Within):
                    return _found_within(place, rest)
                return [(place, _known(place.kind, inside)) for inside in place.below(rest)]
        return None

    def _named_places(self) -> Iterator[tuple[str, _Place | Within]]:
        for row in self.rows:
            if isinstance(row, Member) and self._is_taken(row):
                form = self._form_of(row)
                kind = self._kind_of(self._at(row.path), form)
                yield row.path, _Place(row.name, form.below or _same, row.asked, kind)
            elif isinstance(row, Computed):
                yield from ((path, _Place(row.name, _whole, row.asked)) for path in row.at)
            elif isinstance(row, Within):
                yield row.path, row

    # The record.

    def _at(self, path: str) -> resource.Member:
        """The member of the record at a dotted path."""
        *branches, leaf = path.split(".")
        shape: Any = self.record
        for step in branches:
            shape = members(shape)[step].type
        return members(shape)[leaf]

    def _form_of(self, row: Member) -> Form:
        return row.form or self._form_for(self._at(row.path))

    def _form_for(self, member: resource.Member) -> Form:
        return self.forms.get(member.type, Form())


def _found_within(row: Within, rest: str) -> list[tuple[_Place, str]]:
    """The same inside a resource that has a face of its own; what it lacks has no parameter."""
    found = row.face._found(rest) or [(_Place("", _same), rest)]
    return [
        (place._replace(name=f"{row.name}.{place.name}".strip(".")), inside)
        for place, inside in found
    ]


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _known(kind: Any, path: str) -> str:
    """As much of a path as leads to something that the type of a parameter has."""
    known = []
    for step in path.split("."):
        if _is_shape(kind) and step in members(kind):
            kind = members(kind)[step].type
        elif get_origin(kind) is list and step.isdigit():
            (kind,) = get_args(kind)
        elif get_origin(kind) is not dict:
            break
        known.append(step)
    return ".".join(known)


def _whole(_path: str) -> tuple[str, ...]:
    return ("",)


def _same(path: str) -> tuple[str, ...]:
    return (path,)

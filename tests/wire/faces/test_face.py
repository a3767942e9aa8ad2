"""Faces are compiled from tables: whatever the table, both faces say the same of one record."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import field

from cardwright.kernel.refusal import Failure
from cardwright.wire.faces.face import (
    Computed,
    Face,
    Form,
    Kept,
    Member,
    Within,
)
from cardwright.wire.faces.parameter_shapes import takes_of
from cardwright.wire.faces.trees import bracketed, put, take
from cardwright.wire.given import Given, build, merge
from cardwright.wire.parameters import parser
from cardwright.wire.resource import (
    Mark,
    Metadata,
    Moment,
    Parameters,
    Resource,
    Shape,
    members,
)
from cardwright.wire.versions import LATEST, Body


class Spot(Shape):
    street: Annotated[str | None, Mark(longest=30)] = None
    floor: Annotated[int | None, Mark(low=-3, high=99)] = None
    seen: Moment | None = None


class Day(Shape):
    day: Annotated[int, Mark(need="cu", low=1, high=31)]
    month: Annotated[int, Mark(need="cu", low=1, high=12)]


class Flags(Shape):
    open: bool | None = None
    fast: bool | None = None
    spot: Spot | None = None
    checked: Annotated[str | None, Mark("")] = None


class Deep(Shape):
    flags: Flags | None = None
    spot: Spot | None = None
    words: list[str] | None = None


class Owner(Resource, tag="test.owner"):
    id: Annotated[str, Mark("")] = ""
    name: Annotated[str | None, Mark("cu", longest=20)] = None
    spot: Annotated[Spot | None, Mark("cu")] = None


class Thing(Resource, tag="test.thing"):
    prefix: ClassVar[str] = "th_"

    created: Annotated[Moment, Mark("", column=True)] = Moment("2025-06-18T00:48:16.000Z")
    count: Annotated[int, Mark("cu", low=0, high=1000)] = 3
    day: Annotated[Day | None, Mark("cu", replace=True)] = None
    deep: Annotated[Deep | None, Mark("cu")] = None
    kind: Annotated[Literal["a", "b"] | None, Mark("c")] = None
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    name: Annotated[str | None, Mark("cu", longest=10)] = None
    owner: Annotated[Owner | None, Mark("cu")] = None
    status: Annotated[str, Mark("", column=True)] = "new"
    tags: Annotated[list[str], Mark("cu")] = field(default_factory=list)
    v1: Annotated[dict[str, Any], Mark("", hidden=True)] = field(default_factory=dict)


class Other(Resource, tag="test.other"):
    """A thing as the older face shows it."""


# The members that a row can move, with texts that a form may give for each.
SECONDS = st.integers(1_300_000_000, 1_700_000_000).map(str)
TEXT = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=10)
FLAG = st.sampled_from(["true", "false"])
SPOT = st.fixed_dictionaries(
    {}, optional={"street": TEXT, "floor": st.integers(-3, 99).map(str), "seen": SECONDS}
)
MOVABLE: dict[str, SearchStrategy[Any]] = {
    "count": st.integers(0, 1000).map(str),
    "day": st.fixed_dictionaries(
        {"day": st.integers(1, 31).map(str), "month": st.integers(1, 12).map(str)}
    ),
    "deep.flags.fast": FLAG,
    "deep.flags.open": FLAG,
    "deep.flags.spot": SPOT,
    "deep.spot.floor": st.integers(-3, 99).map(str),
    "deep.spot.seen": SECONDS,
    "deep.spot.street": TEXT,
    "deep.words": st.lists(TEXT, max_size=3),
    "metadata": st.dictionaries(TEXT, TEXT, max_size=3),
    "name": TEXT,
    "owner.name": TEXT,
    "tags": st.lists(TEXT, max_size=3),
}


class Told(Parameters):
    """What the older face takes."""


@st.composite
def faces(draw: st.DrawFn) -> Face[None, Body]:
    """A face over some of the members: hashes of any depth, in any order."""
    paths = draw(st.lists(st.sampled_from(sorted(MOVABLE)), min_size=1, unique=True))
    branches = draw(st.lists(st.sampled_from(["", "one.", "one.two.", "three."]), min_size=1))
    rows = [
        Member(f"{branches[index % len(branches)]}m{index}", path, said=draw(st.booleans()))
        for index, path in enumerate(paths)
    ]
    return Face(Thing, *rows)


def read(face: Face[Any, Any], form: dict[str, Any], letter: str = "u") -> dict[str, Any]:
    """The checked tree of a form that is sent to the face."""
    return parser(face.takes()(Told), letter, "v1", LATEST, form=True)(form).tree


def thing(tree: dict[str, Any]) -> Thing:
    return build(Thing, Given(Thing, tree), id="th_1")


def texts(value: Any) -> Any:
    """A body as a form would give it."""
    if isinstance(value, dict):
        return {name: texts(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [texts(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(deadline=None)
@given(faces(), st.data())
def test_what_is_given_is_shown_again(face: Face[None, Body], data: st.DataObject) -> None:
    form: dict[str, Any] = {}
    chosen = data.draw(st.lists(st.sampled_from(face.moves), unique=True))
    for name, path in chosen:
        put(form, name, data.draw(MOVABLE[path]))
    tree = face.translate(read(face, form))
    for after in (thing(tree), merge(thing({}), Given(Thing, tree))):
        body = face.view(after, None)
        for name, path in chosen:
            sent, shown = take(form, name)[1], texts(take(body, name)[1])
            # A hash or flag that was not given is shown empty or unset beside it.
            assert shown == sent or (path == "deep.flags.spot" and sent.items() <= shown.items())


@settings(deadline=None)
@given(faces(), st.data())
def test_what_is_shown_can_be_given_back(face: Face[None, Body], data: st.DataObject) -> None:
    """A body, sent as it was shown, changes nothing."""
    form: dict[str, Any] = {}
    for name, path in face.moves:
        if data.draw(st.booleans()):
            put(form, name, data.draw(MOVABLE[path]))
    before = thing(face.translate(read(face, form)))
    shown = texts(face.view(before, None))
    for name, path in face.moves:
        # What an empty hash shows is no date.
        if path == "day" and before.day is None and take(shown, name)[0]:
            put(shown, name, "")
    after = merge(before, Given(Thing, face.translate(read(face, shown))))
    assert face.view(after, None) == face.view(before, None)


def leaves(shape: type[msgspec.Struct], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of all parameters that hold no hash."""
    found = []
    for name, member in members(shape).items():
        here = (*path, name)
        if isinstance(member.type, type) and issubclass(member.type, msgspec.Struct):
            found += leaves(member.type, here)
        elif member.mark is None or member.mark.operations != "":
            found.append(here)
    return found


@settings(deadline=None)
@given(faces())
def test_an_error_names_the_parameter_that_is_refused(face: Face[None, Body]) -> None:
    """What the parser would name and what a rule names by the record's path are the same."""
    for name, path in face.moves:
        assert face.parameter(path) == bracketed(name)
        for inside in leaves(face.takes()(Told)):
            if ".".join(inside).startswith(f"{name}."):
                below = ".".join(inside).removeprefix(f"{name}.")
                assert face.parameter(f"{path}.{below}") == bracketed(".".join(inside))
    assert face.parameter("status") is None
    assert face.parameter("nothing.of.it") is None


@settings(deadline=None)
@given(faces(), st.data())
def test_unknown_members_are_refused_where_they_stand(
    face: Face[None, Body], data: st.DataObject
) -> None:
    name, _ = data.draw(st.sampled_from(face.moves))
    branch = name.rpartition(".")[0]
    unknown = f"{branch}.other".removeprefix(".")
    form: dict[str, Any] = {}
    put(form, unknown, "x")
    with pytest.raises(Failure) as refused:
        read(face, form)
    assert refused.value.param == bracketed(unknown)


# A face with every kind of row.


class Seen(msgspec.Struct):
    """A thing, and what is required of it."""

    thing: Thing
    due: list[str]


class Note(Shape):
    """What the older face alone says."""

    text: str | None


OWNER: Face[None, Body] = Face(
    Owner, Member("full_name", "name"), Member("home", "spot", asked=("street", "floor"))
)
PAIR = Form(
    takes=str,
    give=lambda word: [word, word],
    show=lambda words: words[0] if words else None,
)
FACE: Face[Seen, Body] = Face(
    Thing,
    Member("id", "id"),
    Computed("object", lambda _: "thing"),
    Member("created", "created"),
    Member("limits.kind", "kind"),
    Member("limits.count", "count", mark=Mark(low=5)),
    Member("word", "tags", PAIR),
    Member("when", "day", asked=("day", "month")),
    Member("place.flags", "deep.flags"),
    Member("nick", "name", said=True),
    Member("state", "status"),
    Computed("secret", takes=Annotated[str | None, Mark(longest=4)], at=("deep.words",)),
    Computed("due", lambda seen: seen.due or None, said=True),
    Within("keeper", "owner", OWNER),
    Kept("extra.note", Note | None),
    Kept("extra.hidden", Note | None, shown=False),
    Computed("extra.fixed", lambda _: 1),
    hashes={"limits": Mark("c")},
)


@FACE.takes(without={"extra"})
class Short(Parameters):
    """The same without what it alone says, and with a word of its own."""

    token: Annotated[str, Mark(longest=5)]


@FACE.takes()
class Whole(Parameters):
    """All of it."""


def refusal(shape: type[msgspec.Struct], letter: str, form: dict[str, Any]) -> tuple[str, Any]:
    with pytest.raises(Failure) as refused:
        parser(shape, letter, "v1", LATEST, form=True)(form)
    return refused.value.refusal.name, refused.value.param


def test_parameters_follow_from_the_record_and_the_row() -> None:
    assert Short.__doc__ is not None
    assert set(members(Short)) == {
        *("token", "limits", "word", "when", "place", "nick", "secret"),
    }
    assert set(members(Whole)) == set(members(Short)) - {"token"} | {"extra"}
    assert refusal(Whole, "c", {"nick": "x" * 11}) == ("parameter_too_long", "nick")
    assert refusal(Whole, "c", {"limits": {"count": "4"}}) == (
        "parameter_integer_range",
        "limits[count]",
    )
    assert refusal(Whole, "c", {"secret": "12345"}) == ("parameter_too_long", "secret")
    # What only a creation takes is unknown to an update as a whole, and is not set back.
    assert refusal(Whole, "u", {"limits": {"kind": "a"}}) == ("parameter_unknown", "limits")
    assert refusal(Whole, "c", {"limits": {"kind": ""}}) == ("parameter_empty", "limits[kind]")
    # Neither are flags and hashes; a hash that is replaced is, and needs all of its members.
    flags = "place[flags]"
    assert refusal(Whole, "u", {"place": {"flags": ""}}) == ("parameter_empty", flags)
    assert refusal(Whole, "u", {"place": {"flags": {"open": ""}}}) == (
        "parameter_empty",
        f"{flags}[open]",
    )
    assert refusal(Whole, "u", {"when": {"day": "1"}}) == ("parameter_missing", "when[month]")
    # What callers do not give in the record they do not give here.
    for name in ("id", "state", "created", "object", "due", "keeper"):
        assert refusal(Whole, "c", {name: "x"}) == ("parameter_unknown", name)
    assert refusal(Whole, "u", {"place": {"flags": {"checked": "x"}}}) == (
        "parameter_unknown",
        f"{flags}[checked]",
    )


def test_what_is_given_goes_to_its_place() -> None:
    form = {
        "limits": {"kind": "b", "count": "7"},
        "word": "hey",
        "when": "",
        "place": {"flags": {"open": "true", "spot": {"seen": "1700000000"}}},
        "secret": "1234",
        "extra": {"note": {"text": "kept"}, "hidden": {"text": "too"}},
    }
    given_tree = parser(Whole, "c", "v1", LATEST, form=True)(form).tree
    assert FACE.translate(given_tree) == {
        "kind": "b",
        "count": 7,
        "tags": ["hey", "hey"],
        "day": None,
        "deep": {"flags": {"open": True, "spot": {"seen": "2023-11-14T22:13:20.000Z"}}},
        "v1": {"extra": {"note": {"text": "kept"}, "hidden": {"text": "too"}}},
    }
    assert FACE.translate({}) == {}


def test_what_the_face_alone_says_is_joined_to_what_it_said() -> None:
    before = thing({"v1": {"extra": {"note": {"text": "old"}, "hidden": {"text": "kept"}}}})
    changed = FACE.translate({"extra": {"note": {"text": "new"}}}, before)
    assert changed == {"v1": {"extra": {"note": {"text": "new"}, "hidden": {"text": "kept"}}}}
    taken = FACE.translate({"extra": {"note": None}}, before)
    assert taken == {"v1": {"extra": {"hidden": {"text": "kept"}}}}
    assert before.v1["extra"]["note"] == {"text": "old"}


def test_a_body_has_its_members_in_the_order_of_the_rows() -> None:
    empty = FACE.view(thing({}), Seen(thing({}), []))
    assert empty == {
        "id": "th_1",
        "object": "thing",
        "created": 1750207696,
        "limits": {"kind": None, "count": 3},
        "word": None,
        "when": {"day": None, "month": None},
        "place": {
            "flags": {
                "open": False,
                "fast": False,
                "spot": {"street": None, "floor": None, "seen": None},
                "checked": None,
            }
        },
        "state": "new",
        "extra": {"fixed": 1},
    }
    kept = {"note": {"text": "a"}, "hidden": {"text": "b"}}
    full = thing({"name": "n", "v1": {"extra": kept}})
    body = FACE.view(full, Seen(full, ["nick"]))
    assert list(body) == [
        *("id", "object", "created", "limits", "word", "when", "place"),
        *("nick", "state", "due", "extra"),
    ]
    assert (body["nick"], body["due"]) == ("n", ["nick"])
    assert body["extra"] == {"fixed": 1, "note": {"text": "a"}}


@pytest.mark.parametrize(
    ("path", "parameter", "named"),
    [
        ("name", "nick", ["nick"]),
        ("day", "when", ["when.day", "when.month"]),
        ("day.month", "when[month]", ["when.month"]),
        ("tags.0", "word", ["word"]),
        ("deep.words.3", "secret", ["secret"]),
        ("day.hour", "when", ["when.day", "when.month"]),
        ("deep.flags.spot.door.key", "place[flags][spot]", ["place.flags.spot"]),
        ("deep.flags.spot.seen", "place[flags][spot][seen]", ["place.flags.spot.seen"]),
        ("owner", "keeper", ["keeper"]),
        ("owner.name", "keeper[full_name]", ["keeper.full_name"]),
        ("owner.spot", "keeper[home]", ["keeper.home.street", "keeper.home.floor"]),
        ("owner.other.more", "keeper", ["keeper.other.more"]),
        ("deep", None, []),
        ("elsewhere", None, []),
    ],
)
def test_places_of_the_record_have_their_names(
    path: str, parameter: str | None, named: list[str]
) -> None:
    assert FACE.parameter(path) == parameter
    assert FACE.named(path) == named


def test_a_face_can_show_a_resource_with_marks_of_its_own() -> None:
    face: Face[Thing, Other] = Face(
        Thing,
        Member("id", "id"),
        Member("name", "name"),
        Member("place.open", "deep.flags.open"),
        Computed("thing", lambda one: one.name, type=Annotated[str, Mark("", expand="test.thing")]),
    )
    shape = face.shows(Other)
    full = thing({"name": "n", "deep": {"flags": {"open": True}}})
    shown = face.view(full, full)
    assert isinstance(shown, shape)
    assert shape.__doc__ == Other.__doc__
    assert msgspec.json.encode(shown) == (
        b'{"object":"test.other","id":"th_1","name":"n","place":{"open":true},"thing":"n"}'
    )
    assert members(shape)["thing"].mark == Mark("", expand="test.thing")


def test_a_shape_takes_what_callers_of_a_record_give() -> None:
    @takes_of(Thing, "c")
    class New(Parameters):
        """A new thing."""

        zone: Annotated[str, Mark(need="c")]
        name: Annotated[str, Mark(need="c", longest=3)]

    assert list(members(New)) == sorted(members(New))
    assert set(members(New)) == {
        *("count", "day", "deep", "kind", "metadata", "name", "owner", "tags", "zone"),
    }
    # What the shape has itself it takes otherwise; the first that is missing is named.
    assert refusal(New, "c", {"name": "long"}) == ("parameter_too_long", "name")
    assert refusal(New, "c", {"count": "-1"}) == ("parameter_integer_range", "count")
    assert refusal(New, "c", {}) == ("parameter_missing", "name")
    assert refusal(New, "c", {"status": "x"}) == ("parameter_unknown", "status")
    changed = takes_of(Thing, "u")(Told)
    assert "kind" not in members(changed)


def test_a_table_that_is_wrong_fails_at_once() -> None:
    with pytest.raises(KeyError, match="nothing"):
        Face(Thing, Member("a", "deep.nothing"))
    with pytest.raises(AssertionError, match="both whole and in parts"):
        Face(Thing, Member("a", "name"), Member("a.b", "count"))
    with pytest.raises(AssertionError, match="shown twice"):
        Face(Thing, Member("a", "name"), Member("a", "count"))
    changed = {Spot: Form(takes=str, give=lambda word: {"street": word})}
    with pytest.raises(AssertionError, match="spot of Flags needs a row of its own"):
        Face(Thing, Member("a", "deep.flags"), forms=changed)

"""Compiled parsers and the merge: a small resource of its own, every rule as a table."""

from typing import Annotated, Any, ClassVar, Literal

import pytest
from msgspec import UNSET, UnsetType, field, to_builtins

from cardwright.kernel.refusal import Failure
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.parameters import parser
from cardwright.wire.render import render
from cardwright.wire.resource import (
    Country,
    Currency,
    DecimalText,
    Mark,
    Metadata,
    Moment,
    Resource,
    Sealed,
    Shape,
    Timestamp,
)
from cardwright.wire.versions import parse_version

NOW = parse_version("2026-10-28.endive")
PREVIEW = parse_version("2026-05-27.preview")
OLD = parse_version("2024-06-20")


class Town(Shape):
    city: Annotated[str, Mark(need="cu", longest=10)]
    country: Country | None = None
    checked: Annotated[bool, Mark("")] = False


class Limit(Shape):
    amount: Annotated[int, Mark(need="cu", low=0, high=1000)]
    interval: Annotated[Literal["daily", "monthly"], Mark(need="cu")]


class Thing(Resource, tag="test.thing"):
    prefix: ClassVar[str] = "th_"

    name: Annotated[str, Mark("c", need="c")]
    count: Annotated[int, Mark("cu")] = 3
    ratio: Annotated[DecimalText | None, Mark("cu")] = None
    active: Annotated[bool, Mark("cu")] = False
    status: Annotated[Literal["on", "off"], Mark("u")] = "on"
    currency: Annotated[Currency | None, Mark("c")] = None
    at: Annotated[Timestamp | None, Mark("cl", column=True)] = None
    moment: Annotated[Moment | None, Mark("c")] = None
    tags: Annotated[list[str], Mark("cu")] = field(default_factory=list)
    limits: Annotated[list[Limit], Mark("cu")] = field(default_factory=list)
    place: Annotated[Town | None, Mark("cu")] = None
    whole: Annotated[Town | None, Mark("cu", replace=True)] = None
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    secret: Annotated[Sealed | UnsetType, Mark("c")] = UNSET
    fresh: Annotated[str | None, Mark("c", since="2025-01-01")] = None
    gone: Annotated[str | None, Mark("c", until="2025-01-01")] = None
    trial: Annotated[str | None, Mark("c", preview=True)] = None
    renamed: Annotated[str | None, Mark("c", earlier=(("before", "2025-01-01"),))] = None
    made: str = "by us"


def form(raw: Any, letter: str = "c", version: Any = NOW) -> Given[Thing]:
    return parser(Thing, letter, "v1", version, form=True)(raw)


def json(raw: Any, letter: str = "c", version: Any = NOW) -> Given[Thing]:
    return parser(Thing, letter, "v2", version, form=False)(raw)


GIVEN: list[tuple[Any, Any]] = [
    ({"name": "a"}, {"name": "a"}),
    ({"name": "a", "count": "-7"}, {"name": "a", "count": -7}),
    ({"name": "a", "active": "true"}, {"name": "a", "active": True}),
    ({"name": "a", "currency": "GBP"}, {"name": "a", "currency": "gbp"}),
    ({"name": "a", "at": "12"}, {"name": "a", "at": 12}),
    ({"name": "a", "ratio": "0.75"}, {"name": "a", "ratio": "0.75"}),
    ({"name": "a", "moment": "0"}, {"name": "a", "moment": "1970-01-01T00:00:00.000Z"}),
    ({"name": "a", "tags": ["x", "y"]}, {"name": "a", "tags": ["x", "y"]}),
    ({"name": "a", "tags": {"1": "y", "0": "x"}}, {"name": "a", "tags": ["x", "y"]}),
    ({"name": "a", "tags": ""}, {"name": "a", "tags": None}),
    ({"name": "a", "count": ""}, {"name": "a", "count": None}),
    (
        {"name": "a", "place": {"city": "b", "country": "gb"}},
        {"name": "a", "place": {"city": "b", "country": "GB"}},
    ),
    (
        {"name": "a", "limits": {"0": {"amount": "5", "interval": "daily"}}},
        {"name": "a", "limits": [{"amount": 5, "interval": "daily"}]},
    ),
    (
        {"name": "a", "metadata": {"k": "v", "l": ""}},
        {"name": "a", "metadata": {"k": "v", "l": ""}},
    ),
]


@pytest.mark.parametrize(("raw", "tree"), GIVEN)
def test_only_what_was_given_comes_out(raw: Any, tree: Any) -> None:
    assert form(raw).tree == tree


REFUSED: list[tuple[Any, str, str]] = [
    ({}, "parameter_missing", "name"),
    ({"name": ""}, "parameter_empty", "name"),
    ({"name": "a", "nonsense": "1"}, "parameter_unknown", "nonsense"),
    ({"name": "a", "id": "th_1"}, "parameter_unknown", "id"),
    ({"name": "a", "made": "x"}, "parameter_unknown", "made"),
    ({"name": "a", "status": "on"}, "parameter_unknown", "status"),
    ({"name": "a\x00"}, "parameter_string", "name"),
    ({"name": "x" * 5001}, "parameter_too_long", "name"),
    ({"name": {"x": "y"}}, "parameter_string", "name"),
    ({"name": "a", "count": "1e3"}, "parameter_integer", "count"),
    ({"name": "a", "count": "1.0"}, "parameter_integer", "count"),
    ({"name": "a", "count": "9223372036854775808"}, "parameter_integer", "count"),
    ({"name": "a", "count": "٣"}, "parameter_integer", "count"),
    ({"name": "a", "active": "yes"}, "parameter_boolean", "active"),
    ({"name": "a", "active": True}, "parameter_boolean", "active"),
    ({"name": "a", "currency": "pounds"}, "parameter_pattern", "currency"),
    ({"name": "a", "at": "soon"}, "parameter_timestamp", "at"),
    ({"name": "a", "at": "-1"}, "parameter_timestamp", "at"),
    ({"name": "a", "ratio": "0,75"}, "parameter_decimal", "ratio"),
    ({"name": "a", "tags": "x"}, "parameter_list", "tags"),
    ({"name": "a", "tags": {"x": "y"}}, "parameter_list", "tags"),
    ({"name": "a", "place": "x"}, "parameter_hash", "place"),
    ({"name": "a", "place": {"country": "gb"}}, "parameter_missing", "place[city]"),
    ({"name": "a", "place": {"city": "x" * 11}}, "parameter_too_long", "place[city]"),
    (
        {"name": "a", "place": {"city": "b", "checked": "true"}},
        "parameter_unknown",
        "place[checked]",
    ),
    (
        {"name": "a", "limits": [{"amount": "5", "interval": "hourly"}]},
        "parameter_enum",
        "limits[0][interval]",
    ),
    (
        {"name": "a", "limits": [{"amount": "5"}]},
        "parameter_missing",
        "limits[0][interval]",
    ),
    (
        {"name": "a", "limits": [{"amount": "-5", "interval": "daily"}]},
        "parameter_integer_range",
        "limits[0][amount]",
    ),
    (
        {"name": "a", "limits": [{"amount": "5", "interval": "daily", "x": {"y": "z"}}]},
        "parameter_unknown",
        "limits[0][x]",
    ),
    ({"name": "a", "metadata": "x"}, "parameter_hash", "metadata"),
    ({"name": "a", "metadata": {"k" * 41: "v"}}, "metadata_invalid", f"metadata[{'k' * 41}]"),
    ({"name": "a", "metadata": {"k": "v" * 501}}, "metadata_invalid", "metadata[k]"),
    ({"name": "a", "metadata": {"k": {"x": "y"}}}, "parameter_string", "metadata[k]"),
    ({"name": "a", "metadata": {str(n): "v" for n in range(51)}}, "metadata_invalid", "metadata"),
    ({"name": "a", "gone": "x"}, "parameter_unknown", "gone"),
    ({"name": "a", "trial": "x"}, "parameter_unknown", "trial"),
]


@pytest.mark.parametrize(("raw", "name", "param"), REFUSED)
def test_a_wrong_form_names_its_parameter(raw: Any, name: str, param: str) -> None:
    with pytest.raises(Failure) as caught:
        form(raw)
    assert (caught.value.refusal.name, caught.value.param) == (name, param)


REFUSED_JSON: list[tuple[Any, str, str]] = [
    ({}, "field_missing", "name"),
    ({"name": 1}, "field_invalid", "name"),
    ({"name": "a", "count": "3"}, "field_invalid", "count"),
    ({"name": "a", "count": 3.0}, "field_invalid", "count"),
    ({"name": "a", "count": True}, "field_invalid", "count"),
    ({"name": "a", "count": 2**63}, "field_invalid", "count"),
    ({"name": "a", "active": "true"}, "field_invalid", "active"),
    ({"name": "a", "moment": "2025-01-01"}, "field_invalid", "moment"),
    ({"name": "a", "moment": 5}, "field_invalid", "moment"),
    ({"name": "a", "place": {"city": "b", "x": 1}}, "field_unknown", "place.x"),
    (
        {"name": "a", "limits": [{"amount": 5, "interval": "x"}]},
        "field_invalid",
        "limits.0.interval",
    ),
    ({"name": "a", "tags": {"0": "x"}}, "field_invalid", "tags"),
    ({"name": "a", "tags": [None]}, "field_invalid", "tags.0"),
]


@pytest.mark.parametrize(("raw", "name", "param"), REFUSED_JSON)
def test_wrong_json_names_its_field(raw: Any, name: str, param: str) -> None:
    with pytest.raises(Failure) as caught:
        json(raw)
    assert (caught.value.refusal.name, caught.value.param) == (name, param)


def test_members_exist_between_their_versions() -> None:
    assert form({"name": "a", "fresh": "x"}).tree["fresh"] == "x"
    assert form({"name": "a", "gone": "x"}, version=OLD).tree["gone"] == "x"
    assert form({"name": "a", "trial": "x"}, version=PREVIEW).tree["trial"] == "x"
    for name in ("before", "renamed"):
        assert form({"name": "a", name: "x"}).tree == {"name": "a", "renamed": "x"}
    with pytest.raises(Failure):
        form({"name": "a", "fresh": "x"}, version=OLD)
    thing = Thing(id="th_1", name="a", fresh="x", gone="y", renamed="z", trial="t")
    old, now = render(thing, OLD), render(thing, NOW)
    assert ("fresh" in old, "gone" in old, "before" in old, "renamed" in old) == (
        False,
        True,
        True,
        False,
    )
    assert ("fresh" in now, "gone" in now, "before" in now, "renamed" in now) == (
        True,
        False,
        False,
        True,
    )
    assert "trial" not in now
    assert "trial" in render(thing, PREVIEW)


def test_a_sealed_value_does_not_show() -> None:
    given = form({"name": "a", "secret": "hush"})
    assert "hush" not in repr(given.tree)
    thing = build(Thing, given, id="th_1")
    with pytest.raises(TypeError):
        to_builtins(thing)


def stored() -> Thing:
    return Thing(
        id="th_1",
        name="a",
        count=9,
        tags=["x"],
        place=Town(city="b", country=Country("GB"), checked=True),
        whole=Town(city="b", country=Country("GB")),
        metadata={"k": "v", "l": "w"},
    )


def test_merge_changes_only_what_was_given() -> None:
    before = stored()
    after = merge(before, form({"place": {"city": "c"}, "active": "true"}, "u"))
    assert after.place == Town(city="c", country=Country("GB"), checked=True)
    assert after.active is True
    assert after.name == "a"
    assert before == stored()


def test_merge_replaces_lists_and_marked_hashes() -> None:
    after = merge(stored(), form({"tags": ["y"], "whole": {"city": "c"}}, "u"))
    assert after.tags == ["y"]
    assert after.whole == Town(city="c")


def test_merge_of_null_resets_to_the_default() -> None:
    after = merge(stored(), form({"count": "", "tags": "", "place": ""}, "u"))
    assert (after.count, after.tags, after.place) == (3, [], None)


def test_metadata_merges_by_key() -> None:
    assert merge(stored(), form({"metadata": {"k": "", "m": "n"}}, "u")).metadata == {
        "l": "w",
        "m": "n",
    }
    assert merge(stored(), form({"metadata": ""}, "u")).metadata == {}
    assert merge(stored(), json({"metadata": {"k": None}}, "u")).metadata == {"l": "w"}


def test_a_hash_that_was_null_must_be_complete() -> None:
    before = Thing(id="th_1", name="a")
    with pytest.raises(Failure) as caught:
        merge(before, form({"place": {"country": "gb"}}, "u"))
    assert caught.value.param == "place[city]"


def test_changed_holds_the_old_values() -> None:
    before = stored()
    after = merge(before, form({"place": {"city": "c"}, "count": "10"}, "u"))
    assert changed(before, after) == {"place": {"city": "b"}, "count": 9}
    assert changed(before, before) == {}

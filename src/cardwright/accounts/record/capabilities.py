"""The capabilities that exist: data, read from ``capabilities.csv``, never classes.

A path is ``<configuration>.<capability>``: ``card_creator.commercial.stripe.charge_card``.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
from msgspec import UNSET, UnsetType

from cardwright.wire.resource import KeywordOnly, Mark, Shape

# The euro countries whose accounts can issue.
EURO_COUNTRIES = frozenset("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split())
ISSUING_COUNTRIES = EURO_COUNTRIES | {"GB", "US"}


# What v1's ``card_issuing`` stands for, which depends on who sponsors cards in a country.
CARD_ISSUING_US = "card_creator.commercial.celtic.spend_card"
CARD_ISSUING_ELSEWHERE = "card_creator.commercial.stripe.charge_card"


def card_issuing_path(country: str | None) -> str:
    """The path of v1's ``card_issuing`` in a country; an account without one is American."""
    return CARD_ISSUING_US if country in (None, "US") else CARD_ISSUING_ELSEWHERE


class Known(msgspec.Struct, frozen=True):
    """A line of the file: where and for whom the capability can be requested (empty: anyone), and
    the face that alone knows it (empty: both)."""

    path: str
    countries: frozenset[str]
    entity_types: frozenset[str]
    face: str


@cache
def known() -> dict[str, Known]:
    """Every capability by path."""
    with Path(__file__).with_name("capabilities.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    found = {}
    for line in lines:
        countries = {name for name in line["countries"].split() if name != "EURO"}
        if "EURO" in line["countries"].split():
            countries |= EURO_COUNTRIES
        path = f"{line['configuration']}.{line['capability']}"
        found[path] = Known(
            path, frozenset(countries), frozenset(line["entity_types"].split()), line["face"]
        )
    return found


class Requested(Shape):
    """Whether a capability is wanted."""

    requested: Annotated[bool, Mark(need="cu")]


Tree = dict[str, Any]


@cache
def capability_tree(configuration: str, face: str = "v2") -> Tree:
    """The capabilities of a configuration as a face knows them: nested names, a leaf is the whole
    path."""
    tree: Tree = {}
    for path, line in known().items():
        if path.startswith(f"{configuration}.") and line.face in ("", face):
            *branches, leaf = path.split(".")[1:]
            node = tree
            for branch in branches:
                node = node.setdefault(branch, {})
            node[leaf] = path
    return tree


def capability_shape(configuration: str) -> type[Shape]:
    """The parameters ``configuration.X.capabilities``, made from the known paths."""
    return _shape(_camel(configuration) + "Capabilities", capability_tree(configuration))


def _shape(title: str, tree: Tree) -> type[Shape]:
    namespace: dict[str, Any] = {"__module__": __name__, "__annotations__": {}}
    for key, below in tree.items():
        branch = isinstance(below, dict)
        inner = _shape(title + _camel(key), below) if branch else Requested
        namespace["__annotations__"][key] = inner | UnsetType
        namespace[key] = UNSET
    return cast("type[Shape]", KeywordOnly(title, (Shape,), namespace))


def _camel(name: str) -> str:
    return name.title().replace("_", "")


def requested_paths(configuration: str, given: Tree) -> dict[str, bool]:
    """The paths that a checked ``capabilities`` parameter names, with whether each is wanted."""
    found: dict[str, bool] = {}

    def walk(tree: Tree, node: Tree) -> None:
        for name, value in node.items():
            below = tree[name]
            if value is None:
                continue
            if isinstance(below, dict):
                walk(below, value)
            else:
                found[below] = value["requested"]

    # What v2 cannot ask for is refused before.
    walk(capability_tree(configuration, "v1"), given)
    return found

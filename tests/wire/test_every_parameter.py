"""Every parameter of every operation is given nonsense: the parsers accept or refuse, no more."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec
import pytest

from cardwright import app
from cardwright.kernel.refusal import Failure
from cardwright.wire.operation import Operation
from cardwright.wire.parameters import parser
from cardwright.wire.resource import members
from cardwright.wire.versions import LATEST

DEEPEST = 7
TEXTS = [
    *("", " ", "x", "\x00", "\U0001f600", "\u202e", "\u00b2", "\u0661", "\u00df", "\u212arw"),
    *("0", "-1", "1.5", "1e308", str(2**63), str(-(2**63)), "9" * 50),
    *("true", "null", "x" * 6000),
    *("2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "ZZ", "\r\n"),
]
HASHES: list[Any] = [{}, {"": ""}, {"\u00b2": "a"}, {"0": "a", "00": "b"}, {"a": {"b": "c"}}]
LISTS: list[Any] = [[], [[]], [{}], [None], ["x"] * 1001]
NUMBERS: list[Any] = [None, 0, -1, 2**31, 2**63, 2**70, 1.5, float("inf"), True]

TAKING = [one for one in app.operations() if one.takes is not None]


def places(shape: type[msgspec.Struct], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member, those of hashes in lists too."""
    for name, member in members(shape).items():
        here = (*path, name)
        yield here
        inner = get_args(member.type)[0] if get_origin(member.type) is list else member.type
        if len(here) < DEEPEST and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from places(inner, here if inner is member.type else (*here, "0"))


def nested(path: tuple[str, ...], value: Any, *, form: bool) -> Any:
    """The value at its path, as a caller would send it."""
    if not path:
        return value
    below = nested(path[1:], value, form=form)
    return [below] if path[0] == "0" and not form else {path[0]: below}


@pytest.mark.parametrize("operation", TAKING, ids=[f"{one.method} {one.path}" for one in TAKING])
def test_nonsense_is_accepted_or_refused(operation: Operation) -> None:
    assert operation.takes is not None
    form = operation.api == "v1" or operation.method != "POST"
    read = parser(operation.takes, operation.letter, operation.api, LATEST, form=form)
    values = TEXTS + HASHES + LISTS + ([] if form else NUMBERS)
    refusals: list[Failure] = []
    for path in places(operation.takes):
        for value in values:
            try:
                given = read(nested(path, value, form=form))
            except Failure as failure:
                refusals.append(failure)
            else:
                # What passed can be kept and shown again.
                msgspec.json.encode(given.tree, enc_hook=repr)
    assert refusals
    assert all(each.refusal.status == 400 and each.message for each in refusals)

"""Rows of resources are written by modules of the room that says the resource.

The statements are made from the declaration, whoever asks for them, so it is watched who does: in
every test, of everything that runs in its process.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cardwright.wire import rows
from cardwright.wire.resource import Resource


def watched(write: Callable[..., Any]) -> Callable[..., Any]:
    """The same, refused to modules of other rooms."""

    def called(tx: Any, resource: Resource, **given: Any) -> Any:
        caller = sys._getframe(1).f_globals["__name__"].split(".")
        owner = type(resource).__module__.split(".")
        assert caller[:2] == owner[:2] or caller[0] != "cardwright", (
            f"{'.'.join(caller)} writes a {type(resource).__name__}, which {owner[1]} owns"
        )
        return write(tx, resource, **given)

    return called


@pytest.fixture(scope="session", autouse=True)
def rows_are_written_by_their_room() -> Iterator[None]:
    """Watch every write of a resource."""
    with pytest.MonkeyPatch.context() as patch:
        for write in (rows.insert, rows.save, rows.delete):
            patch.setattr(rows, write.__name__, watched(write))
        yield

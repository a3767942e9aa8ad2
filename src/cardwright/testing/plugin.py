"""What pytest loads: two fixtures and a mark. Everything else is imported when it is asked for,
because pytest loads this file for every project that is installed beside cardwright."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cardwright.testing.environment import Cardwright
    from cardwright.testing.server import Server

MARK = "cardwright(clock=None): the environment of a test; clock is the date its clock stands at"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def cardwright_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """The server of this run: the one that CARDWRIGHT_URL names, or one that is started for the
    run and shared by all of its workers."""
    from cardwright.testing import server

    directory = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        directory = directory.parent
    try:
        with server.running(directory / "cardwright") as found:
            yield found
    except server.ServerError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def cardwright(
    request: pytest.FixtureRequest, cardwright_server: "Server"
) -> "Iterator[Cardwright]":
    """A fresh environment, which is removed after the test."""
    from cardwright.testing.environment import fresh

    mark = request.node.get_closest_marker("cardwright")
    with fresh(cardwright_server, clock=mark.kwargs.get("clock") if mark else None) as made:
        yield made

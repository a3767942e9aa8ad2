"""``cardwright disputes``, beside a running server."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from cardwright.tenancy.platforms import Keys
from tests.disputes.support import DISPUTES, payer, submitted
from tests.financial_accounts.test_commands import command
from tests.support import processes
from tests.support.database import private_directory
from tests.support.server import Live, Platform


@pytest.fixture
async def data() -> AsyncIterator[Path]:
    """The data directory of a server."""
    directory = private_directory()
    yield directory / "data"
    shutil.rmtree(directory)


@pytest.fixture
async def served(data: Path) -> AsyncIterator[Platform]:
    """The platform of a server of its own."""
    server = await processes.start(data)
    lines = (data / "keys.env").read_text().splitlines()
    keys = dict(line.split("=", 1) for line in lines)
    async with aiohttp.ClientSession() as http:
        made = Keys("", keys["CARDWRIGHT_SECRET_KEY"], "")
        yield Platform(Live(cast("Any", None), server.base, http), made)
    server.stop()


async def test_the_operator_closes_disputes(
    served: Platform, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Listed, credited, lost, won; the server shows it at once."""
    one = await payer(served)
    code, said = await command(data, capsys, "disputes", "list")
    assert (code, said) == (0, "No dispute has the status submitted.\n")
    first, second = [(await submitted(one))["id"] for _ in range(2)]
    code, said = await command(data, capsys, "disputes", "list")
    assert [line.split()[0] for line in said.splitlines()] == [second, first]
    assert "10.00 gbp  fraudulent" in said
    code, said = await command(data, capsys, "disputes", "credit", first)
    assert (code, said.split()[:2]) == (0, [first, "submitted"])
    assert await one.available() == 9000
    close = ("disputes", "close", first, "lost", "--loss-reason=refund_issued")
    code, said = await command(data, capsys, *close)
    assert (code, said.split()[:2]) == (0, [first, "lost"])
    assert await one.available() == 8000
    code, said = await command(data, capsys, *close)
    assert (code, "cannot become lost" in said) == (1, True)
    code, said = await command(data, capsys, "disputes", "close", second, "won")
    assert (code, said.split()[:2]) == (0, [second, "won"])
    assert (await one.done("GET", f"{DISPUTES}/{second}"))["status"] == "won"
    assert await one.available() == 9000
    code, said = await command(data, capsys, "disputes", "close", "idp_no", "won")
    assert (code, "No such dispute" in said) == (1, True)

"""``cardwright purchase-details``, beside a running server."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from cardwright.tenancy.platforms import Keys
from tests.financial_accounts.test_commands import command
from tests.support import processes
from tests.support.database import private_directory
from tests.support.server import Live, Platform
from tests.support.spending import HELPERS, spender


@pytest.fixture
async def data() -> AsyncIterator[Path]:
    """The data directory of a server."""
    directory = private_directory()
    yield directory / "data"
    shutil.rmtree(directory)


async def test_a_receipt_from_a_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the file says, the server shows; a bad file changes nothing."""
    server = await processes.start(data)
    lines = (data / "keys.env").read_text().splitlines()
    keys = Keys("", dict(line.split("=", 1) for line in lines)["CARDWRIGHT_SECRET_KEY"], "")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"receipt": [{"description": "Bread", "total": 250}]}))
    bad.write_text(json.dumps({"receipt": [{"description": "Bread", "weight": 1}]}))
    async with aiohttp.ClientSession() as http:
        one = await spender(Platform(Live(cast("Any", None), server.base, http), keys), funds=500)
        made = await one.authorize(250)
        done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
        transaction = done["transactions"][0]["id"]
        called = ("purchase-details", one.account, transaction)
        code, said = await command(data, capsys, *called, str(good))
        assert (code, said) == (0, f"{transaction}: 1 lines of receipt\n")
        code, said = await command(data, capsys, *called, str(bad))
        assert (code, "weight" in said) == (1, True)
        code, said = await command(data, capsys, *called, str(tmp_path / "no.json"))
        assert (code, "cannot be read" in said) == (1, True)
        shown = await one.done("GET", f"/v1/issuing/transactions/{transaction}")
        assert shown["purchase_details"]["receipt"][0]["total"] == 250
    server.stop()

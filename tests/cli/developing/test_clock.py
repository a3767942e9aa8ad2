"""``serve --clock``, ``cardwright clock`` and ``cardwright deadlines``, beside a running server."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cardwright.accounts.flows import create_account
from cardwright.accounts.record.model import Account
from cardwright.cli.developing import clock
from cardwright.kernel.database import open_pool
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault
from cardwright.roles import keys_file
from cardwright.roles.application import Application
from cardwright.roles.provisioning import provision, standing
from cardwright.settings import Settings
from cardwright.tenancy import registry
from cardwright.wire.given import Given
from tests.support import processes
from tests.support.database import make_database, private_directory

FIRST_DAY = 1_767_225_600  # 1 January 2026
DAY = 86_400


class Environment:
    """A server whose test environment stands on a clock."""

    def __init__(self, data: Path, server: processes.Process) -> None:
        self.data = data
        self.server = server
        keys = keys_file.read(keys_file.path_in(data))
        assert keys is not None
        self.key = keys.secret

    async def command(self, *arguments: str) -> tuple[int, str, str]:
        """A command beside it: exit code, output, complaint."""
        process = await asyncio.create_subprocess_exec(
            processes.CARDWRIGHT,
            *arguments,
            "--data-dir",
            str(self.data),
            env=processes.VARIABLES,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, complaint = await process.communicate()
        return process.returncode or 0, output.decode().strip(), complaint.decode().strip()

    async def said(self, *arguments: str) -> str:
        """What a command that succeeds says."""
        code, output, complaint = await self.command(*arguments)
        assert code == 0, complaint
        return output

    async def refused(self, *arguments: str) -> str:
        """What a command that is refused complains of, in one line."""
        code, output, complaint = await self.command(*arguments)
        assert (code, output) == (1, ""), output
        assert complaint.startswith("cardwright: ")
        assert "\n" not in complaint
        return complaint

    async def created(self, form: dict[str, str]) -> dict[str, object]:
        """A new account, through the API."""
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {self.key}"}) as http,
            http.post(f"{self.server.base}/v1/accounts", data=form) as answer,
        ):
            body: dict[str, object] = await answer.json()
            assert answer.status == 200, body
        return body


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[Environment]:
    directory = private_directory()
    server = await processes.start(directory / "data", "--clock", "2026-01-01")
    made = Environment(directory / "data", server)
    yield made
    made.server.stop()
    shutil.rmtree(directory)


async def test_the_whole_environment_on_one_clock(environment: Environment) -> None:
    """Everything new is made at its instant; it moves by one command, which names no clock."""
    shown = await environment.said("clock", "show")
    name = shown.split()[0]
    assert "2026-01-01T00:00:00.000Z  ready" in shown
    account = await environment.created({"type": "custom", "country": "GB"})
    assert account["created"] == FIRST_DAY
    said = await environment.said("clock", "advance", "--by", "29d")
    assert said.startswith(f"{name}  2026-01-30T00:00:00.000Z  ready")
    assert (await environment.created({"type": "custom"}))["created"] == FIRST_DAY + 29 * DAY
    await environment.said("clock", "advance", "--to", "2026-03-01T12:00:00Z")
    assert "2026-03-01T12:00:00.000Z" in await environment.said("clock", "list")
    assert str(account["id"]) in await environment.said("clock", "show", name)
    assert "after the one it shows" in await environment.refused(
        "clock", "advance", "--to", "2026-03-01"
    )
    # The same flag again leaves the clock where it is.
    environment.server.stop()
    environment.server = await processes.start(environment.data, "--clock", "2026-01-01")
    assert "2026-03-01T12:00:00.000Z" in await environment.said("clock", "show")


async def test_another_clock_for_one_account(environment: Environment) -> None:
    account = str((await environment.created({"type": "custom", "country": "GB"}))["id"])
    made = await environment.said(
        "clock", "create", "2040-06-01", "--name", "A rehearsal", "--timers", "live"
    )
    assert re.search(r"2040-06-01T00:00:00.000Z  ready  timers live  A rehearsal$", made)
    name = made.split()[0]
    assert "2040-06-01T00:00:00" in await environment.said("clock", "attach", account, name)
    told = await environment.said("deadlines", account)
    assert told.splitlines()[0] == f"{account}: it is 2040-06-01T00:00:00.000Z on {name}"
    refused = await environment.refused("clock", "attach", account, "--off")
    assert "cannot go back" in refused


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "either where"),
        ({"to": "2026-01-01", "by": "1d"}, "either where"),
        ({"by": "soon"}, "is not a span"),
        ({"by": "-1d"}, "is not a span"),
        ({"to": "2026-02-30"}, "is not an instant"),
        ({"to": "1999-12-31"}, "is not an instant"),
    ],
)
def test_where_a_command_cannot_send_a_clock(given: dict[str, Any], words: str) -> None:
    with pytest.raises(StartError, match=words):
        clock.advance(**given)


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "1999-12-31", "2026-01-01T00:00:00"])
def test_what_no_clock_can_show(text: str) -> None:
    with pytest.raises(StartError, match="--clock is a date"):
        Settings(clock=text)


async def test_an_environment_with_a_past_goes_to_no_earlier_clock(
    server: dict[str, Any], vault: Vault, tmp_path: Path
) -> None:
    """On machine time first; then a clock to come takes the platform and its accounts along."""
    connect = await make_database(server, f"past_{os.getpid()}")
    pool = await open_pool(connect, vault)
    try:
        database = (Application(pool, vault)).database

        async def start(clock: str | None) -> None:
            await provision(database, Settings(data_directory=tmp_path, clock=clock))

        await start(None)
        assert await standing(database) is None
        (platform,) = [row[0] for row in await pool.fetch("select account_id from tenants")]
        async with registry.transaction(database, platform) as tx:
            await create_account(tx, Given(Account, {}, "v2"))
        with pytest.raises(StartError, match="time does not go back"):
            await start("2020-01-01")
        assert await standing(database) is None
        await start("2099-01-01")
        found = await standing(database)
        assert found is not None
        on_it = await pool.fetch("select clock_id from tenants")
        assert [row[0] for row in on_it] == [found.id] * 2
        await start("2099-05-05")
        assert await standing(database) == found
    finally:
        await pool.close()

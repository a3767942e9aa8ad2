"""More than one process, and processes that die: what was acknowledged is there, and only that."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cardwright.kernel.database import open_pool
from cardwright.kernel.vault import Vault, installed_vault, new_key
from cardwright.ledger import audit
from tests.simulator.clocks import new_clock
from tests.support import processes
from tests.support.database import make_database, private_directory
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

CALLERS = 16


@dataclass
class Two:
    """One platform on two servers."""

    platform: Platform
    bases: list[str]

    def on(self, one: Spender, index: int) -> Spender:
        """The spender as the other server sees it."""
        live = replace(self.platform.live, base=self.bases[index % 2])
        return replace(one, platform=replace(self.platform, live=live))


@pytest.fixture(scope="module")
async def two(server: dict[str, Any]) -> AsyncIterator[Two]:
    """Two server processes on one database."""
    connect = await make_database(server, "two_processes")
    key = new_key()
    url = f"postgresql://{connect['user']}@/{connect['database']}?host={connect['host']}"
    url += f"&port={connect['port']}"
    directory = private_directory()
    started: list[processes.Process] = []
    try:
        for name in ("first", "second"):
            one = await processes.start(
                directory / name, "--database-url", url, CARDWRIGHT_VAULT_KEY=key
            )
            started.append(one)
        bases = [one.base for one in started]
        async with processes.beside(connect, Vault.open(key), bases[0]) as platform:
            yield Two(platform, bases)
    finally:
        for one in started:
            one.stop()
        shutil.rmtree(directory)


async def clean(platform: Platform) -> bool:
    """Whether the books of the whole database are right."""
    async with platform.live.application.database.connection() as connection:
        return await audit.verify(connection) == []


async def test_last_cent_on_two_processes(two: Two) -> None:
    """Twenty at once, on both servers, on what is enough for one."""
    one = await spender(two.platform, funds=100)
    found = await asyncio.gather(*[two.on(one, index).authorize(100) for index in range(20)])
    assert sum(body["approved"] for body in found) == 1
    assert await one.available() == 0
    assert await clean(two.platform)


async def test_one_limit_on_two_processes(two: Two) -> None:
    """A limit is kept by the database, whoever decides."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "1000",
        "spending_controls[spending_limits][0][interval]": "daily",
    }
    clock = await new_clock(two.platform)
    one = await spender(two.platform, funds=100_000, holder=limit, test_clock=clock)
    found = await asyncio.gather(*[two.on(one, index).authorize(100) for index in range(40)])
    assert sum(body["approved"] for body in found) == 10
    assert await one.available() == 99_000
    assert await clean(two.platform)


async def test_one_key_on_two_processes(two: Two) -> None:
    """One effect, whichever server is asked."""
    one = await spender(two.platform, funds=100_000)
    form = {"card": one.card, "amount": "100"}
    found = await asyncio.gather(
        *[
            two.on(one, index).call("POST", HELPERS, form, idempotency_key="same")
            for index in range(20)
        ]
    )
    bodies = [body for status, body in found if status == 200]
    assert bodies
    assert all(body == bodies[0] for body in bodies)
    assert all(status in (200, 409) for status, _ in found)
    assert await one.available() == 99_900
    assert len((await one.done("GET", "/v1/issuing/authorizations"))["data"]) == 1


@dataclass
class Load:
    """Callers that authorize without rest; ``acknowledged`` is what they were told."""

    spenders: list[Spender]
    acknowledged: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    stopped: bool = False

    async def caller(self, number: int) -> None:
        """Authorize under a new key each time, until the server is gone."""
        count = 0
        while not self.stopped:
            count += 1
            await self.ask(f"{number}-{count}", number)

    async def ask_again(self) -> None:
        """Repeat every call that was ever made, under its key."""
        left = list(self.asked.items())

        async def caller() -> None:
            while left:
                await self.ask(*left.pop())

        await asyncio.gather(*[caller() for _ in range(CALLERS)])

    async def ask(self, key: str, number: int) -> None:
        """One call; no answer is an answer too."""
        one = self.spenders[number % len(self.spenders)]
        self.asked[key] = number
        try:
            status, body = await one.call(
                "POST", HELPERS, {"card": one.card, "amount": "1"}, idempotency_key=key
            )
        except (aiohttp.ClientError, OSError):
            self.stopped = True
            return
        if status == 200:
            assert key not in self.acknowledged or self.acknowledged[key] == body["id"]
            self.acknowledged[key] = body["id"]


async def stored_ids(load: Load, connect: dict[str, Any]) -> set[str]:
    """Every authorization in the database."""
    pool = await open_pool(connect, Vault.open(new_key()))
    try:
        rows = await pool.fetch("select id from authorizations")
        async with pool.acquire() as connection:
            assert await audit.verify(connection) == []  # type: ignore[arg-type]
    finally:
        await pool.close()
    assert load.asked
    return {row["id"] for row in rows}


async def test_kill_9_during_load() -> None:
    """Server and PostgreSQL are killed under load: what was acknowledged is there, a retry of
    what was not has one effect, and the books are right."""
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        vault = installed_vault(data, None)
        async with processes.beside(server.published["database"], vault, server.base) as platform:
            load = Load([await spender(platform, funds=50_000) for _ in range(3)])
            running = [asyncio.create_task(load.caller(number)) for number in range(CALLERS)]
            await asyncio.sleep(1.0)
            os.kill(server.database_pid(), signal.SIGKILL)
            server.process.kill()
            server.process.wait()
            await asyncio.gather(*running)
        assert len(load.acknowledged) > CALLERS
        server = await processes.start(data)
        connect = server.published["database"]
        found = await stored_ids(load, connect)
        assert set(load.acknowledged.values()) <= found
        async with aiohttp.ClientSession() as http:
            for one in load.spenders:
                live = replace(one.platform.live, base=server.base, http=http)
                one.platform = replace(one.platform, live=live)
            await load.ask_again()
        assert set(load.acknowledged) == set(load.asked)
        assert set(load.acknowledged.values()) == await stored_ids(load, connect)
    finally:
        server.stop()
        shutil.rmtree(directory)


async def test_database_that_dies_alone() -> None:
    """PostgreSQL is killed under load and started again by the server: callers that waited are
    answered or told to retry, and what was decided is decided once."""
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        vault = installed_vault(data, None)
        async with processes.beside(server.published["database"], vault, server.base) as platform:
            load = Load([await spender(platform, funds=50_000) for _ in range(3)])
            running = [asyncio.create_task(load.caller(number)) for number in range(CALLERS)]
            await asyncio.sleep(0.5)
            os.kill(server.database_pid(), signal.SIGKILL)
            await asyncio.sleep(3.0)
            load.stopped = True
            await asyncio.gather(*running)
            assert server.process.poll() is None
            await load.ask_again()
            assert set(load.acknowledged) == set(load.asked)
        found = await stored_ids(load, server.published["database"])
        assert set(load.acknowledged.values()) == found
    finally:
        server.stop()
        shutil.rmtree(directory)

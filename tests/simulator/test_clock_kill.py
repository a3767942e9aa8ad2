"""A server that is killed while a clock is on its way: the next one takes the clock there, and
each thing happens once."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path

import asyncpg

from cardwright.kernel.vault import installed_vault
from cardwright.ledger import audit
from tests.simulator.clocks import DAY, PATH, START, advance, new_clock, ready
from tests.support import processes
from tests.support.database import private_directory
from tests.support.server import Platform
from tests.support.spending import Spender, spender

HOUR = 3_600
PAYMENTS = 24
TARGET = START + 30 * DAY


async def prepared(platform: Platform) -> tuple[str, Spender]:
    """A clock, and an account on it whose holds run out hour after hour."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=100_000, test_clock=clock)
    for hour in range(1, PAYMENTS + 1):
        await one.authorize(100)
        await advance(platform, clock, START + hour * HOUR)
    return clock, one


async def kill_on_the_way(server: processes.Process, clock: str) -> None:
    """End the server between two transactions of the advance, or inside one."""
    connection = await asyncpg.connect(**server.published["database"])
    while not await connection.fetchval("select deadlines_met from clocks where id = $1", clock):
        await asyncio.sleep(0)
    server.process.kill()
    server.process.wait()
    connection.terminate()


async def test_a_clock_arrives_after_kill_9() -> None:
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        vault = installed_vault(data, None)
        async with processes.beside(server.published["database"], vault, server.base) as platform:
            clock, one = await prepared(platform)
            form = {"frozen_time": str(TARGET)}
            status, _ = await platform.call("POST", f"{PATH}/{clock}/advance", form=form)
            assert status == 200
            await kill_on_the_way(server, clock)
        keys = platform.keys
        server = await processes.start(data)
        async with processes.beside(server.published["database"], vault, server.base) as beside:
            platform = one.platform = Platform(beside.live, keys)
            arrived = await ready(platform, clock)
            assert arrived["frozen_time"] == TARGET
            listed = await one.done("GET", "/v1/issuing/authorizations?limit=100")
            assert Counter(item["status"] for item in listed["data"]) == {"expired": PAYMENTS}
            told = await one.done("GET", "/v1/events?limit=100&type=issuing_authorization.updated")
            created = sorted(event["created"] for event in told["data"])
            assert created == [START + hour * HOUR + 7 * DAY for hour in range(PAYMENTS)]
            assert await one.available() == 100_000
            pool = platform.live.application.database.pool
            async with pool.acquire() as connection:
                assert await audit.verify(connection) == []  # type: ignore[arg-type]
    finally:
        server.stop()
        shutil.rmtree(directory)

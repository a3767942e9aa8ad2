"""Clocks of a test, and waiting for them."""

import asyncio
from typing import Any

import asyncpg

from tests.support.server import Platform

PATH = "/v1/test_helpers/test_clocks"
# 1 January 2040, 00:00 UTC. A clock for accounts that exist must be ahead of machine time.
START = 2_208_988_800
DAY = 86_400


async def new_clock(platform: Platform, frozen_time: int = START, **more: str) -> str:
    """A clock of the platform; the answer is its id."""
    form = {"frozen_time": str(frozen_time), **more}
    status, body = await platform.call("POST", PATH, form=form)
    assert status == 200, body
    return str(body["id"])


async def advance(platform: Platform, clock: str, frozen_time: int, **more: str) -> Any:
    """Send a clock on its way and wait until it is ready; the answer is the clock."""
    form = {"frozen_time": str(frozen_time), **more}
    status, body = await platform.call("POST", f"{PATH}/{clock}/advance", form=form)
    assert (status, body.get("status")) == (200, "advancing"), body
    return await ready(platform, clock)


async def ready(platform: Platform, clock: str, seconds: float = 60.0) -> Any:
    """The clock, once it is ready."""
    for _ in range(int(seconds / 0.02)):
        _, body = await platform.call("GET", f"{PATH}/{clock}")
        if body["status"] == "ready":
            return body
        await asyncio.sleep(0.02)
    raise AssertionError(f"the clock did not arrive: {body}")


def pool_of(platform: Platform) -> "asyncpg.Pool[asyncpg.Record]":
    """The database behind the server."""
    return platform.live.application.database.pool

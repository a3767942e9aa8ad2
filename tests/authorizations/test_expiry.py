"""Holds end by themselves, on the account's own clock."""

import pytest

from cardwright.kernel import clock
from cardwright.tenancy import clocks
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.support.server import Platform
from tests.support.spending import spender

START_MS = 1_790_000_000_000


@pytest.mark.parametrize(("category", "days"), [("bakeries", 7), ("hotels_motels_and_resorts", 31)])
@pytest.mark.calendar
async def test_a_hold_expires(platform: Platform, category: str, days: int) -> None:
    """Not a second before its time, and then with its release; the next hour's stays."""
    one = await spender(platform, funds=10_000)
    database = platform.live.application.database
    async with database.connection() as connection, connection.transaction():
        name = await clocks.create(
            connection, platform_id=platform.keys.account_id, now_ms=START_MS
        )
        await clocks.follow(connection, one.account, name)
    first = await one.authorize(1000, **{"merchant_data[category]": category})
    assert first["created"] == START_MS // 1000

    async def advance(to_ms: int) -> None:
        await clocks.advance(database, clocks.ClockName(platform.keys.account_id, name), to_ms)

    await advance(START_MS + 60_000)
    second = await one.authorize(500, **{"merchant_data[category]": category})
    life_ms = days * clock.DAY_MS
    await advance(START_MS + life_ms - 1)
    assert await one.available() == 8500
    await advance(START_MS + life_ms)
    assert await one.available() == 9500
    found = await one.done("GET", f"{AUTHORIZATIONS}/{first['id']}")
    assert found["status"] == "expired"
    await advance(START_MS + life_ms + 60_000)
    assert await one.available() == 10_000
    found = await one.done("GET", f"{AUTHORIZATIONS}/{second['id']}")
    assert found["status"] == "expired"
    await check_books(one)

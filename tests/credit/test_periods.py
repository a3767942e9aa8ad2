"""Periods end and due dates come by the account's own clock."""

from cardwright.tenancy import clocks
from tests.credit.support import (
    OBLIGATIONS,
    VERSION,
    check_books,
    fund_platform,
    give_credit,
    obligations,
)
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

# 18 June 2025, 13:00 UTC, a Wednesday.
START_MS = 1_750_251_600_000
DAY_MS = 86_400_000


async def on_clock(one: Spender) -> clocks.ClockName:
    """Let the account follow a clock of its own."""
    database = one.platform.live.application.database
    platform_id = one.platform.keys.account_id
    async with database.connection() as connection, connection.transaction():
        name = await clocks.create(connection, platform_id=platform_id, now_ms=START_MS)
        await clocks.follow(connection, one.account, name)
    return clocks.ClockName(platform_id, name)


async def buy(one: Spender, amount: int) -> None:
    """A purchase that is captured at once."""
    made = await one.authorize(amount)
    await one.done("POST", f"{HELPERS}/{made['id']}/capture")


async def test_from_pending_to_past_due(platform: Platform) -> None:
    """Each period has its obligation; what is not paid is past due after its date, no sooner."""
    await fund_platform(platform, 10_000)
    one = await spender(platform, funds=5000)
    clock = await on_clock(one)
    database = platform.live.application.database
    await give_credit(one, 4000, credit_period_interval="week", days_until_due="3")
    await buy(one, 300)
    await buy(one, 200)
    [first] = await obligations(one)
    assert (first["amount_total"], first["status"]) == (500, "pending")
    monday_ms = first["credit_period_ends_at"] * 1000
    assert START_MS < monday_ms < START_MS + 7 * DAY_MS
    await clocks.advance(database, clock, monday_ms - 1)
    assert (await obligations(one))[0]["status"] == "pending"
    await clocks.advance(database, clock, monday_ms)
    assert (await obligations(one))[0]["status"] == "unpaid"
    await buy(one, 50)
    second, first = await obligations(one)
    assert (second["amount_total"], second["status"]) == (50, "pending")
    assert second["credit_period_starts_at"] == first["credit_period_ends_at"]
    await clocks.advance(database, clock, monday_ms + 3 * DAY_MS - 1)
    assert (await obligations(one))[1]["status"] == "unpaid"
    await clocks.advance(database, clock, monday_ms + 3 * DAY_MS)
    first = (await obligations(one))[1]
    assert (first["status"], first["due_at"]) == ("past_due", monday_ms // 1000 + 3 * 86400)
    paid = await one.done("POST", f"{OBLIGATIONS}/{first['id']}/pay", version=VERSION)
    assert (paid["status"], paid["amount_outstanding"]) == ("paid", 0)
    assert paid["paid_at"] == (monday_ms + 3 * DAY_MS) // 1000
    early = await one.done("POST", f"{OBLIGATIONS}/{second['id']}/pay", version=VERSION)
    assert (early["status"], early["amount_outstanding"]) == ("pending", 0)
    await clocks.advance(database, clock, monday_ms + 7 * DAY_MS)
    assert [each["status"] for each in await obligations(one)] == ["paid", "paid"]
    listed = await one.done("GET", f"{OBLIGATIONS}?status=paid", version=VERSION)
    assert len(listed["data"]) == 2
    expanded = await one.done(
        "GET", f"{OBLIGATIONS}/{first['id']}?expand[]=credit_policy", version=VERSION
    )
    assert expanded["credit_policy"]["object"] == "issuing.credit_policy"
    await check_books(platform)

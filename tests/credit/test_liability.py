"""Accounts below zero, and what their platform sets aside for them."""

from typing import Any

from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import registry
from tests.credit.support import (
    TRANSACTIONS,
    check_books,
    fund_platform,
    platform_balance,
    until,
)
from tests.support.server import Platform
from tests.support.spending import Spender, spender


async def force(one: Spender, amount: int, **more: str) -> Any:
    """A capture that nobody authorized."""
    form = {"card": one.card, "amount": str(amount), **more}
    return await one.done("POST", f"{TRANSACTIONS}/create_force_capture", form)


async def reserved(platform: Platform, amount: int) -> None:
    """Wait until the platform has set so much aside."""

    async def is_there() -> bool:
        return await platform_balance(platform, "connect_reserved") == amount

    await until(is_there)


async def test_below_zero_and_back(platform: Platform) -> None:
    """Reserved by the platform, no new payment, repaired by the next money first."""
    one = await spender(platform, funds=1000)
    await force(one, 1500)
    assert await one.available() == -500
    await reserved(platform, 500)
    assert await platform_balance(platform, "available") == -500
    declined = await one.authorize(1)
    assert declined["request_history"][0]["reason"] == "insufficient_funds"
    await one.fund(200)
    await reserved(platform, 300)
    assert not (await one.authorize(1))["approved"]
    await one.fund(400)
    await reserved(platform, 0)
    assert await one.available() == 100
    assert (await one.authorize(100))["approved"]
    assert await platform_balance(platform, "available") == 0
    status, listed = await platform.call("GET", "/v1/balance_transactions")
    assert status == 200
    moved = [(item["type"], item["amount"]) for item in listed["data"]]
    assert sum(amount for _, amount in moved) == 0
    assert {kind for kind, _ in moved} == {"reserved_funds"}
    await check_books(platform)


async def test_two_accounts_and_a_write_off(platform: Platform) -> None:
    """Each account is reserved for by itself; a loss that is written off needs no reserve."""
    await fund_platform(platform, 100)
    first, second = await spender(platform), await spender(platform)
    await force(first, 300)
    await force(second, 200)
    await reserved(platform, 500)
    async with registry.transaction(platform.live.application.database, first.account) as tx:
        await registry.lock_open(tx)
        written_off = transfers.within(first.account, "adjustment", "gbp", 300, "issuing", "losses")
        await ledger.post(tx, written_off)
    await reserved(platform, 200)
    assert await first.available() == 0
    await check_books(platform)


async def test_a_reserve_needs_no_money(platform: Platform) -> None:
    """A refund above zero takes the reserve back in the same way as funding."""
    one = await spender(platform)
    made = await force(one, 800)
    await reserved(platform, 800)
    await one.done("POST", f"{TRANSACTIONS}/{made['id']}/refund")
    await reserved(platform, 0)
    assert await one.available() == 0
    await check_books(platform)

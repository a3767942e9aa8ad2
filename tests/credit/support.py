"""Accounts that spend what their platform gives them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.ledger import audit
from tests.support.server import Platform
from tests.support.spending import Spender

VERSION = "2026-05-27.preview; issuing_credit_beta"
POLICIES = "/v1/issuing/credit_policies"
OBLIGATIONS = "/v1/issuing/funding_obligations"
FUND = "/v1/test_helpers/issuing/fund_balance"
TRANSACTIONS = "/v1/test_helpers/issuing/transactions"
PATIENCE_SECONDS = 10.0


async def fund_platform(platform: Platform, amount: int, currency: str = "gbp") -> None:
    """Put money into the platform's own issuing balance."""
    status, body = await platform.call(
        "POST", FUND, form={"amount": str(amount), "currency": currency}
    )
    assert status == 200, body


async def give_credit(one: Spender, limit: int, **more: str) -> Any:
    """A credit policy of the account."""
    form = {
        "credit_limit_amount": str(limit),
        "credit_limit_currency": one.currency,
        **more,
    }
    return await one.done("POST", POLICIES, form, version=VERSION)


async def policy(one: Spender) -> Any:
    """The account's policy as it is now."""
    [found] = (await one.done("GET", POLICIES, version=VERSION))["data"]
    return found


async def obligations(one: Spender) -> list[Any]:
    """What the account owes, newest first."""
    listed: list[Any] = (await one.done("GET", OBLIGATIONS, version=VERSION))["data"]
    return listed


async def platform_balance(platform: Platform, bucket: str, currency: str = "gbp") -> int:
    """A bucket of the platform's balance; ``issuing`` is what is available of it."""
    status, body = await platform.call("GET", "/v1/balance")
    assert status == 200, body
    listed = body["issuing"]["available"] if bucket == "issuing" else body[bucket]
    amounts = {item["currency"]: item["amount"] for item in listed}
    amount: int = amounts.get(currency, 0)
    return amount


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what happens after a transaction."""
    for _ in range(int(PATIENCE_SECONDS / 0.05)):
        if await check():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


async def check_books(platform: Platform) -> None:
    """Every book of every account is right, and what is owed is what the objects say."""
    database = platform.live.application.database
    async with database.connection() as connection:
        assert [row.words for row in await audit.verify(connection)] == []
        assert await connection.fetch(OWED_OTHERWISE) == []


OWED_OTHERWISE = """
select account_id, currency, sum(owed) from (
    select account_id, currency, available_minor as owed from balances where book = 'owed'
     union all
    select account_id, currency, -(body ->> 'amount_outstanding')::bigint from funding_obligations
) both_sides group by 1, 2 having sum(owed) <> 0
"""

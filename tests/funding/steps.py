"""Accounts with money and bank accounts, for tests of what moves between them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.ledger import audit
from cardwright.programs.offerings import OFFERINGS
from cardwright.tenancy import clocks
from tests.support.issuing import issuing_account
from tests.support.server import Platform

PREVIEW = "2026-10-14.preview"
# A Wednesday.
START_MS = 1_790_164_800_000
BANKS = {
    "gbp": {"country": "GB", "routing_number": "108800", "account_number": "00012345"},
    "usd": {"country": "US", "routing_number": "110000000", "account_number": "000123456789"},
    "eur": {"country": "DE", "account_number": "DE89370400440532013000"},
}


async def done(platform: Platform, method: str, path: str, form: Any = None, **more: Any) -> Any:
    """The body of a call that succeeds."""
    status, body = await platform.call(method, path, form=form, **more)
    assert status == 200, body
    return body


async def refused(
    platform: Platform, method: str, path: str, form: Any = None, **more: Any
) -> tuple[str | None, str | None]:
    """Code and parameter of a call that is refused with 400."""
    status, body = await platform.call(method, path, form=form, **more)
    assert status in (400, 404), body
    return body["error"].get("code"), body["error"].get("param")


async def add_bank(platform: Platform, account: str, currency: str, **changes: str) -> str:
    """Another bank account of the account; its id."""
    bank = {"object": "bank_account", "currency": currency, **BANKS[currency], **changes}
    form = {f"external_account[{name}]": value for name, value in bank.items()}
    made = await done(platform, "POST", f"/v1/accounts/{account}/external_accounts", form)
    return str(made["id"])


def offering_in(currency: str) -> str:
    """A program of the currency."""
    return next(name for name, terms in OFFERINGS.items() if terms.currency == currency)


async def verified_account(platform: Platform, currency: str = "gbp") -> str:
    """An account in the country of the currency that may receive transfers."""
    return await issuing_account(platform, offering_in(currency), program=False)


async def payable_account(platform: Platform, currency: str = "gbp") -> str:
    """An account that may be paid out, with a bank account of its currency."""
    account = await verified_account(platform, currency)
    await add_bank(platform, account, currency)
    return account


async def top_up(platform: Platform, account: str | None, currency: str, amount: int) -> None:
    """Put money into the payments balance."""
    form = {"amount": str(amount), "currency": currency}
    await done(platform, "POST", "/v1/topups", form, account=account)


async def balance(platform: Platform, account: str | None, currency: str) -> dict[str, int]:
    """What the account has in the currency, by bucket."""
    shown = await done(platform, "GET", "/v1/balance", account=account)
    buckets = {"available": shown["available"], "pending": shown["pending"]}
    buckets["issuing"] = shown["issuing"]["available"]
    return {
        name: sum(one["amount"] for one in found if one["currency"] == currency)
        for name, found in buckets.items()
    }


async def transactions(platform: Platform, account: str | None, query: str = "") -> list[Any]:
    """The account's balance transactions, oldest first: type, amount, status."""
    page = await done(
        platform, "GET", f"/v1/balance_transactions?limit=100{query}", account=account
    )
    return [(one["type"], one["amount"], one["status"]) for one in reversed(page["data"])]


async def event_types(platform: Platform, account: str, prefix: str) -> list[str]:
    """The types of the account's events that begin so, oldest first."""
    found = await platform.live.application.database.pool.fetch(
        "select type from events where account_id = $1 and type like $2 order by id",
        account,
        f"{prefix}%",
    )
    return [row["type"] for row in found]


async def check_books(platform: Platform, *accounts: str) -> None:
    """The accounts' books are in order."""
    async with platform.live.application.database.connection() as connection:
        for account in accounts:
            assert await audit.verify(connection, account) == []


async def on_clock(
    platform: Platform, account: str, *, timers: clocks.Timers = "test"
) -> Callable[[int], Awaitable[None]]:
    """Let the account follow a clock; the answer advances it to so many milliseconds later."""
    database = platform.live.application.database
    owner = platform.keys.account_id
    async with database.connection() as connection, connection.transaction():
        name = await clocks.create(connection, platform_id=owner, now_ms=START_MS, timers=timers)
        await clocks.follow(connection, account, name)

    async def advance(later_ms: int) -> None:
        await clocks.advance(database, clocks.ClockName(owner, name), START_MS + later_ms)

    return advance


async def together(*calls: Awaitable[tuple[int, Any]]) -> list[int]:
    """The statuses of calls that are made at the same time, in order."""
    return sorted(status for status, _ in await asyncio.gather(*calls))

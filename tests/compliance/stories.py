"""What the tests of compliance share: accounts on clocks, and what is read of them."""

import asyncio
from typing import Any

from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.issuing import ACCOUNTS, _account, attach_program
from tests.support.server import Platform

VERSION = "2026-10-14.preview"
NOW_ACCEPTED = {"date": "2040-01-01T00:00:00.000Z", "ip": "192.168.123.132"}
TERMS = {"card_creator": {"commercial": {"account_holder": NOW_ACCEPTED}}}
ACCEPT = {"identity": {"attestations": {"terms_of_service": TERMS}}}
CAPABILITY = {"commercial": {"stripe": {"charge_card": {"requested": True}}}}
ASK = {"configuration": {"card_creator": {"capabilities": CAPABILITY}}}
HOUR = 3600
# A birth that no test value verifies, and one that is verified at once.
UNKNOWN = {"date_of_birth": {"day": 2, "month": 2, "year": 1980}}
KNOWN = {"date_of_birth": {"day": 1, "month": 1, "year": 1902}}

__all__ = ["DAY", "START", "advance", "new_clock"]


async def done(platform: Platform, method: str, path: str, **given: Any) -> Any:
    """The body of a call that succeeds."""
    given.setdefault("version", VERSION)
    status, body = await platform.call(method, path, **given)
    assert status == 200, body
    return body


async def refused(platform: Platform, method: str, path: str, **given: Any) -> Any:
    """The error of a call that is refused."""
    given.setdefault("version", VERSION)
    status, body = await platform.call(method, path, **given)
    assert 400 <= status < 500, body
    return body["error"]


async def applicant(
    platform: Platform,
    clock: str | None,
    country: str = "gb",
    *,
    known: bool = False,
    terms: bool = True,
    email: str = "jenny.rosen@example.com",
) -> str:
    """An individual's account that asks for cards; its identity cannot be verified unless it is
    ``known``."""
    wanted = _account(country, {"gb": "gbp", "us": "usd"}.get(country, "eur"))
    wanted["contact_email"] = email
    wanted["identity"]["individual"] |= KNOWN if known else UNKNOWN
    if not terms:
        del wanted["identity"]["attestations"]["terms_of_service"]["card_creator"]
    if clock is not None:
        wanted["test_clock"] = clock
    made = await done(platform, "POST", "/v2/core/accounts", version=ACCOUNTS, json=wanted)
    region = {"gb": "GB", "us": "US"}.get(country, "EU")
    await attach_program(platform, made["id"], region)
    return str(made["id"])


async def capability(platform: Platform, account: str) -> Any:
    """The v1 capability of cards."""
    return await done(platform, "GET", f"/v1/accounts/{account}/capabilities/card_issuing")


async def issuing_status(platform: Platform, account: str) -> tuple[str, list[str]]:
    """Status and codes of the v2 capability of cards."""
    path = f"/v2/core/accounts/{account}?include[0]=configuration.card_creator"
    found = await done(platform, "GET", path)
    tree = found["configuration"]["card_creator"]["capabilities"]["commercial"]
    (bank,) = [one for one in tree.values() if one]
    (one,) = [one for one in bank.values() if one]
    return one["status"], [detail["code"] for detail in one["status_details"]]


async def notices(platform: Platform, account: str) -> list[Any]:
    """The notices of an account, oldest first."""
    listed = await done(platform, "GET", "/v1/account_notices", account=account)
    return list(reversed(listed["data"]))


async def reasons(platform: Platform, account: str) -> list[str]:
    """Why an account was told something, oldest first."""
    return [one["reason"].removeprefix("issuing.") for one in await notices(platform, account)]


async def deadlines(platform: Platform, account: str) -> dict[str, int]:
    """What will happen to an account: instants by kind."""
    found = await done(platform, "GET", f"/_cardwright/accounts/{account}/deadlines?limit=100")
    return {one["kind"]: one["due_at"] for one in found["data"]}


async def event_types(platform: Platform, account: str) -> list[str]:
    """The types of an account's events, oldest first."""
    found: list[Any] = []
    path = "/v1/events?limit=100"
    while True:
        page = await done(platform, "GET", path, account=account)
        found += page["data"]
        if not page["has_more"]:
            return [one["type"] for one in reversed(found)]
        path = f"/v1/events?limit=100&starting_after={found[-1]['id']}"


async def until(read: Any, wanted: Any) -> Any:
    """What is read, once it is as wanted."""
    for _ in range(200):
        found = await read()
        if wanted(found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came: {found}")

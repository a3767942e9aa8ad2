"""An alert when an Issuing balance is too low: it fires once, and resolves with new money."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cardwright.funding.low_balance.flows import FIRING, RESOLVED
from tests.support.operator import command
from tests.support.receiver import WAIT_SECONDS
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

PATH = "/_cardwright/low_balance_alert"
VERSION = "2026-10-14.preview"


async def configured(platform: Platform, **form: str) -> Any:
    """The alert's settings, after a change."""
    status, body = await platform.call("POST", PATH, form=form)
    assert status == 200, body
    return body


def amounts(one: Spender, amount: int) -> dict[str, str]:
    """An amount of the spender's currency."""
    return {"amounts[0][currency]": one.currency, "amounts[0][amount]": str(amount)}


async def told(one: Spender) -> list[Any]:
    """The alerts of the account so far, oldest first."""
    path = f"/v2/core/events?types[0]={FIRING}&types[1]={RESOLVED}"
    listed = await one.done("GET", path, version=VERSION)
    return [
        await one.done("GET", f"/v2/core/events/{event['id']}", version=VERSION)
        for event in reversed(listed["data"])
    ]


async def until(one: Spender, *types: str) -> list[Any]:
    """The alerts, once there are so many; they are of these types."""
    async with asyncio.timeout(WAIT_SECONDS):
        while len(found := await told(one)) < len(types):
            await asyncio.sleep(0.05)
    assert [event["type"] for event in found] == list(types)
    return found


async def watched(one: Spender) -> list[tuple[str, int]]:
    """What is waited for, with the amounts."""
    rows = await one.platform.live.application.database.pool.fetch(
        "select kind, threshold_minor from ledger_watches"
        " where account_id = $1 and kind like 'low_balance%' order by kind",
        one.account,
    )
    return [tuple(row) for row in rows]


async def until_watched(one: Spender, *wanted: tuple[str, int]) -> None:
    """Wait until this is waited for."""
    async with asyncio.timeout(WAIT_SECONDS):
        while await watched(one) != list(wanted):
            await asyncio.sleep(0.05)


async def test_it_fires_once_while_cards_spend_and_resolves(platform: Platform) -> None:
    """Also again after it was resolved; of another account nothing is told."""
    one = await spender(platform, funds=10_000)
    await configured(platform, **amounts(one, 5000))
    await until_watched(one, ("low_balance_fell", 5000))
    await one.authorize(5000)
    assert not await told(one), "5000 are not less than 5000"
    made = await asyncio.gather(*(one.authorize(100) for _ in range(12)))
    assert all(payment["approved"] for payment in made)
    [firing] = await until(one, FIRING)
    assert firing["data"]["threshold"] == {"currency": one.currency, "value": 5000}
    assert firing["data"]["available"]["value"] < 5000
    await until_watched(one, ("low_balance_rose", 5000))
    await one.fund(1199)
    await one.authorize(100)
    assert len(await told(one)) == 1
    await one.fund(101)
    _, resolved = await until(one, FIRING, RESOLVED)
    assert resolved["data"]["alert_id"] == firing["data"]["alert_id"]
    assert resolved["data"]["available"]["value"] == 5000
    await until_watched(one, ("low_balance_fell", 5000))
    payment = await one.authorize(1)
    await until(one, FIRING, RESOLVED, FIRING)
    await one.done("POST", f"{HELPERS}/{payment['id']}/reverse")
    await until(one, FIRING, RESOLVED, FIRING, RESOLVED)


@pytest.mark.calendar
async def test_a_part_of_what_cards_spent(platform: Platform) -> None:
    """Half of what was captured within a day, from the first capture on."""
    one = await spender(platform, funds=10_000)
    await configured(platform, percent_of_daily_spend="50")
    await until_watched(one, ("low_balance_look", 1))
    payment = await one.authorize(4000)
    await one.done("POST", f"{HELPERS}/{payment['id']}/capture")
    await until_watched(one, ("low_balance_fell", 2000))
    assert not await told(one)
    await one.authorize(4001)
    [firing] = await until(one, FIRING)
    assert firing["data"]["threshold"]["value"] == 2000
    await one.fund(1)
    await until(one, FIRING, RESOLVED)


async def test_turned_on_and_off(platform: Platform) -> None:
    """What is below already fires when it is turned on, and is over when it is turned off; an
    account with its first money is looked at from then on."""
    one = await spender(platform, funds=10_000)
    set_to = await configured(platform, **amounts(one, 10_001), email="ops@example.com")
    assert set_to == {
        "object": "low_balance_alert",
        "amounts": [{"amount": 10_001, "currency": one.currency}],
        "email": "ops@example.com",
        "livemode": False,
        "percent_of_daily_spend": None,
    }
    await until(one, FIRING)
    pool = platform.live.application.database.pool
    emails = (
        "select body ->> 'recipient', body ->> 'subject' from account_emails where account_id = $1"
    )
    [email] = await pool.fetch(emails, one.account)
    assert tuple(email) == ("ops@example.com", f"The Issuing balance of {one.account} is low")
    other = await spender(platform, funds=10_001)
    await until_watched(other, ("low_balance_fell", 10_001))
    off = await configured(platform, amounts="")
    assert (off["amounts"], off["email"]) == ([], "ops@example.com")
    await until(one, FIRING, RESOLVED)
    await until_watched(other)
    await other.authorize(5000)
    assert await watched(one) == await told(other) == []


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"amounts[0][currency]": "gbp"}, "amounts[0][amount]"),
        ({"amounts[0][amount]": "5"}, "amounts[0][currency]"),
        ({"amounts[0][amount]": "0", "amounts[0][currency]": "gbp"}, "amounts[0][amount]"),
        ({"amounts[0][amount]": "1e3", "amounts[0][currency]": "gbp"}, "amounts[0][amount]"),
        ({"amounts[0][amount]": "5", "amounts[0][currency]": "pounds"}, "amounts[0][currency]"),
        (
            {
                "amounts[0][amount]": "5",
                "amounts[0][currency]": "gbp",
                "amounts[1][amount]": "6",
                "amounts[1][currency]": "gbp",
            },
            "amounts[1][currency]",
        ),
        ({"percent_of_daily_spend": "0"}, "percent_of_daily_spend"),
        ({"percent_of_daily_spend": "1001"}, "percent_of_daily_spend"),
        ({"percent_of_daily_spend": "half"}, "percent_of_daily_spend"),
        (
            {
                "percent_of_daily_spend": "5",
                "amounts[0][amount]": "5",
                "amounts[0][currency]": "gbp",
            },
            "percent_of_daily_spend",
        ),
        ({"email": "nobody"}, "email"),
        ({"amount": "5"}, "amount"),
    ],
)
async def test_bad_settings(platform: Platform, form: dict[str, str], param: str) -> None:
    status, body = await platform.call("POST", PATH, form=form)
    assert (status, body["error"]["param"]) == (400, param)
    _, settings = await platform.call("GET", PATH)
    assert (settings["amounts"], settings["percent_of_daily_spend"]) == ([], None)


async def test_the_command(data: Path, served: Platform) -> None:
    """Shows and changes the same settings, beside a running server."""

    async def run(*words: str) -> str:
        return await asyncio.to_thread(command, data, "low-balance-alert", *words)

    assert await run() == "off\nemail: nobody\n"
    told = await run("--amount", "gbp=10000", "--amount", "eur=5", "--email", "ops@example.com")
    assert told == "amount: 5 eur\namount: 10000 gbp\nemail: ops@example.com\n"
    _, settings = await served.call("GET", PATH)
    assert settings["amounts"] == [
        {"amount": 5, "currency": "eur"},
        {"amount": 10_000, "currency": "gbp"},
    ]
    told = await run("--percent-of-daily-spend", "50")
    assert told == "percent of daily spend: 50\nemail: ops@example.com\n"
    assert await run("--off", "--percent-of-daily-spend", "5") == (
        "refused: --off contradicts what else is given."
    )
    assert "like gbp=10000" in await run("--amount", "gbp")
    for words in (
        ("--percent-of-daily-spend", "0"),
        ("--amount", "gbp=many"),
        ("--amount", "pounds=5"),
        ("--amount", "gbp=5", "--percent-of-daily-spend", "5"),
        ("--email", "nobody"),
    ):
        assert (await run(*words)).startswith("refused: "), words
    assert await run("--off") == "off\nemail: ops@example.com\n"

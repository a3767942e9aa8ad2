"""Accounts that do not use their cards, over thirteen months of virtual time."""

import pytest

from tests.compliance.stories import (
    ACCEPT,
    ASK,
    DAY,
    START,
    advance,
    capability,
    deadlines,
    done,
    event_types,
    issuing_status,
    new_clock,
    notices,
    reasons,
)
from tests.funding.steps import top_up
from tests.support.server import Platform
from tests.support.spending import Spender, spender

CLOSED = "account_closed_for_inactivity"
ACTIVITY = "card_issuing.activity"


async def idle(platform: Platform, offering: str = "gb_charge_card") -> tuple[str, Spender]:
    """A clock, and an account on it with a card."""
    clock = await new_clock(platform)
    return clock, await spender(
        platform,
        offering=offering,
        currency="usd" if offering.startswith("us") else "gbp",
        funds=100_000,
        test_clock=clock,
    )


async def due(platform: Platform, account: str) -> list[str]:
    """What v1 says is currently due for cards."""
    found = await capability(platform, account)
    return list(found["requirements"]["currently_due"])


@pytest.mark.parametrize(("offering", "days"), [("gb_charge_card", 60), ("us_charge_card", 30)])
async def test_warned_and_closed(platform: Platform, offering: str, days: int) -> None:
    clock, one = await idle(platform, offering)
    account = one.account
    await advance(platform, clock, START + (395 - days) * DAY - 1)
    assert ACTIVITY not in await due(platform, account)
    await advance(platform, clock, START + (395 - days) * DAY)
    shown = await capability(platform, account)
    assert shown["status"] == "active"
    assert shown["requirements"]["currently_due"] == [ACTIVITY]
    assert shown["requirements"]["current_deadline"] == START + 395 * DAY
    types = await event_types(platform, account)
    assert types[-2:] == ["capability.updated", "account.updated"] or {
        "capability.updated",
        "account.updated",
    } <= set(types[-8:])
    await advance(platform, clock, START + 395 * DAY - 1)
    assert (await capability(platform, account))["status"] == "active"
    await advance(platform, clock, START + 400 * DAY)
    shown = await capability(platform, account)
    assert (shown["status"], shown["requirements"]["disabled_reason"]) == (
        "inactive",
        "rejected.inactivity",
    )
    assert ACTIVITY not in shown["requirements"]["currently_due"]
    assert await issuing_status(platform, account) == ("restricted", ["rejected_other"])
    (notice,) = await notices(platform, account)
    assert notice["reason"] == f"issuing.{CLOSED}"
    assert notice["created"] == START + 395 * DAY
    assert notice["deadline"] is None
    paid = await one.authorize(100)
    assert not paid["approved"]


async def test_the_last_approved_payment_counts_and_a_declined_one_does_not(
    platform: Platform,
) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 100 * DAY)
    assert (await one.authorize(500))["approved"]
    await advance(platform, clock, START + 200 * DAY)
    assert not (await one.authorize(90_000_000))["approved"]
    await advance(platform, clock, START + 494 * DAY)
    assert (await capability(platform, one.account))["status"] == "active"
    assert await due(platform, one.account) == [ACTIVITY]
    await advance(platform, clock, START + 496 * DAY)
    (notice,) = await notices(platform, one.account)
    assert notice["created"] == START + 495 * DAY


@pytest.mark.parametrize("captured", [True, False])
async def test_a_payment_within_the_warning_prevents_the_closing(
    platform: Platform, captured: bool
) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 360 * DAY)
    assert await due(platform, one.account) == [ACTIVITY]
    paid = await one.authorize(500)
    assert paid["approved"]
    if captured:
        path = f"/v1/test_helpers/issuing/authorizations/{paid['id']}/capture"
        await one.done("POST", path)
        for _ in range(100):
            if await due(platform, one.account) == []:
                break
        else:
            await advance(platform, clock, START + 360 * DAY + 1)
    else:
        await advance(platform, clock, START + 361 * DAY)
    assert await due(platform, one.account) == []
    await advance(platform, clock, START + 396 * DAY)
    assert (await capability(platform, one.account))["status"] == "active"
    assert (await deadlines(platform, one.account))["issuing_inactivity"] == (
        START + (360 + 395 - 60) * DAY
    )
    assert await reasons(platform, one.account) == []


async def test_asking_again_with_new_terms_switches_cards_on(platform: Platform) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 400 * DAY)
    path = f"/v2/core/accounts/{one.account}"
    await done(platform, "POST", path, json=ASK)
    assert (await issuing_status(platform, one.account))[0] == "restricted"
    await done(platform, "POST", path, json=ACCEPT)
    assert await issuing_status(platform, one.account) == ("active", [])
    assert (await one.authorize(100))["approved"]
    closures = await done(platform, "GET", "/_cardwright/issuing_closures")
    assert [closure["status"] for closure in closures["data"]] == ["lifted"]
    assert (await deadlines(platform, one.account))["issuing_inactivity"] == (
        START + (400 + 395 - 60) * DAY
    )


@pytest.mark.parametrize("by_account", [True, False])
async def test_asking_again_as_v1_does(platform: Platform, by_account: bool) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 400 * DAY)
    path = f"/v1/accounts/{one.account}"
    terms = {"date": str(START + 400 * DAY), "ip": "8.8.8.8"}
    form = {f"settings[card_issuing][tos_acceptance][{name}]": terms[name] for name in terms}
    await done(platform, "POST", path, form=form)
    assert (await issuing_status(platform, one.account)) == ("restricted", ["rejected_other"])
    if by_account:
        form = {"capabilities[card_issuing][requested]": "true"}
        await done(platform, "POST", path, form=form)
    else:
        form = {"requested": "true"}
        await done(platform, "POST", f"{path}/capabilities/card_issuing", form=form)
    assert (await capability(platform, one.account))["status"] == "active"


async def test_terms_alone_switch_nothing_on(platform: Platform) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 400 * DAY)
    path = f"/v2/core/accounts/{one.account}"
    await done(platform, "POST", path, json=ACCEPT)
    assert (await issuing_status(platform, one.account)) == ("restricted", ["rejected_other"])
    await done(platform, "POST", path, json=ASK)
    assert await issuing_status(platform, one.account) == ("active", [])


async def test_money_that_moves_counts_for_an_account_that_can_do_more(
    platform: Platform,
) -> None:
    clock, one = await idle(platform)
    await advance(platform, clock, START + 200 * DAY)
    await top_up(platform, None, "gbp", 9000)
    form = {"amount": "5000", "currency": "gbp", "destination": one.account}
    status, body = await platform.call("POST", "/v1/transfers", form=form)
    assert status == 200, body
    await advance(platform, clock, START + 500 * DAY)
    assert await reasons(platform, one.account) == []
    await advance(platform, clock, START + 600 * DAY)
    (notice,) = await notices(platform, one.account)
    assert notice["created"] == START + (200 + 395) * DAY


async def test_one_jump_gives_what_daily_steps_give(platform: Platform) -> None:
    """The same account twice, one day apart in nothing but the number of advances."""
    far_clock, far = await idle(platform)
    near_clock, near = await idle(platform)
    await advance(platform, far_clock, START + 396 * DAY)
    for day in (*range(50, 330, 50), *range(330, 397)):
        await advance(platform, near_clock, START + day * DAY)
    for read in (reasons, issuing_status, event_types, deadlines):
        one, other = await read(platform, far.account), await read(platform, near.account)
        if read is event_types:
            assert sorted(one) == sorted(other)
        else:
            assert one == other
    created = [
        [one["created"] for one in await notices(platform, account)]
        for account in (far.account, near.account)
    ]
    assert created[0] == created[1]

"""Test clocks through the API: the documented resource, its events, and what is refused."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from cardwright.kernel import clock as kernel_clock
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import clocks, registry
from tests.simulator.clocks import DAY, PATH, START, advance, new_clock, pool_of, ready
from tests.support.issuing import issuing_account
from tests.support.receiver import Receiver, Step
from tests.support.server import Live, Platform
from tests.support.spending import spender

ATTACH = "/_cardwright/accounts/{}/test_clock"
V2 = "2026-10-14.preview"


async def refused(
    platform: Platform, path: str, form: dict[str, str], *, method: str = "POST", **more: Any
) -> tuple[int, Any]:
    status, body = await platform.call(method, path, form=form, **more)
    assert status >= 400, body
    return status, body["error"]


async def events_of(platform: Platform, account: str | None = None) -> list[dict[str, Any]]:
    _, body = await platform.call("GET", "/v1/events?limit=100", account=account)
    return list(reversed(body["data"]))


async def test_the_documented_life_of_a_clock(platform: Platform) -> None:
    """Create, advance, list and delete through the SDK, and the events of it."""
    sdk = platform.sdk.v1.test_helpers.test_clocks
    made = await asyncio.to_thread(sdk.create, {"frozen_time": START, "name": "Next year"})
    assert isinstance(made, stripe.test_helpers.TestClock)
    assert (made.frozen_time, made.name, made.status) == (START, "Next year", "ready")
    assert made.deletes_after - made.created == 30 * DAY
    assert made.livemode is False
    sent = await asyncio.to_thread(sdk.advance, made.id, {"frozen_time": START + DAY})
    assert sent.status == "advancing"
    advancing = sent.status_details.advancing
    assert advancing is not None
    assert advancing.target_frozen_time == START + DAY
    arrived = await ready(platform, made.id)
    assert arrived["frozen_time"] == START + DAY
    assert arrived["status_details"] == {}
    other = await asyncio.to_thread(sdk.create, {"frozen_time": START})
    listed = await asyncio.to_thread(sdk.list, {"limit": 1})
    assert [one.id for one in listed.data] == [other.id]
    every = await asyncio.to_thread(list, listed.auto_paging_iter())
    assert [one.id for one in every] == [other.id, made.id]
    before = await asyncio.to_thread(sdk.list, {"ending_before": made.id})
    assert [one.id for one in before.data] == [other.id]
    gone = await asyncio.to_thread(sdk.delete, made.id)
    assert gone.deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such test clock"):
        await asyncio.to_thread(sdk.retrieve, made.id)
    told = [
        (one["type"], one["data"]["object"]["status"])
        for one in await events_of(platform)
        if one["data"]["object"]["id"] == made.id
    ]
    assert told == [
        ("test_helpers.test_clock.created", "ready"),
        ("test_helpers.test_clock.advancing", "advancing"),
        ("test_helpers.test_clock.ready", "ready"),
        ("test_helpers.test_clock.deleted", "ready"),
    ]


@pytest.mark.calendar
async def test_everything_of_an_account_carries_the_instant_of_its_clock(
    platform: Platform,
) -> None:
    """Account, cardholder, card, authorization, money and events, by both faces."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=5000, test_clock=clock)
    paid = await one.authorize(500)
    assert paid["created"] == START
    for path in ("cardholders", "cards", "authorizations"):
        listed = await one.done("GET", f"/v1/issuing/{path}")
        assert {item["created"] for item in listed["data"]} == {START}
    listed = await one.done("GET", "/v1/balance_transactions")
    assert {item["created"] for item in listed["data"]} == {START}
    happened = await events_of(platform, one.account)
    assert {event["created"] for event in happened} == {START}
    assert "capability.updated" in {event["type"] for event in happened}
    _, body = await platform.call("GET", f"/v1/accounts/{one.account}")
    assert body["created"] == START
    form = {"type": "custom", "country": "GB", "test_clock": clock}
    status, second = await platform.call("POST", "/v1/accounts", form=form)
    assert (status, second.get("created")) == (200, START), second
    await advance(platform, clock, START + DAY)
    assert (await one.authorize(500))["created"] == START + DAY
    # Its platform, and accounts on no clock, stay on machine time.
    status, third = await platform.call("POST", "/v1/accounts", form={"type": "custom"})
    assert abs(third["created"] - kernel_clock.machine_ms() // 1000) < 60
    spent = await pool_of(platform).fetch(
        "select array_positions(days, 500::bigint) as days from spending_totals "
        "where account_id = $1 and category = '*' and owner = $2",
        one.account,
        one.card,
    )
    today = kernel_clock.moment(START * 1000).day
    assert [tuple(row["days"]) for row in spent] == [(today, today + 1)]


async def test_an_event_carries_the_instant_of_its_own_account(platform: Platform) -> None:
    """In one call of the platform, events of both accounts, each on its own clock."""
    clock = await new_clock(platform)
    account = await issuing_account(platform, test_clock=clock)
    database = platform.live.application.database
    async with registry.transaction(database, platform.keys.account_id) as tx:
        card = {"id": "ic_1", "object": "issuing.card"}
        tx.emit("issuing_card.updated", card, account_id=account)
        tx.emit("issuing_card.updated", card)
        machine_ms = tx.now_ms
    rows = await pool_of(platform).fetch(
        "select account_id, created_ms from events where object_id = 'ic_1' "
        "and account_id = any($1)",
        [account, platform.keys.account_id],
    )
    assert {row[0]: row[1] for row in rows} == {
        account: START * 1000,
        platform.keys.account_id: machine_ms,
    }


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (START, "after the one it shows: 2040-01-01T00:00:00"),
        (START - DAY, "after the one it shows"),
        (START + 733 * DAY, "at most two years"),
        (1, "frozen_time"),
    ],
)
async def test_where_a_clock_cannot_go(platform: Platform, target: int, words: str) -> None:
    clock = await new_clock(platform)
    form = {"frozen_time": str(target)}
    status, error = await refused(platform, f"{PATH}/{clock}/advance", form)
    assert (status, error["param"]) == (400, "frozen_time")
    assert words in error["message"]


async def test_a_moving_clock_takes_no_writes_and_no_second_target(platform: Platform) -> None:
    clock = await new_clock(platform)
    one = await spender(platform, funds=5000, test_clock=clock)
    # Without a target nobody moves it: it stays on its way for as long as the test looks.
    await pool_of(platform).execute("update clocks set status = 'advancing' where id = $1", clock)
    for path, form in (
        ("/v1/issuing/cardholders", {"name": "Jenny"}),
        ("/v1/test_helpers/issuing/authorizations", {"card": one.card, "amount": "5"}),
    ):
        status, error = await refused(platform, path, form, account=one.account)
        if status != 400:
            assert (status, error["code"]) == (429, "lock_timeout")
            assert "advancing" in error["message"]
    for path, form in (
        (f"/v1/accounts/{one.account}", {"email": "jenny.rosen@example.com"}),
        (f"{PATH}/{clock}/advance", {"frozen_time": str(START + 2 * DAY)}),
        ("/v1/accounts", {"type": "custom", "test_clock": clock}),
        (ATTACH.format(one.account), {"test_clock": ""}),
    ):
        status, error = await refused(platform, path, form)
        assert status == 429, (path, error)
        assert "advancing" in error["message"]
    status, error = await refused(platform, f"{PATH}/{clock}", {}, method="DELETE")
    assert status == 429
    # Reads go on.
    assert await one.available() == 5000


async def test_clocks_that_an_account_cannot_follow(live: Live, platform: Platform) -> None:
    stranger = Platform(live, await create_platform(live.application.database))
    theirs = await new_clock(stranger)
    gone = await new_clock(platform)
    await platform.call("DELETE", f"{PATH}/{gone}")
    account = await issuing_account(platform, program=False)
    for clock in (theirs, gone, "clock_nobody", "x" * 250):
        for path in ("/v1/accounts", ATTACH.format(account)):
            status, error = await refused(platform, path, {"test_clock": clock})
            assert (status, error["code"]) == (400, "test_clock_invalid"), error
            assert error["param"] == "test_clock"
        wanted = {"test_clock": clock}
        status, body = await platform.call("POST", "/v2/core/accounts", version=V2, json=wanted)
        assert (status, body["error"]["code"]) == (400, "test_clock_invalid")
        for method, path in (("GET", clock), ("POST", f"{clock}/advance"), ("DELETE", clock)):
            if clock != theirs and method == "GET" and len(clock) > 200:
                continue
            form = {"frozen_time": str(START + DAY)} if method == "POST" else {}
            status, error = await refused(platform, f"{PATH}/{path}", form, method=method)
            assert status == 404, error
    # A clock of the past cannot take an account back in time.
    past = await new_clock(platform, 1_700_000_000)
    status, error = await refused(platform, ATTACH.format(account), {"test_clock": past})
    assert status == 400
    assert "cannot go back" in error["message"]


async def test_live_mode_follows_no_clock(live: Live) -> None:
    keys = await create_platform(live.application.database, livemode=True)
    platform = Platform(live, keys)
    status, error = await refused(platform, PATH, {"frozen_time": str(START)})
    assert (status, error["code"]) == (400, "testmode_only")
    for path in ("/v1/accounts", ATTACH.format(keys.account_id)):
        status, error = await refused(platform, path, {"test_clock": "clock_x"})
        assert (status, error["code"]) == (400, "test_clock_disallowed_on_live_mode")


async def test_a_clock_is_deleted_when_nobody_is_on_it(platform: Platform) -> None:
    """Open accounts hold it; a closed one keeps its last instant."""
    clock = await new_clock(platform)
    account = await issuing_account(platform, program=False, test_clock=clock)
    status, error = await refused(platform, f"{PATH}/{clock}", {}, method="DELETE")
    assert status == 400
    assert "open accounts follow it: 1" in error["message"]
    assert (await platform.call("DELETE", f"/v1/accounts/{account}"))[0] == 200
    status, error = await refused(platform, ATTACH.format(account), {"test_clock": ""})
    assert (status, error["code"]) == (403, "account_invalid")
    assert (await platform.call("DELETE", f"{PATH}/{clock}"))[0] == 200
    path = f"/v2/core/accounts/{account}"
    status, body = await platform.call("GET", path, version="2025-09-30.preview")
    assert (status, body["created"]) == (200, kernel_clock.rfc3339(START * 1000))


@pytest.mark.calendar
async def test_an_account_is_attached_and_let_go(platform: Platform) -> None:
    one = await spender(platform, funds=1000)
    paid = await one.authorize(100)
    soon = kernel_clock.machine_ms() // 1000 + 30 * DAY
    clock = await new_clock(platform, soon)
    form = {"test_clock": clock}
    status, body = await platform.call("POST", ATTACH.format(one.account), form=form)
    assert (status, body["test_clock"], body["now"]) == (200, clock, soon)
    # The hold that ran out on the way is met, at the instant at which it ran out.
    for _ in range(200):
        found = await one.done("GET", f"/v1/issuing/authorizations/{paid['id']}")
        if found["status"] == "expired":
            break
        await asyncio.sleep(0.02)
    assert found["status"] == "expired"
    told = (await events_of(platform, one.account))[-1]
    assert (told["type"], told["created"]) == (
        "issuing_authorization.updated",
        paid["created"] + 7 * DAY,
    )
    # Machine time is behind the clock: there is no way back.
    status, error = await refused(platform, ATTACH.format(one.account), {"test_clock": ""})
    assert (status, error["param"]) == (400, "test_clock")
    early = await new_clock(platform, kernel_clock.machine_ms() // 1000 - DAY)
    fresh = await issuing_account(platform, program=False, test_clock=early)
    status, body = await platform.call("POST", ATTACH.format(fresh), form={"test_clock": ""})
    assert (status, body["test_clock"]) == (200, None)
    assert abs(body["now"] - kernel_clock.machine_ms() // 1000) < 60


async def test_ready_waits_for_receivers_only_when_asked(
    platform: Platform, receiver: Receiver
) -> None:
    hook = {"url": receiver.url(), "enabled_events[]": "*", "connect": "true"}
    status, made = await platform.call("POST", "/v1/webhook_endpoints", form=hook)
    assert status == 200, made
    clock = await new_clock(platform)
    one = await spender(platform, funds=1000, test_clock=clock)
    await one.authorize(100)
    seen = len(receiver.received)
    while seen != len(receiver.received) or seen < 5:
        seen = len(receiver.received)
        await asyncio.sleep(0.3)
    receiver.script["/hook"] = [Step(wait_seconds=1.5, status=500)]
    form = {"frozen_time": str(START + 8 * DAY), "wait_for_webhooks": "true"}
    began = kernel_clock.monotonic()
    await platform.call("POST", f"{PATH}/{clock}/advance", form=form)
    shown = None
    while shown is None or shown["frozen_time"] != START + 8 * DAY:
        _, shown = await platform.call("GET", f"{PATH}/{clock}")
    # It has arrived and takes writes, but is not ready before the receiver was told once.
    assert shown["status"] == "advancing"
    await one.done("POST", "/v1/issuing/cardholders/" + one.holder, {"metadata[a]": "b"})
    await ready(platform, clock)
    assert kernel_clock.monotonic() - began > 1.4
    receiver.script["/hook"] = [Step(wait_seconds=2.0)] * 5
    await one.authorize(100)
    began = kernel_clock.monotonic()
    await advance(platform, clock, START + 20 * DAY)
    assert kernel_clock.monotonic() - began < 1.5


async def test_timers_of_a_clock(platform: Platform) -> None:
    """What rules ask: as in the test environment, or as long as in live mode."""
    database = platform.live.application.database
    for timers, live in (("test", False), ("live", True)):
        clock = await new_clock(platform, timers=timers)
        account = await issuing_account(platform, program=False, test_clock=clock)
        async with registry.transaction(database, account) as tx:
            assert await clocks.live_timers(tx) is live
        _, shown = await platform.call("GET", f"{PATH}/{clock}")
        assert shown["timers"] == timers
    account = await issuing_account(platform, program=False)
    async with registry.transaction(database, account) as tx:
        assert await clocks.live_timers(tx) is False


@pytest.mark.calendar
async def test_a_clock_that_nobody_is_on_goes_after_thirty_days(platform: Platform) -> None:
    lonely, used = await new_clock(platform), await new_clock(platform)
    await issuing_account(platform, program=False, test_clock=used)
    pool = pool_of(platform)
    past_ms = kernel_clock.machine_ms() - 1
    await pool.execute(
        "update clocks set deletes_after_ms = $2 where id = any($1)", [lonely, used], past_ms
    )
    await pool.execute(
        "update deadlines set due_ms = $2 where subject = any($1)", [lonely, used], past_ms
    )
    for _ in range(250):
        status, _ = await platform.call("GET", f"{PATH}/{lonely}")
        if status == 404:
            break
        await asyncio.sleep(0.02)
    assert status == 404
    status, kept = await platform.call("GET", f"{PATH}/{used}")
    assert status == 200
    for _ in range(250):
        _, kept = await platform.call("GET", f"{PATH}/{used}")
        if kept["deletes_after"] > past_ms // 1000:
            break
        await asyncio.sleep(0.02)
    assert kept["deletes_after"] - kernel_clock.machine_ms() // 1000 > 29 * DAY


async def test_what_comes_next_for_an_account(live: Live, platform: Platform) -> None:
    clock = await new_clock(platform)
    one = await spender(platform, funds=5000, test_clock=clock)
    await one.authorize(100)
    await one.authorize(100, **{"merchant_data[category]": "hotels_motels_and_resorts"})
    path = f"/_cardwright/accounts/{one.account}/deadlines"
    status, body = await platform.call("GET", path)
    assert status == 200, body
    listed = [item for item in body["data"] if item["kind"] == "authorization.expire"]
    assert [item["due_at"] for item in listed] == [START + 7 * DAY, START + 31 * DAY]
    first = listed[0]
    assert first["test_clock"] == clock
    assert first["attempts"] == 0
    assert first["next_try_at"] is None
    assert first["description"].startswith("End the holds")
    # Its card ends with the month that is printed on it, by the clock of the account.
    (card,) = [item for item in body["data"] if item["kind"] == "card_expiry"]
    shown = await one.done("GET", f"/v1/issuing/cards/{one.card}")
    ends = datetime.fromtimestamp(card["due_at"] - 1, UTC)
    assert (ends.year, ends.month) == (shown["exp_year"], shown["exp_month"])
    assert (card["subject"], card["test_clock"]) == (one.card, clock)
    # Page by page, and as the account itself.
    pages = [await platform.call("GET", f"{path}?limit=1", account=one.account)]
    while pages[-1][1]["has_more"]:
        last = pages[-1][1]["data"][-1]["id"]
        pages.append(await platform.call("GET", f"{path}?limit=1&starting_after={last}"))
    assert [page["data"][0]["id"] for _, page in pages] == [item["id"] for item in body["data"]]
    _, back = await platform.call("GET", f"{path}?ending_before={body['data'][-1]['id']}")
    assert back["data"] == body["data"][:-1]
    status, body = await platform.call("GET", f"{path}?starting_after=nobody")
    assert status == 404
    stranger = Platform(live, await create_platform(live.application.database))
    status, body = await stranger.call("GET", path)
    assert status == 404

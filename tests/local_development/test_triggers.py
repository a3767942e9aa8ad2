"""``cardwright trigger``: each event that is emitted can be made to happen through the API."""

import asyncio
from contextlib import aclosing

import aiohttp
import pytest

from cardwright.authorizations.real_time import request_health
from cardwright.authorizations.real_time.authorization_webhook import PATH as ASKED
from cardwright.events import catalogue
from cardwright.kernel.clock import parse_instant
from cardwright.local_development.client import Server
from cardwright.local_development.triggers import health, running
from cardwright.local_development.triggers.maker import Maker, RefusedError, Story
from cardwright.roles.provisioning import create_platform
from tests.support.receiver import Receiver, Step
from tests.support.server import Live, Platform

# A clock fails by a defect alone.
UNREACHABLE = {"test_helpers.test_clock.internal_failure"}
STORIES = sorted(set(running.STORY_OF.values()), key=lambda story: story.__name__)


def test_every_event_that_is_emitted_can_be_triggered() -> None:
    assert {*running.triggers()} - {catalogue.REAL_TIME} == catalogue.EMITTED - UNREACHABLE


async def types_of(maker: Maker) -> set[str]:
    """The types of the events of everybody a story is about."""
    found: set[str] = set()
    for owner in maker.owners:
        path: str | None = "/v2/core/events?limit=100"
        while path is not None:
            page = await maker.call("GET", path, account=owner)
            found |= {one["type"].removeprefix("v1.") for one in page["data"]}
            path = page["next_page_url"]
    return found


@pytest.mark.parametrize(
    "story", [one for one in STORIES if one is not health.request], ids=lambda one: one.__name__
)
async def test_a_story_tells_every_event_it_stands_for(platform: Platform, story: Story) -> None:
    wanted = {event for event, told in running.STORY_OF.items() if told is story}
    lines: list[str] = []
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        maker = Maker(http, Server(platform.base, platform.keys.secret), lines.append)
        async with aclosing(story(maker)) as steps:
            async for _ in steps:
                if wanted <= await types_of(maker):
                    break
            while not wanted <= await types_of(maker):
                await asyncio.sleep(0.2)
        await fetch_related(maker)
    assert any(line.startswith("POST /") for line in lines)
    status, body = await platform.call("GET", ASKED)
    assert (status, body["url"]) == (200, None), "nothing is left set"


async def fetch_related(maker: Maker) -> None:
    """The related object of every event is there, in the context of the event's account, as the
    official SDKs ask for it; unless it was removed, or v1 does not tell of a closed account."""
    for owner in maker.owners:
        events = (await maker.call("GET", "/v2/core/events?limit=100", account=owner))["data"]
        gone = {one["related_object"]["id"] for one in events if one["type"].endswith(".deleted")}
        closed = any(one["type"] == "v2.core.account.closed" for one in events)
        for event in events:
            related = event.get("related_object")
            if related is None or related["id"] in gone:
                continue
            if closed and related["url"].startswith("/v1/"):
                continue
            found = await maker.call("GET", related["url"], account=owner)
            assert found["object"] == related["type"], event["type"]


@pytest.mark.parametrize("clock", [None, "2012-02-29"])
async def test_it_stops_at_the_event(live: Live, clock: str | None) -> None:
    """On machine time and on a clock in the past."""
    clock_ms = parse_instant(clock) if clock is not None else None
    keys = await create_platform(live.application.database, clock_ms=clock_ms)
    lines: list[str] = []
    async with aiohttp.ClientSession() as http:
        maker = Maker(http, Server(live.base, keys.secret), lines.append)
        event = await running.trigger(maker, "v1.issuing_authorization.created")
        account = await maker.account()
        shown = await maker.call("GET", f"/v2/core/events/{event}", account=account)
    assert shown["type"] == "v1.issuing_authorization.created"
    assert "capture" not in lines[-1]
    assert lines[-1].startswith(
        f"POST /v1/test_helpers/issuing/authorizations on {account}: issuing.authorization iauth_"
    )


async def test_an_event_that_happened_before_is_not_taken_for_the_new_one(
    platform: Platform,
) -> None:
    found = set()
    for _ in range(2):
        async with aiohttp.ClientSession() as http:
            maker = Maker(http, Server(platform.base, platform.keys.secret), print)
            found.add(await running.trigger(maker, "topup.created"))
    assert len(found) == 2


async def test_the_question_needs_somebody_who_is_asked(
    platform: Platform, receiver: Receiver
) -> None:
    lines: list[str] = []
    async with aiohttp.ClientSession() as http:
        maker = Maker(http, Server(platform.base, platform.keys.secret), lines.append)
        with pytest.raises(RefusedError, match="Nobody is asked"):
            await running.trigger(maker, catalogue.REAL_TIME)
        approval = Step(headers={"Stripe-Version": "2026-05-27.dahlia"}, body=b'{"approved": true}')
        receiver.script["/hook"] = [approval]
        status, _ = await platform.call("POST", ASKED, form={"url": receiver.url()})
        assert status == 200
        assert await running.trigger(maker, catalogue.REAL_TIME) is None
        assert lines[-1] == "The receiver was asked: webhook_approved."
        [request] = receiver.received
        assert request.json["type"] == catalogue.REAL_TIME
        with pytest.raises(RefusedError, match="--off"):
            await running.trigger(maker, request_health.FIRING["errors"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("issuing_autorization.created", "Did you mean issuing_authorization.created"),
        ("nothing.of.the.kind", "There is no event 'nothing.of.the.kind'. `cardwright trigger"),
        ("issuing_settlement.created", "no call makes it happen"),
        ("customer.created", "a feature that is not here"),
        ("", "There is no event ''"),
    ],
)
def test_names_that_cannot_be_triggered(name: str, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        running.story_of(name)
    assert words in str(refused.value)


async def test_a_refusal_names_the_call(platform: Platform) -> None:
    async with aiohttp.ClientSession() as http:
        maker = Maker(http, Server(platform.base, "sk_test_wrong"), print)
        with pytest.raises(RefusedError, match=r"GET /v1/events.* was refused \(401\)"):
            await running.trigger(maker, "topup.created")

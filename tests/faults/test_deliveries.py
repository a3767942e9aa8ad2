"""Faults of the sender of webhooks: late, twice, not at all, or as if the receiver had failed."""

import asyncio
from typing import Any

import pytest

from cardwright.events import delivery
from cardwright.events.deliverer import Deliverer
from cardwright.kernel import clock
from cardwright.roles.application import Application
from tests.events.steps import cardholder, endpoint
from tests.faults.test_faults import fault, strikes
from tests.support.issuing import issuing_account
from tests.support.receiver import Receiver
from tests.support.server import Platform

CREATED = "issuing_cardholder.created"


@pytest.fixture(autouse=True)
def fast(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries within seconds."""
    monkeypatch.setattr(application.part(Deliverer), "schedules", delivery.FAST)


async def tries(platform: Platform, event_id: str, count: int) -> list[Any]:
    """The tries of an event, once there are so many."""
    for _ in range(400):
        _, found = await platform.call("GET", f"/_cardwright/events/{event_id}/attempts")
        if len(found["data"]) >= count:
            return list(found["data"])
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def test_a_first_try_that_is_dropped(platform: Platform, receiver: Receiver) -> None:
    await endpoint(platform, receiver.url(), CREATED)
    made = await fault(platform, effect="drop_delivery", attempt=1, event_type="issuing_*")
    await cardholder(platform)
    (came,) = await receiver.wait_for()
    dropped, accepted = await tries(platform, came.json["id"], 2)
    assert made["id"] in dropped["failure"]
    assert dropped["response"] is None
    assert accepted["response"]["status"] == 200
    assert await strikes(platform, made) == 1


async def test_a_delivery_made_twice(platform: Platform, receiver: Receiver) -> None:
    await endpoint(platform, receiver.url(), CREATED)
    await fault(platform, effect="duplicate_delivery", count=1)
    await cardholder(platform)
    one, two = await receiver.wait_for(2)
    assert one.json["id"] == two.json["id"]
    await cardholder(platform)
    assert len(await receiver.wait_for(3)) == 3


async def test_an_answer_taken_for_an_error(platform: Platform, receiver: Receiver) -> None:
    await endpoint(platform, receiver.url(), CREATED)
    made = await fault(platform, effect="answer_delivery", status=500, count=1)
    await cardholder(platform)
    one, two = await receiver.wait_for(2)
    assert one.json["id"] == two.json["id"]
    failed, accepted = await tries(platform, one.json["id"], 2)
    assert failed["response"]["status"] == 500
    assert made["id"] in failed["response"]["body"]
    assert accepted["response"]["status"] == 200


async def test_a_late_delivery(platform: Platform, receiver: Receiver) -> None:
    """Later events overtake it."""
    await endpoint(platform, receiver.url(), CREATED)
    await fault(platform, effect="delay_delivery", latency_ms=700, count=1)
    started = clock.monotonic()
    first = await cardholder(platform)
    await asyncio.sleep(0.2)
    second = await cardholder(platform)
    came = await receiver.wait_for(2)
    assert clock.monotonic() - started >= 0.7
    assert [one.json["data"]["object"]["id"] for one in came] == [second["id"], first["id"]]


async def test_by_destination_and_account(platform: Platform, receiver: Receiver) -> None:
    one, other = [await issuing_account(platform, program=False) for _ in range(2)]
    struck = await endpoint(platform, receiver.url("/one"), CREATED, connect="true")
    await endpoint(platform, receiver.url("/two"), CREATED, connect="true")
    await fault(platform, effect="drop_delivery", destination=struck["id"], account=one)
    for account in (one, other):
        await cardholder(platform, account)
    spared = await receiver.wait_for(2, path="/two")
    assert {request.json["account"] for request in spared} == {one, other}
    (came,) = await receiver.wait_for(path="/one")
    assert came.json["account"] == other
    (event_id,) = [request.json["id"] for request in spared if request.json["account"] == one]
    failed = await tries(platform, event_id, 4)
    assert [attempt["failure"] is None for attempt in failed].count(False) == 3
    assert len(receiver.at("/one")) == 1

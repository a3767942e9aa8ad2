"""The whole documented schedules, with machine time driven by the test, against a receiver on a
script: nothing is lost, nothing goes to the wrong account, the tries are where they belong."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import stripe

from cardwright.events import delivery, destinations, failing
from cardwright.events.deliverer import Deliverer
from cardwright.events.model import WebhookEndpoint
from cardwright.kernel import clock
from cardwright.kernel.outbound import Outbound
from cardwright.roles.application import Application
from cardwright.tenancy import registry
from tests.events.steps import PREVIEW, cardholder, connected_account, destination, endpoint
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform

CREATED = "issuing_cardholder.created"
# A second of machine time between the end of a wait and the look at it.
MARGIN_MS = 1000


class Driven:
    """Machine time as the test has it."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return clock.machine_ms() + self.ahead_ms


@pytest.fixture
def driven() -> Driven:
    return Driven()


@pytest.fixture
async def deliverer(
    application: Application, driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Deliverer]:
    """The only deliverer of the database, on driven time and with little patience."""
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr("cardwright.events.deliverer.CARE_SECONDS", 0.05)
    monkeypatch.setattr("cardwright.events.deliverer.SWEEP_SECONDS", 0.02)
    await application.part(Deliverer).stop()
    outbound = Outbound()
    made = Deliverer(application.database, outbound, machine_ms=driven)
    await made.start()
    yield made
    await made.stop()
    await outbound.close()
    await application.part(Deliverer).start()


async def tries(platform: Platform, owner: str, count: int, state: str) -> list[dict[str, Any]]:
    """The tries for an owner's destinations, once there are so many and all stand as said."""
    pool = platform.live.application.database.pool
    for _ in range(500):
        rows = await pool.fetch(
            "select attempt.*, delivery.state from delivery_attempts attempt"
            " join deliveries delivery using (account_id, event_id, destination_id)"
            " where account_id = $1 order by event_id, attempt",
            owner,
        )
        if len(rows) >= count and {row["state"] for row in rows} == {state}:
            return [dict(row) for row in rows]
        await asyncio.sleep(0.01)
    raise AssertionError([(row["attempt"], row["status"], row["state"]) for row in rows])


MISBEHAVIOUR = {
    "an error": Step(500),
    "a hang": Step(wait_seconds=1.0),
    "a closed connection": Step(close=True),
    "a slow body": Step(body=b"slowly", slow_seconds=1.0),
    "a redirect": Step(302, headers={"Location": "/elsewhere"}),
    "an endless refusal": Step(400, body=b"x" * 3_000_000),
}


# What is kept of those that answer at all; what takes too long has no answer.
STATUSES = {"an error": 500, "a redirect": 302, "an endless refusal": 400}


async def test_three_tries_over_hours_in_test(
    platform: Platform, receiver: Receiver, deliverer: Deliverer, driven: Driven
) -> None:
    """Every kind of failure counts as one; the third try is the last."""
    account_id = await connected_account(platform)
    for number, step in enumerate(MISBEHAVIOUR.values()):
        receiver.script[f"/{number}"] = [step, step, step]
        await endpoint(platform, receiver.url(f"/{number}"), CREATED, account=account_id)
    healthy = await endpoint(platform, receiver.url("/healthy"), CREATED, account=account_id)
    await cardholder(platform, account_id)
    await receiver.wait_for(path="/healthy")
    for wait_ms in (0, *delivery.DOCUMENTED.test):
        driven.ahead_ms += wait_ms + MARGIN_MS
        done = sum(wait_ms >= each for each in (0, *delivery.DOCUMENTED.test))
        for number in range(len(MISBEHAVIOUR)):
            await receiver.wait_for(done, path=f"/{number}")
        await asyncio.sleep(0.5)
    pool = platform.live.application.database.pool
    rows = await pool.fetch(
        "select destination_id, attempt, started_ms, next_try_ms, status from delivery_attempts"
        " where account_id = $1 and destination_id <> $2 order by destination_id, attempt",
        account_id,
        healthy["id"],
    )
    assert len(rows) == 3 * len(MISBEHAVIOUR)
    assert [row["attempt"] for row in rows] == [1, 2, 3] * len(MISBEHAVIOUR)
    for before, after in pairwise(rows):
        if before["attempt"] == 3:
            assert before["next_try_ms"] is None
        else:
            # Not before it was due, and no later than somebody looked.
            late_ms = after["started_ms"] - before["next_try_ms"]
            assert 0 <= late_ms < 10 * MARGIN_MS
    assert receiver.at("/elsewhere") == []
    assert len(receiver.at("/healthy")) == 1


@pytest.mark.calendar
async def test_growing_waits_for_three_days_in_live(
    platform: Platform, receiver: Receiver, deliverer: Deliverer, driven: Driven
) -> None:
    """Each try is signed with its own time, however the one before it failed; success at the very
    last one ends it."""
    deliverer.schedules = delivery.Schedules(delivery.DOCUMENTED.live, delivery.DOCUMENTED.live)
    schedule = delivery.DOCUMENTED.live
    kinds = list(itertools.islice(itertools.cycle(MISBEHAVIOUR), len(schedule)))
    receiver.script["/hook"] = [MISBEHAVIOUR[kind] for kind in kinds]
    made = await endpoint(platform, receiver.url(), CREATED)
    await cardholder(platform)
    await receiver.wait_for(1)
    for number, wait_ms in enumerate(schedule, 1):
        await tries(platform, platform.keys.account_id, number, "pending")
        driven.ahead_ms += wait_ms + MARGIN_MS
        await receiver.wait_for(number + 1)
    rows = await tries(platform, platform.keys.account_id, len(schedule) + 1, "succeeded")
    assert [row["status"] for row in rows] == [*(STATUSES.get(kind) for kind in kinds), 200]
    assert receiver.at("/elsewhere") == []
    waits = [after["started_ms"] - before["started_ms"] for before, after in pairwise(rows)]
    for waited_ms, wait_ms in zip(waits, schedule, strict=True):
        assert wait_ms <= waited_ms < wait_ms + 10 * MARGIN_MS
    assert 2 * clock.DAY_MS < rows[-1]["started_ms"] - rows[0]["started_ms"] <= 3 * clock.DAY_MS
    came = receiver.at("/hook")
    assert len({request.signature for request in came}) == len(came)
    assert len({request.json["id"] for request in came}) == 1
    for request in came:
        stripe.Webhook.construct_event(request.body, request.signature, made["secret"])


async def test_events_are_not_lost_and_reach_their_own_account(
    platform: Platform, receiver: Receiver, deliverer: Deliverer, driven: Driven
) -> None:
    """Two accounts and a receiver that refuses each event at first."""
    accounts = [await connected_account(platform) for _ in range(2)]
    for account_id in accounts:
        receiver.script[f"/{account_id}"] = [Step(500) for _ in range(5)]
        await endpoint(platform, receiver.url(f"/{account_id}"), CREATED, account=account_id)
    made = {
        account_id: {(await cardholder(platform, account_id))["id"] for _ in range(5)}
        for account_id in accounts
    }
    for account_id in accounts:
        await receiver.wait_for(5, path=f"/{account_id}")
        await tries(platform, account_id, 5, "pending")
    driven.ahead_ms += delivery.DOCUMENTED.test[0] + MARGIN_MS
    for account_id in accounts:
        await tries(platform, account_id, 10, "succeeded")
        told = [one.json["data"]["object"]["id"] for one in receiver.at(f"/{account_id}")]
        assert set(told) == made[account_id]
        assert len(told) == 10


@pytest.mark.parametrize("kind", ["webhook_endpoint", "event_destination"])
async def test_a_destination_that_fails_for_days_is_disabled_after_a_notice(
    platform: Platform, receiver: Receiver, deliverer: Deliverer, driven: Driven, kind: str
) -> None:
    """A success between starts the count anew; enabled again it is a destination like any other."""
    if kind == "webhook_endpoint":
        made = await endpoint(platform, receiver.url(), CREATED)
        path, version = f"/v1/webhook_endpoints/{made['id']}", None
    else:
        made = await destination(platform, receiver.url(), f"v1.{CREATED}")
        path, version = f"/v2/core/event_destinations/{made['id']}", PREVIEW

    async def fail_again(count: int) -> None:
        receiver.script["/hook"] = [Step(500)]
        await cardholder(platform)
        await receiver.wait_for(count)

    async def listed() -> list[dict[str, Any]]:
        _, answer = await platform.call("GET", "/_cardwright/failing_destinations")
        found: list[dict[str, Any]] = answer["data"]
        return found

    async def until(wanted: str) -> dict[str, Any]:
        for _ in range(300):
            found = await listed()
            if found and found[0][wanted] is not None:
                return found[0]
            await asyncio.sleep(0.02)
        raise AssertionError(found)

    deliverer.schedules = delivery.Schedules((30 * clock.DAY_MS,), (30 * clock.DAY_MS,))
    await fail_again(1)
    driven.ahead_ms += failing.NOTICE_MS + MARGIN_MS
    await fail_again(2)
    noticed = await until("noticed_at")
    assert (noticed["status"], noticed["destination"]) == ("enabled", made["id"])
    assert noticed["url"] == receiver.url()
    driven.ahead_ms += failing.DISABLE_MS
    await fail_again(3)
    disabled = await until("disabled_at")
    assert disabled["status"] == "disabled"
    _, shown = await platform.call("GET", path, version=version)
    assert shown["status"] == "disabled"
    if kind == "event_destination":
        assert shown["status_details"] == {"disabled": {"reason": "deliveries_fail"}}
    await cardholder(platform)
    await asyncio.sleep(0.2)
    assert len(receiver.at("/hook")) == 3
    if kind == "webhook_endpoint":
        await platform.call("POST", path, form={"disabled": "false"})
    else:
        await platform.call("POST", f"{path}/enable", version=version)
    assert await listed() == []
    await fail_again(4)
    await asyncio.sleep(0.2)
    assert [one["noticed_at"] for one in await listed()] == [None]
    await cardholder(platform)
    await receiver.wait_for(5)
    for _ in range(100):
        if not await listed():
            break
        await asyncio.sleep(0.02)
    assert await listed() == []


async def test_a_destination_that_is_gone_is_not_disabled(
    platform: Platform, deliverer: Deliverer
) -> None:
    """Whoever looks for what fails may come after somebody removed it."""
    async with registry.transaction(deliverer.database, platform.keys.account_id) as tx:
        for unknown in (f"{WebhookEndpoint.prefix}unknown", "ed_unknown"):
            assert not await destinations.disable_failing(tx, unknown)

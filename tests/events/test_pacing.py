"""The pace of one destination: its rate holds it back, and nobody else; live posts stay outside."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import ResolveResult

from cardwright.events.deliverer import Deliverer
from cardwright.events.pacing import PLACES, REFILL, Pace
from cardwright.kernel import clock, networks
from cardwright.kernel.outbound import Outbound, UnreachableError
from cardwright.roles.application import Application
from tests.events.steps import cardholder, endpoint
from tests.support.receiver import Receiver
from tests.support.server import Platform

CREATED = "issuing_cardholder.created"
RATE = 4.0


@pytest.fixture
async def slowly(application: Application) -> AsyncIterator[Deliverer]:
    """The only deliverer of the database, with a rate of a few posts a second."""
    await application.part(Deliverer).stop()
    outbound = Outbound()
    made = Deliverer(application.database, outbound)
    made.rate = RATE
    await made.start()
    yield made
    await made.stop()
    await outbound.close()
    await application.part(Deliverer).start()


def test_a_burst_and_then_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a second on average, and never more at once than there are places."""
    now = 100.0
    monkeypatch.setattr(clock, "monotonic", lambda: now)
    pace = Pace(rate=8.0)
    assert pace.free() == 8
    pace.take(8)
    for _ in range(8):
        pace.give_back()
    assert (pace.free(), pace.wait_seconds()) == (0, REFILL / 8.0)
    now += REFILL / 8.0
    assert (pace.free(), pace.wait_seconds()) == (REFILL, 0.0)
    now += 3600.0
    assert pace.free() == 8, "what was not used does not add up"
    fast = Pace(rate=1000.0)
    assert fast.free() == PLACES


async def test_a_rate_holds_back_one_destination(
    platform: Platform, receiver: Receiver, slowly: Deliverer
) -> None:
    """A backlog arrives at the rate, none of it sooner and none of it lost."""
    await endpoint(platform, receiver.url("/paced"), CREATED)
    began = clock.monotonic()
    count = 12
    await asyncio.gather(*(cardholder(platform) for _ in range(count)))
    came = await receiver.wait_for(count, path="/paced", seconds=30)
    assert clock.monotonic() - began >= (count - RATE) / RATE - 0.1
    assert len({request.json["id"] for request in came}) == count


async def test_a_live_post_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved once: what it points to afterwards is not asked, and an address inside is
    left out even beside one that is permitted."""
    port = int(receiver.base.rpartition(":")[2])
    asked = 0

    async def turning(*_: Any) -> list[ResolveResult]:
        nonlocal asked
        asked += 1
        hosts = ["10.0.0.1", "127.0.0.1"] if asked == 1 else ["10.0.0.1"]
        return [
            ResolveResult(hostname="turning", host=host, port=port, family=2, proto=6, flags=0)
            for host in hosts
        ]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", turning)
    monkeypatch.setattr(networks, "LIVE_NETWORKS", networks.networks("127.0.0.1"))
    outbound = Outbound()
    try:
        url = f"http://turning:{port}/hook"
        reply = await outbound.post(url, b"{}", {}, livemode=True, timeout_seconds=5)
        assert (reply.status, asked) == (200, 1)
        await outbound.close()
        with pytest.raises(UnreachableError) as caught:
            await outbound.post(url, b"{}", {}, livemode=True, timeout_seconds=5)
        assert (caught.value.reason, asked) == ("address_refused", 2)
    finally:
        await outbound.close()
    assert len(receiver.at("/hook")) == 1

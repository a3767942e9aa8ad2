"""A server that is killed with events on their way: after the next start they arrive."""

import asyncio
import shutil
from collections import defaultdict
from pathlib import Path

from cardwright.kernel.vault import installed_vault
from cardwright.tenancy import registry
from tests.support import processes
from tests.support.database import private_directory
from tests.support.receiver import Step, listening
from tests.support.server import Platform

CARDHOLDERS = "/v1/issuing/cardholders"
FORM = {
    "name": "Jenny Rosen",
    "billing[address][line1]": "510 Townsend Street",
    "billing[address][city]": "San Francisco",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "US",
}
# What was being delivered when the server died is taken over at the next start, not when its lease
# of 30 s ends.
PATIENCE_SECONDS = 20.0
DESTINATIONS = 4
EVENTS = 2_500
DELIVERIES = DESTINATIONS * EVENTS


async def make_cardholders(platform: Platform, count: int) -> set[str]:
    """Cardholders, and with each an event."""
    made = await asyncio.gather(
        *(platform.call("POST", CARDHOLDERS, form=FORM) for _ in range(count))
    )
    assert all(status == 200 for status, _ in made)
    return {body["id"] for _, body in made}


async def test_undelivered_events_arrive_after_kill_9() -> None:
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        async with listening() as receiver:
            # The receiver takes its time, so that most events still wait when the server dies.
            receiver.script["/hook"] = [Step(wait_seconds=5.0) for _ in range(200)]
            vault = installed_vault(data, None)
            connect = server.published["database"]
            async with processes.beside(connect, vault, server.base) as platform:
                endpoint = {
                    "url": receiver.url(),
                    "enabled_events[]": "issuing_cardholder.created",
                }
                status, _ = await platform.call("POST", "/v1/webhook_endpoints", form=endpoint)
                assert status == 200
                made = await make_cardholders(platform, 40)
                server.process.kill()
                server.process.wait()
            before = {one.json["data"]["object"]["id"] for one in receiver.received}
            assert len(before) < len(made)
            receiver.script.clear()
            server = await processes.start(data)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while {one.json["data"]["object"]["id"] for one in receiver.received} != made:
                    await asyncio.sleep(0.1)
    finally:
        server.stop()
        shutil.rmtree(directory)


async def test_kill_9_amid_ten_thousand_deliveries_loses_none() -> None:
    """Killed twice on the way: all arrive, and what comes twice carries the same id."""
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        async with listening() as receiver:
            vault = installed_vault(data, None)
            async with processes.beside(
                server.published["database"], vault, server.base
            ) as platform:
                for number in range(DESTINATIONS):
                    endpoint = {
                        "url": receiver.url(f"/{number}"),
                        "enabled_events[]": "issuing_card.created",
                    }
                    status, _ = await platform.call("POST", "/v1/webhook_endpoints", form=endpoint)
                    assert status == 200
                database = platform.live.application.database
                async with registry.transaction(database, platform.keys.account_id) as tx:
                    for number in range(EVENTS):
                        card = {"id": f"ic_{number}", "object": "issuing.card"}
                        tx.emit("issuing_card.created", card)
                for reached in (500, DELIVERIES // 2):
                    async with asyncio.timeout(60):
                        while len(receiver.received) < reached:
                            await asyncio.sleep(0.02)
                    server.process.kill()
                    server.process.wait()
                    # It died amid them: there were some, and some are still to come.
                    assert reached <= len(receiver.received) < DELIVERIES
                    server = await processes.start(data)
            ids_of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
            seen = 0
            async with asyncio.timeout(120):
                while len(ids_of) < DELIVERIES:
                    await asyncio.sleep(0.1)
                    for one in receiver.received[seen:]:
                        told = one.json
                        ids_of[one.path, told["data"]["object"]["id"]].add(told["id"])
                        seen += 1
            assert all(len(ids) == 1 for ids in ids_of.values())
            by_card = {(card, *ids) for (_, card), ids in ids_of.items()}
            assert len(by_card) == EVENTS
    finally:
        server.stop()
        shutil.rmtree(directory)

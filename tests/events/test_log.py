"""Reading events: both faces, filters, pages, walls between accounts."""

import asyncio
from typing import Any

import pytest

from cardwright.events import retention
from cardwright.kernel import clock
from cardwright.tenancy import registry
from tests.events.steps import PREVIEW, cardholder, connected_account
from tests.support.server import Platform


async def ids_of(platform: Platform, path: str, **more: Any) -> list[str]:
    status, body = await platform.call("GET", path, **more)
    assert status == 200, body
    return [item["id"] for item in body["data"]]


async def test_an_event_has_two_faces(platform: Platform) -> None:
    account_id = await connected_account(platform)
    jenny = await cardholder(platform, account_id, idempotency_key="one")
    (event_id,) = await ids_of(
        platform, "/v1/events?type=issuing_cardholder.created", account=account_id
    )
    _, v1 = await platform.call("GET", f"/v1/events/{event_id}", account=account_id)
    assert v1["type"] == "issuing_cardholder.created"
    assert v1["data"] == {"object": jenny}
    assert v1["request"]["idempotency_key"] == "one"
    assert v1["request"]["id"].startswith("req_")
    assert v1["pending_webhooks"] == 0
    (thin_id,) = await ids_of(
        platform,
        f"/v2/core/events?object_id={jenny['id']}",
        account=account_id,
        version=PREVIEW,
    )
    _, v2 = await platform.call(
        "GET", f"/v2/core/events/{thin_id}", account=account_id, version=PREVIEW
    )
    assert thin_id == "evt_test_" + event_id.removeprefix("evt_")
    assert v2["type"] == "v1.issuing_cardholder.created"
    assert v2["snapshot_event"] == event_id
    assert v2["context"] == account_id
    assert v2["reason"] == {"type": "request", "request": v1["request"]}
    assert v2["related_object"] == {
        "id": jenny["id"],
        "type": "issuing.cardholder",
        "url": f"/v1/issuing/cardholders/{jenny['id']}",
    }


@pytest.mark.calendar
async def test_filters_and_pages(platform: Platform) -> None:
    database = platform.live.application.database
    before = clock.machine_ms() // 1000
    async with registry.transaction(database, platform.keys.account_id) as tx:
        for number in range(4):
            tx.emit("issuing_card.created", {"id": f"ic_{number}", "object": "issuing.card"})
        tx.emit("issuing_card.updated", {"id": "ic_0", "object": "issuing.card"})
    everything = await ids_of(platform, "/v1/events?type=issuing_card.*")
    created = await ids_of(platform, "/v1/events?type=issuing_card.created")
    assert (len(everything), everything[1:]) == (5, created)
    both = "types[]=issuing_card.created&types[]=issuing_card.updated"
    assert await ids_of(platform, f"/v1/events?{both}") == everything
    assert await ids_of(platform, f"/v1/events?created[lt]={before}") == []
    assert everything[0] in await ids_of(platform, f"/v1/events?created[gte]={before}")
    assert await ids_of(platform, "/v1/events?type=issuing_card") == []
    # Two by two, forwards and back.
    path = "/v1/events?type=issuing_card.*&limit=2"
    first = await ids_of(platform, path)
    second = await ids_of(platform, f"{path}&starting_after={first[-1]}")
    assert first + second == everything[:4]
    assert await ids_of(platform, f"{path}&ending_before={second[0]}") == first
    status, body = await platform.call("GET", f"{path}&starting_after=evt_x")
    assert (status, body["error"]["param"]) == (404, "starting_after")
    status, body = await platform.call("GET", f"/v1/events?type=a&{both}")
    assert status == 400


async def test_pages_and_filters_of_thin_events(platform: Platform) -> None:
    database, account_id = platform.live.application.database, await connected_account(platform)
    async with registry.transaction(database, account_id) as tx:
        for _ in range(3):
            tx.emit("v2.core.account.updated", {"id": account_id}, previous={})
        tx.emit("v2.core.account.closed", {"id": account_id})
    types = "types[0]=v2.core.account.updated"
    url: str | None = f"/v2/core/events?object_id={account_id}&limit=2&{types}"
    seen: list[str] = []
    while url is not None:
        status, body = await platform.call("GET", url, version=PREVIEW)
        assert status == 200, body
        seen += [event["id"] for event in body["data"]]
        assert {event["type"] for event in body["data"]} == {"v2.core.account.updated"}
        url = body["next_page_url"]
    assert len(seen) == len(set(seen)) == 3
    # They are thin only: the v1 list has none of them, nor has the v1 read.
    assert await ids_of(platform, "/v1/events", account=account_id) == []
    stored = "evt_" + seen[0].removeprefix("evt_test_")
    status, _ = await platform.call("GET", f"/v1/events/{stored}", account=account_id)
    assert status == 404
    late = "created[gt]=2100-01-01T00:00:00.000Z"
    assert await ids_of(platform, f"/v2/core/events?{late}", version=PREVIEW) == []
    status, body = await platform.call("GET", "/v2/core/events?created[gt]=x", version=PREVIEW)
    assert (status, body["error"]["code"]) == (400, "invalid_fields")


async def test_walls_between_accounts(platform: Platform) -> None:
    """A platform finds its accounts' events in v2; accounts find nothing of each other."""
    one, two = await connected_account(platform), await connected_account(platform)
    await cardholder(platform, one)
    (event_id,) = await ids_of(platform, "/v1/events", account=one)
    thin = "evt_test_" + event_id.removeprefix("evt_")
    expected = [(None, 404, 200), (one, 200, 200), (two, 404, 404)]
    for account, v1_status, v2_status in expected:
        status, _ = await platform.call("GET", f"/v1/events/{event_id}", account=account)
        assert status == v1_status
        status, _ = await platform.call(
            "GET", f"/v2/core/events/{thin}", account=account, version=PREVIEW
        )
        assert status == v2_status


@pytest.mark.calendar
async def test_events_are_kept_thirty_days(platform: Platform) -> None:
    await cardholder(platform)
    database = platform.live.application.database
    assert len(await ids_of(platform, "/v1/events?type=issuing_cardholder.created")) == 1
    await asyncio.sleep(0.01)
    async with database.connection() as connection:
        now_ms = clock.machine_ms()
        await retention.purge(connection, now_ms=now_ms + 29 * clock.DAY_MS)
        assert len(await ids_of(platform, "/v1/events?type=issuing_cardholder.created")) == 1
        await retention.purge(connection, now_ms=now_ms + 30 * clock.DAY_MS)
    assert await ids_of(platform, "/v1/events?type=issuing_cardholder.created") == []

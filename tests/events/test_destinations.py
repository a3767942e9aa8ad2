"""v2 event destinations, through the official SDK and by hand."""

import asyncio
from typing import Any

import pytest

from tests.events.steps import PREVIEW, destination
from tests.support.server import Platform

PATH = "/v2/core/event_destinations"
URL = "https://example.com/hook"
ASKED: dict[str, Any] = {
    "name": "Accounts",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["v2.core.account.created"],
    "webhook_endpoint": {"url": URL},
}


async def test_a_destination_lives_through_the_official_sdk(platform: Platform) -> None:
    client = platform.sdk.v2.core.event_destinations

    def walk() -> None:
        made = client.create(
            {
                **ASKED,  # type: ignore[typeddict-item]
                "description": "What happens to accounts",
                "events_from": ["@self", "@accounts"],
                "metadata": {"order_id": "6735"},
                "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
            }
        )
        assert made.id.startswith("ed_")
        assert made.object == "v2.core.event_destination"
        assert made.webhook_endpoint is not None
        assert made.webhook_endpoint.url == URL
        assert str(made.webhook_endpoint.signing_secret).startswith("whsec_")
        read = client.retrieve(made.id, {"include": ["webhook_endpoint.url"]})
        assert read.webhook_endpoint is not None
        assert read.webhook_endpoint.url == URL
        assert read.webhook_endpoint.signing_secret is None
        bare = client.retrieve(made.id).webhook_endpoint
        assert bare is not None
        assert bare.url is None
        changed = client.update(made.id, {"name": "Renamed", "metadata": {"order_id": None}})
        assert changed.metadata is not None
        assert (changed.name, changed.metadata.to_dict()) == ("Renamed", {})
        off = client.disable(made.id)
        assert off.status == "disabled"
        assert off.status_details is not None
        assert off.status_details.disabled is not None
        assert off.status_details.disabled.reason == "user"
        on = client.enable(made.id)
        assert (on.status, on.status_details) == ("enabled", None)
        ping = client.ping(made.id)
        assert ping.type == "v2.core.event_destination.ping"
        assert [item.id for item in client.list().data] == [made.id]
        assert client.delete(made.id).id == made.id
        assert client.list().data == []

    await asyncio.to_thread(walk)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"name": None}, "name"),
        ({"enabled_events": ["v2.core.account.exploded"]}, "enabled_events"),
        ({"enabled_events": ["issuing_card.created"]}, "enabled_events"),
        ({"enabled_events": []}, "enabled_events"),
        ({"event_payload": "fat"}, "event_payload"),
        ({"event_payload": "snapshot"}, "enabled_events"),
        ({"snapshot_api_version": "2025-09-30.clover"}, "snapshot_api_version"),
        ({"events_from": ["@everybody"]}, "events_from"),
        ({"type": "amazon_eventbridge"}, "type"),
        ({"webhook_endpoint": {"url": "nowhere"}}, "webhook_endpoint.url"),
        ({"webhook_endpoint": {"uri": URL}}, "webhook_endpoint.uri"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_what_is_refused(platform: Platform, change: dict[str, Any], param: str) -> None:
    asked = {**ASKED, **change}
    status, body = await platform.call("POST", PATH, json=asked, version=PREVIEW)
    assert status == 400, body
    assert param in str(body["error"])
    _, listed = await platform.call("GET", PATH, version=PREVIEW)
    assert listed["data"] == []


async def test_a_repeated_key_makes_one_and_shows_it_as_it_is(platform: Platform) -> None:
    answers = []
    for _ in range(2):
        status, body = await platform.call(
            "POST", PATH, json=ASKED, version=PREVIEW, idempotency_key="once"
        )
        assert status == 200
        answers.append(body)
        await platform.call(
            "POST", f"{PATH}/{body['id']}", json={"name": "Renamed"}, version=PREVIEW
        )
    assert answers[0]["id"] == answers[1]["id"]
    assert [answer["name"] for answer in answers] == ["Accounts", "Renamed"]


async def test_pages_of_destinations(platform: Platform) -> None:
    made = [await destination(platform, URL) for _ in range(3)]
    expected = [item["id"] for item in reversed(made)]
    url: str | None = f"{PATH}?limit=2"
    seen: list[str] = []
    while url is not None:
        status, body = await platform.call("GET", url, version=PREVIEW)
        assert status == 200
        seen += [item["id"] for item in body["data"]]
        url = body["next_page_url"]
    assert seen == expected


async def test_an_unknown_destination_is_not_found(platform: Platform) -> None:
    for method, suffix in (("GET", ""), ("POST", "/ping"), ("POST", "/enable"), ("DELETE", "")):
        status, body = await platform.call(method, f"{PATH}/ed_x{suffix}", version=PREVIEW)
        assert (status, body["error"]["code"]) == (404, "not_found")

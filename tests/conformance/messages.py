"""A valid and an invalid call of every operation on files, events and their receivers."""

from typing import Any

from tests.conformance.funding import read
from tests.conformance.walk import Walk
from tests.events.test_destinations import ASKED
from tests.files import uploads

DESTINATIONS, EVENTS = "/v2/core/event_destinations", "/v2/core/events"
ENDPOINTS = "/v1/webhook_endpoints"


async def walk(walk: Walk) -> None:
    """Files, then what is told and to whom."""
    await files(walk)
    await destinations(walk)
    await endpoints(walk)
    [event, *_] = (await walk.done("GET", "/v1/events"))["data"]
    await read(walk, "/v1/events", event["id"])
    [event, *_] = (await walk.done("GET", EVENTS))["data"]
    await walk.refused("GET", f"{EVENTS}?limit=x")
    await walk.done("GET", f"{EVENTS}/{event['id']}")
    await walk.refused("GET", f"{EVENTS}/evt_no")


async def files(walk: Walk) -> None:
    """Uploads are forms of their own kind; they are noted by hand."""
    status, body = await uploads.upload(walk.platform, uploads.form())
    assert status == 200, body
    walk.note("POST", "/v1/files", body, refused=False)
    status, refusal = await uploads.upload(walk.platform, uploads.form(content=None))
    assert status == 400, refusal
    walk.note("POST", "/v1/files", refusal, refused=True)
    await read(walk, "/v1/files", body["id"])
    linkable = uploads.form(uploads.PNG, "dispute_evidence", "receipt.png")
    _, receipt = await uploads.upload(walk.platform, linkable)
    path = "/v1/file_links"
    link = await walk.done("POST", path, form={"file": receipt["id"]})
    await walk.refused("POST", path, form={"file": "file_no"})
    await read(walk, path, link["id"])
    await walk.done("POST", f"{path}/{link['id']}", form={"metadata[a]": "b"})
    await walk.refused("POST", f"{path}/{link['id']}", form={"nonsense": "1"})


async def destinations(walk: Walk) -> None:
    """Thin events."""
    made = await walk.done("POST", DESTINATIONS, json=ASKED)
    bad: dict[str, Any] = {**ASKED, "enabled_events": ["v2.core.account.exploded"]}
    await walk.refused("POST", DESTINATIONS, json=bad)
    one = f"{DESTINATIONS}/{made['id']}"
    await walk.done("GET", DESTINATIONS)
    await walk.refused("GET", f"{DESTINATIONS}?limit=x")
    await walk.done("GET", one)
    await walk.refused("GET", f"{DESTINATIONS}/ed_no")
    await walk.done("POST", one, json={"name": "Renamed"})
    await walk.refused("POST", one, json={"nonsense": 1})
    for verb in ("disable", "enable", "ping"):
        await walk.done("POST", f"{one}/{verb}", json={})
        await walk.refused("POST", f"{DESTINATIONS}/ed_no/{verb}", json={})
    await walk.done("DELETE", one)
    await walk.refused("DELETE", one)


async def endpoints(walk: Walk) -> None:
    """Snapshots."""
    form = {"url": "https://example.com/hook", "enabled_events[0]": "issuing_card.created"}
    made = await walk.done("POST", ENDPOINTS, form=form)
    await walk.refused("POST", ENDPOINTS, form={"url": "ftp://x", "enabled_events[0]": "*"})
    await read(walk, ENDPOINTS, made["id"])
    one = f"{ENDPOINTS}/{made['id']}"
    await walk.done("POST", one, form={"enabled_events[0]": "*"})
    await walk.refused("POST", one, form={"enabled_events[0]": "card.exploded"})
    await walk.done("DELETE", one)
    await walk.refused("DELETE", one)

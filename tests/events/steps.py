"""Steps that the tests of events share."""

from typing import Any

from tests.support.server import Platform

PREVIEW = "2026-05-27.preview"

CARDHOLDER = {
    "name": "Jenny Rosen",
    "email": "jenny.rosen@example.com",
    "billing[address][line1]": "1234 Main Street",
    "billing[address][city]": "San Francisco",
    "billing[address][state]": "CA",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "US",
}


async def connected_account(platform: Platform) -> str:
    """A connected account with nothing but what cardholders need of it."""
    status, made = await platform.call(
        "POST", "/v2/core/accounts", json={"identity": {"country": "gb"}}, version=PREVIEW
    )
    assert status == 200, made
    return str(made["id"])


async def cardholder(platform: Platform, account: str | None = None, **more: Any) -> dict[str, Any]:
    """A new cardholder, whose creation is an event."""
    status, made = await platform.call(
        "POST", "/v1/issuing/cardholders", form=CARDHOLDER, account=account, **more
    )
    assert status == 200, made
    found: dict[str, Any] = made
    return found


async def endpoint(
    platform: Platform, url: str, *events: str, account: str | None = None, **more: str
) -> dict[str, Any]:
    """A new v1 webhook endpoint with its secret."""
    names = [("enabled_events[]", name) for name in events or ("*",)]
    status, made = await platform.call(
        "POST",
        "/v1/webhook_endpoints",
        form=[("url", url), *names, *more.items()],
        account=account,
    )
    assert status == 200, made
    found: dict[str, Any] = made
    return found


async def destination(platform: Platform, url: str, *events: str, **more: Any) -> dict[str, Any]:
    """A new v2 destination of thin events with its secret."""
    asked = {
        "name": "All that happens",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": list(events or ("*",)),
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
        **more,
    }
    status, made = await platform.call(
        "POST", "/v2/core/event_destinations", json=asked, version=PREVIEW
    )
    assert status == 200, made
    found: dict[str, Any] = made
    return found

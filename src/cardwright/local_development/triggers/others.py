"""Stories of everything else: accounts, files, notices, links, clocks, destinations."""

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp

from cardwright.local_development.triggers import applications
from cardwright.local_development.triggers.maker import Maker, Story

ACCOUNTS = "/v2/core/accounts"
DAY = 86_400
CLOCKS = "/v1/test_helpers/test_clocks"
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
NOTICE = {
    "plain_text": "Your cards are off.",
    "recipient": "jenny.rosen@example.com",
    "subject": "Your cards",
}


async def accounts(maker: Maker) -> AsyncGenerator[None, None]:
    """An account, each of its parts changed, and closed in the end."""
    account = await maker.account()
    yield
    await maker.program()
    yield
    changes: tuple[dict[str, Any], ...] = (
        {"defaults": {"timezone": "Europe/London"}},
        {"identity": {"individual": {"phone": "+442079460000"}}},
        {"configuration": {"customer": {"automatic_indirect_tax": {"exempt": "none"}}}},
        {"configuration": {"merchant": {"mcc": "5999"}}},
        {"configuration": {"money_manager": {"purpose_of_funds": "ecommerce_retail_payments"}}},
        {"configuration": {"card_creator": {"applied": False}}},
        {"configuration": {"recipient": {"applied": False}}},
    )
    for change in changes:
        await maker.post(f"{ACCOUNTS}/{account}", change)
        yield
    found = await maker.call("GET", f"{ACCOUNTS}/{account}")
    applied = {"applied_configurations": found["applied_configurations"]}
    await maker.post(f"{ACCOUNTS}/{account}/close", applied)
    yield


async def persons(maker: Maker) -> AsyncGenerator[None, None]:
    """A company's person comes, changes and goes."""
    given = applications.account("gb")
    given["identity"]["entity_type"] = "company"
    del given["identity"]["individual"]
    account = (await maker.post(ACCOUNTS, given))["id"]
    maker.owners.append(account)
    person = {"given_name": "Jenny", "surname": "Rosen", "relationship": {"representative": True}}
    path = f"{ACCOUNTS}/{account}/persons"
    made = (await maker.post(path, person))["id"]
    yield
    await maker.post(f"{path}/{made}", {"relationship": {"title": "Director"}})
    yield
    await maker.call("DELETE", f"{path}/{made}")
    yield


async def requirements(maker: Maker) -> AsyncGenerator[None, None]:
    """A requirement that is due later, and one that is due now."""
    account = await maker.account()
    await maker.program()
    path = f"/v1/test_helpers/accounts/{account}/requirements"
    now = int((await maker.call("GET", f"/v1/accounts/{account}"))["created"])
    wanted: dict[str, Any] = {"requirement": "identity.individual.documents.primary_verification"}
    later = {"effective_at": now + 30 * DAY, "deadline": now + 60 * DAY}
    await maker.post(path, wanted | later)
    yield
    wanted["requirement"] = "identity.individual.documents.secondary_verification"
    await maker.post(path, wanted | {"deadline": now + 30 * DAY})
    yield


async def files(maker: Maker) -> AsyncGenerator[None, None]:
    """A picture is uploaded."""
    form = aiohttp.FormData()
    form.add_field("purpose", "business_logo")
    form.add_field("file", PICTURE, filename="logo.png", content_type="image/png")
    await maker.upload("/v1/files", form)
    yield


async def notices(maker: Maker) -> AsyncGenerator[None, None]:
    """Issuing is closed for an account, and the notice of it is sent."""
    account = await maker.account()
    await maker.card()
    closing = {"note": "A look at what closing does.", "reason": "business_model"}
    await maker.post(f"/_cardwright/accounts/{account}/close_issuing", closing)
    yield
    path = "/v1/account_notices"
    made = (await maker.call("GET", path, account=account))["data"][0]
    sent = {"email": NOTICE, "sent_at": made["created"]}
    await maker.post(f"{path}/{made['id']}", sent, account=account)
    yield


async def links(maker: Maker) -> AsyncGenerator[None, None]:
    """Somebody opens a link to the onboarding and comes back."""
    addresses = {"refresh_url": "https://example.com/again", "return_url": "https://example.com"}
    asked = {
        "account": await maker.account(),
        "use_case": {
            "type": "account_onboarding",
            "account_onboarding": addresses,
        },
    }
    made = await maker.post("/v2/core/account_links", asked)
    await maker.return_from(made["url"])
    yield


async def clocks(maker: Maker) -> AsyncGenerator[None, None]:
    """A clock is made, advanced and deleted."""
    made = (await maker.post(CLOCKS, {"frozen_time": 2_208_988_800}))["id"]
    yield
    await maker.post(f"{CLOCKS}/{made}/advance", {"frozen_time": 2_208_988_800 + DAY})
    yield
    await maker.until(f"{CLOCKS}/{made}", "ready")
    yield
    await maker.call("DELETE", f"{CLOCKS}/{made}")
    yield


async def ping(maker: Maker) -> AsyncGenerator[None, None]:
    """A destination is pinged; it is made for that, and removed."""
    destinations = "/v2/core/event_destinations"
    given = {
        "name": "Triggered",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v2.core.event_destination.ping"],
        "webhook_endpoint": {"url": "https://example.com/webhook"},
    }
    made = (await maker.post(destinations, given))["id"]
    await maker.post(f"{destinations}/{made}/ping")
    yield
    await maker.call("DELETE", f"{destinations}/{made}")


CAPABLE = ("card_creator", "customer", "merchant", "money_manager", "recipient")
STORIES: dict[Story, tuple[str, ...]] = {
    accounts: (
        "account.updated",
        "capability.updated",
        "person.created",
        "person.updated",
        "v2.core.account.closed",
        "v2.core.account.created",
        "v2.core.account.updated",
        *(f"v2.core.account[configuration.{name}].updated" for name in CAPABLE),
        *(f"v2.core.account[configuration.{name}].capability_status_updated" for name in CAPABLE),
        "v2.core.account[defaults].updated",
        "v2.core.account[identity].updated",
    ),
    persons: (
        "person.deleted",
        "v2.core.account_person.created",
        "v2.core.account_person.deleted",
        "v2.core.account_person.updated",
    ),
    requirements: (
        "v2.core.account[future_requirements].updated",
        "v2.core.account[requirements].updated",
    ),
    files: ("file.created",),
    notices: ("account_notice.created", "account_notice.updated"),
    links: ("v2.core.account_link.returned",),
    clocks: (
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.deleted",
        "test_helpers.test_clock.ready",
    ),
    ping: ("v2.core.event_destination.ping",),
}

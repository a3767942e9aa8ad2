"""Accounts whose verification somebody has to answer, and what tests ask about them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.roles.provisioning import create_platform
from tests.accounts.calls import (
    ACCOUNTS,
    BOTH_TERMS,
    BUSINESS,
    PERSON,
    PREVIEW,
    US_ADDRESS,
    WEBSITE,
    creation,
    individual,
)
from tests.support.server import Live, Platform

CASES = "/_cardwright/verification_cases"
PROVIDER = "/_cardwright/verification_provider"
SEEN = "?include[0]=configuration.card_creator&include[1]=requirements&include[2]=identity"
SSN = "123456789"
EIN = "984512376"


async def livemode(live: Live) -> Platform:
    """A platform of the live environment."""
    return Platform(live, await create_platform(live.application.database, livemode=True))


async def v2(platform: Platform, path: str, wanted: Any) -> Any:
    """The body of a v2 write that succeeds."""
    status, body = await platform.call("POST", path, json=wanted, version=PREVIEW)
    assert status == 200, body
    return body


async def gb_individual(platform: Platform) -> tuple[str, str]:
    """An individual with everything that is asked; its account and person."""
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    wanted = {**individual(1978), "include": ["identity"]}
    body = await v2(platform, f"{ACCOUNTS}/{account['id']}", wanted)
    return account["id"], body["identity"]["individual"]["id"]


async def us_company(platform: Platform, **representative: Any) -> tuple[str, str]:
    """A company and its representative, both with id numbers; their ids."""
    account = await v2(platform, ACCOUNTS, creation("us", "company", "usd"))
    path = f"{ACCOUNTS}/{account['id']}"
    details = {
        **BUSINESS,
        "registered_name": "Rocket Rides",
        "address": {**US_ADDRESS, "line1": "123 Main Street"},
        "phone": "0000000000",
        "id_numbers": [{"type": "us_ein", "value": EIN}],
    }
    terms = {"terms_of_service": BOTH_TERMS}
    identity = {"business_details": details, "attestations": terms}
    await v2(platform, path, {"identity": identity, "defaults": WEBSITE})
    person = {
        **PERSON,
        "address": {**US_ADDRESS, "line1": "510 Townsend Street"},
        "date_of_birth": {"day": 12, "month": 11, "year": 1978},
        "id_numbers": [{"type": "us_ssn", "value": SSN}],
        "relationship": {
            "representative": True,
            "owner": True,
            "percent_ownership": "0.75",
            "title": "CEO",
        },
        **representative,
    }
    made = await v2(platform, f"{path}/persons", person)
    return account["id"], made["id"]


async def cases(platform: Platform, **filters: str) -> dict[str, Any]:
    """The cases of a platform by what they are about, newest of a kind last."""
    query = "&".join(f"{name}={value}" for name, value in {"limit": "100", **filters}.items())
    status, body = await platform.call("GET", f"{CASES}?{query}")
    assert status == 200, body
    return {f"{one['subject'][:4]}.{one['kind']}": one for one in reversed(body["data"])}


async def decide(platform: Platform, case: str, verb: str, **form: str) -> Any:
    """The case after the operator's decision."""
    status, body = await platform.call("POST", f"{CASES}/{case}/{verb}", form=form)
    assert status == 200, body
    return body


async def seen(platform: Platform, account: str) -> Any:
    """The account with its card capability, requirements and identity."""
    _, body = await platform.call("GET", f"{ACCOUNTS}/{account}{SEEN}", version=PREVIEW)
    return body


def charge_card(body: Any) -> str:
    """The status of the card capability."""
    stripe = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
    return str(stripe["charge_card"]["status"])


def due(body: Any) -> dict[str, list[str]]:
    """What waits for the user, and with which errors."""
    return {
        entry["description"]: [error["code"] for error in entry["errors"]]
        for entry in body["requirements"]["entries"]
        if entry["awaiting_action_from"] == "user"
    }


def verifying(body: Any) -> set[str]:
    """What is being verified."""
    return {
        entry["description"]
        for entry in body["requirements"]["entries"]
        if entry["awaiting_action_from"] == "stripe"
    }


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 10.0) -> Any:
    """What is looked for, once it is there."""
    for _ in range(int(seconds / 0.05)):
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come")

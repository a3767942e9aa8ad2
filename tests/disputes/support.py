"""Captures to dispute, and disputes of them."""

import asyncio
from typing import Any

from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

DISPUTES = "/v1/issuing/disputes"
FORCED = "/v1/test_helpers/issuing/transactions/create_force_capture"
REFUNDS = "/v1/test_helpers/issuing/transactions"
OPERATOR = "/_cardwright/disputes"
PREVIEW = "2026-10-14.preview"
NOTICES = "/v1/account_notices"
PATIENCE_SECONDS = 20.0


async def captured(one: Spender, amount: int = 1000) -> Any:
    """A payment that was authorized and captured: its transaction."""
    made = await one.authorize(amount)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    return done["transactions"][0]


async def disputed(one: Spender, transaction: str, explanation: str = "", **more: str) -> Any:
    """A dispute of a transaction as fraudulent."""
    form = {"transaction": transaction, **more}
    if explanation:
        form["evidence[reason]"] = "fraudulent"
        form["evidence[fraudulent][explanation]"] = explanation
    return await one.done("POST", DISPUTES, form)


async def submitted(one: Spender, explanation: str = "I did not pay this.", **more: str) -> Any:
    """A submitted dispute of a new capture."""
    made = await disputed(one, (await captured(one))["id"], explanation, **more)
    return await one.done("POST", f"{DISPUTES}/{made['id']}/submit")


async def payer(platform: Platform, funds: int = 10_000, **more: Any) -> Spender:
    """An account whose card can pay."""
    return await spender(platform, funds=funds, **more)


async def ended(one: Spender, dispute: str) -> Any:
    """The dispute, once it is decided."""
    for _ in range(int(PATIENCE_SECONDS / 0.1)):
        found = await one.done("GET", f"{DISPUTES}/{dispute}")
        if found["status"] != "submitted":
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"the dispute is {found['status']}")


async def told(one: Spender) -> list[tuple[str, str]]:
    """The reason and the dispute of each notice, oldest first."""
    listed = await one.done("GET", NOTICES, version=PREVIEW)
    return [
        (notice["reason"], notice["linked_objects"]["issuing_dispute"])
        for notice in reversed(listed["data"])
    ]

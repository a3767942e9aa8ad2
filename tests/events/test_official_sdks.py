"""The official SDKs check signatures of what is delivered, and fetch what a thin event is about."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.events.steps import cardholder, destination, endpoint
from tests.support.issuing import issuing_account
from tests.support.receiver import Received, Receiver
from tests.support.server import Platform

ROOT = Path(__file__).parent.parent.parent
PROGRAM = ROOT / "tests/clients/webhooks.mjs"
INSTALLED = ROOT / ".venv/clients/package.json"
CREATED = "v2.core.account.created"


async def delivered(platform: Platform, receiver: Receiver) -> tuple[Any, Any, str, str]:
    """A snapshot and a thin event with their secrets, and what they are about."""
    snapshots = await endpoint(platform, receiver.url("/snapshot"), "issuing_cardholder.created")
    thins = await destination(
        platform, receiver.url("/thin"), CREATED, events_from=["@self", "@accounts"]
    )
    jenny = await cardholder(platform)
    account = await issuing_account(platform, program=False)
    [snapshot] = await receiver.wait_for(path="/snapshot")
    [thin] = await receiver.wait_for(path="/thin")
    return (
        (snapshot, snapshots["secret"]),
        (thin, thins["webhook_endpoint"]["signing_secret"]),
        jenny["id"],
        account,
    )


def written(came: Received, secret: str) -> dict[str, str]:
    return {"body": came.body.decode(), "signature": came.signature, "secret": secret}


async def test_python(platform: Platform, receiver: Receiver) -> None:
    (snapshot, first), (thin, second), holder, account = await delivered(platform, receiver)
    event = stripe.Webhook.construct_event(snapshot.body, snapshot.signature, first)
    assert event.data.object["id"] == holder
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(snapshot.body + b" ", snapshot.signature, first)
    notice: Any = platform.sdk.parse_event_notification(thin.body, thin.signature, second)
    assert (notice.type, notice.related_object.id) == (CREATED, account)
    with pytest.raises(stripe.SignatureVerificationError):
        platform.sdk.parse_event_notification(thin.body, thin.signature, first)
    assert (await asyncio.to_thread(notice.fetch_event)).id == notice.id
    found = await asyncio.to_thread(notice.fetch_related_object)
    assert (found.id, found.object) == (account, "v2.core.account")


async def test_node(platform: Platform, receiver: Receiver) -> None:
    (snapshot, first), (thin, second), holder, account = await delivered(platform, receiver)
    process = await asyncio.create_subprocess_exec(
        *("node", str(PROGRAM)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    given = {
        "base": platform.base,
        "key": platform.keys.secret,
        "modules": str(INSTALLED),
        "snapshot": written(snapshot, first),
        "thin": written(thin, second),
    }
    output, errors = await asyncio.wait_for(process.communicate(json.dumps(given).encode()), 60)
    assert process.returncode == 0, errors.decode()
    found = json.loads(output)
    assert found["snapshot"] == {"type": "issuing_cardholder.created", "object": holder}
    notice = {"id": thin.json["id"], "type": CREATED, "related": account}
    assert found["thin"] == notice
    assert found["whole"]["id"] == notice["id"]
    assert found["related"] == {"id": account, "object": "v2.core.account"}
    assert found["refused"] == ["StripeSignatureVerificationError"] * 2

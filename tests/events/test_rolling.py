"""Signing secrets are rolled: for a while both sign."""

from typing import Any

import pytest
import stripe

from cardwright.events import retention
from cardwright.kernel import clock
from tests.events.steps import PREVIEW, cardholder, destination, endpoint
from tests.support.receiver import Receiver
from tests.support.server import Platform

CREATED = "issuing_cardholder.created"


def accepts(request: Any, secret: str) -> bool:
    """Whether the official SDK takes the request with the secret."""
    try:
        stripe.Webhook.construct_event(request.body, request.signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


async def roll(platform: Platform, made: dict[str, Any], **form: str) -> dict[str, Any]:
    kind = "webhook_endpoints" if made["id"].startswith("we_") else "event_destinations"
    status, rolled = await platform.call(
        "POST", f"/_cardwright/{kind}/{made['id']}/roll_secret", form=form
    )
    assert status == 200, rolled
    answer: dict[str, Any] = rolled
    return answer


@pytest.mark.calendar
async def test_both_secrets_sign_until_the_old_one_ends(
    platform: Platform, receiver: Receiver
) -> None:
    """Each roll adds a signature; one at once leaves only the newest; what ended is destroyed."""
    made = await endpoint(platform, receiver.url(), CREATED)
    second = (await roll(platform, made))["secret"]
    third = await roll(platform, made, expires_in="3600")
    assert third["previous_secret_expires_at"] <= clock.machine_ms() // 1000 + 3600
    secrets = [made["secret"], second, third["secret"]]
    await cardholder(platform)
    (came,) = await receiver.wait_for()
    assert [accepts(came, secret) for secret in secrets] == [True, True, True]
    assert came.signature.count("v1=") == 3
    fourth = (await roll(platform, made, expires_in="0"))["secret"]
    await cardholder(platform)
    _, came = await receiver.wait_for(2)
    assert [accepts(came, secret) for secret in [*secrets, fourth]] == [False, False, False, True]
    pool = platform.live.application.database.pool
    count = "select count(*) from secrets where account_id = $1 and subject = $2"
    names = (platform.keys.account_id, made["id"])
    assert await pool.fetchval(count, *names) == 3
    async with platform.live.application.database.connection() as connection:
        await retention.purge(connection)
    assert await pool.fetchval(count, *names) == 1


async def test_the_secret_of_a_v2_destination_is_rolled(
    platform: Platform, receiver: Receiver
) -> None:
    made = await destination(platform, receiver.url(), f"v1.{CREATED}")
    old = made["webhook_endpoint"]["signing_secret"]
    rolled = await roll(platform, made)
    await cardholder(platform)
    (came,) = await receiver.wait_for()
    for secret in (old, rolled["secret"]):
        notice = platform.sdk.parse_event_notification(came.body, came.signature, secret)
        assert notice.type == f"v1.{CREATED}"
    status, shown = await platform.call(
        "GET", f"/v2/core/event_destinations/{made['id']}", version=PREVIEW
    )
    assert (status, shown["status"]) == (200, "enabled")


@pytest.mark.parametrize("expires_in", ["-1", "86401"])
async def test_no_overlap_is_longer_than_a_day(
    platform: Platform, receiver: Receiver, expires_in: str
) -> None:
    made = await endpoint(platform, receiver.url(), CREATED)
    path = f"/_cardwright/webhook_endpoints/{made['id']}/roll_secret"
    status, body = await platform.call("POST", path, form={"expires_in": expires_in})
    assert (status, body["error"]["param"]) == (400, "expires_in")
    status, body = await platform.call(
        "POST", "/_cardwright/webhook_endpoints/we_unknown/roll_secret"
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")

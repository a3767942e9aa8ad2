"""The door to real-time authorization: where the platform is asked, over live HTTP."""

from typing import Any

import pytest
import stripe

from cardwright.authorizations.real_time.authorization_webhook import PATH
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import spender

ANSWERED = {"Stripe-Version": "2026-05-27.dahlia"}
APPROVED = Step(headers=ANSWERED, body=b'{"approved": true}')


async def change(platform: Platform, **form: str) -> dict[str, Any]:
    """The setting after a change."""
    status, body = await platform.call("POST", PATH, form=form)
    assert status == 200, body
    found: dict[str, Any] = body
    return found


async def test_the_setting_and_its_secret(platform: Platform, receiver: Receiver) -> None:
    """Off at first; a new address has a new secret, shown once; what is left out stays."""
    off = {
        "object": "authorization_webhook",
        "livemode": False,
        "on_silence": "decline",
        "url": None,
    }
    assert await platform.call("GET", PATH) == (200, off)
    made = await change(platform, url=receiver.url("/one"), on_silence="approve")
    assert made.pop("secret").startswith("whsec_")
    assert made == {**off, "on_silence": "approve", "url": receiver.url("/one")}
    assert await platform.call("GET", PATH) == (200, made)
    same = await change(platform, on_silence="decline", url=receiver.url("/one"))
    assert same == {**made, "on_silence": "decline"}
    moved = await change(platform, url=receiver.url("/two"))
    assert moved["secret"].startswith("whsec_")
    assert await change(platform, url="") == off


async def test_a_repeated_key_shows_the_secret_again(
    platform: Platform, receiver: Receiver
) -> None:
    """An answer that was lost on the way is not lost."""
    form = {"url": receiver.url("/ask")}
    first = await platform.call("POST", PATH, form=form, idempotency_key="ask")
    assert "secret" in first[1]
    assert await platform.call("POST", PATH, form=form, idempotency_key="ask") == first


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"url": "ftp://127.0.0.1/"}, "url"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "nowhere"}, "url"),
        ({"on_silence": "wait"}, "on_silence"),
        ({"default": "approve"}, "default"),
    ],
)
async def test_what_is_refused(platform: Platform, form: dict[str, str], param: str) -> None:
    """The parameter is named, and nothing changes."""
    status, body = await platform.call("POST", PATH, form=form)
    assert (status, body["error"]["param"]) == (400, param)
    assert (await platform.call("GET", PATH))[1]["url"] is None


async def test_it_is_for_the_platform_alone(platform: Platform) -> None:
    """A connected account has no setting of its own."""
    one = await spender(platform, funds=1)
    for method in ("GET", "POST"):
        status, body = await platform.call(method, PATH, account=one.account)
        assert status == 400
        assert "must be made by the platform" in body["error"]["message"]


@pytest.mark.parametrize(
    ("step", "approved", "reason"),
    [
        (APPROVED, True, "webhook_approved"),
        (Step(headers=ANSWERED, body=b'{"approved": false}'), False, "webhook_declined"),
        (
            Step(headers=ANSWERED, body=b'{"approved": true}', wait_seconds=3),
            True,
            "webhook_timeout",
        ),
        (Step(status=500), False, "webhook_error"),
    ],
)
async def test_from_the_setting_to_the_decision(
    platform: Platform, receiver: Receiver, step: Step, approved: bool, reason: str
) -> None:
    """Approve, decline, slow (silence approves here) and broken; the signature is good; a webhook
    endpoint that asks for the question gets none."""
    one = await spender(platform, funds=10_000)
    endpoint = [
        ("url", receiver.url("/hook")),
        ("enabled_events[]", "issuing_authorization.request"),
        ("enabled_events[]", "issuing_authorization.created"),
        ("connect", "true"),
    ]
    assert (await platform.call("POST", "/v1/webhook_endpoints", form=endpoint))[0] == 200
    setting = await change(platform, url=receiver.url("/ask"), on_silence="approve")
    receiver.script["/ask"] = [step]
    made = await one.authorize(3000)
    assert made["approved"] == approved
    assert [record["reason"] for record in made["request_history"]] == [reason]
    [question] = receiver.at("/ask")
    event = stripe.Webhook.construct_event(question.body, question.signature, setting["secret"])
    assert (event.type, event.account) == ("issuing_authorization.request", one.account)
    [told] = await receiver.wait_for(1, path="/hook")
    assert told.json["type"] == "issuing_authorization.created"


async def test_turned_off_nobody_is_asked(platform: Platform, receiver: Receiver) -> None:
    """The next payment is decided by balance and limits alone."""
    one = await spender(platform, funds=10_000)
    await change(platform, url=receiver.url("/ask"))
    receiver.script["/ask"] = [APPROVED]
    assert (await one.authorize(100))["request_history"][0]["reason"] == "webhook_approved"
    await change(platform, url="")
    assert (await one.authorize(100))["request_history"][0]["reason"] != "webhook_approved"
    assert len(receiver.at("/ask")) == 1

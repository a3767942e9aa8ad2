"""Asking the platform first: every way an answer can come, or not."""

import asyncio
import json
from typing import Any

import pytest
import stripe

from cardwright.authorizations.real_time import asking
from cardwright.authorizations.real_time.authorization_webhook import PATH
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

REFUSED = "webhook_error"
TOO_MANY = json.dumps({"approved": True, "metadata": {str(n): "a" for n in range(51)}}).encode()
NOTHING = b'{"approved": true, "amount": null, "metadata": null, "send_fraud_challenges": null}'
DELETING = b'{"approved": true, "metadata": {"a": null}}'
UNVERSIONED = Step(headers={"Stripe-Version": ""}, body=b'{"approved": true}')
VERSIONED = {"Stripe-Version": "2026-05-27.dahlia"}


async def configured(platform: Platform, **form: str) -> dict[str, Any]:
    """Where the platform is asked, after a change."""
    status, body = await platform.call("POST", PATH, form=form)
    assert status == 200, body
    found: dict[str, Any] = body
    return found


async def asked(
    platform: Platform, receiver: Receiver, step: Step | None, silence: Any = "decline"
) -> tuple[Spender, str]:
    """A spender whose platform is asked first, and the secret that signs the question."""
    one = await spender(platform, funds=10_000)
    made = await configured(platform, url=receiver.url("/ask"), on_silence=silence)
    if step is not None:
        receiver.script["/ask"] = [step]
    return one, made["secret"]


def answer(body: bytes, status: int = 200, **headers: str) -> Step:
    """An answer to a question."""
    return Step(status=status, headers=headers or VERSIONED, body=body)


async def answers_of(one: Spender, authorization_id: str) -> list[tuple[Any, ...]]:
    """What is on record of the answers."""
    rows = await one.platform.live.application.database.pool.fetch(
        "select source, verdict, late from authorization_answers"
        " where account_id = $1 and authorization_id = $2 order by id",
        one.account,
        authorization_id,
    )
    return [tuple(row) for row in rows]


async def test_the_question_and_an_approval(platform: Platform, receiver: Receiver) -> None:
    """What is asked, signed; funds are reserved meanwhile, and the approval makes the hold."""
    body = b'{"approved": true, "metadata": {"order_id": "6735"}}'
    one, secret = await asked(platform, receiver, answer(body))
    made = await one.authorize(3000)
    [request] = receiver.at("/ask")
    event = stripe.Webhook.construct_event(request.body, request.signature, secret)
    assert event.type == "issuing_authorization.request"
    assert event.account == one.account
    told = request.json["data"]["object"]
    assert (told["amount"], told["approved"], told["status"]) == (0, False, "pending")
    assert told["pending_request"]["amount"] == 3000
    assert told["card"]["cardholder"]["id"] == one.holder
    assert (made["approved"], made["status"], made["amount"]) == (True, "pending", 3000)
    assert made["pending_request"] is None
    assert made["metadata"] == {"order_id": "6735"}
    assert [record["reason"] for record in made["request_history"]] == ["webhook_approved"]
    assert await one.available() == 7000
    assert await one.movements() == [("topup", 10_000), ("issuing_authorization_hold", -3000)]
    assert (await one.events()).count("issuing_authorization.created") == 1
    closed = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert closed["status"] == "closed"
    await check_books(one)


@pytest.mark.parametrize(
    ("step", "silence", "approved", "reason"),
    [
        (answer(b'{"approved": false}'), "approve", False, "webhook_declined"),
        (answer(b'{"approved": true}', 500), "approve", False, "webhook_error"),
        (answer(b"approved"), "approve", False, "webhook_error"),
        (answer(b"{}"), "approve", False, "webhook_error"),
        (answer(b'{"approved": true}', Other="1"), "approve", False, "webhook_error"),
        (answer(b'{"approved": true, "amount": 5}'), "approve", False, "webhook_error"),
        (answer(b'{"approved": true, "metadata": {"a": "\\u0000"}}'), "approve", False, REFUSED),
        (answer(b'{"approved": true, "metadata": {"\\u0000": "a"}}'), "approve", False, REFUSED),
        (answer(b'{"approved": true, "metadata": {"a[b]": "a"}}'), "approve", False, REFUSED),
        (answer(TOO_MANY), "approve", False, REFUSED),
        (UNVERSIONED, "approve", False, REFUSED),
        (answer(NOTHING), "decline", True, "webhook_approved"),
        (
            answer(b'{"approved": true, "metadata": {"a": null}}'),
            "decline",
            True,
            "webhook_approved",
        ),
        (Step(wait_seconds=3), "approve", True, "webhook_timeout"),
        (Step(wait_seconds=3), "decline", False, "webhook_timeout"),
    ],
)
async def test_answers(
    platform: Platform,
    receiver: Receiver,
    step: Step,
    silence: str,
    approved: bool,
    reason: str,
) -> None:
    """Only a well formed answer approves; a decline leaves no balance transaction."""
    one, _ = await asked(platform, receiver, step, silence)
    made = await one.authorize(3000)
    assert made["approved"] == approved
    assert [record["reason"] for record in made["request_history"]] == [reason]
    assert made["amount"] == 3000
    assert await one.available() == (7000 if approved else 10_000)
    if not approved:
        assert made["status"] == "closed"
        assert await one.movements() == [("topup", 10_000)]
        assert (made["request_history"][0]["reason_message"] is not None) == (
            reason == "webhook_error"
        )
    await check_books(one)


async def test_nobody_listens(platform: Platform, receiver: Receiver) -> None:
    """An address that refuses connections is an error."""
    one, _ = await asked(platform, receiver, None)
    await configured(platform, url="http://127.0.0.1:1/", on_silence="approve")
    made = await one.authorize(1)
    assert made["request_history"][0]["reason"] == "webhook_error"


async def test_an_approval_of_a_part(platform: Platform, receiver: Receiver) -> None:
    """Where the amount is controllable, less may be approved."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true, "amount": 500}'))
    made = await one.authorize(3000, is_amount_controllable="true")
    assert (made["approved"], made["amount"], made["merchant_amount"]) == (True, 500, 500)
    assert await one.available() == 9500
    await check_books(one)


async def pending(one: Spender) -> Any:
    """The authorization that waits for an answer, once it is there."""
    for _ in range(100):
        listed = await one.done("GET", AUTHORIZATIONS)
        if listed["data"]:
            return listed["data"][0]
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was asked")


@pytest.mark.parametrize("verb", ["approve", "decline"])
async def test_the_call_wins(platform: Platform, receiver: Receiver, verb: str) -> None:
    """An approve or decline call answers the question; the webhook's answer is late."""
    said = b'{"approved": %s}' % (b"false" if verb == "approve" else b"true")
    step = Step(headers=VERSIONED, body=said, wait_seconds=0.5)
    one, _ = await asked(platform, receiver, step)
    running = asyncio.create_task(one.authorize(3000))
    waiting = await pending(one)
    assert waiting["pending_request"]["amount"] == 3000
    assert await one.available() == 7000
    status, body = await one.call(
        "POST", f"{AUTHORIZATIONS}/{waiting['id']}/approve", {"amount": "5"}
    )
    assert (status, body["error"]["param"]) == (400, "amount")
    form = {"metadata[by]": "call"}
    answered = await one.done("POST", f"{AUTHORIZATIONS}/{waiting['id']}/{verb}", form)
    made = await running
    assert made == answered
    assert made["approved"] == (verb == "approve")
    assert made["metadata"] == {"by": "call"}
    assert made["request_history"][0]["reason"] == f"webhook_{verb}d"
    recorded = await answers_of(one, made["id"])
    assert [(source, late) for source, _, late in recorded] == [("api", False), ("webhook", True)]
    status, body = await one.call("POST", f"{AUTHORIZATIONS}/{made['id']}/approve")
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    assert (await one.events()).count("issuing_authorization.created") == 1
    await check_books(one)


async def test_a_card_blocked_meanwhile(platform: Platform, receiver: Receiver) -> None:
    """Card, cardholder and account are looked at again when the answer comes."""
    step = Step(headers=VERSIONED, body=b'{"approved": true}', wait_seconds=0.5)
    one, _ = await asked(platform, receiver, step)
    running = asyncio.create_task(one.authorize(3000))
    await pending(one)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "inactive"})
    made = await running
    assert (made["approved"], made["request_history"][0]["reason"]) == (False, "card_inactive")
    assert await one.available() == 10_000


async def test_the_key_of_a_question(platform: Platform, receiver: Receiver) -> None:
    """While the platform is asked the key is in use; afterwards it has the answer."""
    step = Step(headers=VERSIONED, body=b'{"approved": true}', wait_seconds=0.4)
    one, _ = await asked(platform, receiver, step)
    form = {"card": one.card, "amount": "100"}
    running = asyncio.create_task(one.call("POST", HELPERS, form, idempotency_key="one"))
    await pending(one)
    status, body = await one.call("POST", HELPERS, form, idempotency_key="one")
    assert (status, body["error"]["code"]) == (409, "idempotency_key_in_use")
    first = await running
    assert first[0] == 200
    assert await one.call("POST", HELPERS, form, idempotency_key="one") == first
    assert len(receiver.at("/ask")) == 1


async def test_a_lost_question_is_timed_out(
    platform: Platform, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the process that asked is gone, the deadline answers the question."""

    async def lost(*_: Any) -> Any:
        raise ConnectionError

    one, _ = await asked(platform, receiver, None, "decline")
    monkeypatch.setattr(asking.Asker, "ask", lost)
    status, _body = await one.call("POST", HELPERS, {"card": one.card, "amount": "100"})
    assert status == 500
    assert await one.available() == 9900
    made = await pending(one)
    for _ in range(100):
        if made["pending_request"] is None:
            break
        await asyncio.sleep(0.1)
        made = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
    assert made["request_history"][0]["reason"] == "webhook_timeout"
    assert await one.available() == 10_000
    assert await answers_of(one, made["id"]) == [("deadline", "timeout", False)]
    await check_books(one)

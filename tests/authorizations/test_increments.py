"""More on an authorization: increments that ask the platform, and amounts that were estimated."""

import asyncio
from typing import Any

import pytest

from tests.authorizations.real_time.test_asking import answer, asked, configured, pending
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

VERSIONED = {"Stripe-Version": "2026-05-27.dahlia"}
LIMIT = {
    "spending_controls[spending_limits][0][amount]": "2000",
    "spending_controls[spending_limits][0][interval]": "all_time",
}


async def increment(one: Spender, made: Any, amount: int, **more: str) -> Any:
    """Ask for more."""
    form = {"increment_amount": str(amount), **more}
    return await one.done("POST", f"{HELPERS}/{made['id']}/increment", form)


async def approved_then(platform: Platform, receiver: Receiver, step: Step) -> tuple[Spender, Any]:
    """An approved authorization of 1000, and the platform's next answer."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true}'))
    made = await one.authorize(1000)
    receiver.script["/ask"] = [step]
    return one, made


async def test_an_increment_is_asked_about(platform: Platform, receiver: Receiver) -> None:
    """The platform is asked about the additional amount, and told with .updated."""
    one, made = await approved_then(platform, receiver, answer(b'{"approved": true}'))
    grown = await increment(one, made, 500)
    question = receiver.at("/ask")[1].json
    assert question["type"] == "issuing_authorization.request"
    told = question["data"]["object"]
    assert (told["amount"], told["approved"], told["status"]) == (1000, True, "pending")
    assert told["pending_request"] == {
        "amount": 500,
        "amount_details": None,
        "currency": "gbp",
        "is_amount_controllable": False,
        "merchant_amount": 500,
        "merchant_currency": "gbp",
        "network_risk_score": None,
    }
    assert (grown["amount"], grown["pending_request"]) == (1500, None)
    assert [line["reason"] for line in grown["request_history"]] == ["webhook_approved"] * 2
    assert await one.available() == 8500
    assert [amount for _, amount in await one.movements()] == [10_000, -1000, -500]
    kinds = [kind for kind in await one.events() if kind.startswith("issuing_authorization")]
    assert kinds == ["issuing_authorization.created", "issuing_authorization.updated"]
    listed = await one.done("GET", "/v1/events?type=issuing_authorization.updated")
    previous = listed["data"][0]["data"]["previous_attributes"]
    assert previous["amount"] == 1000
    assert "pending_request" not in previous
    await check_books(one)


@pytest.mark.parametrize(
    ("step", "form", "amount", "reason"),
    [
        (answer(b'{"approved": false}'), {}, 1000, "webhook_declined"),
        (answer(b"nothing"), {}, 1000, "webhook_error"),
        (answer(b'{"approved": true, "amount": 200}'), {}, 1000, "webhook_error"),
        (
            answer(b'{"approved": true, "amount": 200}'),
            {"is_amount_controllable": "true"},
            1200,
            "webhook_approved",
        ),
        (Step(wait_seconds=3), {}, 1000, "webhook_timeout"),
    ],
)
async def test_answers_to_an_increment(
    platform: Platform,
    receiver: Receiver,
    step: Step,
    form: dict[str, str],
    amount: int,
    reason: str,
) -> None:
    """Whatever the answer, the authorization stays approved; what is refused leaves no trace."""
    one, made = await approved_then(platform, receiver, step)
    grown = await increment(one, made, 500, **form)
    assert (grown["amount"], grown["approved"], grown["status"]) == (amount, True, "pending")
    assert grown["request_history"][-1]["reason"] == reason
    assert await one.available() == 10_000 - amount
    captured = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert [spent["amount"] for spent in captured["transactions"]] == [-amount]
    await check_books(one)


async def test_while_an_increment_is_asked_about(platform: Platform, receiver: Receiver) -> None:
    """Funds and limits are reserved, no more can be asked for, its key is in use; a call answers
    it."""
    slow = Step(headers=VERSIONED, body=b'{"approved": false}', wait_seconds=1)
    one, made = await approved_then(platform, receiver, slow)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", LIMIT)
    path, form = f"{HELPERS}/{made['id']}", {"increment_amount": "500"}
    key = {"idempotency_key": "more"}
    running = asyncio.create_task(one.call("POST", f"{path}/increment", form, **key))
    for _ in range(100):
        waiting = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
        if waiting["pending_request"] is not None:
            break
        await asyncio.sleep(0.01)
    assert await one.available() == 8500
    status, body = await one.call("POST", f"{path}/increment", form)
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    status, body = await one.call("POST", f"{path}/increment", form, **key)
    assert (status, body["error"]["code"]) == (409, "idempotency_key_in_use")
    refused = await one.authorize(501)
    assert refused["request_history"][0]["reason"] == "spending_controls"
    answered = await one.done("POST", f"{AUTHORIZATIONS}/{made['id']}/approve")
    assert (answered["amount"], answered["pending_request"]) == (1500, None)
    assert await running == (200, answered)
    assert await one.call("POST", f"{path}/increment", form, **key) == (200, answered)
    assert len(receiver.at("/ask")) == 2
    await check_books(one)


async def test_a_lost_increment_is_timed_out(
    platform: Platform, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the process that asked is gone, the deadline answers."""
    from cardwright.authorizations.real_time import asking

    async def lost(*_: Any) -> Any:
        raise ConnectionError

    one, made = await approved_then(platform, receiver, Step())
    monkeypatch.setattr(asking.Asker, "ask", lost)
    form = {"increment_amount": "500"}
    status, _body = await one.call("POST", f"{HELPERS}/{made['id']}/increment", form)
    assert status == 500
    assert await one.available() == 8500
    for _ in range(100):
        waiting = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
        if waiting["pending_request"] is None:
            break
        await asyncio.sleep(0.1)
    assert waiting["request_history"][-1]["reason"] == "webhook_timeout"
    assert (waiting["amount"], waiting["approved"]) == (1000, True)
    assert await one.available() == 9000
    await check_books(one)


async def test_a_card_canceled_during_an_increment(platform: Platform, receiver: Receiver) -> None:
    """What was approved stays; the increment is declined."""
    step = Step(headers=VERSIONED, body=b'{"approved": true}', wait_seconds=0.5)
    one, made = await approved_then(platform, receiver, step)
    running = asyncio.create_task(increment(one, made, 500))
    for _ in range(100):
        if len(receiver.at("/ask")) == 2:
            break
        await asyncio.sleep(0.01)
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "canceled"})
    grown = await running
    assert (grown["amount"], grown["request_history"][-1]["reason"]) == (1000, "card_canceled")
    await check_books(one)


async def test_increments_ask_nobody_by_default(platform: Platform) -> None:
    """Without a webhook the rules decide, on limits with what was approved before."""
    one = await spender(platform, funds=10_000, card=LIMIT)
    made = await one.authorize(1500)
    assert (await increment(one, made, 500))["amount"] == 2000
    refused = await increment(one, made, 1)
    assert refused["request_history"][-1]["reason"] == "spending_controls"
    whole = {
        "spending_controls[spending_limits][0][amount]": "2000",
        "spending_controls[spending_limits][0][interval]": "per_authorization",
    }
    await one.done("POST", f"/v1/issuing/cards/{one.card}", whole)
    refused = await increment(one, made, 1)
    assert refused["request_history"][-1]["reason"] == "spending_controls"
    status, body = await one.call(
        "POST", f"{HELPERS}/iauth_none/increment", {"increment_amount": "1"}
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")


# Estimates.

PUMP = {"merchant_data[category]": "automated_fuel_dispensers"}


@pytest.mark.parametrize(("final", "available"), [(4000, 6000), (10_000, 0), (12_000, -2000)])
async def test_fuel(platform: Platform, final: int, available: int) -> None:
    """A pump asks for one unit, a hundred are held, the real amount follows, also beyond funds."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(100, **PUMP, is_amount_controllable="true")
    assert (made["amount"], made["merchant_amount"]) == (10_000, 10_000)
    assert await one.available() == 0
    form = {
        "final_amount": str(final),
        "fuel[type]": "diesel",
        "fuel[unit]": "liter",
        "fuel[quantity_decimal]": "25.5",
        "fleet[service_type]": "self_service",
    }
    known = await one.done("POST", f"{HELPERS}/{made['id']}/finalize_amount", form)
    assert (known["amount"], known["merchant_amount"]) == (final, final)
    assert (known["fuel"]["type"], known["fleet"]["service_type"]) == ("diesel", "self_service")
    assert await one.available() == available
    assert (await one.events())[-1] == "issuing_authorization.updated"
    closed = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert [spent["amount"] for spent in closed["transactions"]] == [-final]
    assert await one.available() == 10_000 - final
    status, body = await one.call("POST", f"{HELPERS}/{made['id']}/finalize_amount", form)
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    await check_books(one)


async def test_fuel_beyond_funds_is_declined(platform: Platform) -> None:
    """The rules look at what is going to be held; another amount is not an estimate."""
    one = await spender(platform, funds=9_000)
    refused = await one.authorize(100, **PUMP)
    assert (refused["amount"], refused["request_history"][0]["reason"]) == (
        10_000,
        "insufficient_funds",
    )
    assert (await one.authorize(2000, **PUMP))["amount"] == 2000


async def test_a_part_of_the_fuel(platform: Platform, receiver: Receiver) -> None:
    """Of a hundred the platform may approve a part, where the amount is controllable."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true, "amount": 2500}'))
    made = await one.authorize(100, **PUMP, is_amount_controllable="true")
    assert receiver.at("/ask")[0].json["data"]["object"]["pending_request"]["amount"] == 10_000
    assert (made["amount"], await one.available()) == (2500, 7500)


async def test_finalizing_after_a_part_was_captured(platform: Platform) -> None:
    """What was captured is part of the final amount."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(5000)
    path = f"{HELPERS}/{made['id']}"
    part = {"capture_amount": "2000", "close_authorization": "false"}
    await one.done("POST", f"{path}/capture", part)
    await one.done("POST", f"{path}/finalize_amount", {"final_amount": "3000"})
    assert await one.available() == 7000
    await check_books(one)


# Cash, and inquiries.


async def test_cashback_is_paid_out_already(platform: Platform, receiver: Receiver) -> None:
    """Less than the cashback cannot be approved, by the webhook or by a call."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true, "amount": 999}'))
    cash = {"is_amount_controllable": "true", "amount_details[cashback_amount]": "1000"}
    made = await one.authorize(3000, **cash)
    assert made["request_history"][0]["reason"] == "webhook_error"
    receiver.script["/ask"] = [answer(b'{"approved": true, "amount": 1000}')]
    assert (await one.authorize(3000, **cash))["amount"] == 1000
    receiver.script["/ask"] = [Step(headers=VERSIONED, body=b"{}", wait_seconds=0.5)]
    running = asyncio.create_task(one.authorize(3000, **cash))
    await asyncio.sleep(0.2)
    waiting = await pending(one)
    approve = f"{AUTHORIZATIONS}/{waiting['id']}/approve"
    status, body = await one.call("POST", approve, {"amount": "999"})
    assert (status, body["error"]["param"]) == (400, "amount")
    assert (await one.done("POST", approve, {"amount": "1000"}))["amount"] == 1000
    await running
    form = {"card": one.card, "amount": "10", "amount_details[cashback_amount]": "11"}
    status, body = await one.call("POST", HELPERS, form)
    assert (status, body["error"]["param"]) == (400, "amount_details[cashback_amount]")
    await configured(platform, url="")


async def test_inquiries(platform: Platform) -> None:
    """Who asks for the balance is told it and holds nothing; an eligibility is not there to ask
    for; an account check is an authorization of nothing."""
    one = await spender(platform, funds=5000)
    await one.authorize(2000)
    preview = {"version": "2026-05-27.preview"}
    form = {"card": one.card, "amount": "0", "type": "balance_inquiry"}
    status, made = await one.call("POST", HELPERS, form, **preview)
    assert status == 200, made
    assert (made["approved"], made["status"], made["type"]) == (True, "closed", "balance_inquiry")
    assert made["balance_response"] == {
        "account_type": "default",
        "available_balance": 3000,
        "currency": "gbp",
        "current_balance": 5000,
    }
    form["type"] = "product_eligibility_inquiry"
    _, refused = await one.call("POST", HELPERS, form, **preview)
    assert refused["request_history"][0]["reason"] == "not_allowed"
    status, body = await one.call("POST", HELPERS, form | {"amount": "1"}, **preview)
    assert (status, body["error"]["param"]) == (400, "amount")
    status, body = await one.call("POST", HELPERS, form)
    assert (status, body["error"]["param"]) == (400, "type")
    check = await one.authorize(0)
    assert (check["approved"], check["balance_transactions"]) == (True, [])
    assert "type" not in check
    await check_books(one)

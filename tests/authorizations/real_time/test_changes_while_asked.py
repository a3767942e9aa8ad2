"""While the platform is asked: what is reserved, what may change, and answers that are broken."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.authorizations.real_time.test_asking import answer, asked, pending
from tests.authorizations.test_authorizations import check_books
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import Spender

VERSIONED = {"Stripe-Version": "2026-05-27.dahlia"}


async def restrict_account(one: Spender) -> None:
    """The account loses the capability that its program needs."""
    await one.platform.live.application.database.pool.execute(
        "update account_capabilities set status = 'restricted' where account_id = $1", one.account
    )


async def cancel_card(one: Spender) -> None:
    """The card is canceled."""
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "canceled"})


async def deactivate_cardholder(one: Spender) -> None:
    """The cardholder is inactive."""
    await one.done("POST", f"/v1/issuing/cardholders/{one.holder}", {"status": "inactive"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (restrict_account, "account_disabled"),
        (cancel_card, "card_canceled"),
        (deactivate_cardholder, "cardholder_inactive"),
    ],
)
async def test_what_is_disabled_meanwhile_declines(
    platform: Platform,
    receiver: Receiver,
    change: Callable[[Spender], Awaitable[None]],
    reason: str,
) -> None:
    """Although the platform approves; nothing is left of the reservation."""
    changed = asyncio.Event()
    approval = Step(headers=VERSIONED, body=b'{"approved": true}', until=changed)
    one, _ = await asked(platform, receiver, approval)
    running = asyncio.create_task(one.authorize(3000))
    await pending(one)
    await change(one)
    changed.set()
    made = await running
    assert (made["approved"], made["request_history"][0]["reason"]) == (False, reason)
    assert await one.movements() == [("topup", 10_000)]
    assert await one.available() == 10_000
    await check_books(one)


async def test_limits_and_funds_are_reserved(platform: Platform, receiver: Receiver) -> None:
    """A second payment meets what the first one might spend, which shows nowhere; after a decline
    there is room again."""
    declined = Step(headers=VERSIONED, body=b'{"approved": false}', wait_seconds=0.6)
    one, _ = await asked(platform, receiver, declined)
    limit = {
        "spending_controls[spending_limits][0][amount]": "9000",
        "spending_controls[spending_limits][0][interval]": "all_time",
    }
    await one.done("POST", f"/v1/issuing/cards/{one.card}", limit)
    running = asyncio.create_task(one.authorize(6000))
    await pending(one)
    assert await one.movements() == [("topup", 10_000)]
    assert await one.available() == 4000
    refused = await one.authorize(3001)
    assert refused["request_history"][0]["reason"] == "spending_controls"
    one.card, first = await one.new_card(), one.card
    refused = await one.authorize(4001)
    assert refused["request_history"][0]["reason"] == "insufficient_funds"
    assert not (await running)["approved"]
    assert len(receiver.at("/ask")) == 1, "what is declined already is not asked about"
    one.card = first
    receiver.script["/ask"] = [answer(b'{"approved": true}')]
    assert (await one.authorize(9000))["approved"]
    await check_books(one)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"x":' + b"[" * 50_000,
        b"null",
        b'{"approved": "yes"}',
        b'{"approved": 1}',
        b'{"approved": null}',
        b'{"approved": true',
        b'{"approved": true, "amount": "3000"}',
        b'{"approved": true, "amount": 0}',
        b'{"approved": true, "amount": -1}',
        b'{"approved": true, "amount": 3001}',
        b'{"approved": true, "amount": 2999.5}',
        b'{"approved": true, "metadata": []}',
        b'{"approved": true, "metadata": {"a": 1}}',
        b"\xff\xfe",
        json.dumps({"approved": True, "metadata": {"a": "b" * 100_000}}).encode(),
    ],
)
async def test_malformed_answers(platform: Platform, receiver: Receiver, body: bytes) -> None:
    """Declined with the reason in words, whatever silence means."""
    one, _ = await asked(platform, receiver, answer(body), "approve")
    made = await one.authorize(3000, is_amount_controllable="true")
    [line] = made["request_history"]
    assert (line["approved"], line["reason"]) == (False, "webhook_error")
    assert line["reason_message"]
    assert await one.movements() == [("topup", 10_000)]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(status=302, headers={**VERSIONED, "Location": "/other"}), "webhook_error"),
        (Step(status=201, headers=VERSIONED, body=b'{"approved": true}'), "webhook_error"),
        (Step(status=204, headers=VERSIONED), "webhook_error"),
        (Step(close=True), "webhook_error"),
        (
            Step(headers=VERSIONED, body=b'{"approved": true}', slow_seconds=4),
            "webhook_timeout",
        ),
    ],
)
async def test_broken_receivers(
    platform: Platform, receiver: Receiver, step: Step, reason: str
) -> None:
    """No redirect is followed, no other status counts, half an answer is none in time."""
    one, _ = await asked(platform, receiver, step, "decline")
    made = await one.authorize(3000)
    [line] = made["request_history"]
    assert (line["approved"], line["reason"]) == (False, reason)
    assert receiver.at("/other") == []
    assert await one.available() == 10_000


async def test_the_question_has_everything(platform: Platform, receiver: Receiver) -> None:
    """Every member of ``pending_request``, and nothing decided yet."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true}'))
    await one.authorize(
        3000,
        **{
            "amount_details[cashback_amount]": "500",
            "amount_details[atm_fee]": "20",
            "is_amount_controllable": "true",
            "merchant_amount": "3900",
            "merchant_currency": "usd",
            "risk_assessment[fraud_risk][level]": "elevated",
            "risk_assessment[fraud_risk][score]": "61",
        },
    )
    told: Any = receiver.at("/ask")[0].json["data"]["object"]
    assert told["pending_request"] == {
        "amount": 3000,
        "amount_details": {"atm_fee": 20, "cashback_amount": 500},
        "currency": "gbp",
        "is_amount_controllable": True,
        "merchant_amount": 3900,
        "merchant_currency": "usd",
        "network_risk_score": 61,
    }
    assert (told["amount"], told["approved"], told["status"]) == (0, False, "pending")
    assert told["request_history"] == told["balance_transactions"] == []


WAITING = (
    "select query_start from pg_stat_activity where wait_event_type = 'Lock'"
    " and datname = current_database()"
)


async def test_an_answer_waits_longer_than_for_a_lock(
    platform: Platform, receiver: Receiver
) -> None:
    """Answers of one account that come together wait for its gate; one that waited in vain is
    answered all the same, and the caller hears nothing of it."""
    held = asyncio.Event()
    step = Step(headers=VERSIONED, body=b'{"approved": true}', until=held)
    one, _ = await asked(platform, receiver, step)
    pool = platform.live.application.database.pool
    running = asyncio.create_task(one.authorize(3000))
    await pending(one)
    async with pool.acquire() as connection, connection.transaction(), asyncio.timeout(20):
        gate = "select from gates where account_id = $1 for no key update"
        await connection.execute(gate, one.account)
        held.set()
        waiting: set[Any] = set()
        while len(waiting) < 2:
            waiting |= {row["query_start"] for row in await pool.fetch(WAITING)}
            await asyncio.sleep(0.02)
    made = await running
    assert made["request_history"][0]["reason"] == "webhook_approved"
    await check_books(one)

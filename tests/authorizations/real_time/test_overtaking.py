"""Questions that something else closes first, and answers that come when it is too late."""

import asyncio
import io
from typing import Any

import pytest
from rich.console import Console

from cardwright.authorizations import deadlines
from cardwright.authorizations.model import Authorization
from cardwright.authorizations.real_time import answering
from cardwright.cli.developing.explain import Page
from cardwright.kernel import clock
from cardwright.tenancy import gates, registry
from cardwright.wire import rows
from tests.authorizations.real_time.test_asking import (
    answer,
    answers_of,
    asked,
    configured,
    pending,
)
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.authorizations.test_increments import approved_then
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

VERSIONED = {"Stripe-Version": "2026-05-27.dahlia"}
SLOW = Step(headers=VERSIONED, body=b'{"approved": true}', wait_seconds=0.8)
FORCE = "/v1/test_helpers/issuing/transactions/create_force_capture"


async def increment_asked(one: Spender, made: Any) -> "asyncio.Task[tuple[int, Any]]":
    """An increment of 500 whose question is open."""
    form = {"increment_amount": "500"}
    running = asyncio.create_task(one.call("POST", f"{HELPERS}/{made['id']}/increment", form))
    for _ in range(200):
        waiting = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
        if waiting["pending_request"] is not None:
            return running
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was asked")


@pytest.mark.parametrize(
    ("verb", "form", "status", "amount", "available"),
    [
        ("capture", {}, "closed", 1000, 9000),
        ("capture", {"capture_amount": "300", "close_authorization": "false"}, "pending", 1000, 0),
        ("reverse", {}, "reversed", 0, 10_000),
        ("reverse", {"reverse_amount": "400"}, "pending", 600, 9400),
        ("expire", {}, "expired", 1000, 10_000),
        ("finalize_amount", {"final_amount": "1200"}, "pending", 1200, 8800),
        ("finalize_amount", {"final_amount": "0"}, "reversed", 0, 10_000),
    ],
)
async def test_the_network_does_not_wait(
    platform: Platform,
    receiver: Receiver,
    verb: str,
    form: dict[str, str],
    status: str,
    amount: int,
    available: int,
) -> None:
    """What it does closes the question about more; the answer of the platform is late."""
    one, made = await approved_then(platform, receiver, SLOW)
    running = await increment_asked(one, made)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/{verb}", form)
    assert (done["status"], done["amount"], done["pending_request"]) == (status, amount, None)
    line = done["request_history"][-1]
    assert (line["approved"], line["amount"], line["reason"]) == (False, 500, "webhook_timeout")
    assert "network" in line["reason_message"]
    assert await one.available() == (available or 9000)
    code, told = await running
    assert (code, told["pending_request"]) == (200, None)
    assert (await answers_of(one, made["id"]))[1:] == [
        ("network", "overtaken", False),
        ("webhook", "approved", True),
    ]
    await check_books(one)


async def test_what_is_refused_leaves_the_question_open(
    platform: Platform, receiver: Receiver
) -> None:
    """A reversal of more than is held closes nothing."""
    one, made = await approved_then(platform, receiver, SLOW)
    running = await increment_asked(one, made)
    form = {"reverse_amount": "1001"}
    status, body = await one.call("POST", f"{HELPERS}/{made['id']}/reverse", form)
    assert (status, body["error"]["param"]) == (400, "reverse_amount")
    assert body["error"]["code"] == "amount_too_large"
    _, told = await running
    assert (told["amount"], told["request_history"][-1]["reason"]) == (1500, "webhook_approved")
    await check_books(one)


async def test_a_request_that_is_reversed_before_its_answer(
    platform: Platform, receiver: Receiver
) -> None:
    """It is declined; only a part of it cannot be given up, and nothing can be captured."""
    one, _ = await asked(platform, receiver, SLOW)
    running = asyncio.create_task(one.authorize(3000))
    waiting = await pending(one)
    path = f"{HELPERS}/{waiting['id']}"
    for verb, form in (
        ("reverse", {"reverse_amount": "5"}),
        ("capture", {"capture_amount": "5"}),
        ("expire", {}),
    ):
        status, body = await one.call("POST", f"{path}/{verb}", form)
        assert (status, body["error"]["type"]) == (400, "invalid_request_error"), verb
    done = await one.done("POST", f"{path}/reverse")
    assert (done["approved"], done["status"], done["amount"]) == (False, "closed", 3000)
    assert done["request_history"][0]["reason"] == "webhook_timeout"
    assert await running == done
    assert await one.available() == 10_000
    assert [late for _, _, late in await answers_of(one, done["id"])] == [False, True]
    told = await one.done("GET", f"{AUTHORIZATIONS}/{done['id']}/explain")
    printed = io.StringIO()
    async with registry.transaction(platform.live.application.database, one.account) as tx:
        found = await rows.get(tx, Authorization, done["id"])
    Page(Console(file=printed, width=200), told, found).show()
    assert "did not answer before the network went on" in printed.getvalue()
    await check_books(one)


@pytest.mark.parametrize("more", [False, True])
async def test_what_comes_after_the_answer_is_not_told(
    platform: Platform, receiver: Receiver, more: bool
) -> None:
    """A call answers the question and the network goes on; the request is told what was decided,
    and a repeat of it the same."""
    one, made = await approved_then(platform, receiver, SLOW)
    path, form = HELPERS, {"card": one.card, "amount": "3000"}
    if more:
        path, form = f"{HELPERS}/{made['id']}/increment", {"increment_amount": "500"}
    running = asyncio.create_task(one.call("POST", path, form, idempotency_key="once"))
    for _ in range(200):
        waiting = (await one.done("GET", AUTHORIZATIONS))["data"][0]
        if waiting["pending_request"] is not None:
            break
        await asyncio.sleep(0.01)
    answered = await one.done("POST", f"{AUTHORIZATIONS}/{waiting['id']}/approve")
    await one.done("POST", f"{HELPERS}/{waiting['id']}/reverse")
    assert await running == (200, answered)
    assert await one.call("POST", path, form, idempotency_key="once") == (200, answered)


@pytest.mark.parametrize("key", [None, "late"])
async def test_calls_that_come_late_are_on_record(
    platform: Platform, receiver: Receiver, key: str | None
) -> None:
    """They are refused, and shown with the other answers; under one key they are recorded once."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": false}'))
    made = await one.authorize(3000)
    path = f"{AUTHORIZATIONS}/{made['id']}"
    for _ in range(2):
        status, body = await one.call("POST", f"{path}/approve", idempotency_key=key)
        assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    late = ("api", "approved", True)
    expected = [("webhook", "declined", False), late, *([late] if key is None else [])]
    assert await answers_of(one, made["id"]) == expected
    told = await one.done("GET", f"{path}/explain")
    assert [said["late"] for said in told["answers"]] == [late for _, _, late in expected]
    assert await one.done("GET", path) == made


async def test_calls_without_a_question_are_not_on_record(
    platform: Platform, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was asked, or so long ago that no answer is waited for."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(3000)
    status, _ = await one.call("POST", f"{AUTHORIZATIONS}/{made['id']}/decline")
    assert (status, await answers_of(one, made["id"])) == (400, [])
    await configured(platform, url=receiver.url("/ask"))
    receiver.script["/ask"] = [answer(b'{"approved": true}')]
    made = await one.authorize(3000)
    monkeypatch.setattr(answering, "LATE_MS", -1)
    status, _ = await one.call("POST", f"{AUTHORIZATIONS}/{made['id']}/decline")
    assert status == 400
    assert await answers_of(one, made["id"]) == [("webhook", "approved", False)]


async def test_what_is_captured_meanwhile_takes_no_reservation(
    platform: Platform, receiver: Receiver
) -> None:
    """A capture that nobody authorized takes the balance below zero; the approval holds anyway."""
    one, _ = await asked(platform, receiver, SLOW)
    running = asyncio.create_task(one.authorize(6000))
    await pending(one)
    await one.done("POST", FORCE, {"card": one.card, "amount": "9000"})
    made = await running
    assert (made["approved"], made["request_history"][0]["reason"]) == (True, "webhook_approved")
    assert await one.available() == -5000
    await check_books(one)


@pytest.mark.parametrize("asks", [False, True])
async def test_account_checks_are_over_at_once(
    platform: Platform, receiver: Receiver, asks: bool
) -> None:
    """They hold nothing that could be captured, reversed or expire."""
    if asks:
        one, _ = await asked(platform, receiver, answer(b'{"approved": true}'))
    else:
        one = await spender(platform, funds=10_000)
    made = await one.authorize(0)
    assert (made["approved"], made["status"], made["balance_transactions"]) == (True, "closed", [])
    for verb in ("reverse", "expire"):
        status, _ = await one.call("POST", f"{HELPERS}/{made['id']}/{verb}")
        assert status == 400
    await check_books(one)


async def test_metadata_of_an_answer(platform: Platform, receiver: Receiver) -> None:
    """It is merged as an update would be: empty values delete, more than there may be is an
    error."""
    slow = Step(
        headers=VERSIONED,
        body=b'{"approved": true, "metadata": {"a": "", "c": "3"}}',
        wait_seconds=0.8,
    )
    one, _ = await asked(platform, receiver, slow)
    running = asyncio.create_task(one.authorize(3000))
    path = f"{AUTHORIZATIONS}/{(await pending(one))['id']}"
    await one.done("POST", path, {"metadata[a]": "1", "metadata[b]": "2"})
    assert (await running)["metadata"] == {"b": "2", "c": "3"}
    receiver.script["/ask"] = [slow]
    running = asyncio.create_task(one.authorize(3000))
    for _ in range(200):
        waiting = (await one.done("GET", AUTHORIZATIONS))["data"][0]
        if waiting["pending_request"] is not None:
            break
        await asyncio.sleep(0.01)
    path = f"{AUTHORIZATIONS}/{waiting['id']}"
    await one.done("POST", path, {f"metadata[{number}]": "1" for number in range(50)})
    status, body = await one.call("POST", f"{path}/approve", {"metadata[d]": "1"})
    assert (status, body["error"]["param"]) == (400, "metadata")
    made = await running
    [line] = made["request_history"]
    assert (line["approved"], line["reason"]) == (False, "webhook_error")
    assert len(made["metadata"]) == 50
    await check_books(one)


async def test_a_hold_that_was_asked_for_in_the_hour_before(
    platform: Platform, receiver: Receiver
) -> None:
    """It expires, although its deadline was set when the answer came."""
    one, _ = await asked(platform, receiver, SLOW)
    running = asyncio.create_task(one.authorize(3000))
    waiting = await pending(one)
    pool = platform.live.application.database.pool
    earlier = waiting["created"] - 3600
    await pool.execute(
        "update authorizations set created = $3 where account_id = $1 and id = $2",
        *(one.account, waiting["id"], earlier),
    )
    await running
    subjects = await pool.fetch(
        "select subject from deadlines where account_id = $1 and kind = 'authorization.expire'",
        one.account,
    )
    assert [row["subject"] for row in subjects] == [f"7:{earlier // 3600}"]
    async with registry.transaction(platform.live.application.database, one.account) as tx:
        tx.now_ms += 7 * clock.DAY_MS
        await gates.lock(tx, one.account)
        await deadlines.expire_holds(tx, subjects[0]["subject"])
    made = await one.done("GET", f"{AUTHORIZATIONS}/{waiting['id']}")
    assert made["status"] == "expired"

"""Where the platform is asked: its own address, a destination that names the question, a start."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import stripe
from aiohttp import web

from cardwright.authorizations.lane import batch
from cardwright.authorizations.real_time.authorization_webhook import PATH
from cardwright.events import destinations
from tests.authorizations.real_time.test_asking import answer, configured
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.support import processes
from tests.support.operator import command, platform_of
from tests.support.receiver import Receiver
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

ASKED = ("enabled_events[]", "issuing_authorization.request")
APPROVAL = answer(b'{"approved": true}')


async def endpoint(platform: Platform, url: str, *form: tuple[str, str]) -> Any:
    """A webhook endpoint of the platform."""
    given = [("url", url), ("connect", "true"), *form]
    status, body = await platform.call("POST", "/v1/webhook_endpoints", form=given)
    assert status == 200, body
    return body


async def reason(one: Spender) -> str:
    """The reason of a payment of one."""
    made = await one.authorize(1)
    return str(made["request_history"][0]["reason"])


def test_a_batch_finds_the_same_destination() -> None:
    """Two statements look for the destination that names the question, in the same words."""
    alone = destinations.QUERIES.statements["destination_naming"]
    assert alone.parameters == ("account_id", "name")
    words = alone.sql.replace("$1", "tenant.platform_id").replace("$2", f"'{ASKED[1]}'")
    among_others = batch.QUERIES.statements["load_attempts"].sql
    assert " ".join(words.split()) in " ".join(among_others.split())


async def test_the_endpoint_that_names_the_question(platform: Platform, receiver: Receiver) -> None:
    """It is asked in its version, signed with its secret; '*' does not count, a disabled one
    neither, and the platform's own address comes first."""
    one = await spender(platform, funds=10_000)
    await endpoint(platform, receiver.url("/all"), ("enabled_events[]", "*"))
    assert await reason(one) == "card_active"
    version = ("api_version", "2024-06-20")
    made = await endpoint(platform, receiver.url("/named"), ASKED, version)
    receiver.script["/named"] = [APPROVAL]
    assert await reason(one) == "webhook_approved"
    questions = [request for request in receiver.at("/named") if request.json["type"] == ASKED[1]]
    [question] = questions
    event = stripe.Webhook.construct_event(question.body, question.signature, made["secret"])
    assert (event.api_version, event.account) == ("2024-06-20", one.account)
    assert event.data.object["pending_request"]["amount"] == 1
    assert "program" not in event.data.object["card"], "previews are for preview versions"
    assert all(request.json["type"] != ASKED[1] for request in receiver.at("/all"))
    await configured(platform, url=receiver.url("/own"))
    receiver.script["/own"] = [APPROVAL]
    assert await reason(one) == "webhook_approved"
    assert len(receiver.at("/own")) == 1
    await configured(platform, url="")
    path = f"/v1/webhook_endpoints/{made['id']}"
    assert (await platform.call("POST", path, form={"disabled": "true"}))[0] == 200
    assert await reason(one) == "card_active"


async def test_an_endpoint_that_is_deleted_before_it_is_asked(
    platform: Platform, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is on its way already: the payment is declined, and says why."""
    one = await spender(platform, funds=10_000)
    made = await endpoint(platform, receiver.url("/named"), ASKED)
    found = destinations.secrets_of

    async def deleted(*args: Any, **named: Any) -> list[str]:
        await platform.call("DELETE", f"/v1/webhook_endpoints/{made['id']}")
        return await found(*args, **named)

    monkeypatch.setattr(destinations, "secrets_of", deleted)
    [line] = (await one.authorize(1))["request_history"]
    assert (line["reason"], line["approved"]) == ("webhook_error", False)
    assert "deleted" in line["reason_message"]
    assert not receiver.received
    await check_books(one)


async def test_a_destination_that_names_the_question(
    platform: Platform, receiver: Receiver
) -> None:
    """An event destination with snapshots, also about increments."""
    one = await spender(platform, funds=10_000)
    body = {
        "name": "Questions",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": receiver.url("/destination")},
        "event_payload": "snapshot",
        "enabled_events": [ASKED[1]],
        "events_from": ["@accounts"],
    }
    status, made = await platform.call(
        "POST", "/v2/core/event_destinations", json=body, version="2025-09-30.preview"
    )
    assert status == 200, made
    receiver.script["/destination"] = [APPROVAL, answer(b'{"approved": false}')]
    held = await one.authorize(100)
    assert held["request_history"][0]["reason"] == "webhook_approved"
    grown = await one.done("POST", f"{HELPERS}/{held['id']}/increment", {"increment_amount": "5"})
    assert grown["request_history"][1]["reason"] == "webhook_declined"


@pytest.fixture
async def caller() -> AsyncIterator[Any]:
    """A receiver that runs what a test tells it while it answers."""

    class Caller:
        base = ""
        work: Any = None

    made = Caller()

    async def handle(request: web.Request) -> web.Response:
        object_ = (await request.json())["data"]["object"]
        return web.json_response(
            await made.work(object_), headers={"Stripe-Version": "2026-05-27.dahlia"}
        )

    application = web.Application()
    application.router.add_post("/ask", handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    made.base = f"http://{host}:{port}/ask"
    yield made
    await runner.cleanup()


async def test_the_receiver_calls_us_while_it_answers(platform: Platform, caller: Any) -> None:
    """It reads and changes the authorization, its card, and pays with another: nothing waits for
    the answer, and metadata of both is kept."""
    one = await spender(platform, funds=10_000)
    second = await one.new_card()
    await configured(platform, url=caller.base)

    async def work(asked: Any) -> dict[str, Any]:
        if asked["pending_request"]["amount"] == 7:
            return {"approved": True}
        path = f"{AUTHORIZATIONS}/{asked['id']}"
        assert (await one.done("GET", path))["pending_request"]["amount"] == 3000
        await one.done("POST", path, {"metadata[from]": "call"})
        await one.done("POST", f"/v1/issuing/cards/{one.card}", {"metadata[seen]": "yes"})
        paid = await one.done("POST", HELPERS, {"card": second, "amount": "7"})
        assert paid["approved"]
        return {"approved": True, "metadata": {"order": "6735"}}

    caller.work = work
    made = await one.authorize(3000)
    assert made["request_history"][0]["reason"] == "webhook_approved"
    assert made["metadata"] == {"from": "call", "order": "6735"}
    assert made["card"]["metadata"] == {"seen": "yes"}
    assert await one.available() == 6993
    await check_books(one)


async def test_the_receiver_decides_twice(platform: Platform, caller: Any) -> None:
    """A call while it answers wins over what it answers then."""
    one = await spender(platform, funds=10_000)
    await configured(platform, url=caller.base, on_silence="approve")

    async def work(asked: Any) -> dict[str, Any]:
        await one.done("POST", f"{AUTHORIZATIONS}/{asked['id']}/decline", {"metadata[by]": "call"})
        return {"approved": True, "metadata": {"by": "answer"}}

    caller.work = work
    made = await one.authorize(3000)
    assert (made["approved"], made["metadata"]) == (False, {"by": "call"})
    told = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}/explain")
    assert [(said["source"], said["verdict"], said["late"]) for said in told["answers"]] == [
        ("api", "declined", False),
        ("webhook", "approved", True),
    ]
    assert await one.available() == 10_000


# A server that is told at its start, and commands beside it.


async def test_told_at_the_start(data: Path, receiver: Receiver) -> None:
    """Address, default and secret from the environment; then the commands of an operator."""
    secret = "whsec_" + "a" * 32
    server = await processes.start(
        data,
        CARDWRIGHT_AUTHORIZATION_WEBHOOK_URL=receiver.url("/ask"),
        CARDWRIGHT_AUTHORIZATION_WEBHOOK_TIMEOUT_DEFAULT="approve",
        CARDWRIGHT_AUTHORIZATION_WEBHOOK_SECRET=secret,
    )
    try:
        async with platform_of(server) as platform:
            setting = (await platform.call("GET", PATH))[1]
            assert (setting["url"], setting["on_silence"]) == (receiver.url("/ask"), "approve")
            one = await spender(platform, funds=10_000)
            receiver.script["/ask"] = [answer(b'{"approved": false}')]
            made = await one.authorize(3000)
            [question] = receiver.at("/ask")
            stripe.Webhook.construct_event(question.body, question.signature, secret)
            assert made["request_history"][0]["reason"] == "webhook_declined"
            await commands(data, one, made["id"])
    finally:
        server.stop()


async def commands(data: Path, one: Spender, authorization: str) -> None:
    """Explain, settings, challenges and decisions of the network on the command line."""

    async def said(*words: str) -> str:
        return " ".join((await asyncio.to_thread(command, data, *words)).split())

    told = await said("explain", authorization)
    for words in ("30.00 GBP at Rocket Rides: declined", "card limits", "/ask declined after"):
        assert words in told, told
    assert "There is no authorization" in await said("explain", "iauth_none")
    changed = await said("authorizations", "settings", "--fraud-challenges")
    assert "fraud challenges: sent" in changed
    risky = {"risk_assessment[fraud_risk][level]": "highest"}
    made = await one.authorize(100, **risky)
    listed = await said("authorizations", "challenges")
    assert made["id"] in listed
    assert "Did you try to pay 1.00 GBP at Rocket Rides?" in listed
    done = await said("authorizations", "respond", made["id"], "--confirmed")
    assert done == f"{made['id']} verified"
    refused = await said("authorizations", "respond", made["id"], "--denied")
    assert "no fraud challenge that is pending" in refused
    assert await said("authorizations", "challenges") == "No fraud challenge waits for an answer."
    decided = await said(
        *("authorizations", "network-decision", one.account, one.card, "500", "--approved"),
        *("--category", "bakeries", "--network-id", "77"),
    )
    assert "approved network_fallback" in decided
    told = await said("explain", decided.split()[0])
    assert "The card network decided in our place" in told
    assert "issuing available -5.00 GBP" in told
    refused = await said(
        *("authorizations", "network-decision", one.account, one.card, "500", "--approved"),
        *("--category", "bakery", "--network-id", "77"),
    )
    assert "refused" in refused

"""The official command line against this server, its binary unchanged."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from cardwright.roles.provisioning import create_platform
from tests.support.official_cli import OfficialCommandLine
from tests.support.receiver import Receiver, Step
from tests.support.server import Live, Platform
from tests.support.spending import Spender, spender

US: dict[str, Any] = {"offering": "us_spend_card", "currency": "usd"}


@pytest.fixture
def cli(platform: Platform, tmp_path: Path) -> OfficialCommandLine:
    """The official command line of the test's platform."""
    return OfficialCommandLine(platform, tmp_path)


async def test_resource_commands(cli: OfficialCommandLine) -> None:
    one = await spender(cli.platform)
    on_account = ("--stripe-account", one.account)
    made = json.loads(
        await cli.run(
            *("issuing", "cards", "create", "--currency", "gbp", "--type", "virtual"),
            *("--cardholder", one.holder, "-d", "metadata[order_id]=6735", *on_account),
        )
    )
    assert (made["object"], made["metadata"]) == ("issuing.card", {"order_id": "6735"})
    listed = json.loads(await cli.run("issuing", "cards", "list", "--limit", "1", *on_account))
    assert [card["id"] for card in listed["data"]] == [made["id"]]
    path = f"/v1/issuing/cards/{made['id']}"
    assert json.loads(await cli.run("get", path, *on_account)) == made
    update = ("issuing", "cards", "update", made["id"], "--status", "active")
    assert json.loads(await cli.run(*update, *on_account))["status"] == "active"
    refused = json.loads(await cli.run("get", path))
    assert refused["error"]["code"] == "resource_missing"


TRIGGERED = [
    ("issuing_authorization.request", "issuing_authorization.created"),
    ("issuing_card.created", "issuing_card.created"),
    ("issuing_cardholder.created", "issuing_cardholder.created"),
    ("issuing_transaction.created", "issuing_transaction.created"),
    # Its fixture captures with a receipt at once.
    (
        "issuing_transaction.purchase_details_receipt_updated",
        "issuing_transaction.purchase_details_receipt_updated",
    ),
    ("issuing_transaction.updated", "issuing_transaction.updated"),
]


@pytest.mark.parametrize(("event", "made"), TRIGGERED)
async def test_triggers(cli: OfficialCommandLine, event: str, made: str) -> None:
    one = await spender(cli.platform, funds=10_000, **US)
    before = (await one.events()).count(made)
    printed = await cli.run("trigger", event, "--stripe-account", one.account)
    assert "Trigger succeeded" in printed
    assert (await one.events()).count(made) == before + 1


@pytest.mark.parametrize(("event", "made"), TRIGGERED)
async def test_triggers_on_the_key_s_own_account(
    live: Live, tmp_path: Path, event: str, made: str
) -> None:
    platform = Platform(live, await create_platform(live.application.database, country="US"))
    fund = {"amount": "10000", "currency": "usd"}
    status, _ = await platform.call("POST", "/v1/test_helpers/issuing/fund_balance", form=fund)
    assert status == 200
    printed = await OfficialCommandLine(platform, tmp_path).run("trigger", event)
    assert "Trigger succeeded" in printed
    _, listed = await platform.call("GET", f"/v1/events?type={made}")
    assert len(listed["data"]) == 1


@pytest.mark.parametrize("region", ["eu", "gb"])
@pytest.mark.parametrize(
    "event",
    ["issuing_authorization.request", "issuing_card.created", "issuing_cardholder.created"],
)
async def test_triggers_of_other_regions(cli: OfficialCommandLine, event: str, region: str) -> None:
    currency = {"eu": "eur", "gb": "gbp"}[region]
    one = await spender(cli.platform, offering=f"{region}_charge_card", currency=currency)
    printed = await cli.run("trigger", f"{event}.{region}", "--stripe-account", one.account)
    assert "Trigger succeeded" in printed


async def test_listening_to_snapshots(cli: OfficialCommandLine, receiver: Receiver) -> None:
    secret = (await cli.run("listen", "--print-secret")).strip()
    listen = ("listen", "--all-snapshot", "--skip-update", "--forward-to", receiver.url())
    async with cli.running(*listen) as listening:
        await listening.wait_for(f"signing secret is {secret}")
        one = await spender(cli.platform)
        request = await receiver.wait_until(
            lambda came: came.json["type"] == "issuing_card.created"
        )
        event = stripe.Webhook.construct_event(request.body, request.signature, secret)
        assert event.account == one.account
        assert event.data.object["id"] == one.card
        await listening.wait_for(rf"<--  \[200\] POST {receiver.url()} \[{event.id}\]")
        assert await answers(cli.platform, event.id) == [(200, receiver.url())]


async def test_the_latest_version(cli: OfficialCommandLine, receiver: Receiver) -> None:
    """The flag is known to the command line alone: it is sent either rendering."""
    listen = ("listen", "--all-snapshot", "--skip-update", "--latest")
    async with cli.running(*listen, "--forward-to", receiver.url()):
        one = await spender(cli.platform)
        request = await receiver.wait_until(
            lambda came: came.json["type"] == "issuing_card.created"
        )
        assert request.json["data"]["object"]["id"] == one.card
    ids = [came.json["id"] for came in receiver.at("/hook")]
    assert len(ids) == len(set(ids))


async def test_listening_to_thin_events(cli: OfficialCommandLine, receiver: Receiver) -> None:
    listen = ("listen", "--all-thin", "--skip-update", "--forward-to", receiver.url())
    async with cli.running(*listen) as listening:
        ready = await listening.wait_for(r"signing secret is (\w+)")
        one = await spender(cli.platform)
        request = await receiver.wait_until(
            lambda came: came.json["type"] == "v1.issuing_card.created"
        )
        client = cli.platform.sdk
        event = client.parse_event_notification(
            request.body.decode(), request.signature, ready.group(1)
        )
        assert event.related_object is not None  # type: ignore[union-attr]
        assert request.json["context"] == one.account
        await receiver.wait_until(lambda came: came.json["type"] == "v2.core.account.created")
        await listening.wait_for(rf"<--  \[200\] POST {receiver.url()} \[{event.id}\]")
        assert await answers(cli.platform, event.id) == [(200, receiver.url())]


async def test_sending_an_event_again(cli: OfficialCommandLine, receiver: Receiver) -> None:
    receiver.script["/hook"] = [Step(status=500)]
    listen = ("listen", "--events", "topup.created", "--skip-update")
    async with cli.running(*listen, "--forward-to", receiver.url()) as listening:
        one = await spender(cli.platform)
        await one.done("POST", "/v1/topups", {"amount": "500", "currency": "gbp"})
        [request] = await receiver.wait_for(1)
        await listening.wait_for(r"\[500\]")
        event_id = request.json["id"]
        again = json.loads(await cli.run("events", "resend", event_id))
        assert again["id"] == event_id
        requests = await receiver.wait_for(2)
        assert {came.json["id"] for came in requests} == {event_id}
        await listening.wait_for(r"\[200\]")
        tried = await answers(cli.platform, event_id, 2)
        assert [status for status, _ in tried] == [500, 200]


async def test_answering_a_card_payment(cli: OfficialCommandLine, receiver: Receiver) -> None:
    one = await spender(cli.platform, funds=10_000, **US)
    listen = ("listen", "--all-snapshot", "--skip-update", "--forward-to", receiver.url())
    async with cli.running(*listen) as listening:
        answer = Step(headers={"Stripe-Version": "2025-03-31.basil"}, body=b'{"approved": false}')
        # The trigger makes a cardholder and a card, too.
        receiver.script["/hook"] = [answer] * 10
        printed = await cli.run(
            "trigger", "issuing_authorization.request", "--stripe-account", one.account
        )
        assert "Trigger succeeded" in printed
        await listening.wait_for(r"--> connect issuing_authorization.request")
        assert await reasons(one) == ["webhook_declined"]
        receiver.script["/hook"] = []
        # Whoever answers other events with 200 has said nothing of this payment.
        await one.authorize(100)
        assert (await reasons(one))[0] == "card_active"
    await one.authorize(100)
    assert (await reasons(one))[0] == "card_active"


async def test_requests_as_they_are_answered(cli: OfficialCommandLine) -> None:
    async with (
        cli.running("logs", "tail") as everything,
        cli.running("logs", "tail", "--filter-status-code-type", "4XX") as failed,
        cli.running(*("logs", "tail", "--filter-http-method", "GET", "--format", "JSON")) as reads,
    ):
        await cli.platform.call("POST", "/v1/accounts", form={"type": "custom"})
        await cli.platform.call("GET", "/v1/issuing/cards/ic_none")
        await everything.wait_for(r"\[200\] POST /v1/accounts \[req_\w+\]")
        await failed.wait_for(r"\[404\] GET /v1/issuing/cards/ic_none \[req_\w+\]")
        await failed.wait_for("Message: No such card")
        await reads.wait_for('"url": ?"/v1/issuing/cards/ic_none"')
    assert not any("/v1/accounts" in line for line in failed.lines + reads.lines)


async def reasons(one: Spender) -> list[str]:
    """Why the account's authorizations were decided as they were, the newest first."""
    listed = await one.done("GET", "/v1/issuing/authorizations?limit=10")
    return [made["request_history"][-1]["reason"] for made in listed["data"]]


async def answers(platform: Platform, event_id: str, count: int = 1) -> list[tuple[int, str]]:
    """The status and the address of the tries to deliver an event: the command line prints an
    answer before it sends it."""
    for _ in range(200):
        status, body = await platform.call("GET", f"/_cardwright/events/{event_id}/attempts")
        assert status == 200, body
        if len(body["data"]) >= count:
            break
        await asyncio.sleep(0.02)
    return [(tried["response"]["status"], tried["request"]["url"]) for tried in body["data"]]

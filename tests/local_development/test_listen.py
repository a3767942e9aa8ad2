"""``cardwright listen`` and ``cardwright logs tail``: the other end of a session."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import stripe

from cardwright.cli.developing import listen
from cardwright.cli.developing.logs import line
from cardwright.cli.starting.serve import temporary_directory
from cardwright.kernel import clock, ids
from cardwright.local_development import client, connections, forwarding, sessions
from cardwright.local_development.client import Client, RefusedError, Server
from cardwright.local_development.hub import Hub
from cardwright.tenancy import registry
from tests.support.processes import CARDWRIGHT, VARIABLES, Process, start
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import spender

SESSIONS = "/v1/stripecli/sessions"


class Desk:
    """What the command would print, and the session it has."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.sessions: list[dict[str, Any]] = []
        self.lost: list[str] = []

    async def until(self, pattern: str) -> None:
        """Wait for a line."""
        for _ in range(500):
            if any(re.search(pattern, line) for line in self.lines):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{pattern!r} did not come: {self.lines}")


@asynccontextmanager
async def listening(
    platform: Platform, url: str | None, *names: str, thin: bool = False
) -> AsyncIterator[Desk]:
    """The command, listening."""
    desk = Desk()
    async with aiohttp.ClientSession() as http:
        running = Client(
            http,
            Server(platform.base, platform.keys.secret),
            listen.wanted(url, list(names), thin=thin),
            ready=desk.sessions.append,
            lost=desk.lost.append,
            take=forwarding.Forwarder(http, url, desk.lines.append).take,
        )
        task = asyncio.create_task(running.run())
        for _ in range(500):
            if desk.sessions:
                break
            await asyncio.sleep(0.01)
        # Present from the first event on.
        await asyncio.sleep(0.1)
        try:
            yield desk
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def attempts(platform: Platform, event_id: str) -> list[tuple[int | None, str | None]]:
    """Status or failure of the tries to deliver an event."""
    status, body = await platform.call("GET", f"/_cardwright/events/{event_id}/attempts")
    assert status == 200, body
    return [((tried["response"] or {}).get("status"), tried["failure"]) for tried in body["data"]]


async def test_events_are_printed_and_passed_on(platform: Platform, receiver: Receiver) -> None:
    receiver.script["/hook"] = [Step(status=404)]
    async with listening(platform, receiver.url(), "issuing_card.created") as desk:
        one = await spender(platform)
        [request] = await receiver.wait_for(1)
        secret = desk.sessions[0]["secret"]
        event = stripe.Webhook.construct_event(request.body, request.signature, secret)
        assert (event.type, event.account) == ("issuing_card.created", one.account)
        await desk.until(rf"--> issuing_card.created \[{event.id}\] {one.account}")
        await desk.until(rf"<-- \[404\] POST {receiver.url()} \[{event.id}\] {one.account} \d+ ms")
    assert await attempts(platform, event.id) == [(404, None)]
    # Of the account's many events this is the only one that was asked for.
    assert len(receiver.received) == 1


async def test_without_names_each_event_comes_once(platform: Platform, receiver: Receiver) -> None:
    async with listening(platform, receiver.url()) as desk:
        await spender(platform)
        await desk.until("issuing_card.created")
        await desk.until(r"v2\.core\.account\.created")
        await asyncio.sleep(0.3)
        printed = [line for line in desk.lines if "-->" in line]
        names = [re.sub(".*\\[evt_(test_)?(\\w+)\\].*", "\\2", line) for line in printed]
    assert len(names) == len(set(names)) > 5
    assert not any(" v1." in line for line in printed)


async def test_all_as_thin_events(platform: Platform, receiver: Receiver) -> None:
    async with listening(platform, receiver.url(), thin=True) as desk:
        await spender(platform)
        await desk.until(r"v1\.issuing_card\.created")
        await desk.until(r"v2\.core\.account\.created")
        await desk.until(r"<-- \[200\]")
    assert not any("--> issuing" in line for line in desk.lines)


async def test_a_receiver_that_is_not_there(platform: Platform) -> None:
    async with listening(platform, "http://127.0.0.1:9/hook", "topup.created") as desk:
        one = await spender(platform, funds=100)
        await one.done("POST", "/v1/topups", {"amount": "5", "currency": "gbp"})
        await desk.until(r"<-- \[ERROR\] POST http://127.0.0.1:9/hook")


async def test_only_looking_counts_as_taken(platform: Platform) -> None:
    async with listening(platform, None, "issuing_card.created") as desk:
        await spender(platform)
        await desk.until("--> issuing_card.created")
        event_id = re.search(r"\[(evt_\w+)\]", desk.lines[0])
        assert event_id is not None
        for _ in range(200):
            tried = await attempts(platform, event_id.group(1))
            if tried:
                break
            await asyncio.sleep(0.02)
    assert tried == [(None, "taken, and not answered")]


async def test_who_does_not_answer_is_not_waited_for(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    monkeypatch.setattr(connections, "UNANSWERED_SECONDS", 0.2)
    receiver.script["/hook"] = [Step(wait_seconds=3)]
    async with listening(platform, receiver.url(), "issuing_card.created"):
        await spender(platform)
        [request] = await receiver.wait_for(1)
        for _ in range(200):
            tried = await attempts(platform, request.json["id"])
            if tried:
                break
            await asyncio.sleep(0.02)
    assert tried == [(None, "taken, and not answered")]


async def test_what_was_not_received_is_pushed_to_the_next_connection(platform: Platform) -> None:
    """A connection that ends before it acknowledged has taken nothing."""
    form = [("websocket_features[]", "webhooks"), ("device_name", "desk")]
    status, session = await platform.call("POST", SESSIONS, form=form)
    assert status == 200, session
    headers = {"Websocket-Id": session["websocket_id"]}
    url = session["websocket_url"]
    seen: list[str] = []
    for _ in range(2):
        async with platform.live.http.ws_connect(url, headers=headers) as socket:
            await asyncio.sleep(0.2)
            if not seen:
                topup = {"amount": "500", "currency": "usd"}
                await platform.call("POST", "/v1/topups", form=topup)
            frame = await socket.receive_json(timeout=5)
            seen.append(frame["event_payload"])
    assert seen[0] == seen[1]


@pytest.mark.calendar
async def test_nothing_is_left_of_who_stopped_listening(platform: Platform) -> None:
    database, account_id = platform.live.application.database, platform.keys.account_id
    async with listening(platform, None):
        pass
    later = clock.machine_ms() + 3600_000
    pool = database.pool
    sessions_of = "select until_ms from listening_sessions where account_id = $1"
    assert [row["until_ms"] < later for row in await pool.fetch(sessions_of, account_id)]
    await pool.execute(
        "update listening_sessions set until_ms = 0 where account_id = $1", account_id
    )
    await platform.live.application.part(Hub).work()
    assert await pool.fetch(sessions_of, account_id) == []
    async with registry.transaction(database, account_id) as tx:
        tx.emit("balance.available", {"object": "balance"})
    flags = "select event_id from events_pending where account_id = $1"
    assert await pool.fetch(flags, account_id) == []


@pytest.mark.parametrize("name", ["", "nonsense", "AAAA", "\u00e9"])
async def test_an_unknown_session_is_refused(platform: Platform, name: str) -> None:
    url = platform.base + sessions.SOCKET_PATH
    headers = {
        "Websocket-Id": name.encode("utf-8").decode("latin-1"),
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    async with platform.live.http.get(url, headers=headers) as response:
        body = await response.json()
    assert (response.status, body["error"]["message"]) == (401, "Unknown WebSocket ID.")


async def test_a_session_that_has_ended_is_begun_anew(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LIFETIME_MS", -1)
    monkeypatch.setattr(client, "AGAIN_SECONDS", 0.01)
    async with aiohttp.ClientSession() as http:
        ready: list[dict[str, Any]] = []
        running = Client(
            http,
            Server(platform.base, platform.keys.secret),
            listen.wanted(None, [], thin=False),
            ready=ready.append,
            lost=print,
            take=forwarding.Forwarder(http, None, print).take,
        )
        task = asyncio.create_task(running.run())
        await asyncio.sleep(0.2)
        assert not ready
        monkeypatch.setattr(sessions, "LIFETIME_MS", 60_000)
        for _ in range(200):
            if ready:
                break
            await asyncio.sleep(0.02)
        task.cancel()
    assert ready


async def test_the_secret_belongs_to_account_and_device(platform: Platform) -> None:
    async def secret(device: str, account: str | None = None) -> str:
        form = [("websocket_features[]", "webhooks"), ("device_name", device)]
        status, body = await platform.call("POST", SESSIONS, form=form, account=account)
        assert status == 200, body
        found: str = body["secret"]
        return found

    one = await spender(platform)
    assert await secret("a") == await secret("a")
    assert len({await secret("a"), await secret("b"), await secret("a", one.account)}) == 3


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({}, "websocket_features"),
        ({"websocket_features[]": "nonsense"}, "websocket_features[0]"),
        ({"websocket_features[]": "webhooks", "events[]": "nonsense"}, "events"),
        ({"websocket_features[]": "v2_events", "thin_events[]": "topup.created"}, "thin_events"),
        ({"websocket_features[]": "request_logs", "filters": "["}, "filters"),
        (
            {"websocket_features[]": "request_logs", "filters": '{"x":' + "[" * 100_000},
            "filters",
        ),
    ],
)
async def test_sessions_that_make_no_sense(
    platform: Platform, form: dict[str, str], param: str
) -> None:
    status, body = await platform.call("POST", SESSIONS, form=form)
    assert (status, body["error"]["param"]) == (400, param)


async def test_a_refused_session_ends_the_command(platform: Platform) -> None:
    async with aiohttp.ClientSession() as http:
        running = Client(
            http,
            Server(platform.base, "sk_test_nobody"),
            [],
            ready=print,
            lost=print,
            take=forwarding.Forwarder(http, None, print).take,
        )
        with pytest.raises(RefusedError, match="Invalid API Key"):
            await running.run()


async def test_sending_again_needs_somebody_who_listens(platform: Platform) -> None:
    await platform.call("POST", "/v1/accounts", form={"type": "custom"})
    _, listed = await platform.call("GET", "/v1/events?limit=1")
    event_id = listed["data"][0]["id"] if listed["data"] else ids.new_id("evt_")
    path, form = f"/v1/events/{event_id}/retry", {"for_stripecli": "true"}
    status, body = await platform.call("POST", path, form=form)
    assert status in (400, 404), body


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("4242", "http://localhost:4242"),
        ("localhost:4242/webhook", "http://localhost:4242/webhook"),
        ("https://example.com/hook", "https://example.com/hook"),
    ],
)
def test_addresses(given: str, url: str) -> None:
    assert forwarding.address(given) == url


def test_a_request_in_one_line() -> None:
    payload = {
        "created_at": 1_700_000_000,
        "status": 404,
        "method": "GET",
        "url": "/v1/balance",
        "request_id": "req_1",
        "account": "acct_1",
        "duration_ms": 3,
        "error": {"message": "No such thing"},
    }
    assert line(payload) == (
        "2023-11-14 22:13:20 [404] GET /v1/balance [req_1] acct_1 3 ms\n  No such thing"
    )


@pytest.fixture
async def serving() -> AsyncIterator[Process]:
    """A server as it is started by hand."""
    directory = temporary_directory()
    running = await start(directory / "data")
    yield running
    running.stop()
    shutil.rmtree(directory)


async def printed(*arguments: str, data: Path, until: str) -> list[str]:
    """What a command prints until a pattern comes."""
    process = await asyncio.create_subprocess_exec(
        str(CARDWRIGHT),
        *arguments,
        "--data-dir",
        str(data),
        env=VARIABLES,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        async with asyncio.timeout(30):
            async for raw in process.stdout:
                lines.append(raw.decode().rstrip())
                if re.search(until, lines[-1]):
                    break
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    return lines


async def test_the_commands_find_their_server(serving: Process, receiver: Receiver) -> None:
    keys = dict(
        pair.split("=", 1) for pair in (serving.data / "keys.env").read_text().split("\n") if pair
    )
    headers = {"Authorization": f"Bearer {keys['CARDWRIGHT_SECRET_KEY']}"}

    async def make() -> None:
        async with aiohttp.ClientSession(headers=headers) as http:
            while True:
                await asyncio.sleep(0.5)
                form = {"type": "custom"}
                async with http.post(f"{serving.base}/v1/accounts", data=form) as response:
                    assert response.status == 200

    making = asyncio.create_task(make())
    try:
        lines, requests = await asyncio.gather(
            printed("listen", "--forward-to", receiver.url(), data=serving.data, until="<--"),
            printed("logs", "tail", "--status", "200", data=serving.data, until="/v1/accounts"),
        )
    finally:
        making.cancel()
    assert lines[0].startswith("Ready. Events are signed with whsec_")
    assert "[200] POST" in lines[-1]
    assert "[200] POST /v1/accounts [req_" in requests[-1]

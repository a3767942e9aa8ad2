"""WebSockets: the handshake, messages of any size and shape, and the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from cardwright.wire.serving.limits import MESSAGE_MAX, Limits
from tests.wire.serving.driving import Client, serving

UPGRADE = (
    b"GET /s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
SOON = 0.3


class Echoing:
    """Says what it hears; knows how it ended."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == ("websocket.connect")
        if scope["path"] == "/closed":
            await send({"type": "websocket.close"})
            return
        if scope["path"] == "/refused":
            fields = [(b"content-length", b"2")]
            await send({"type": "websocket.http.response.start", "status": 401, "headers": fields})
            await send({"type": "websocket.http.response.body", "body": b"no"})
            return
        offered = scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": offered[-1] if offered else None})
        while (message := await receive())["type"] == "websocket.receive":
            await send(message | {"type": "websocket.send"})
        self.ended.set_result(message["code"])


@asynccontextmanager
async def connected(
    path: str = "/s", limits: Limits | None = None, **options: Any
) -> AsyncIterator[tuple[aiohttp.ClientWebSocketResponse, Echoing, Any]]:
    echoing = Echoing()
    async with (
        serving(echoing, limits) as (server, port),
        aiohttp.ClientSession() as http,
        http.ws_connect(f"http://127.0.0.1:{port}{path}", **options) as socket,
    ):
        yield socket, echoing, server


async def test_messages_of_all_kinds() -> None:
    async with connected(protocols=("a", "b")) as (socket, echoing, _):
        assert socket.protocol == "b"
        for text in ("", "hello", "\u00e9" * 100_000):
            await socket.send_str(text)
            assert await socket.receive_str(timeout=10) == text
        await socket.send_bytes(b"\xff" * (MESSAGE_MAX - 1))
        assert await socket.receive_bytes(timeout=10) == b"\xff" * (MESSAGE_MAX - 1)
        await socket.close(code=4000)
        assert await asyncio.wait_for(echoing.ended, 10) == 4000


async def test_many_messages_at_once_wait_for_their_turn() -> None:
    async with connected() as (socket, _, _server):
        sending = [socket.send_str(str(number)) for number in range(1_000)]
        await asyncio.gather(*sending)
        assert [await socket.receive_str(timeout=10) for _ in range(1_000)] == [
            str(number) for number in range(1_000)
        ]


async def test_a_message_in_fragments_with_a_ping_between() -> None:
    async with serving(Echoing()) as (_, port):
        client = await Client.connect(port)
        # Frames that come with the handshake wait for its answer.
        mask = b"\0\0\0\0"
        await client.say(UPGRADE + b"\x01\x82" + mask + b"ab" + b"\x89\x81" + mask + b"p")
        assert (await client.answer())[0] == 101
        assert await client.reader.readexactly(3) == b"\x8a\x01p"
        await client.say(b"\x80\x81" + mask + b"c")
        assert await client.reader.readexactly(5) == b"\x81\x03abc"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x01a", 1002),
        (b"\x81\xff" + (MESSAGE_MAX + 1).to_bytes(8) + bytes(4), 1009),
        (b"\x81\x81" + bytes(4) + b"\xff", 1007),
        (b"\x83\x81" + bytes(4) + b"a", 1002),
        (b"\x80\x81" + bytes(4) + b"a", 1002),
    ],
    ids=["unmasked", "too long", "no UTF-8", "no kind", "no beginning"],
)
async def test_frames_that_are_none_end_it(frame: bytes, code: int) -> None:
    echoing = Echoing()
    async with serving(echoing) as (_, port):
        client = await Client.connect(port)
        await client.say(UPGRADE)
        assert (await client.answer())[0] == 101
        await client.say(frame)
        assert (await client.rest())[2:4] == code.to_bytes(2)
        await asyncio.wait_for(echoing.ended, 10)


async def test_a_handshake_is_refused_by_the_application() -> None:
    async with serving(Echoing()) as (_, port):
        for path, status, said in (
            (b"/refused", 401, b"no"),
            (b"/closed", 403, b"No WebSocket is opened here."),
        ):
            client = await Client.connect(port)
            await client.say(UPGRADE.replace(b"/s", path) + b"GET / HTTP/1.1\r\n\r\n")
            got = await client.answer()
            assert (got[0], got[1][b"connection"]) == (status, b"close")
            assert said in got[2]
            assert await client.rest() == b""


async def test_who_lives_answers_a_ping_and_who_does_not_is_left() -> None:
    echoing = Echoing()
    async with serving(echoing, Limits(ping=SOON)) as (_, port):
        client = await Client.connect(port)
        await client.say(UPGRADE)
        assert (await client.answer())[0] == 101
        for _ in range(3):
            assert await client.reader.readexactly(2) == b"\x89\x00"
            await client.say(b"\x8a\x80" + bytes(4))
        assert not echoing.ended.done()
        assert await client.rest() == b"\x89\x00"
        assert await asyncio.wait_for(echoing.ended, 10) == 1006


async def test_a_server_that_stops_says_so() -> None:
    async with connected() as (socket, echoing, server):
        stopping = asyncio.create_task(server.stop(30))
        message = await socket.receive(timeout=10)
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
        await asyncio.wait_for(echoing.ended, 10)
        await asyncio.wait_for(stopping, 10)

"""Clients that are slow, silent, many or gone, on a real port."""

import asyncio
from typing import Any

import pytest

from cardwright.wire.serving.crowd import network_of
from cardwright.wire.serving.limits import LINGER_MAX, Limits
from tests.wire.serving.driving import CONTINUE, Client, echo, get, post, serving

SOON = 0.3
PATIENT = Limits()
HALF = post("/", b"x" * 1_000)[:-500]


async def test_a_silent_connection_ends() -> None:
    async with serving(limits=Limits(head=SOON)) as (_, port):
        client = await Client.connect(port)
        assert await client.rest() == b""


async def test_a_head_that_does_not_come_to_its_end_is_answered() -> None:
    async with serving(limits=Limits(head=SOON)) as (_, port):
        client = await Client.connect(port)
        await client.say(b"GET / HTTP/1.1\r\nHost: loc")
        status, fields, body = await client.answer()
        assert (status, fields[b"connection"]) == (408, b"close")
        assert b"The head of the request did not arrive in time." in body
        assert await client.rest() == b""


async def test_a_head_that_comes_drop_by_drop_is_answered() -> None:
    async with serving(limits=Limits(head=SOON)) as (_, port):
        client = await Client.connect(port)

        async def drip() -> None:
            for byte in get("/", "X: " + "a" * 1_000):
                await client.say(bytes([byte]))
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        assert (await client.answer())[0] == 408
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_a_body_that_stalls_or_trickles_is_answered() -> None:
    limits = Limits(body=SOON, body_bytes_per_second=100_000)
    async with serving(limits=limits) as (_, port):
        stalled, trickling = await Client.connect(port), await Client.connect(port)
        await stalled.say(HALF)
        await trickling.say(HALF)

        async def trickle() -> None:
            while True:
                await trickling.say(b"x")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(trickle())
        for client in (stalled, trickling):
            status, _, body = await client.answer()
            assert status == 408
            assert b"The body of the request did not arrive in time." in body
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_a_body_may_take_as_long_as_its_length_needs() -> None:
    """Silence is short, but there is a lot of it, and enough arrives between."""
    limits = Limits(body=0.5, body_bytes_per_second=10_000)
    async with serving(limits=limits) as (_, port):
        client = await Client.connect(port)
        whole = post("/a", b"x" * 100_000)
        for at in range(0, len(whole), 10_000):
            await client.say(whole[at : at + 10_000])
            await asyncio.sleep(0.1)
        assert (await client.answer())[0] == 200


async def test_an_idle_connection_ends_without_a_word() -> None:
    async with serving(limits=Limits(idle=SOON)) as (_, port):
        client = await Client.connect(port)
        await client.say(get())
        assert (await client.answer())[0] == 200
        assert await client.rest() == b""


async def test_a_client_that_does_not_read_is_left() -> None:
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def endless(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200})
        for _ in range(1_000):
            await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
        ended.set_result((await receive())["type"])

    async with serving(endless, Limits(unread=SOON)) as (_, port):
        client = await Client.connect(port)
        await client.say(get())
        assert await asyncio.wait_for(ended, 30) == "http.disconnect"


async def test_silent_clients_make_room_for_others() -> None:
    limits = Limits(connections=40, connections_per_address=20)
    async with serving(limits=limits) as (_, port):
        crowd = [await Client.connect(port, "127.0.0.2") for _ in range(60)]
        crowd += [await Client.connect(port, "127.0.0.3") for _ in range(60)]
        # From an address of the crowd as well as from elsewhere.
        for source in ("127.0.0.2", "127.0.0.1"):
            good = await Client.connect(port, source)
            await good.say(get())
            assert (await good.answer())[0] == 200
        # Those that came first have gone, without a word.
        assert await asyncio.wait_for(crowd[0].rest(), 5) == b""


async def test_when_all_are_at_work_a_new_one_is_refused_at_once() -> None:
    going = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await going.wait()
        await echo(scope, receive, send)

    limits = Limits(connections=10, connections_per_address=5)
    async with serving(slow, limits) as (_, port):
        working = [await Client.connect(port) for _ in range(5)]
        for client in working:
            await client.say(get())
        await asyncio.sleep(SOON)
        status, fields, body = await (await Client.connect(port)).answer()
        assert (status, fields[b"stripe-should-retry"]) == (503, b"true")
        assert b"There are too many connections" in body
        other = await Client.connect(port, "127.0.0.2")
        await other.say(get())
        going.set()
        for client in (*working, other):
            assert (await client.answer())[0] == 200


def test_neighbours_in_ipv6_are_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("fe80::1%eth0") == network_of("fe80::2")


async def refusing(_scope: Any, _receive: Any, send: Any) -> None:
    """Answers without looking at the body."""
    fields = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 401, "headers": fields})
    await send({"type": "http.response.body", "body": b"no"})


async def test_whoever_is_refused_is_not_asked_for_the_body() -> None:
    async with serving(refusing) as (_, port):
        client = await Client.connect(port)
        await client.say(post("/", b"x" * 500_000, "Expect: 100-continue")[:200])
        assert (await client.answer())[0] == 401
        assert await client.rest() == b""
    async with serving() as (_, port):
        client = await Client.connect(port)
        whole = post("/", b"body", "Expect: 100-continue")
        await client.say(whole[:-4])
        assert await client.reader.readexactly(len(CONTINUE)) == CONTINUE
        await client.say(whole[-4:])
        assert (await client.answer())[0] == 200


async def test_a_client_that_sends_on_hears_why_it_was_refused() -> None:
    async with serving(refusing) as (_, port):
        client = await Client.connect(port)
        # More than all buffers between us hold, so that it is read.
        await client.say(post("/", bytes(LINGER_MAX // 4)))
        assert (await client.answer())[0] == 401
        assert await client.rest() == b""


async def test_a_short_body_that_nobody_read_does_not_end_the_connection() -> None:
    async with serving(refusing) as (_, port):
        client = await Client.connect(port)
        whole = post("/", b"x" * 1_000)
        await client.say(whole[:-500])
        assert (await client.answer())[0] == 401
        await client.say(whole[-500:] + get())
        assert (await client.answer())[0] == 401


async def test_nobody_sends_faster_than_it_is_taken() -> None:
    going = asyncio.Event()

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await going.wait()
        await echo(scope, receive, send)

    async with serving(late) as (_, port):
        client = await Client.connect(port)
        client.writer.write(post("/", bytes(20_000_000)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.writer.drain(), 1)
        going.set()
        await client.writer.drain()
        assert (await client.answer())[0] == 200


async def test_who_has_said_everything_still_hears_the_answer() -> None:
    async with serving() as (_, port):
        client = await Client.connect(port)
        await client.say(get("/a") + get("/b"))
        client.writer.write_eof()
        assert (await client.answer())[0] == 200
        assert (await client.answer())[0] == 200
        assert await client.rest() == b""


@pytest.mark.parametrize("sent", [get(), HALF])
async def test_the_application_hears_that_the_client_is_gone(sent: bytes) -> None:
    heard: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()

    async def listening(_scope: Any, receive: Any, _send: Any) -> None:
        kinds: list[str] = []
        while not kinds or kinds[-1] != "http.disconnect":
            kinds.append((await receive())["type"])
        heard.set_result(kinds)

    async with serving(listening) as (_, port):
        client = await Client.connect(port)
        await client.say(sent)
        await asyncio.sleep(SOON)
        client.writer.transport.abort()
        assert (await asyncio.wait_for(heard, 10))[-1] == "http.disconnect"


async def test_a_connection_is_cut_instead_of_an_answer() -> None:
    async def cutting(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "connection.cut"})

    async with serving(cutting) as (_, port):
        client = await Client.connect(port)
        await client.say(get() + get())
        assert await client.rest() == b""


async def test_a_server_that_stops_answers_what_is_running_and_waits_for_nobody() -> None:
    going = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/slow":
            await going.wait()
        await echo(scope, receive, send)

    async with serving(slow, PATIENT) as (server, port):
        running, idle, silent, head, body = [await Client.connect(port) for _ in range(5)]
        await running.say(get("/slow") + get("/behind"))
        await idle.say(get())
        assert (await idle.answer())[0] == 200
        await head.say(b"GET / HT")
        await body.say(HALF)
        await asyncio.sleep(SOON)
        stopping = asyncio.create_task(server.stop(30))
        # Nobody keeps it up but the one that is running; what is behind it is answered too.
        for client in (idle, silent, head, body):
            assert await client.rest() == b""
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await Client.connect(port)
        assert not stopping.done()
        going.set()
        assert b"connection" not in (await running.answer())[1]
        assert (await running.answer())[1][b"connection"] == b"close"
        await asyncio.wait_for(stopping, 10)


async def test_a_request_that_does_not_end_is_cut_in_the_end() -> None:
    async def endless(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    async with serving(endless) as (server, port):
        client = await Client.connect(port)
        await client.say(get())
        await asyncio.sleep(SOON)
        await asyncio.wait_for(server.stop(SOON), 10)
        assert await client.rest() == b""

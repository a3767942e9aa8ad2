"""Calls to customers' addresses: what is permitted, and what a hostile receiver cannot do."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import ResolveResult

from cardwright.kernel import networks, outbound
from cardwright.kernel.outbound import Outbound, UnreachableError
from tests.support.receiver import Receiver, Step


@pytest.fixture
async def client() -> AsyncIterator[Outbound]:
    made = Outbound()
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("address", "test", "live"),
    [
        ("93.184.215.14", True, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True, True),
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("10.0.0.1", True, False),
        ("192.168.1.1", True, False),
        ("172.16.0.1", True, False),
        ("100.64.0.1", True, False),
        ("fd00::1", True, False),
        ("::ffff:127.0.0.1", True, False),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("::127.0.0.1", False, False),
        ("::169.254.169.254", False, False),
        ("::ffff:0:169.254.169.254", False, False),
        ("fec0::1", True, False),
        ("2002:7f00:1::", False, False),
    ],
)
def test_which_addresses_are_permitted(address: str, test: bool, live: bool) -> None:
    parsed = ipaddress.ip_address(address)
    assert networks.permitted(parsed, livemode=False) is test
    assert networks.permitted(parsed, livemode=True) is live


@pytest.mark.parametrize(
    ("address", "permitted"),
    [("10.1.2.3", True), ("10.2.0.1", False), ("10.2.3.4", True), ("169.254.169.254", False)],
)
def test_the_operator_opens_networks_to_the_live_environment(
    address: str, permitted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only those that are named, and never link-local ones."""
    named = networks.networks("10.1.0.0/16, 10.2.3.4,169.254.0.0/16")
    monkeypatch.setattr(networks, "LIVE_NETWORKS", named)
    assert networks.permitted(ipaddress.ip_address(address), livemode=True) is permitted


async def refused(client: Outbound, url: str, *, livemode: bool, seconds: float = 2.0) -> str:
    with pytest.raises(UnreachableError) as caught:
        await client.post(url, b"{}", {}, livemode=livemode, timeout_seconds=seconds)
    return caught.value.reason


async def test_the_live_environment_does_not_reach_inside(
    client: Outbound, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a literal address nor by a name that points there."""
    assert await refused(client, receiver.url(), livemode=True) == "address_refused"
    named = receiver.url().replace("127.0.0.1", "localhost")
    assert await refused(client, named, livemode=True) == "address_refused"
    # Other digits and dots than those of an address, which become one when the URL is parsed.
    for disguised in ("\uff11\uff12\uff17.0.0.1", "\u246027.0.0.1", "127\u30020\u30020\u30021"):
        url = receiver.url().replace("127.0.0.1", disguised)
        assert await refused(client, url, livemode=True) == "address_refused"
    assert await refused(client, "http://[::1", livemode=True) == "connection"

    async def metadata(*_: Any) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname="inside", host="169.254.169.254", port=80, family=2, proto=6, flags=0
            )
        ]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", metadata)
    assert await refused(client, "http://inside/", livemode=False) == "address_refused"
    assert receiver.received == []


async def test_redirects_and_proxies_are_not_followed(
    client: Outbound, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    receiver.script["/a"] = [Step(302, headers={"Location": "/b", "Set-Cookie": "a=b"})]
    reply = await client.post(
        receiver.url("/a"), b"{}", {"X-One": "1"}, livemode=False, timeout_seconds=2
    )
    assert reply.status == 302
    await client.post(receiver.url("/c"), b"{}", {}, livemode=False, timeout_seconds=2)
    assert [request.path for request in receiver.received] == ["/a", "/c"]
    assert receiver.received[0].headers["X-One"] == "1"
    assert "Cookie" not in receiver.received[1].headers


async def test_time_and_size_are_limited(client: Outbound, receiver: Receiver) -> None:
    receiver.script["/slow"] = [Step(wait_seconds=5)]
    receiver.script["/big"] = [Step(body=b"x" * (outbound.ANSWER_MAX * 4))]
    assert await refused(client, receiver.url("/slow"), livemode=False, seconds=0.2) == "timeout"
    reply = await client.post(receiver.url("/big"), b"{}", {}, livemode=False, timeout_seconds=2)
    assert len(reply.body) == outbound.ANSWER_MAX


async def test_a_receiver_that_is_not_there(client: Outbound) -> None:
    assert await refused(client, "http://127.0.0.1:9/", livemode=False) == "connection"
    assert await refused(client, "http://name.invalid/", livemode=False) == "connection"
    assert await refused(client, "http://127.0.0.1:99999999/", livemode=False) == "connection"


async def test_a_receiver_that_drips_is_cut_off(client: Outbound) -> None:
    """Headers that never end do not hold a place longer than the limit."""

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"X-Drip: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reason = await refused(client, f"http://127.0.0.1:{port}/", livemode=False, seconds=0.3)
    assert reason == "timeout"
    server.close()

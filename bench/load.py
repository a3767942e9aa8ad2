"""``python -m bench.load``: HTTP load from a process of its own, as cheap as Python can make it.

Reads an ``Order`` from standard input and writes a ``Measurement`` to standard output. Requests
are bytes that were built beforehand, connections are kept alive, and of an answer only its
status, its length and one expected piece are looked at. An answer that is not the expected one
ends the process with exit code 1.
"""

import asyncio
import gc
import itertools
import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import uvloop

from bench import children
from bench.measurement import WARM_UP_SECONDS, Measurement, Wrong, measurement

# Stands in a request for a number that no other request has.
NUMBER = b"0000000000000000"
HEADERS_END = b"\r\n\r\n"
LENGTH = b"content-length: "
OK = b"HTTP/1.1 200"


class Order(msgspec.Struct, frozen=True):
    """What to send, how many at once, for how long, and what each answer must contain.

    Between an answer and the next request of its connection lie ``rest_seconds``.
    """

    port: int
    in_flight: int
    seconds: float
    requests: list[bytes]
    expected: bytes
    rest_seconds: float = 0.0


class Load:
    """The requests, and what came of them."""

    def __init__(self, order: Order) -> None:
        self.expected = order.expected
        self.rest_seconds = order.rest_seconds
        self.latencies: list[float] = []
        self.failure: str | None = None
        self.done = asyncio.Event()
        self.counts_from = 0.0
        self.ends_at = 0.0
        # Begun anywhere, so that two loads on one database do not repeat each other's keys.
        self._numbers = itertools.count(secrets.randbelow(10**8) * 10**8)
        self._requests: Iterator[bytes] = itertools.cycle(order.requests)

    def next(self) -> bytes:
        """The next request, with a number of its own."""
        number = b"%016d" % next(self._numbers)
        return next(self._requests).replace(NUMBER, number, 1)

    def fail(self, words: str) -> None:
        """Remember the first thing that went wrong, and end."""
        self.failure = self.failure or words
        self.done.set()


class Connection(asyncio.Protocol):
    """One kept-alive connection with one request in flight."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = b""
        self._sent_at = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take part of an answer; when it is whole, check it and send the next request."""
        received = self._received = self._received + data if self._received else data
        head = received.find(HEADERS_END)
        if head < 0:
            return
        at = received.find(LENGTH, 0, head)
        if at < 0:
            self._load.fail(f"an answer without a length:\n{received.decode(errors='replace')}")
            return
        at += len(LENGTH)
        length = int(received[at : received.find(b"\r", at)])
        if len(received) < head + len(HEADERS_END) + length:
            return
        self._received = b""
        now = time.perf_counter()
        load = self._load
        if not received.startswith(OK) or load.expected not in received:
            load.fail(f"an unexpected answer:\n{received.decode(errors='replace')[:1500]}")
            return
        if now >= load.ends_at:
            load.done.set()
            return
        if now >= load.counts_from:
            load.latencies.append(now - self._sent_at)
        if load.rest_seconds:
            asyncio.get_running_loop().call_later(load.rest_seconds, self._send)
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server may not hang up while it is measured."""
        if not self._load.done.is_set():
            self._load.fail(f"the server closed a connection: {exc}")

    def _send(self) -> None:
        request = self._load.next()
        self._sent_at = time.perf_counter()
        self._transport.write(request)


async def run(order: Order) -> Measurement:
    """Open the connections and let them work for as long as they are told."""
    load = Load(order)
    loop = asyncio.get_running_loop()
    load.counts_from = time.perf_counter() + WARM_UP_SECONDS
    load.ends_at = load.counts_from + order.seconds
    connections = [
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", order.port)
        for _ in range(order.in_flight)
    ]
    await load.done.wait()
    for transport, _ in connections:
        transport.abort()
    if load.failure is not None:
        raise Wrong(load.failure)
    return measurement(load.latencies, order.seconds)


def main() -> None:
    """Do what standard input says."""
    order = children.ordered(Order)
    gc.disable()
    try:
        children.report(uvloop.run(run(order)))
    except Wrong as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()

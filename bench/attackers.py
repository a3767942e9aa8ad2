"""``python -m bench.attackers``: clients of bad will, in a process of their own.

Reads what to do from standard input, says ``ready`` when everybody has connected, and what became
of them when its time is over.
"""

import asyncio
import os
import resource
import sys
from collections import Counter
from typing import Any

import msgspec
import uvloop

from bench import children

AT_ONCE = 100
NICE = 10
LINE_SECONDS = 1.0
BODY = 500_000
# The length of "HTTP/1.1 408".
STATUS = slice(9, 12)


class Order(msgspec.Struct):
    """How many clients do what, from how many addresses of loopback, and for how long.

    ``silent`` ones send nothing, ``slow`` ones a header line a second, ``stalled`` ones half of a
    body of half a megabyte.
    """

    kind: str
    count: int
    port: int = 0
    addresses: int = 1
    first_address: int = 2
    key: str | None = None
    seconds: float = 15.0


class Told(msgspec.Struct):
    """What became of them: how many had no connection, how many ended, how they were answered, and
    when the first and the last ended, in seconds after its beginning."""

    refused: int
    ended: int
    answers: dict[str, int]
    first_end: float | None
    last_end: float | None


class Attacker(asyncio.Protocol):
    """One client."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.began = asyncio.get_running_loop().time()
        self.answer = ""
        self.ended: float | None = None
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        if self.order.kind == "silent":
            return
        self.transport.write(self._head())
        if self.order.kind == "stalled":
            self.transport.write(b"x" * (BODY // 2))

    def _head(self) -> bytes:
        method = "POST" if self.order.kind == "stalled" else "GET"
        lines = [f"{method} /v1/issuing/cardholders HTTP/1.1", "Host: localhost"]
        if self.order.key is not None:
            lines.append(f"Authorization: Bearer {self.order.key}")
        if self.order.kind == "stalled":
            lines += [f"Content-Length: {BODY}", ""]
        return "\r\n".join([*lines, ""]).encode()

    def line(self) -> None:
        """One more."""
        if self.ended is None:
            self.transport.write(b"X: y\r\n")

    def data_received(self, data: bytes) -> None:
        self.answer = self.answer or data[STATUS].decode("latin-1")

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        if self.ended is None:
            self.ended = asyncio.get_running_loop().time() - self.began


async def attack(order: Order) -> Told:
    """Do what is ordered."""
    loop = asyncio.get_running_loop()
    made: list[Attacker] = []
    turn = asyncio.Semaphore(AT_ONCE)
    refused = 0

    async def connect(number: int) -> None:
        nonlocal refused
        source = f"127.0.0.{order.first_address + number % order.addresses}"
        async with turn:
            try:
                _, attacker = await loop.create_connection(
                    lambda: Attacker(order), "127.0.0.1", order.port, local_addr=(source, 0)
                )
            except OSError:
                refused += 1
            else:
                made.append(attacker)

    await asyncio.gather(*(connect(number) for number in range(order.count)))
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    until = loop.time() + order.seconds
    while loop.time() < until:
        await asyncio.sleep(LINE_SECONDS)
        if order.kind == "slow":
            for attacker in made:
                attacker.line()
    ends = [attacker.ended for attacker in made if attacker.ended is not None]
    return Told(
        refused=refused,
        ended=len(ends),
        answers=dict(Counter(attacker.answer or "none" for attacker in made)),
        first_end=min(ends, default=None),
        last_end=max(ends, default=None),
    )


def main() -> None:
    """Raise the limit of open files, attack, and report."""
    # What they cost themselves should not be measured.
    os.nice(NICE)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        children.report(runner.run(attack(order)))


if __name__ == "__main__":
    main()

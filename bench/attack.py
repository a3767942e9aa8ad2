"""``python -m bench.attack``: a server of its own under clients of bad will.

Thousands say nothing, a thousand send a header line a second, hundreds stall within large bodies,
with and without a key; somebody else makes good calls meanwhile. Then the server is told to stop
while they are all there. Prints what the good calls took, what became of the others, memory, and
how long the stop took.
"""

import asyncio
import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import msgspec
import uvloop
from rich.console import Console

from bench.attackers import Order, Told
from bench.children import ROOT
from bench.measurement import Wrong
from bench.server import Server
from cardwright.roles.http import bind
from cardwright.wire.serving.names import Names
from cardwright.wire.serving.server import Server as HttpServer

SECONDS = 15.0
PAUSE_SECONDS = 0.02
TURN_SECONDS = 0.001
# Where a crowd comes from.
PLACES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("from other addresses", {"first_address": 2, "addresses": 4}),
    ("from the address of the good calls", {"first_address": 1, "addresses": 1}),
)
# When the last stalled body has been given up, and its memory is free again.
MEMORY_SECONDS = 3.0


class Attack:
    """The steps, in order, on one server."""

    def __init__(self) -> None:
        self.server = Server()
        self.say = Console(highlight=False, soft_wrap=True).print

    def run(self) -> None:
        """All of them."""
        for words, where in PLACES:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                longest = runner.run(_longest_turn(where))
            self.say(f"longest turn of the loop under a crowd {words}: {longest:.1f} ms of CPU")
        self.server.start()
        try:
            self.say(f"nobody else: {self._good(SECONDS)}; {self.server.memory_mb():.0f} MB")
            for words, where in PLACES:
                self._crowd(words, where)
            self._beyond()
            self._stalled("without a key", None)
            self._stalled("with a key", self.server.key)
            self._stop()
        finally:
            self.server.remove()

    def _crowd(self, words: str, where: dict[str, Any]) -> None:
        """Five thousand silent clients and a thousand slow ones."""
        silent, slow = _crowd_of(where)
        with self._attackers(silent) as of_silent, self._attackers(slow) as of_slow:
            self.say(f"5,000 silent and 1,000 slow {words}: {self._good(SECONDS)}")
            self.say(f"  the slow: {_told(of_slow)}\n  the silent: {_told(of_silent)}")

    def _beyond(self) -> None:
        """More than there may be."""
        order = Order(kind="silent", count=12_000, addresses=6, seconds=5.0)
        with self._attackers(order) as silent:
            self.say(f"12,000 silent: {self._good(3.0)}\n  they: {_told(silent)}")

    def _stalled(self, words: str, key: str | None) -> None:
        """Nine hundred bodies of half a megabyte that stop half-way."""
        before = self.server.memory_mb()
        order = Order(kind="stalled", count=900, key=key, addresses=2, seconds=SECONDS)
        with self._attackers(order) as stalled:
            good, during = self._good(3.0), self.server.memory_mb()
            told = _told(stalled)
        time.sleep(MEMORY_SECONDS)
        self.say(
            f"900 stalled bodies {words}: {good}\n  they: {told}\n"
            f"  {before:.0f} MB before, {during:.0f} meanwhile, "
            f"{self.server.memory_mb():.0f} afterwards"
        )

    def _stop(self) -> None:
        """The end of the server, with everybody still there."""
        silent, slow = (
            Order(kind=kind, count=1_000, addresses=2, seconds=8.0) for kind in ("silent", "slow")
        )
        stalled = Order(kind="stalled", count=200, key=self.server.key, addresses=2, seconds=8.0)
        with self._attackers(silent), self._attackers(slow), self._attackers(stalled):
            began = time.perf_counter()
            self.server.stop(signal.SIGTERM)
            took = time.perf_counter() - began
            self.say(f"SIGTERM with 2,200 of them connected: gone after {took:.1f} s")

    def _good(self, seconds: float) -> str:
        """Calls one after another, on a connection that is kept and on a new one in turn."""
        took: list[float] = []
        port = self.server.published.port
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Authorization": f"Bearer {self.server.key}"}
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            once = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for connection in (kept, once):
                began = time.perf_counter()
                connection.request("GET", "/v1/balance", headers=headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.HTTPStatus.OK:
                    raise Wrong(f"a good call got {answer.status}")
                took.append((time.perf_counter() - began) * 1_000)
            once.close()
            time.sleep(PAUSE_SECONDS)
        kept.close()
        took.sort()
        late = took[len(took) * 99 // 100]
        return (
            f"{len(took)} good calls, {median(took):.1f} ms in the middle, {late:.1f} ms at the "
            f"99th percentile, {took[-1]:.1f} ms at most"
        )

    @contextmanager
    def _attackers(self, order: Order) -> Iterator["subprocess.Popen[bytes]"]:
        """They are all connected when this begins, and gone when it ends."""
        process = _begin(order, self.server.published.port)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _crowd_of(where: dict[str, Any]) -> list[Order]:
    return [
        Order(kind=kind, count=count, seconds=SECONDS, **where)
        for kind, count in (("silent", 5_000), ("slow", 1_000))
    ]


def _begin(order: Order, port: int) -> "subprocess.Popen[bytes]":
    """Attackers, when they have all connected."""
    order.port = port
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.attackers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    process.stdin.flush()
    if process.stdout.readline() != b"ready\n":
        process.kill()
        raise Wrong(f"the {order.kind} clients did not connect")
    return process


async def _longest_turn(where: dict[str, Any]) -> float:
    """How long the loop of a server without an application is busy at most, from the first of a
    crowd to the last, before anybody else has a turn: milliseconds of CPU, which do not depend on
    what the machine does besides."""
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = HttpServer(None, Names())
    await server.start(listener)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(TURN_SECONDS)
            longest = max(longest, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    crowd = [await asyncio.to_thread(_begin, order, port) for order in _crowd_of(where)]
    for attackers in crowd:
        await asyncio.to_thread(attackers.communicate)
    watching.cancel()
    await server.stop(1.0)
    return longest * 1_000


def _told(attackers: "subprocess.Popen[bytes]") -> str:
    """What became of them, once their time is over."""
    assert attackers.stdout is not None
    told = msgspec.json.decode(attackers.stdout.read(), type=Told)
    if told.first_end is None or told.last_end is None:
        return "all still connected"
    answers = ", ".join(f"{count} x {answer}" for answer, count in sorted(told.answers.items()))
    return (
        f"{told.ended} ended, {told.first_end:.1f} to {told.last_end:.1f} s after they began; "
        f"answers: {answers}; {told.refused} had no connection"
    )


if __name__ == "__main__":
    Attack().run()

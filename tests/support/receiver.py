"""A real HTTP receiver of webhooks that answers by a script."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import web

WAIT_SECONDS = 10.0


@dataclass
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body decoded."""
        return msgspec.json.decode(self.body)

    @property
    def signature(self) -> str:
        """The signature header."""
        return self.headers["Stripe-Signature"]


@dataclass
class Step:
    """How to answer: after a wait, with a status, headers and a body that may take its time; or
    not at all, by closing the connection."""

    status: int = 200
    wait_seconds: float = 0.0
    until: asyncio.Event | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    slow_seconds: float = 0.0
    close: bool = False


@dataclass
class Receiver:
    """A receiver on a port of its own. ``script`` holds the answers to the next requests by path;
    a path without a script answers 200."""

    base: str
    received: list[Received] = field(default_factory=list)
    script: dict[str, list[Step]] = field(default_factory=dict)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def url(self, path: str = "/hook") -> str:
        """The address of a path."""
        return self.base + path

    def at(self, path: str) -> list[Received]:
        """What came to a path."""
        return [request for request in self.received if request.path == path]

    async def wait_for(
        self, count: int = 1, *, path: str = "/hook", seconds: float = WAIT_SECONDS
    ) -> list[Received]:
        """Wait until ``count`` requests came to the path."""
        async with self._arrived:
            try:
                await asyncio.wait_for(
                    self._arrived.wait_for(lambda: len(self.at(path)) >= count), seconds
                )
            except TimeoutError:
                came = [request.json.get("type") for request in self.at(path)]
                raise AssertionError(f"{len(came)} of {count} came to {path}: {came}") from None
        return self.at(path)

    async def wait_until(
        self, wanted: Callable[[Received], bool], *, path: str = "/hook"
    ) -> Received:
        """Wait for a request that fits."""
        async with self._arrived:
            await asyncio.wait_for(
                self._arrived.wait_for(lambda: any(map(wanted, self.at(path)))), WAIT_SECONDS
            )
        return next(filter(wanted, self.at(path)))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note the request and answer it by the script."""
        body = await request.read()
        async with self._arrived:
            self.received.append(Received(request.path, dict(request.headers), body))
            self._arrived.notify_all()
        steps = self.script.get(request.path) or []
        step = steps.pop(0) if steps else Step()
        await asyncio.sleep(step.wait_seconds)
        if step.until is not None:
            await step.until.wait()
        if step.close and request.transport is not None:
            request.transport.close()
        if step.slow_seconds:
            return await drip(request, step)
        return web.Response(status=step.status, headers=step.headers, body=step.body)


async def drip(request: web.Request, step: Step) -> web.StreamResponse:
    """Send the head at once, and the body byte by byte."""
    response = web.StreamResponse(status=step.status, headers=step.headers)
    response.content_length = len(step.body)
    await response.prepare(request)
    for byte in step.body:
        await asyncio.sleep(step.slow_seconds / len(step.body))
        await response.write(bytes([byte]))
    return response


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    made = Receiver("")
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.base = f"http://{host}:{port}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver for one test."""
    async with listening() as made:
        yield made

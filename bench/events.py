"""``python -m bench.events``: events that are emitted over HTTP and delivered to a receiver.

Reads an ``Order`` from standard input and writes a ``Delivered`` to standard output. Cardholders
are made one after the other by several callers; each makes an event, which goes to every
destination of its account.
The receiver answers at once, and counts.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import uvloop
from aiohttp import web

from bench import children
from bench.measurement import Wrong

ENDPOINTS = "/v1/webhook_endpoints"
CARDHOLDERS = "/v1/issuing/cardholders"
CREATED = "issuing_cardholder.created"
CARDHOLDER = {
    "name": "Jenny Rosen",
    "type": "individual",
    "billing[address][line1]": "123 Main Street",
    "billing[address][city]": "London",
    "billing[address][postal_code]": "SW1A 1AA",
    "billing[address][country]": "GB",
}
CALLERS = 8
# How long the last deliveries may take.
PATIENCE_SECONDS = 50.0


class Order(msgspec.Struct, frozen=True):
    """Where, as which accounts in turn, how many destinations each has, and how many events."""

    port: int
    key: str
    accounts: list[str]
    destinations: int
    events: int


class Delivered(msgspec.Struct, frozen=True):
    """How many events were emitted and how many posts arrived a second."""

    emitted_per_second: float
    delivered_per_second: float


class Receiver:
    """Accepts everything, and counts by the id of the event and the path."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._came: set[tuple[str, str]] = set()
        self.complete = asyncio.Event()

    @property
    def count(self) -> int:
        """How many deliveries came; a repetition is not counted."""
        return len(self._came)

    async def answer(self, request: web.Request) -> web.Response:
        """Note the event."""
        event = msgspec.json.decode(await request.read(), type=Named)
        self._came.add((request.path, event.id))
        if self.count >= self._wanted:
            self.complete.set()
        return web.Response()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address, for as long as it listens."""
        application = web.Application()
        application.router.add_post("/{number}", self.answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
        await runner.cleanup()


class Named(msgspec.Struct):
    """What of an event or an answer is looked at."""

    id: str


async def call(
    http: aiohttp.ClientSession,
    account: str,
    method: str,
    path: str,
    form: dict[str, str] | None = None,
) -> Named:
    """A call as an account that succeeds."""
    headers = {"Stripe-Account": account}
    async with http.request(method, path, data=form, headers=headers) as response:
        body = await response.read()
    if response.status != 200:
        raise Wrong(f"{method} {path}: {body.decode()[:1500]}")
    return msgspec.json.decode(body, type=Named)


async def emit(http: aiohttp.ClientSession, left: "itertools.islice[str]") -> None:
    """One caller."""
    for account in left:
        await call(http, account, "POST", CARDHOLDERS, CARDHOLDER)


async def run(order: Order) -> Delivered:
    """Register the destinations, make the events, and wait until all have come."""
    receiver = Receiver(order.events * order.destinations)
    headers = {"Authorization": f"Bearer {order.key}"}
    made: list[tuple[str, str]] = []
    async with (
        receiver.listening() as url,
        aiohttp.ClientSession(f"http://127.0.0.1:{order.port}", headers=headers) as http,
    ):
        try:
            for account, number in itertools.product(order.accounts, range(order.destinations)):
                form = {"url": f"{url}/{number}", "enabled_events[]": CREATED}
                endpoint = await call(http, account, "POST", ENDPOINTS, form)
                made.append((account, endpoint.id))
            began = time.perf_counter()
            left = itertools.islice(itertools.cycle(order.accounts), order.events)
            await asyncio.gather(*(emit(http, left) for _ in range(CALLERS)))
            emitted = time.perf_counter()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await receiver.complete.wait()
            arrived = time.perf_counter()
        except TimeoutError:
            raise Wrong(f"{receiver.count} deliveries came, and no more") from None
        finally:
            for account, endpoint_id in made:
                await call(http, account, "DELETE", f"{ENDPOINTS}/{endpoint_id}")
    return Delivered(
        emitted_per_second=round(order.events / (emitted - began), 1),
        delivered_per_second=round(receiver.count / (arrived - began), 1),
    )


def main() -> None:
    """Do what standard input says."""
    order = children.ordered(Order)
    try:
        children.report(uvloop.run(run(order)))
    except Wrong as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()

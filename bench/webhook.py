"""``python -m bench.webhook``: payments whose platform is asked first, by a receiver beside them.

Reads an ``Order`` from standard input and writes a ``Measurement`` to standard output: latency is
what the whole payment takes over HTTP less the time that the receiver takes for its answer.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import uvloop
from aiohttp import web

from bench import children
from bench.lanes import Card
from bench.measurement import WARM_UP_SECONDS, Measurement, Wrong, measurement

SETTING = "/_cardwright/authorization_webhook"
PAYMENTS = "/v1/test_helpers/issuing/authorizations"
# How long the receiver thinks before it approves.
THINKING_SECONDS = 0.01
APPROVAL = b'{"approved": true}'
VERSIONED = {"Stripe-Version": "2026-05-27.dahlia"}


class Order(msgspec.Struct, frozen=True):
    """Where, with which cards, how many at once, and for how long."""

    port: int
    key: str
    cards: list[Card]
    amount: int
    in_flight: int
    seconds: float


class RequestEvent(msgspec.Struct):
    """What of the question the receiver looks at: whose card it is."""

    class Data(msgspec.Struct):
        """The data of the event."""

        class Object(msgspec.Struct):
            """The authorization."""

            class Card(msgspec.Struct):
                """Its card."""

                id: str

            card: Card

        object: Object

    data: Data


class Receiver:
    """Approves everything, and notes how long it took for each card."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Read the question, think, approve."""
        began = time.perf_counter()
        asked = msgspec.json.decode(await request.read(), type=RequestEvent)
        await asyncio.sleep(THINKING_SECONDS)
        self.took[asked.data.object.card.id] = time.perf_counter() - began
        return web.Response(body=APPROVAL, headers=VERSIONED)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address, for as long as it listens."""
        application = web.Application()
        application.router.add_post("/ask", self.answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/ask"
        await runner.cleanup()


class Payers:
    """Callers that pay one after the other, each with a card of its own."""

    def __init__(self, order: Order, receiver: Receiver, http: aiohttp.ClientSession) -> None:
        self._order = order
        self._receiver = receiver
        self._http = http
        self._counts_from = time.perf_counter() + WARM_UP_SECONDS
        self._ends_at = self._counts_from + order.seconds
        self.overheads: list[float] = []

    async def pay(self, card: Card) -> None:
        """One caller."""
        form = {"card": card.card, "amount": str(self._order.amount)}
        headers = {"Stripe-Account": card.account}
        while True:
            began = time.perf_counter()
            async with self._http.post(PAYMENTS, data=form, headers=headers) as response:
                body = await response.read()
            now = time.perf_counter()
            if b'"reason":"webhook_approved"' not in body:
                raise Wrong(f"the platform was not asked: {body.decode()[:1500]}")
            if now >= self._ends_at:
                return
            if now >= self._counts_from:
                self.overheads.append(now - began - self._receiver.took[card.card])


async def run(order: Order) -> Measurement:
    """Have the platform ask the receiver, pay, and have it ask nobody again."""
    receiver = Receiver()
    async with (
        receiver.listening() as url,
        aiohttp.ClientSession(
            f"http://127.0.0.1:{order.port}",
            headers={"Authorization": f"Bearer {order.key}"},
            connector=aiohttp.TCPConnector(limit=0),
        ) as http,
    ):
        await configure(http, url)
        payers = Payers(order, receiver, http)
        try:
            async with asyncio.TaskGroup() as group:
                for card in order.cards[: order.in_flight]:
                    group.create_task(payers.pay(card))
        except* Wrong as several:
            raise Wrong(str(several.exceptions[0])) from None
        finally:
            await configure(http, "")
    return measurement(payers.overheads, order.seconds)


async def configure(http: aiohttp.ClientSession, url: str) -> None:
    """Where the platform is asked; an empty address turns asking off."""
    async with http.post(SETTING, data={"url": url}) as response:
        if response.status != 200:
            raise Wrong(f"the webhook could not be set: {await response.text()}")


def main() -> None:
    """Do what standard input says."""
    order = children.ordered(Order)
    try:
        children.report(uvloop.run(run(order)))
    except Wrong as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()

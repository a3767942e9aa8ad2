"""``python -m bench.lanes``: authorizations straight into the lanes, in a process of its own.

Reads an ``Order`` from standard input and writes a ``Measurement`` to standard output. The lanes
are those of the server, on the same database; a decision counts when it is durable.
"""

import asyncio
import itertools
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import uvloop

from bench import children
from bench.measurement import WARM_UP_SECONDS, Measurement, Wrong, measurement
from cardwright.authorizations.lane.lanes import Lanes
from cardwright.authorizations.lane.work import Attempt
from cardwright.authorizations.lane.writing import Writing
from cardwright.authorizations.model import Authorization, MerchantData
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders import categories
from cardwright.kernel import ids
from cardwright.kernel.database import open_pool
from cardwright.kernel.vault import installed_vault
from cardwright.roles.application import Application
from cardwright.roles.server import relieve_collector
from cardwright.simulator.api import CATEGORY, NAME, NETWORK_ID
from cardwright.tenancy.registry import Tenant

APPROVED = b'"approved":true'


class Card(msgspec.Struct, frozen=True):
    """A card that can pay, and its account."""

    account: str
    card: str


class Order(msgspec.Struct, frozen=True):
    """Where, how many at once, for how long, and with which cards; ``silent`` to write no events,
    which shows what they cost."""

    data_directory: str
    database: dict[str, Any]
    platform: str
    cards: list[Card]
    amount: int
    in_flight: int
    seconds: float
    silent: bool = False


class Payments:
    """Callers that wait for one decision after the other."""

    def __init__(self, order: Order, lanes: Lanes) -> None:
        self._lanes = lanes
        self._order = order
        self._cards = itertools.cycle(order.cards)
        self._merchant = MerchantData(
            category=CATEGORY,
            category_code=categories.codes()[CATEGORY],
            name=NAME,
            network_id=NETWORK_ID,
        )
        self._counts_from = time.perf_counter() + WARM_UP_SECONDS
        self._ends_at = self._counts_from + order.seconds
        self.latencies: list[float] = []

    async def pay(self) -> None:
        """One caller."""
        while True:
            began = time.perf_counter()
            outcome = await self._lanes.decide(self._attempt(next(self._cards)))
            now = time.perf_counter()
            if outcome.made is None or not outcome.made.authorization.approved:
                raise Wrong(f"an authorization was not approved: {outcome}")
            if now >= self._ends_at:
                return
            if now >= self._counts_from:
                self.latencies.append(now - began)

    def _attempt(self, card: Card) -> Attempt:
        """A request under a reference of its own, as a card network's door makes it."""
        return Attempt(
            id=ids.new_id(Authorization.prefix),
            tenant=Tenant(card.account, self._order.platform, False, None, None),
            request=AuthorizationRequest(
                card=card.card,
                amount_minor=self._order.amount,
                merchant_data=self._merchant,
                network_ref=ids.new_id("bench_"),
            ),
        )


def say_nothing(*_: object) -> None:
    """In the place of what writes the event of a decision."""


async def run(order: Order) -> Measurement:
    """Start the lanes and let the callers work for as long as they are told."""
    if order.silent:
        patch.object(Writing, "_add_event", say_nothing).start()
    vault = installed_vault(Path(order.data_directory), None)
    pool = await open_pool(order.database, vault)
    application = Application(pool, vault)
    lanes = Lanes(application.database)
    await lanes.start()
    relieve_collector()
    payments = Payments(order, lanes)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(order.in_flight):
                group.create_task(payments.pay())
    except* Wrong as several:
        raise Wrong(str(several.exceptions[0])) from None
    finally:
        await lanes.stop()
        await pool.close()
    return measurement(payments.latencies, order.seconds)


def main() -> None:
    """Do what standard input says."""
    order = children.ordered(Order)
    try:
        children.report(uvloop.run(run(order)))
    except Wrong as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()

"""``python -m bench.limits``: what spending limits cost a payment, alone or as part of the bench.

Two accounts, each with a cardholder and a card that paid 100,000 times within three years, in every
category. One has twenty limits that a payment meets, ten on the card and ten on the cardholder; the
other has none. Payments go straight into the lanes, one account after the other in turn.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, NamedTuple

from bench import accounts, children, lanes
from bench.measurement import Measurement, Wrong
from bench.server import Server
from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.cardholders.flows import update_cardholder
from cardwright.cardholders.model import Cardholder
from cardwright.cards.flows import update_card
from cardwright.cards.model import Card
from cardwright.kernel import clock
from cardwright.kernel.database import Database, open_pool
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.vault import installed_vault
from cardwright.roles.application import Application
from cardwright.simulator.api import CATEGORY
from cardwright.tenancy import registry
from cardwright.wire.given import Given

PAST = 100_000
YEARS = 3
ROUNDS = 5
SECONDS = 2.0
AMOUNT_MINOR = 1
# One payment at a time, and as many as a lane takes well.
AT_ONCE = (1, 64)
AIM = 1.5
INTERVALS = ("per_authorization", "daily", "weekly", "monthly", "yearly", "all_time")
OVER_CATEGORIES = ("daily", "weekly", "monthly", "yearly")

HOLDER_OF = "select cardholder from cards where account_id = $1 and id = $2"
ONE = "select id from authorizations where account_id = $1 limit 1"
# Copies of one payment, each of a minute of its own.
PAYMENTS = """
insert into authorizations (
    account_id, id, created, card, cardholder, status, spend_root, book, held_minor, counted_minor,
    body
)
select account_id, 'iauth_' || lpad(number::text, 26, '0'), created - number * $3::bigint, card,
       cardholder, 'closed', spend_root, book, 0, counted_minor, body
  from authorizations, generate_series(1, $4) number
 where account_id = $1 and id = $2
"""
TOTALS = """
insert into spending_totals (account_id, owner, category, month, currency, day, amount_minor, days)
select $1, owner, category, month, 'gbp', 1, amount_minor, array_fill($4::bigint, array[31])
  from unnest($2::text[]) owner, unnest($3::text[]) category, generate_series($5::int, $6) month,
       lateral (select 31 * $4::bigint as amount_minor) whole
    on conflict do nothing
"""


class Cost(NamedTuple):
    """Payments with and without limits, so many at once: the middle one of the rounds each."""

    at_once: int
    limited: Measurement
    unlimited: Measurement

    @property
    def times(self) -> float:
        """How many times as long a payment with limits takes."""
        if self.at_once == 1:
            return self.limited.p50_ms / self.unlimited.p50_ms
        return self.unlimited.per_second / self.limited.per_second

    def __str__(self) -> str:
        if self.at_once == 1:
            told = f"{self.limited.p50_ms:.2f} ms beside {self.unlimited.p50_ms:.2f} ms (p50)"
        else:
            told = (
                f"{self.limited.per_second:,.0f} beside {self.unlimited.per_second:,.0f} a second"
            )
        return f"{self.at_once} at once {told}: x {self.times:.2f}"


class Limits:
    """The load, on a server that runs."""

    def __init__(self, data_directory: Path, database: dict[str, Any], seconds: float) -> None:
        self.data_directory = data_directory
        self.database = database
        self.seconds = seconds

    def measured(self) -> list[Cost]:
        """Both cards in turn, so that whatever else the machine does falls on both."""
        platform, made = accounts.prepare(self.data_directory, self.database, 2)
        cards = made[:2]
        for card in cards:
            self._pay(platform, card, 1, 0.1)
        asyncio.run(self._prepare(cards))
        found = []
        for at_once in AT_ONCE:
            rounds: list[list[Measurement]] = [[], []]
            for _ in range(ROUNDS):
                for card, of_card in zip(cards, rounds, strict=True):
                    of_card.append(self._pay(platform, card, at_once, self.seconds))
            limited, unlimited = (
                sorted(of_card, key=lambda one: one.per_second)[ROUNDS // 2] for of_card in rounds
            )
            found.append(Cost(at_once, limited, unlimited))
        return found

    def _pay(self, platform: str, card: lanes.Card, at_once: int, seconds: float) -> Measurement:
        order = lanes.Order(
            data_directory=str(self.data_directory),
            database=self.database,
            platform=platform,
            cards=[card],
            amount=AMOUNT_MINOR,
            in_flight=at_once,
            seconds=seconds,
        )
        return children.run("bench.lanes", order, seconds, Measurement)

    async def _prepare(self, cards: list[lanes.Card]) -> None:
        """The past of both cards, the limits of the first, and none on the second."""
        vault = installed_vault(self.data_directory, None)
        pool = await open_pool(self.database, vault)
        try:
            database = (Application(pool, vault)).database
            for card in cards:
                holder = await pool.fetchval(HOLDER_OF, card.account, card.card)
                await _past(pool, card, holder)
                limits = ten() if card is cards[0] else []
                await _limit(database, card, holder, limits)
            await pool.execute("vacuum analyze authorizations, spending_totals")
        finally:
            await pool.close()


def ten() -> list[dict[str, Any]]:
    """Ten limits, each of which is on the card and on the cardholder."""
    some = [CATEGORY, *sorted(MERCHANT_CATEGORIES - {CATEGORY})[:4]]
    every = [{"amount": AMOUNT_MINOR_MAX, "interval": interval} for interval in INTERVALS]
    return every + [
        {"amount": AMOUNT_MINOR_MAX, "interval": interval, "categories": some}
        for interval in OVER_CATEGORIES
    ]


async def _past(pool: Any, card: lanes.Card, holder: str) -> None:
    minutes = YEARS * 365 * 24 * 60
    step = minutes * 60 // PAST
    made = await pool.fetchval(ONE, card.account)
    await pool.execute(PAYMENTS, card.account, made, step, PAST, timeout=600)
    month = clock.month_number(clock.machine_ms())
    categories = [*sorted(MERCHANT_CATEGORIES), "*"]
    owners = [card.card, holder]
    await pool.execute(
        TOTALS, card.account, owners, categories, AMOUNT_MINOR, month - YEARS * 12, month
    )


async def _limit(
    database: Database, card: lanes.Card, holder: str, limits: list[dict[str, Any]]
) -> None:
    controls = {"spending_controls": {"spending_limits": limits}}
    async with registry.transaction(database, card.account) as tx:
        await update_card(tx, card.card, Given(Card, controls))
        await update_cardholder(tx, holder, Given(Cardholder, controls))


def main() -> int:
    """Measure on a server of its own and print; the exit code says whether it is as we want it."""
    server = Server()
    try:
        server.start()
        found = Limits(server.data_directory, server.published.database, SECONDS).measured()
    except Wrong as wrong:
        sys.exit(f"The benchmark failed: {wrong}")
    finally:
        server.remove()
    for cost in found:
        sys.stdout.write(f"Twenty limits, {cost}\n")
    return 0 if all(cost.times <= AIM for cost in found) else 1


if __name__ == "__main__":
    sys.exit(main())

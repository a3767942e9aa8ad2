"""Limits at their edge, from two server processes at once: never a minor unit too much."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cardwright.kernel.vault import Vault, new_key
from tests.simulator.clocks import new_clock
from tests.support import processes
from tests.support.database import make_database, private_directory
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

AT_ONCE = 64
AMOUNT, FITTING = 100, 10
TOTALS = """
select owner, amount_minor, days[day] as newest from spending_totals
 where account_id = $1 and category = '*'
"""


@dataclass
class Two:
    """One platform on two servers."""

    platform: Platform
    bases: list[str]

    def on(self, one: Spender, index: int) -> Spender:
        """The spender as one of the servers sees it."""
        live = replace(self.platform.live, base=self.bases[index % 2])
        return replace(one, platform=replace(self.platform, live=live))


@pytest.fixture(scope="module")
async def two(server: dict[str, Any]) -> AsyncIterator[Two]:
    """Two server processes on one database."""
    connect = await make_database(server, "limits_of_two")
    key = new_key()
    url = f"postgresql://{connect['user']}@/{connect['database']}?host={connect['host']}"
    url += f"&port={connect['port']}"
    directory = private_directory()
    started: list[processes.Process] = []
    try:
        for name in ("first", "second"):
            arguments = (directory / name, "--database-url", url)
            started += [await processes.start(*arguments, CARDWRIGHT_VAULT_KEY=key)]
        bases = [one.base for one in started]
        async with processes.beside(connect, Vault.open(key), bases[0]) as platform:
            yield Two(platform, bases)
    finally:
        for one in started:
            one.stop()
        shutil.rmtree(directory)


def limit(interval: str, *categories: str, amount: int = AMOUNT * FITTING) -> dict[str, str]:
    """A limit that ten payments reach exactly."""
    path = "spending_controls[spending_limits][0]"
    form = {f"{path}[amount]": str(amount), f"{path}[interval]": interval}
    return form | {f"{path}[categories][{at}]": one for at, one in enumerate(categories)}


async def limited(two: Two, **limits: Any) -> Spender:
    """A spender with limits, on a clock that stands: no interval ends meanwhile."""
    clock = await new_clock(two.platform)
    return await spender(two.platform, funds=1_000_000, test_clock=clock, **limits)


async def totals(two: Two, one: Spender) -> dict[str, set[int]]:
    """What the totals over all categories of an account are, by owner."""
    pool = two.platform.live.application.database.pool
    found: dict[str, set[int]] = {}
    for row in await pool.fetch(TOTALS, one.account):
        found.setdefault(row["owner"], set()).update((row["amount_minor"], row["newest"]))
    return found


@pytest.mark.parametrize("interval", ["daily", "weekly", "monthly", "yearly", "all_time"])
async def test_sixty_four_at_once_on_a_limit_of_the_card(two: Two, interval: str) -> None:
    one = await limited(two, card=limit(interval, "bakeries"))
    category = {"merchant_data[category]": "bakeries"}
    asked = [two.on(one, index).authorize(AMOUNT, **category) for index in range(AT_ONCE)]
    found = await asyncio.gather(*asked)
    assert sum(body["approved"] for body in found) == FITTING
    reasons = {one["request_history"][0]["reason"] for one in found if not one["approved"]}
    assert reasons == {"spending_controls"}
    assert await totals(two, one) == {
        one.card: {AMOUNT * FITTING},
        one.holder: {AMOUNT * FITTING},
    }
    other = await one.authorize(AMOUNT, **{"merchant_data[category]": "florists"})
    assert other["approved"]


async def test_sixty_four_at_once_on_many_cards_of_a_cardholder(two: Two) -> None:
    one = await limited(two, holder=limit("weekly"))
    cards = [one.card, *[await one.new_card() for _ in range(3)]]
    asked = [
        two.on(one, index).authorize(AMOUNT, card=cards[index // 2 % 4]) for index in range(AT_ONCE)
    ]
    found = await asyncio.gather(*asked)
    assert sum(body["approved"] for body in found) == FITTING
    assert (await totals(two, one))[one.holder] == {AMOUNT * FITTING}


async def test_what_is_given_back_at_once_is_spent_once(two: Two) -> None:
    """Reversals and new payments at the same time: what counts in the end is within the limit, and
    what is left of it can be spent."""
    one = await limited(two, card=limit("daily"))
    made = [await one.authorize(AMOUNT) for _ in range(FITTING)]
    assert all(body["approved"] for body in made)
    reversals = [
        two.on(one, index).done("POST", f"{HELPERS}/{body['id']}/reverse")
        for index, body in enumerate(made[:5])
    ]
    asked = [two.on(one, index).authorize(AMOUNT) for index in range(AT_ONCE)]
    found = (await asyncio.gather(*reversals, *asked))[len(reversals) :]
    approved = sum(body["approved"] for body in found)
    assert approved <= 5
    for _ in range(5 - approved):
        assert (await one.authorize(AMOUNT))["approved"]
    assert not (await one.authorize(1))["approved"]
    assert (await totals(two, one))[one.card] == {AMOUNT * FITTING}


async def test_increments_and_payments_share_a_limit(two: Two) -> None:
    one = await limited(two, card=limit("monthly"))
    open_one = await one.authorize(AMOUNT)
    more = {"increment_amount": str(AMOUNT)}
    path = f"{HELPERS}/{open_one['id']}/increment"
    asked = [
        two.on(one, index).done("POST", path, more)
        if index % 4 < 2
        else two.on(one, index).authorize(AMOUNT)
        for index in range(AT_ONCE)
    ]
    await asyncio.gather(*asked)
    assert (await totals(two, one))[one.card] == {AMOUNT * FITTING}
    assert not (await one.authorize(1))["approved"]

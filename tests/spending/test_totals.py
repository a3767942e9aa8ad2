"""Random stories of cards and a cardholder: every total is what a recount of authorizations and
transactions gives, after every step, and every decision is the one that the recount foretells."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar

import aiohttp
import hypothesis.strategies as st
from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import open_pool
from cardwright.kernel.vault import Vault, new_key
from cardwright.roles.application import Application
from cardwright.roles.provisioning import create_platform
from tests.simulator.clocks import advance, new_clock
from tests.spending import recount
from tests.support.server import Live, Platform, answering
from tests.support.spending import HELPERS, Spender, spender

T = TypeVar("T")
CARDS, AUTHORIZATIONS = "/v1/issuing/cards", "/v1/issuing/authorizations"
TRANSACTIONS = "/v1/test_helpers/issuing/transactions"
# Wednesday 26 December 2040: a week, a month and a year end within days.
START = int(datetime(2040, 12, 26, 12, tzinfo=UTC).timestamp())
CATEGORIES = ("bakeries", "book_stores", "hotels_motels_and_resorts")
INTERVALS = ("per_authorization", "daily", "weekly", "monthly", "yearly", "all_time")
MOST = {
    "per_authorization": 3_000,
    "daily": 5_000,
    "weekly": 8_000,
    "monthly": 12_000,
    "yearly": 20_000,
    "all_time": 25_000,
}
STEPS_LEAST = 500
KIND_LEAST = 3
ROWS = """
select owner, category, month, 0 as day, amount_minor from spending_totals
 where account_id = $1 and amount_minor <> 0
 union all
select owner, category, month, number, days[number]
  from spending_totals, generate_series(1, 31) number
 where account_id = $1 and days[number] <> 0
"""


class Story(RuleBasedStateMachine):
    """A cardholder with several cards, on a clock."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    live: ClassVar[Live]
    steps: ClassVar[int]
    done: ClassVar[Counter[str]]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(random=st.randoms(use_true_random=True))
    def open_account(self, random: Random) -> None:
        self.random = random
        self.run(self.open())

    async def open(self) -> None:
        self.platform = Platform(self.live, await create_platform(self.live.application.database))
        self.clock = await new_clock(self.platform, START)
        self.now = START
        one = await spender(
            self.platform,
            funds=90_000_000,
            test_clock=self.clock,
            holder=self.limits_form("weekly", "all_time"),
            card=self.limits_form("daily"),
        )
        self.one: Spender = one
        self.roots = {one.card: one.card}
        for _ in range(2):
            card = await one.new_card(**self.limits_form("monthly", "yearly"))
            self.roots[card] = card
        self.current = list(self.roots)
        self.refunded: dict[str, str] = {}
        await self.look()

    async def look(self) -> None:
        """Read everything there is anew."""
        self.authorizations = await self.all_of(AUTHORIZATIONS)
        self.transactions = await self.all_of("/v1/issuing/transactions")
        self.spent = recount.recount(
            self.authorizations, self.transactions, self.roots, self.refunded
        )

    async def all_of(self, path: str) -> list[Any]:
        found: list[Any] = []
        after = ""
        while True:
            page = await self.one.done("GET", f"{path}?limit=100{after}")
            found += page["data"]
            if not page["has_more"]:
                return found
            after = f"&starting_after={found[-1]['id']}"

    def limits_form(self, *intervals: str) -> dict[str, str]:
        form = {}
        for number, interval in enumerate(intervals):
            path = f"spending_controls[spending_limits][{number}]"
            form[f"{path}[interval]"] = interval
            form[f"{path}[amount]"] = str(self.random.randint(500, MOST[interval]))
            for category in self.random.sample(CATEGORIES, self.random.choice((0, 0, 1, 2))):
                form[f"{path}[categories][{len(form)}]"] = category
        return form

    async def limits(self, card: str) -> dict[str, list[Any]]:
        """The limits that a payment with the card meets, by whose totals they are about."""
        shown = await self.one.done("GET", f"{CARDS}/{card}")
        return {
            self.roots[card]: shown["spending_controls"]["spending_limits"],
            self.one.holder: shown["cardholder"]["spending_controls"]["spending_limits"],
        }

    @rule()
    def act(self) -> None:
        """Whatever happens next."""
        happens = self.random.choice(MOVEMENTS)
        note(happens.__name__)
        type(self).steps += 1

        async def acted() -> None:
            await happens(self)
            await self.look()

        self.run(acted())

    def an_authorization(self, *statuses: str) -> Any:
        found = [
            one for one in self.authorizations if one["approved"] and one["status"] in statuses
        ]
        return self.random.choice(found) if found else None

    def amount(self) -> int:
        return self.random.choice((1, self.random.randint(1, 900), self.random.randint(1, 4_000)))

    async def tell(self, path: str, **form: Any) -> Any:
        """The body of a call, or None when the state of the authorization refuses it."""
        given = {name: str(value) for name, value in form.items()}
        status, body = await self.one.call("POST", path, given)
        assert status in (200, 400), body
        return body if status == 200 else None

    # What happens.

    async def authorize(self) -> None:
        card, category = self.random.choice(self.current), self.random.choice(CATEGORIES)
        amount = self.amount()
        today = recount.day_of(self.now)
        limits = await self.limits(card)
        foretold = recount.fits(self.spent, limits, category, amount, today)
        made = await self.one.authorize(amount, card=card, **{"merchant_data[category]": category})
        assert made["approved"] is foretold, (made["request_history"], limits)
        if not foretold:
            assert made["request_history"][0]["reason"] == "spending_controls"
        self.done["approve" if foretold else "decline"] += 1

    async def reach_a_limit(self) -> None:
        """Exactly what is left is approved, and one more is not."""
        card, category = self.random.choice(self.current), self.random.choice(CATEGORIES)
        limits, today = await self.limits(card), recount.day_of(self.now)
        left = recount.most(self.spent, limits, category, today)
        more = {"merchant_data[category]": category, "card": card}
        assert not (await self.one.authorize(left + 1, **more))["approved"]
        if left:
            assert (await self.one.authorize(left, **more))["approved"]
            self.done["reach"] += 1

    async def increment(self) -> None:
        one = self.an_authorization("pending")
        if one is None:
            return
        amount = self.amount()
        limits = await self.limits(one["card"]["id"])
        standing = one["card"]["id"] in self.current
        foretold = standing and recount.fits(
            self.spent,
            limits,
            one["merchant_data"]["category"],
            amount,
            recount.day_of(one["created"]),
            one["amount"],
        )
        path = f"{HELPERS}/{one['id']}/increment"
        body = await self.tell(path, increment_amount=amount)
        assert body is not None
        approved = body["request_history"][-1]["approved"]
        assert approved is foretold, body["request_history"][-1]
        self.done["increment" if foretold else "refuse_more"] += 1

    async def capture(self) -> None:
        states = self.random.choice((("pending",), ("pending", "expired", "closed")))
        one = self.an_authorization(*states)
        if one is None:
            return
        whole = one["amount"] or 1
        amount = self.random.choice((self.amount(), whole, whole + 77, whole // 3 + 1))
        close = self.random.choice(("true", "false"))
        body = await self.tell(
            f"{HELPERS}/{one['id']}/capture", capture_amount=amount, close_authorization=close
        )
        if body is not None:
            self.done["capture" if one["status"] == "pending" else "capture_late"] += 1
            self.done["over_capture"] += amount > one["amount"]
            self.done["keep_open"] += body["status"] == "pending"

    async def reverse(self) -> None:
        one = self.an_authorization("pending")
        if one is None:
            return
        form = self.random.choice(({}, {"reverse_amount": self.random.randint(1, 900)}))
        if await self.tell(f"{HELPERS}/{one['id']}/reverse", **form) is not None:
            self.done["reverse_part" if form else "reverse"] += 1

    async def expire(self) -> None:
        one = self.an_authorization("pending")
        if one is not None and await self.tell(f"{HELPERS}/{one['id']}/expire") is not None:
            self.done["expire"] += 1

    async def force_capture(self) -> None:
        card = self.random.choice(list(self.roots))
        category = self.random.choice(CATEGORIES)
        body = await self.tell(
            f"{TRANSACTIONS}/create_force_capture",
            card=card,
            amount=self.amount(),
            currency="gbp",
            **{"merchant_data[category]": category},
        )
        assert body is not None
        self.done["force_capture"] += 1

    async def refund_unlinked(self) -> None:
        body = await self.tell(
            f"{TRANSACTIONS}/create_unlinked_refund",
            card=self.random.choice(list(self.roots)),
            amount=self.amount(),
            currency="gbp",
        )
        assert body is not None
        self.done["refund_unlinked"] += 1

    async def refund(self) -> None:
        captured = [one for one in self.transactions if one["type"] == "capture"]
        if not captured:
            return
        one = self.random.choice(captured)
        part = self.random.randint(1, max(1, -one["amount"] // 3))
        form = self.random.choice(({}, {"refund_amount": part}, {"refund_amount": part}))
        body = await self.tell(f"{TRANSACTIONS}/{one['id']}/refund", **form)
        if body is not None:
            self.refunded[body["id"]] = one["id"]
            self.done["refund_part" if form else "refund"] += 1

    async def replace(self) -> None:
        old = self.random.choice(self.current)
        reason = self.random.choice(("lost", "stolen", "damaged", "expired"))
        if reason in ("lost", "stolen"):
            canceled = {"status": "canceled", "cancellation_reason": reason}
            assert await self.tell(f"{CARDS}/{old}", **canceled) is not None
        card = await self.one.new_card(
            replacement_for=old, replacement_reason=reason, **self.limits_form("daily", "all_time")
        )
        self.roots[card] = self.roots[old]
        self.current[self.current.index(old)] = card
        self.done["replace"] += 1

    async def change_limits(self) -> None:
        intervals = self.random.sample(INTERVALS, self.random.randint(1, 4))
        path = self.random.choice((f"{CARDS}/{self.random.choice(self.current)}", ""))
        path = path or f"/v1/issuing/cardholders/{self.one.holder}"
        assert await self.tell(path, **self.limits_form(*intervals)) is not None
        self.done["change_limits"] += 1

    async def pass_time(self) -> None:
        """To the last second of the day, to the next midnight, or days on."""
        midnight = datetime.fromtimestamp(self.now, UTC).replace(hour=0, minute=0, second=0)
        midnight += timedelta(days=1)
        target = midnight + self.random.choice(
            (timedelta(seconds=-1), timedelta(0), timedelta(0), timedelta(days=2), timedelta(8))
        )
        target_seconds = int(target.timestamp())
        if target_seconds <= self.now:
            return
        await advance(self.platform, self.clock, target_seconds)
        self.now = target_seconds
        self.done["midnight"] += target == midnight
        self.done["days"] += target > midnight

    @invariant()
    def totals_are_right(self) -> None:
        if hasattr(self, "spent"):
            pool = self.live.application.database.pool
            rows = self.run(pool.fetch(ROWS, self.one.account))
            kept = {tuple(row.values())[:4]: row["amount_minor"] for row in rows}
            assert kept == recount.totals(self.spent)


MOVEMENTS: tuple[Callable[[Story], Coroutine[Any, Any, None]], ...] = (
    Story.authorize,
    Story.authorize,
    Story.authorize,
    Story.reach_a_limit,
    Story.increment,
    Story.capture,
    Story.capture,
    Story.reverse,
    Story.expire,
    Story.force_capture,
    Story.refund_unlinked,
    Story.refund,
    Story.replace,
    Story.change_limits,
    Story.pass_time,
    Story.pass_time,
)
KINDS = (
    "approve capture capture_late change_limits days decline expire force_capture increment "
    "keep_open midnight over_capture reach refund refund_part refund_unlinked refuse_more replace "
    "reverse reverse_part"
).split()


async def started(database: dict[str, Any], blobs: Path) -> tuple[Live, Callable[[], Any]]:
    """The product answering on a port of this loop, and how to stop it."""
    vault = Vault.open(new_key())
    pool = await open_pool(database, vault, size=6)
    application = Application(pool, vault, Blobs(blobs, vault))
    await application.start()
    serving = answering(application)
    http = aiohttp.ClientSession()
    live = Live(application, await serving.__aenter__(), http)

    async def stop() -> None:
        await http.close()
        await serving.__aexit__(None, None, None)
        await application.stop()
        await pool.close()

    return live, stop


def test_totals_are_what_a_recount_gives(database: dict[str, Any], tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()
    live, stop = loop.run_until_complete(started(database, tmp_path))

    class RunStory(Story):
        """The story on this run's server."""

    RunStory.loop, RunStory.live, RunStory.steps, RunStory.done = loop, live, 0, Counter()
    try:
        run_state_machine_as_test(
            RunStory,
            settings=settings(
                max_examples=12,
                stateful_step_count=60,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        loop.run_until_complete(stop())
        loop.close()
    assert RunStory.steps >= STEPS_LEAST, f"only {RunStory.steps} steps"
    rare = {name: RunStory.done[name] for name in KINDS if RunStory.done[name] < KIND_LEAST}
    assert not rare, f"of {KIND_LEAST} at least: {rare}"

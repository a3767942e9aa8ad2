"""Random interleavings of everything that happens to money, against an independent auditor.

After every step each balance is what the auditor says; at the end of every story the entries are,
the lines of each transfer sum to zero, nothing was given back twice, and the command that verifies
the books agrees.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from random import Random
from typing import Any, ClassVar, TypeVar

import asyncpg
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, note, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cardwright.kernel import ids
from cardwright.kernel.database import Database, Tx, open_pool
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import Vault, new_key
from cardwright.ledger import audit, flows, pending, transfers
from cardwright.ledger.transfers import Transfer
from cardwright.tenancy import gates, registry
from tests.ledger.auditor import Auditor
from tests.ledger.story import CURRENCIES, OWN, WAYS, BookOfAccount, Held, Journey, Posted

T = TypeVar("T")
STEPS_LEAST = 2_000
# How often each kind of movement has happened at least, not counting what was refused.
KIND_LEAST = 3
TELLINGS_MOST = 4
CREATED_MS = 1_750_000_000_000


async def emit_nothing(tx: Tx) -> None:
    """The ledger emits no events."""
    assert not tx.emissions


class Story(RuleBasedStateMachine):
    """Two accounts to which everything happens that can happen to money."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    pool: ClassVar["asyncpg.Pool[asyncpg.Record]"]
    steps: ClassVar[int]
    done: ClassVar[Counter[str]]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(random=st.randoms(use_true_random=True))
    def open_accounts(self, random: Random) -> None:
        self.random = random
        self.database = Database(self.pool, Vault.open(new_key()), emit_nothing)
        self.accounts = [ids.new_id("acct_") for _ in range(2)]
        self.auditor = Auditor()
        self.holds: list[Held] = []
        self.claims: list[Held] = []
        self.posted: list[Posted] = []
        self.journeys: list[Journey] = []
        self.keyed: list[tuple[str, Callable[[Tx], Awaitable[str]], str]] = []

        async def register() -> None:
            for account_id in self.accounts:
                await registry.register(
                    self.pool,  # type: ignore[arg-type]
                    account_id=account_id,
                    platform_id=self.accounts[0],
                    livemode=False,
                    created_ms=CREATED_MS,
                )

        self.run(register())

    @rule()
    def act(self) -> None:
        """Whatever happens next."""
        happens = self.random.choice(MOVEMENTS)
        note(happens.__name__)
        type(self).steps += 1
        happens(self)

    def attempt(self, account: str, work: Callable[[Tx], Awaitable[T]]) -> T | None:
        """What the work answers in a transaction, or None when there was not enough money."""

        async def attempted() -> T | None:
            try:
                async with registry.transaction(self.database, account) as tx:
                    await gates.lock(tx, *self.accounts)
                    return await work(tx)
            except Failure as failure:
                if failure.refusal.code != "balance_insufficient":
                    raise
                return None

        return self.run(attempted())

    def post(self, transfer: Transfer) -> str | None:
        """The id of a transfer, or None when there was not enough money for it."""

        async def posted(tx: Tx) -> str:
            return await flows.post(tx, transfer)

        return self.attempt(transfer.account_id, posted)

    def place(self, *books: str) -> BookOfAccount:
        """Somewhere that money can be."""
        choose = self.random.choice
        return BookOfAccount(choose(self.accounts), choose(books or OWN), choose(CURRENCIES))

    def amount(self, most: int = 2_000) -> int:
        """A sum of money, now and then the smallest."""
        return self.random.choice((1, self.random.randint(1, most), self.random.randint(1, most)))

    def has(self, place: BookOfAccount) -> int:
        """What is available there."""
        return self.auditor.has(*place)

    def take_one(self, of: list[T]) -> T | None:
        """One of them, which is no longer among them."""
        return of.pop(self.random.randrange(len(of))) if of else None

    # Money in, refunds, corrections.

    def fund(self) -> None:
        place, amount = self.place(), self.random.randint(1_000, 9_000)
        made = self.post(transfers.incoming(*place, amount))
        assert made is not None
        self.auditor.flow(place.account, place.currency, amount, "outside", place.book)
        self.posted.append(Posted(place, made, amount, "outside"))
        self.done["fund"] += 1

    def refund(self) -> None:
        account, book, currency = self.place()
        amount = self.amount(500)
        assert self.post(transfers.spend(account, ids.new_id("ipi_"), currency, -amount, book))
        self.auditor.flow(account, currency, amount, "network_settlement", book)
        self.done["refund"] += 1

    def adjust(self) -> None:
        account, book, currency = place = self.place()
        amount = self.amount(800) * self.random.choice((-1, 1))
        against = self.random.choice(("fees", "losses", "outside"))
        forced = self.random.random() < 0.3
        enough = amount > 0 or forced or self.has(place) >= -amount
        made = self.post(
            transfers.within(account, "adjustment", currency, amount, book, against, forced=forced)
        )
        assert (made is not None) is enough
        if made is not None:
            self.auditor.flow(account, currency, amount, against, book)
            self.posted.append(Posted(place, made, amount, against))
            self.done["adjust"] += 1

    def correct(self) -> None:
        """Take a transfer back: once, and as far as the money is still there."""
        posted = self.take_one(self.posted)
        if posted is None:
            return
        place, transfer, amount, other = posted

        async def corrected(tx: Tx) -> str:
            made = await flows.correct(tx, transfer, "Wrong")
            with pytest.raises(Failure, match="corrected before"):
                await flows.correct(tx, transfer, "Again")
            return made

        enough = amount < 0 or self.has(place) >= amount
        assert (self.attempt(place.account, corrected) is not None) is enough
        if enough:
            self.auditor.flow(place.account, place.currency, amount, place.book, other)
            self.done["correct"] += 1

    def write_off(self) -> None:
        """Whatever is below zero somewhere is lost."""
        for account, book, currency, lacking in self.auditor.below_zero():
            assert self.post(
                transfers.within(account, "adjustment", currency, lacking, book, "losses")
            )
            self.auditor.flow(account, currency, lacking, "losses", book)
            self.done["write_off"] += 1

    def post_under_a_key(self) -> None:
        account, book, currency = self.place()
        amount, key = self.amount(), ids.new_id("key_")
        transfer = transfers.incoming(account, book, currency, amount)

        async def posted(tx: Tx) -> str:
            return await flows.post(tx, transfer, key=key)

        made = self.attempt(account, posted)
        assert made is not None
        self.auditor.flow(account, currency, amount, "outside", book)
        self.keyed.append((account, posted, made))
        self.done["post_under_a_key"] += 1

    def repeat_a_key(self) -> None:
        if self.keyed:
            account, posted, made = self.random.choice(self.keyed)
            assert self.attempt(account, posted) == made
            self.done["repeat_a_key"] += 1

    # Cards: holds, releases, captures of any amount, on any book.

    def hold(self) -> None:
        account, book, currency = place = self.place()
        source, amount = ids.new_id("iauth_"), self.amount(700)
        shown = self.random.random() < 0.7
        transfer = transfers.hold(account, source, currency, amount, book)

        async def held(tx: Tx) -> str:
            return await flows.post(tx, transfer, shown=shown)

        enough = self.has(place) >= amount
        assert (self.attempt(account, held) is not None) is enough
        if enough:
            self.auditor.set_aside(account, currency, amount, book, source)
            self.holds.append(Held(place, source, shown))
            self.done["hold"] += 1

    def release(self) -> None:
        """A part of a hold, or one unit more than is left of it."""
        held = self.random.choice(self.holds) if self.holds else None
        if held is None or not held.shown:
            return
        account, book, currency = held.place
        left = self.auditor.left_for(account, held.source)
        over = not left or self.random.random() < 0.3
        part = left + 1 if over else self.random.randint(1, left)

        async def given_back(tx: Tx) -> bool:
            try:
                async with tx.connection.transaction():
                    await flows.release(tx, held.source, currency, part, book)
            except AssertionError:
                return False
            return True

        assert self.attempt(account, given_back) is not over
        if not over:
            self.auditor.set_aside(account, currency, -part, book, held.source)
        self.done["over_release" if over else "release"] += 1

    def capture_and_close(self) -> None:
        """Any amount, also more than was held: the network has settled it."""
        held = self.take_one(self.holds)
        if held is None:
            return
        account, book, currency = held.place
        rest, amount = self.auditor.left_for(account, held.source), self.amount(900)

        async def captured(tx: Tx) -> str:
            if rest:
                back = transfers.release(account, held.source, currency, rest, book)
                await flows.post(tx, back, shown=held.shown)
            return await flows.spend(tx, ids.new_id("ipi_"), currency, amount, book)

        assert self.attempt(account, captured) is not None
        if rest:
            self.auditor.set_aside(account, currency, -rest, book, held.source)
        self.auditor.flow(account, currency, amount, book, "network_settlement")
        self.done["capture_beyond" if amount > rest else "capture"] += 1

    # Between accounts: transfers and reversals, credit allotted and taken back; repayment.

    def send(self) -> None:
        sender, receiver = self.random.sample(self.accounts, 2)
        leaves, arrives = self.random.choice(
            (("payments", "payments"), ("issuing", "credit"), ("credit", "issuing"))
        )
        currency, amount = self.random.choice(CURRENCIES), self.amount()
        enough = self.auditor.has(sender, leaves, currency) >= amount
        sides = (
            transfers.departure(sender, "transfer", leaves, currency, amount, "tr_1"),
            transfers.arrival(receiver, "payment", arrives, currency, amount, "py_1"),
        )
        key = ids.new_id("key_")

        async def moved(tx: Tx) -> bool:
            made = await flows.move(tx, *sides, key=key)
            return await flows.move(tx, *sides, key=key) == made

        assert self.attempt(sender, moved) is (True if enough else None)
        if enough:
            self.auditor.flow(sender, currency, amount, leaves, "clearing")
            self.auditor.flow(receiver, currency, amount, "clearing", arrives)
            self.done["send"] += 1

    def repay(self) -> None:
        """What was spent on credit is owed, and repaid from the payments balance."""
        account, book, currency = place = self.place("payments")
        amount = self.amount()
        enough = self.has(place) >= amount
        made = self.post(transfers.within(account, "transfer", currency, -amount, book, "owed"))
        assert (made is not None) is enough
        if enough:
            self.auditor.flow(account, currency, amount, book, "owed")
            self.done["repay"] += 1

    # On its way: payouts, balance transfers, top-ups, announced credits.

    def set_off(self) -> None:
        kind = self.random.choice(sorted(WAYS))
        source, transit, reason, _target = WAYS[kind]
        account, _book, currency = place = self.place(source)
        amount = self.amount()
        enough = source == "outside" or self.has(place) >= amount
        made = self.post(transfers.within(account, reason, currency, -amount, source, transit))
        assert (made is not None) is enough
        if enough:
            self.auditor.flow(account, currency, amount, source, transit)
            self.journeys.append(Journey(account, kind, currency, amount))
            self.done["set_off"] += 1

    def arrive(self) -> None:
        """It arrives, or it fails and is where it came from."""
        journey = self.take_one(self.journeys)
        if journey is None:
            return
        account, kind, currency, amount = journey
        source, transit, reason, target = WAYS[kind]
        fails = self.random.random() < 0.4
        end = source if fails else target
        assert self.post(transfers.within(account, reason, currency, amount, end, transit))
        self.auditor.flow(account, currency, amount, transit, end)
        self.done["fail" if fails else "arrive"] += 1

    # Claims: set aside with an id, taken in part, over, in steps, given back once.

    def claim(self) -> None:
        account, book, currency = place = self.place()
        amount = self.amount(900)

        async def opened(tx: Tx) -> str:
            return (await pending.open_pending(tx, currency, amount, book, "outside")).id

        made = self.attempt(account, opened)
        assert (made is not None) is (self.has(place) >= amount)
        if made is not None:
            self.auditor.set_aside(account, currency, amount, book, made)
            self.claims.append(Held(place, made))
            self.done["claim"] += 1

    def take(self) -> None:
        """A part of a claim, the last part of it, or more than is left of it."""
        claimed = self.random.choice(self.claims) if self.claims else None
        left = self.auditor.left_for(claimed.place.account, claimed.source) if claimed else 0
        if claimed is None or not left:
            return
        account, book, currency = claimed.place
        how = self.random.choice(("take", "take_last", "take_beyond"))
        final, forced = how == "take_last", self.random.random() < 0.5
        amount = left + self.amount(300) if how == "take_beyond" else self.random.randint(1, left)

        async def taken(tx: Tx) -> object:
            return await pending.capture(tx, claimed.source, amount, final=final, forced=forced)

        freed = left if final else min(amount, left)
        enough = forced or self.has(claimed.place) + freed >= amount
        assert (self.attempt(account, taken) is not None) is enough
        if enough:
            self.auditor.set_aside(account, currency, -freed, book, claimed.source)
            self.auditor.flow(account, currency, amount, book, "outside")
            self.done[how] += 1

    def give_back(self) -> None:
        """The rest is given back once, whatever asks for it again."""
        claimed = self.take_one(self.claims)
        if claimed is None:
            return
        account, book, currency = claimed.place
        left = self.auditor.left_for(account, claimed.source)
        expires = self.random.random() < 0.5

        async def ended(tx: Tx) -> bool:
            if left and not expires:
                await pending.release(tx, claimed.source)
            await pending.expire(tx, claimed.source)
            await pending.expire(tx, claimed.source)
            return True

        assert self.attempt(account, ended)
        self.auditor.set_aside(account, currency, -left, book, claimed.source)
        self.done["lapse" if expires else "give_back"] += 1

    # The proof.

    @invariant()
    def balances_are_right(self) -> None:
        if hasattr(self, "auditor"):
            sql = "select * from balances where account_id = any($1)"
            self.auditor.check_balances(self.run(self.pool.fetch(sql, self.accounts)))

    def teardown(self) -> None:
        if hasattr(self, "auditor"):
            sql = "select * from entries where account_id = any($1)"
            self.auditor.check_entries(self.run(self.pool.fetch(sql, self.accounts)))
            self.run(self.verify())

    async def verify(self) -> None:
        async with self.database.connection() as connection:
            for account_id in self.accounts:
                assert await audit.verify(connection, account_id) == []


MOVEMENTS: tuple[Callable[[Story], None], ...] = (
    Story.fund,
    Story.refund,
    Story.adjust,
    Story.correct,
    Story.write_off,
    Story.post_under_a_key,
    Story.repeat_a_key,
    Story.hold,
    Story.release,
    Story.capture_and_close,
    Story.send,
    Story.repay,
    Story.set_off,
    Story.arrive,
    Story.claim,
    Story.take,
    Story.give_back,
)
KINDS = (
    "adjust arrive capture capture_beyond claim correct fail fund give_back hold lapse "
    "over_release post_under_a_key refund release repay repeat_a_key send set_off take "
    "take_beyond take_last write_off"
).split()


def test_money_is_conserved(database: dict[str, Any]) -> None:
    loop = asyncio.new_event_loop()
    vault = Vault.open(new_key())
    pool = loop.run_until_complete(open_pool(database, vault, size=2))

    class RunStory(Story):
        """The story on this run's database."""

    RunStory.loop, RunStory.pool, RunStory.steps, RunStory.done = loop, pool, 0, Counter()

    def rare() -> dict[str, int]:
        return {name: RunStory.done[name] for name in KINDS if RunStory.done[name] < KIND_LEAST}

    try:
        # What is drawn follows from the constants of the whole tree too: tell on until each kind
        # of step has come often enough.
        for telling in range(TELLINGS_MOST):
            run_state_machine_as_test(
                seed(telling)(RunStory),
                settings=settings(
                    max_examples=22,
                    stateful_step_count=100,
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
            if not rare():
                break
    finally:
        loop.run_until_complete(pool.close())
        loop.close()
    assert RunStory.steps >= STEPS_LEAST, f"only {RunStory.steps} steps"
    assert not rare(), f"of {KIND_LEAST} at least: {rare()}"

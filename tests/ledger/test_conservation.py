"""Random money movements, with an auditor that knows nothing of the ledger's own code.

After every step: the lines of each transfer sum to zero within the account and currency, every
balance is what a plain model of the story says, no hold is given back twice, and the command that
verifies the books agrees.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cardwright.kernel import gates, ids
from cardwright.kernel.clock import machine_ms
from cardwright.kernel.database import Database, Tx, open_pool
from cardwright.kernel.errors import Failure
from cardwright.kernel.vault import Vault, new_key
from cardwright.ledger import audit, flows, transfers
from cardwright.tenancy import registry

Answer = TypeVar("Answer")
CURRENCIES = ("gbp", "usd")
AMOUNTS = st.integers(min_value=1, max_value=20_000)


async def emit_nothing(tx: Tx) -> None:
    """The ledger emits no events."""
    assert not tx.emissions


class Story(RuleBasedStateMachine):
    """Two accounts that fund, hold, release, spend, refund and send each other money."""

    loop: asyncio.AbstractEventLoop
    pool: "asyncpg.Pool[asyncpg.Record]"

    holds = Bundle("holds")

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(work)

    @initialize()
    def open_accounts(self) -> None:
        self.database = Database(self.pool, Vault.open(new_key()), emit_nothing)
        self.accounts = [ids.new_id("acct_"), ids.new_id("acct_")]
        self.available: Counter[tuple[str, str, str]] = Counter()
        self.held: dict[str, int] = defaultdict(int)
        self.owner: dict[str, tuple[str, str]] = {}

        async def register() -> None:
            for account_id in self.accounts:
                await registry.register(
                    self.pool,  # type: ignore[arg-type]
                    account_id=account_id,
                    platform_id=account_id,
                    livemode=False,
                    created_ms=machine_ms(),
                )

        self.run(register())

    async def write(self, account_id: str, *made: transfers.Transfer) -> bool:
        """Post transfers in one transaction; whether there was enough money."""
        try:
            async with registry.transaction(self.database, account_id) as tx:
                await gates.lock(tx, account_id)
                for transfer in made:
                    await flows.post(tx, transfer)
        except Failure as failure:
            if failure.refusal.code != "balance_insufficient":
                raise
            return False
        return True

    @rule(
        which=st.integers(0, 1),
        book=st.sampled_from(["issuing", "payments"]),
        currency=st.sampled_from(CURRENCIES),
        amount=AMOUNTS,
    )
    def fund(self, which: int, book: Any, currency: str, amount: int) -> None:
        account_id = self.accounts[which]
        assert self.run(
            self.write(account_id, transfers.incoming(account_id, book, currency, amount))
        )
        self.available[account_id, book, currency] += amount
        self.available[account_id, "outside", currency] -= amount

    @rule(
        target=holds,
        which=st.integers(0, 1),
        currency=st.sampled_from(CURRENCIES),
        amount=st.integers(1, 500),
    )
    def hold(self, which: int, currency: str, amount: int) -> str:
        account_id, source = self.accounts[which], ids.new_id("iauth_")
        enough = self.available[account_id, "issuing", currency] >= amount
        made = transfers.hold(account_id, source, currency, amount)
        assert self.run(self.write(account_id, made)) is enough
        self.owner[source] = (account_id, currency)
        if enough:
            self.available[account_id, "issuing", currency] -= amount
            self.held[source] = amount
        return source

    @rule(source=holds, part=st.integers(1, 700), over=st.booleans())
    def release(self, source: str, part: int, over: bool) -> None:
        """A part of a hold, or one unit more than is left of it."""
        if over:
            part = self.held[source] + 1
        account_id, currency = self.owner[source]

        async def give_back() -> bool:
            try:
                async with registry.transaction(self.database, account_id) as tx:
                    await gates.lock(tx, account_id)
                    await flows.release(tx, source, currency, part)
            except AssertionError:
                return False
            return True

        possible = part <= self.held[source]
        assert self.run(give_back()) is possible
        if possible:
            self.held[source] -= part
            self.available[account_id, "issuing", currency] += part

    @rule(source=consumes(holds), amount=AMOUNTS)
    def capture_and_close(self, source: str, amount: int) -> None:
        """Any amount, also more than was held: the network has settled it."""
        account_id, currency = self.owner[source]
        rest = self.held.pop(source, 0)
        made = [transfers.release(account_id, source, currency, rest)] if rest else []
        made.append(transfers.spend(account_id, ids.new_id("ipi_"), currency, amount))
        assert self.run(self.write(account_id, *made))
        self.available[account_id, "issuing", currency] += rest - amount
        self.available[account_id, "network_settlement", currency] += amount

    @rule(which=st.integers(0, 1), currency=st.sampled_from(CURRENCIES), amount=AMOUNTS)
    def refund(self, which: int, currency: str, amount: int) -> None:
        account_id = self.accounts[which]
        made = transfers.spend(account_id, ids.new_id("ipi_"), currency, -amount)
        assert self.run(self.write(account_id, made))
        self.available[account_id, "issuing", currency] += amount
        self.available[account_id, "network_settlement", currency] -= amount

    @rule(which=st.integers(0, 1), currency=st.sampled_from(CURRENCIES), amount=AMOUNTS)
    def send(self, which: int, currency: str, amount: int) -> None:
        sender, receiver = self.accounts[which], self.accounts[1 - which]

        async def move() -> bool:
            try:
                async with registry.transaction(self.database, sender) as tx:
                    await gates.lock(tx, sender, receiver)
                    await flows.move(
                        tx,
                        transfers.departure(
                            sender, "transfer", "payments", currency, amount, "tr_1"
                        ),
                        transfers.arrival(
                            receiver, "transfer", "payments", currency, amount, "tr_1"
                        ),
                    )
            except Failure:
                return False
            return True

        enough = self.available[sender, "payments", currency] >= amount
        assert self.run(move()) is enough
        if enough:
            self.available[sender, "payments", currency] -= amount
            self.available[sender, "clearing", currency] += amount
            self.available[receiver, "payments", currency] += amount
            self.available[receiver, "clearing", currency] -= amount

    @invariant()
    def books_are_right(self) -> None:
        if not hasattr(self, "accounts"):
            return
        lines, balances = self.run(self.read())
        per_transfer: Counter[tuple[str, str, str]] = Counter()
        per_balance: Counter[tuple[str, str, str, str]] = Counter()
        for line in lines:
            key = (line["account_id"], line["transfer_id"], line["currency"])
            per_transfer[key] += line["amount_minor"]
            per_balance[line["account_id"], line["book"], line["currency"], line["part"]] += line[
                "amount_minor"
            ]
        assert not any(per_transfer.values())
        told = {key: amount for key, amount in self.available.items() if amount}
        for source, amount in self.held.items():
            if amount:
                account_id, currency = self.owner[source]
                held_key = (account_id, "held", currency)
                told[held_key] = told.get(held_key, 0) + amount
        kept = {}
        for row in balances:
            account_id, book, currency = row["account_id"], row["book"], row["currency"]
            assert row["available_minor"] == per_balance[account_id, book, currency, "available"]
            assert row["held_minor"] == per_balance[account_id, book, currency, "held"]
            assert row["overdrawn"] == (
                row["available_minor"] < 0 and book in ("issuing", "payments")
            )
            kept[account_id, book, currency] = row["available_minor"]
            if row["held_minor"]:
                kept[account_id, "held", currency] = row["held_minor"]
        assert {key: amount for key, amount in kept.items() if amount} == told

    async def read(self) -> tuple[list[Any], list[Any]]:
        async with self.database.connection() as connection:
            for account_id in self.accounts:
                assert await audit.verify(connection, account_id) == []
        return (
            await self.pool.fetch(
                "select * from entries where account_id = any($1)", self.accounts
            ),
            await self.pool.fetch(
                "select * from balances where account_id = any($1)", self.accounts
            ),
        )


def test_money_is_conserved(database: dict[str, Any]) -> None:
    loop = asyncio.new_event_loop()
    pool = loop.run_until_complete(open_pool(database, size=2))

    class Told(Story):
        """The story on this run's database."""

    Told.loop, Told.pool = loop, pool
    try:
        run_state_machine_as_test(
            Told,
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        loop.run_until_complete(pool.close())
        loop.close()

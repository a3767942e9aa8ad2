"""Many at once on the same money: the last cent is spent once, and the books stay right."""

import asyncio
import random

import pytest

from cardwright.kernel import ids
from cardwright.kernel.refusal import Failure
from cardwright.ledger import audit, flows, pending, transfers
from cardwright.roles.application import Application
from cardwright.tenancy import gates, registry
from tests.ledger.test_pending import account_with, state

WORKERS, ROUNDS = 8, 12


@pytest.mark.parametrize("left", [1, 3])
async def test_the_last_cents_are_spent_once(application: Application, left: int) -> None:
    account = await account_with(application, left)

    async def hold_one() -> bool:
        try:
            async with registry.transaction(application.database, account) as tx:
                await gates.lock(tx, account)
                await flows.hold(tx, ids.new_id("iauth_"), "gbp", 1)
        except Failure as refused:
            assert refused.refusal.code == "balance_insufficient"  # noqa: PT017 - the loser's
            return False
        return True

    won = await asyncio.gather(*[hold_one() for _ in range(WORKERS)])
    assert sum(won) == left
    assert await state(application, account) == (0, left)


async def test_one_claim_is_given_back_once_whoever_asks(application: Application) -> None:
    account = await account_with(application, 1_000)
    async with registry.transaction(application.database, account) as tx:
        made = await pending.open_pending(tx, "gbp", 900, "issuing", "outside")

    async def end(number: int) -> bool:
        try:
            async with registry.transaction(application.database, account) as tx:
                if number % 2:
                    await pending.release(tx, made.id)
                else:
                    await pending.capture(tx, made.id, 100, final=True)
        except Failure as refused:
            assert "already" in refused.message  # noqa: PT017 - the loser's
            return False
        return True

    assert sum(await asyncio.gather(*[end(number) for number in range(WORKERS)])) == 1
    assert await state(application, account) in ((1_000, 0), (900, 0))


async def test_workers_at_random_leave_right_books(application: Application) -> None:
    """Each worker holds, captures, sends and takes back, on accounts that all of them share."""
    accounts = [await account_with(application, 2_000) for _ in range(3)]
    drawn = random.Random(7)

    async def work(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(ROUNDS):
            one, other = choose.sample(accounts, 2)
            amount = choose.randint(1, 900)
            try:
                async with registry.transaction(application.database, one) as tx:
                    await gates.lock(tx, one, other)
                    source = ids.new_id("iauth_")
                    await flows.hold(tx, source, "gbp", amount)
                    await flows.release(tx, source, "gbp", choose.randint(1, amount))
                    await flows.spend(tx, ids.new_id("ipi_"), "gbp", choose.randint(1, 50))
                    await flows.move(
                        tx,
                        transfers.departure(one, "transfer", "issuing", "gbp", amount, "tr_1"),
                        transfers.arrival(other, "payment", "issuing", "gbp", amount, "py_1"),
                        key=f"{seed}/{choose.randint(1, 3)}" if choose.random() < 0.1 else None,
                    )
            except Failure as refused:
                assert refused.refusal.name in ("balance_insufficient", "idempotency_error")  # noqa: PT017

    await asyncio.gather(*[work(drawn.randint(0, 1 << 30)) for _ in range(WORKERS)])
    async with application.database.connection() as connection:
        assert await audit.verify(connection) == []
        kept = [
            balance
            for account in accounts
            for balance in await flows.balances_of(connection, account)
        ]
    assert sum(one.available_minor + one.held_minor for one in kept) == 0

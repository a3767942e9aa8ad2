"""Pending transfers: taken in part, over, in steps; given back once; made once for each key."""

import asyncio

import pytest

from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import Failure
from cardwright.ledger import audit, flows, pending, transfers
from cardwright.ledger.pending import PendingTransfer
from cardwright.roles.application import Application
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import clocks, gates, registry


async def account_with(application: Application, amount_minor: int) -> str:
    """An account with so many pence in its Issuing balance."""
    account_id = (await create_platform(application.database)).account_id
    async with registry.transaction(application.database, account_id) as tx:
        await gates.lock(tx, account_id)
        await flows.post(tx, transfers.incoming(account_id, "issuing", "gbp", amount_minor))
    return account_id


async def opened(tx: Tx, amount_minor: int, expires_at: int | None = None) -> PendingTransfer:
    return await pending.open_pending(
        tx, "gbp", amount_minor, "issuing", "outside", expires_at=expires_at
    )


async def state(application: Application, account_id: str) -> tuple[int, int]:
    """What is available and held; the books are right."""
    async with application.database.connection() as connection:
        assert await audit.verify(connection, account_id) == []
        balance = await flows.balance_of(connection, account_id, "issuing", "gbp")
    return balance.available_minor, balance.held_minor


async def test_it_is_captured_in_steps_and_the_rest_is_given_back_once(
    application: Application,
) -> None:
    account_id = await account_with(application, 10_000)
    async with registry.transaction(application.database, account_id) as tx:
        made = await opened(tx, 3_000)
        assert made.status == "pending"
    assert await state(application, account_id) == (7_000, 3_000)
    async with registry.transaction(application.database, account_id) as tx:
        part = await pending.capture(tx, made.id, 1_000)
        assert (part.amount_held, part.amount_captured, part.status) == (2_000, 1_000, "pending")
    assert await state(application, account_id) == (7_000, 2_000)
    async with registry.transaction(application.database, account_id) as tx:
        last = await pending.capture(tx, made.id, 500, final=True)
        assert (last.amount_held, last.amount_captured, last.amount_released) == (0, 1_500, 1_500)
        assert last.status == "captured"
    assert await state(application, account_id) == (8_500, 0)
    async with registry.transaction(application.database, account_id) as tx:
        for again in (
            pending.release(tx, made.id),
            pending.capture(tx, made.id, 1),
        ):
            with pytest.raises(Failure) as refused:
                await again
            assert "captured already" in refused.value.message
    assert await state(application, account_id) == (8_500, 0)


async def test_a_capture_beyond_what_is_held_takes_what_is_available(
    application: Application,
) -> None:
    account_id = await account_with(application, 10_000)
    async with registry.transaction(application.database, account_id) as tx:
        over = await pending.capture(tx, (await opened(tx, 3_000)).id, 3_500)
        assert (over.amount_captured, over.amount_released, over.status) == (3_500, 0, "captured")
    assert await state(application, account_id) == (6_500, 0)
    async with registry.transaction(application.database, account_id) as tx:
        too_much = await opened(tx, 500)
        with pytest.raises(Failure) as refused:
            async with tx.connection.transaction():
                await pending.capture(tx, too_much.id, 6_501)
        assert refused.value.refusal.code == "balance_insufficient"
        forced = await pending.capture(tx, too_much.id, 6_501, forced=True)
        assert forced.status == "captured"
    assert await state(application, account_id) == (-1, 0)


async def test_it_is_released_in_parts_never_beyond_what_is_held(
    application: Application,
) -> None:
    account_id = await account_with(application, 1_000)
    async with registry.transaction(application.database, account_id) as tx:
        made = await opened(tx, 1_000)
        assert (await pending.release(tx, made.id, 400)).amount_held == 600
        with pytest.raises(Failure, match="between 1 and 600"):
            await pending.release(tx, made.id, 601)
        assert (await pending.release(tx, made.id)).status == "released"
    assert await state(application, account_id) == (1_000, 0)


async def test_more_than_is_there_cannot_be_set_aside(application: Application) -> None:
    account_id = await account_with(application, 1_000)
    async with registry.transaction(application.database, account_id) as tx:
        with pytest.raises(Failure) as refused:
            await opened(tx, 1_001)
    assert refused.value.refusal.code == "balance_insufficient"


async def test_what_nobody_takes_in_time_is_given_back_by_itself(
    application: Application,
) -> None:
    account_id = await account_with(application, 1_000)
    async with registry.transaction(application.database, account_id) as tx:
        with pytest.raises(Failure, match="after the present instant"):
            await opened(tx, 1, expires_at=tx.now)
        lapsing = await opened(tx, 600, expires_at=tx.now + 1)
        taken = await opened(tx, 300, expires_at=tx.now + 1)
        await pending.capture(tx, taken.id, 300)
    assert await state(application, account_id) == (100, 600)
    for _ in range(200):
        await clocks.meet_due(application.database, account_id)
        if await state(application, account_id) == (700, 0):
            break
        await asyncio.sleep(0.02)
    assert await state(application, account_id) == (700, 0)
    async with registry.transaction(application.database, account_id) as tx:
        await pending.expire(tx, lapsing.id)
    assert await state(application, account_id) == (700, 0), "given back once"


async def test_a_key_makes_a_transfer_once(application: Application) -> None:
    account_id = await account_with(application, 1_000)
    transfer = transfers.incoming(account_id, "issuing", "gbp", 50)
    async with registry.transaction(application.database, account_id) as tx:
        await gates.lock(tx, account_id)
        first = await flows.post(tx, transfer, key="line 1")
        assert await flows.post(tx, transfer, key="line 1") == first
        with pytest.raises(Failure) as refused:
            await flows.post(tx, transfer._replace(description="other"), key="line 1")
        assert refused.value.refusal.name == "idempotency_error"
        assert await flows.post(tx, transfer, key="line 2") != first
    assert await state(application, account_id) == (1_100, 0)


async def test_a_key_makes_each_step_of_a_pending_transfer_once(
    application: Application,
) -> None:
    account_id = await account_with(application, 1_000)
    async with registry.transaction(application.database, account_id) as tx:
        for _ in range(2):
            made = await pending.open_pending(tx, "gbp", 500, "issuing", "outside", key="open")
            await pending.capture(tx, made.id, 100, key="take")
            await pending.release(tx, made.id, 100, key="give")
    assert await state(application, account_id) == (600, 300)


async def test_a_key_moves_between_accounts_once(application: Application) -> None:
    sender, receiver = sorted(
        [await account_with(application, 1_000), await account_with(application, 1)]
    )
    async with registry.transaction(application.database, sender) as tx:
        await gates.lock(tx, sender, receiver)
        sides = (
            transfers.departure(sender, "transfer", "issuing", "gbp", 1, "tr_1"),
            transfers.arrival(receiver, "transfer", "issuing", "gbp", 1, "tr_1"),
        )
        first = await flows.move(tx, *sides, key="once")
        assert await flows.move(tx, *sides, key="once") == first
    assert {(await state(application, one))[0] for one in (sender, receiver)} in (
        {999, 2},
        {0, 1_001},
    )

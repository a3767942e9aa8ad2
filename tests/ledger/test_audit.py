"""The audit finds what does not add up, and says what."""

import asyncpg
import pytest

from cardwright.ledger import audit, flows, transfers
from cardwright.roles.application import Application
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import gates, registry


async def funded(application: Application) -> str:
    """An account with 100.00 pounds, 30.00 of them held for iauth_1."""
    account_id = (await create_platform(application.database)).account_id
    async with registry.transaction(application.database, account_id) as tx:
        await gates.lock(tx, account_id)
        await flows.post(tx, transfers.incoming(account_id, "issuing", "gbp", 10000))
        await flows.hold(tx, "iauth_1", "gbp", 3000)
    return account_id


async def differences(application: Application, account_id: str) -> list[str]:
    async with application.database.connection() as connection:
        return [found.words for found in await audit.verify(connection, account_id)]


async def test_right_books_have_no_differences(application: Application) -> None:
    assert await differences(application, await funded(application)) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            "update balances set available_minor = 7001 where account_id = $1 and book = 'issuing'",
            "The issuing balance of {account} has 70.01 gbp available, "
            "its entries sum to 70.00 gbp.",
        ),
        (
            "update balances set held_minor = 2999 where account_id = $1 and book = 'issuing'",
            "The issuing balance of {account} has 29.99 gbp held, its entries sum to 30.00 gbp.",
        ),
        (
            "delete from entries where account_id = $1 and book = 'outside'",
            "does not sum to zero: it is off by 100.00 gbp.",
        ),
        (
            "update balances set available_minor = -5, overdrawn = true "
            "where account_id = $1 and book = 'issuing'",
            "The issuing balance of {account} is -0.05 gbp and no forced transfer explains it.",
        ),
        (
            "update entries set reason = 'issuing_authorization_release', "
            "amount_minor = -amount_minor where account_id = $1 and source_id = 'iauth_1'",
            "More was released for iauth_1 of {account} than was held: -30.00 gbp is left held.",
        ),
    ],
)
async def test_damage_is_found(application: Application, damage: str, words: str) -> None:
    account_id = await funded(application)
    async with application.database.connection() as connection:
        await connection.execute(damage, account_id)
    found = await differences(application, account_id)
    assert any(words.format(account=account_id) in said for said in found), found
    async with application.database.connection() as connection:
        await connection.execute("delete from entries where account_id = $1", account_id)
        await connection.execute("delete from balances where account_id = $1", account_id)


async def test_a_move_clears_on_both_sides(application: Application) -> None:
    sender, receiver = sorted(
        [await funded(application), (await create_platform(application.database)).account_id]
    )
    async with registry.transaction(application.database, sender) as tx:
        await gates.lock(tx, sender, receiver)
        await flows.post(tx, transfers.incoming(sender, "payments", "gbp", 500))
        made = await flows.move(
            tx,
            transfers.departure(sender, "transfer", "payments", "gbp", 200, "tr_1"),
            transfers.arrival(receiver, "transfer", "payments", "gbp", 200, "py_1"),
        )
    async with application.database.connection() as connection:
        assert await audit.verify(connection) == []
        shown = await connection.fetch(
            "select account_id, amount, source from balance_transactions where id = $1", made
        )
        assert sorted(tuple(row) for row in shown) == sorted(
            [(sender, -200, "tr_1"), (receiver, 200, "py_1")]
        )
        balance = await flows.balance_of(connection, receiver, "payments", "gbp")
        assert balance.available_minor == 200


async def test_money_needs_the_gate(application: Application) -> None:
    account_id = await funded(application)
    async with registry.transaction(application.database, account_id) as tx:
        with pytest.raises(AssertionError, match="gate"):
            await flows.hold(tx, "iauth_2", "gbp", 1)


async def test_the_database_refuses_what_the_rules_would(application: Application) -> None:
    account_id = await funded(application)
    for damage in (
        "update balances set available_minor = -1 where account_id = $1 and book = 'issuing'",
        "update balances set held_minor = -1 where account_id = $1 and book = 'issuing'",
        "update balances set held_minor = 1 where account_id = $1 and book = 'outside'",
    ):
        async with application.database.connection() as connection:
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(damage, account_id)

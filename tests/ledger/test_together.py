"""Several transfers in one statement: each on what the one before it leaves, all or none."""

import pytest

from cardwright.kernel.refusal import Failure
from cardwright.ledger import flows, transfers
from cardwright.roles.application import Application
from cardwright.tenancy import gates, registry
from tests.ledger.test_pending import account_with, state


async def test_each_works_on_what_the_one_before_leaves(application: Application) -> None:
    account = await account_with(application, 100)
    come = transfers.incoming(account, "issuing", "gbp", 50)
    dollars = transfers.incoming(account, "issuing", "usd", 7)
    async with registry.transaction(application.database, account) as tx:
        await gates.lock(tx, account)
        made = await flows.post_together(
            tx, [come, dollars, transfers.hold(account, "iauth_1", "gbp", 150)]
        )
        assert len(set(made)) == 3
        assert await flows.post_together(tx, []) == []
    assert await state(application, account) == (0, 150)
    async with application.database.connection() as connection:
        usd = await flows.balance_of(connection, account, "issuing", "usd")
        shown = await flows.lines_of(connection, account, made[2])
    assert usd.available_minor == 7
    assert [(line.line, line.part, line.amount_minor) for line in shown] == [
        (0, "available", -150),
        (1, "held", 150),
    ]


async def test_one_too_many_leaves_none(application: Application) -> None:
    account = await account_with(application, 100)
    one = transfers.hold(account, "iauth_1", "gbp", 60)
    async with registry.transaction(application.database, account) as tx:
        await gates.lock(tx, account)
        with pytest.raises(Failure) as refused:
            await flows.post_together(tx, [one, one])
    assert refused.value.refusal.code == "balance_insufficient"
    assert await state(application, account) == (100, 0)

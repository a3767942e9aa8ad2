"""The book that a card spends backs its authorization from the first step to the last."""

from tests.financial_accounts.support import Keeper, keeper
from tests.financial_accounts.test_cards import after, authorize, card_on
from tests.support.server import Platform

RESTRICT = "update financial_accounts set spendable = $3 where account_id = $1 and id = $2"
BOOK = "select book from authorizations where account_id = $1 and id = $2"


async def restrict(owner: Keeper, account: str, *, spendable: bool) -> None:
    """What the platform does when it restricts what goes out of a financial account."""
    pool = owner.platform.live.application.database.pool
    await pool.execute(RESTRICT, owner.account, account, spendable)


async def test_a_restricted_financial_account(platform: Platform) -> None:
    """It has nothing for a new payment, nor for more on an open one; what is held stays."""
    owner = await keeper(platform, issues=True)
    account = await owner.funded(1_000)
    card = await card_on(owner, account)
    made = await authorize(owner, card["id"], 300)
    pool = platform.live.application.database.pool
    assert await pool.fetchval(BOOK, owner.account, made["id"]) == account
    await restrict(owner, account, spendable=False)
    refused = await authorize(owner, card["id"], 100)
    assert refused["request_history"][0]["reason"] == "insufficient_funds"
    more = await after(owner, made["id"], "increment", increment_amount="100")
    assert more["request_history"][-1]["reason"] == "insufficient_funds"
    assert more["amount"] == 300
    await restrict(owner, account, spendable=True)
    more = await after(owner, made["id"], "increment", increment_amount="100")
    assert (more["request_history"][-1]["approved"], more["amount"]) == (True, 400)

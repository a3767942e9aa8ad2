"""Random stories of two accounts on credit, against what must hold whatever happened."""

from random import Random
from typing import Any

import pytest

from cardwright.tenancy import clocks
from tests.credit.support import (
    OBLIGATIONS,
    POLICIES,
    TRANSACTIONS,
    VERSION,
    check_books,
    fund_platform,
    give_credit,
    obligations,
    platform_balance,
    policy,
)
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

STEPS = 60
DUE = "select count(*) from deadlines where account_id = $1 and kind like 'credit.allot'"
CONTROLS = {
    "spending_controls[spending_limits][0][amount]": "99999999",
    "spending_controls[spending_limits][0][interval]": "daily",
}


class Story:
    """What is done, chosen by a seed; ``funded`` is what the platform has put in."""

    def __init__(self, platform: Platform, several: list[Spender], seed: int) -> None:
        self.platform = platform
        self.several = several
        self.random = Random(seed)
        self.funded = 0
        self.held: dict[str, tuple[Spender, int]] = {}
        self.captured: dict[str, Spender] = {}
        self.done: dict[str, int] = {}

    async def step(self) -> None:
        """One thing that happens."""
        name = self.random.choice(
            ["authorize"] * 5
            + ["capture"] * 4
            + ["force", "reverse", "refund", "refund", "pay", "pay", "pay", "limit", "status"]
            + ["fund"]
        )
        one = self.random.choice(self.several)
        if await getattr(self, name)(one, self.random.randint(1, 900)) is not False:
            self.done[name] = self.done.get(name, 0) + 1

    async def fund(self, one: Spender, amount: int) -> None:
        """Money for the platform, or for an account of its own."""
        if amount % 2:
            await one.fund(amount)
            return
        await fund_platform(self.platform, amount)
        self.funded += amount

    async def authorize(self, one: Spender, amount: int) -> None:
        """Approved exactly when the credit (or without any, the account's own money) has it."""
        now = await policy(one)
        on_credit = now["status"] == "active"
        has = now["balance"]["available"] if on_credit else await one.available()
        made = await one.authorize(amount)
        assert made["approved"] == (amount <= has), (made["request_history"], now)
        if made["approved"]:
            self.held[made["id"]] = (one, amount)

    async def capture(self, _one: Spender, extra: int) -> bool:
        """For less, for all, or for more than is held."""
        if not self.held:
            return False
        authorization = self.random.choice(sorted(self.held))
        one, amount = self.held.pop(authorization)
        amount = self.random.choice([amount, max(1, amount // 2), amount + extra])
        form = {"capture_amount": str(amount)}
        done = await one.done("POST", f"{HELPERS}/{authorization}/capture", form)
        self.captured[done["transactions"][0]["id"]] = one
        return True

    async def force(self, one: Spender, amount: int) -> None:
        """Nobody was asked."""
        form = {"card": one.card, "amount": str(amount)}
        made = await one.done("POST", f"{TRANSACTIONS}/create_force_capture", form)
        self.captured[made["id"]] = one

    async def reverse(self, _one: Spender, _amount: int) -> bool:
        """All that is held of one."""
        if not self.held:
            return False
        authorization = self.random.choice(sorted(self.held))
        one, _ = self.held.pop(authorization)
        await one.done("POST", f"{HELPERS}/{authorization}/reverse")
        return True

    async def refund(self, _one: Spender, amount: int) -> bool:
        """A part of a capture, or all of it; more than is left is refused."""
        if not self.captured:
            return False
        transaction = self.random.choice(sorted(self.captured))
        form = {"refund_amount": str(amount)} if amount % 2 else {}
        path = f"{TRANSACTIONS}/{transaction}/refund"
        status, _ = await self.captured[transaction].call("POST", path, form)
        return status == 200

    async def pay(self, one: Spender, amount: int) -> bool:
        """A part or all of what is owed for some period; refused when nothing is there."""
        owed = await obligations(one)
        if not owed:
            return False
        form = {"amount": str(amount)} if amount % 2 else {}
        path = f"{OBLIGATIONS}/{owed[0]['id']}/pay"
        status, _ = await one.call("POST", path, form, version=VERSION)
        return status == 200

    async def limit(self, one: Spender, amount: int) -> None:
        """Another limit."""
        now = await policy(one)
        form = {"credit_limit_amount": str(amount * 3)}
        await one.done("POST", f"{POLICIES}/{now['id']}", form, version=VERSION)

    async def status(self, one: Spender, _amount: int) -> None:
        """The policy ends, or begins again."""
        now = await policy(one)
        form = {"status": "inactive" if now["status"] == "active" else "active"}
        await one.done("POST", f"{POLICIES}/{now['id']}", form, version=VERSION)

    async def allotted(self) -> None:
        """Let the platform do what it put off."""
        database = self.platform.live.application.database
        while await database.pool.fetchval(DUE, self.platform.keys.account_id):
            await clocks.meet_due(database, self.platform.keys.account_id)

    async def check(self) -> None:
        """What holds after every step."""
        await self.allotted()
        has = await platform_balance(self.platform, "issuing")
        balances: list[tuple[Any, Any]] = []
        for one in self.several:
            now = await policy(one)
            balances.append((now, now["balance"]))
        given_out = sum(sum(balance.values()) for _, balance in balances)
        assert has + given_out == self.funded, "the platform's money is somewhere"
        assert has >= 0
        for now, balance in balances:
            limit = now["credit_limit_amount"] if now["status"] == "active" else 0
            wanted = max(limit, balance["held"] + balance["owed"])
            given = sum(balance.values())
            assert given <= wanted, "never more than the limit, but for what is bound"
            assert given == wanted or has == 0, "nothing is short while there is money"


@pytest.mark.parametrize("seed", [1, 2])
async def test_two_accounts_on_credit(platform: Platform, seed: int) -> None:
    """Whatever happens, in whatever order."""
    several = [await spender(platform, funds=500, card=CONTROLS) for _ in range(2)]
    story = Story(platform, several, seed)
    await fund_platform(platform, 2500)
    story.funded = 2500
    for one in several:
        await give_credit(one, 1500)
    for _ in range(STEPS):
        await story.step()
        await story.check()
    assert len(story.done) >= 8, story.done
    await check_books(platform)

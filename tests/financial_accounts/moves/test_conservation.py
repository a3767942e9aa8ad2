"""Many callers at once do whatever comes to their mind; an auditor who only hears the answers ends
with the same balances as the ledger."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.financial_accounts.moves.test_live import ACTIVE, bank
from tests.financial_accounts.support import V2, Keeper, wanted
from tests.support.server import Live, Platform

CALLERS, STEPS = 4, 40
# What a successful step does to (available, inbound pending, outbound pending), per unit of money.
EFFECTS = {
    "credit": (1, 0, 0),
    "debit": (-1, 0, 0),
    "send": (-1, 0, 1),
    "post": (0, 0, -1),
    "fail": (1, 0, -1),
    "cancel": (1, 0, -1),
    "return": (1, 0, 0),
    "pull": (0, 1, 0),
    "succeed": (1, -1, 0),
    "fail pull": (0, -1, 0),
    "return pull": (-1, 0, 0),
}


class Caller:
    """Does things at random, and tells the auditor what was answered with success."""

    def __init__(self, owners: list[Keeper], random: Random, world: dict[str, Any]) -> None:
        self.owners = owners
        self.random = random
        self.world = world

    def tell(self, account: str, effect: str, amount: int) -> None:
        """The auditor hears of an effect."""
        for name, factor in zip(("available", "inbound", "outbound"), EFFECTS[effect], strict=True):
            self.world["kept"][account, name] += factor * amount
        self.world["done"][effect] += 1

    async def step(self) -> None:
        """One thing of those that may happen."""
        owner = self.random.choice(self.owners)
        account = self.random.choice(self.world["accounts"][owner.account])
        amount = self.random.randint(1, 300)
        await self.random.choice((self.come, self.come, self.send, self.pay, self.pull, self.end))(
            owner, account, amount
        )

    async def come(self, owner: Keeper, account: str, amount: int) -> None:
        effect, network = self.random.choice((("credit", "fps"), ("debit", "bacs")))
        form = {"amount": str(amount), "currency": "gbp", "network": network}
        path = f"financial_accounts/{account}/{effect}"
        status, body = await owner.call("POST", f"/_cardwright/{path}", form=form)
        if status == 200 and body["status"] == "succeeded":
            self.tell(account, effect, amount)

    async def send(self, owner: Keeper, account: str, amount: int) -> None:
        to = self.random.choice(
            [*self.world["accounts"][owner.account], self.world["places"][owner.account]]
        )
        body = {
            "from": {"financial_account": account, "currency": "gbp"},
            "to": {"payout_method": to},
            "amount": {"value": amount, "currency": "gbp"},
        }
        status, made = await owner.call("POST", "outbound_transfers", body)
        if status != 200:
            return
        if made["status"] == "posted":
            self.tell(account, "debit", amount)
            self.tell(to, "credit", amount)
        else:
            self.tell(account, "send", amount)
            self.world["sent"].append((owner, made["id"], account, amount))

    async def pay(self, owner: Keeper, account: str, amount: int) -> None:
        other = next(one for one in self.owners if one is not owner)
        to = self.random.choice(self.world["accounts"][other.account])
        body = {
            "from": {"financial_account": account, "currency": "gbp"},
            "to": {"recipient": other.account, "payout_method": to},
            "amount": {"value": amount, "currency": "gbp"},
        }
        status, _ = await owner.call("POST", "outbound_payments", body)
        if status == 200:
            self.tell(account, "debit", amount)
            self.tell(to, "credit", amount)

    async def pull(self, owner: Keeper, account: str, amount: int) -> None:
        body = {
            "from": {"payment_method": self.world["places"][owner.account]},
            "to": {"financial_account": account, "currency": "gbp"},
            "amount": {"value": amount, "currency": "gbp"},
        }
        status, made = await owner.call("POST", "inbound_transfers", body)
        if status == 200:
            self.tell(account, "pull", amount)
            self.world["pulled"].append((owner, made["id"], account, amount))

    async def end(self, _owner: Keeper, _account: str, _amount: int) -> None:
        """Something under way goes on, or comes back; others may be quicker."""
        kind = self.random.choice(("sent", "pulled"))
        if not self.world[kind]:
            return
        owner, one, account, amount = self.random.choice(self.world[kind])
        if kind == "pulled":
            verb = self.random.choice(("succeed", "fail", "return"))
            done = await self.operate_on(owner, f"inbound_transfers/{one}/{verb}")
            effect = verb if verb == "succeed" else f"{verb} pull"
        else:
            effect = self.random.choice(("post", "fail", "cancel", "return"))
            if effect == "cancel":
                status, _ = await owner.call("POST", f"outbound_transfers/{one}/cancel")
                done = status == 200
            else:
                done = await self.operate_on(owner, f"outbound_transfers/{one}/{effect}")
        if done:
            self.tell(account, effect, amount)

    async def operate_on(self, owner: Keeper, path: str) -> bool:
        """Whether the operator's word was taken."""
        status, body = await owner.call("POST", f"/_cardwright/{path}")
        assert status in (200, 400, 429), body
        return status == 200


@pytest.mark.parametrize("seed", [1, 2])
async def test_money_is_conserved(live: Live, seed: int) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    owners = []
    world: dict[str, Any] = {
        "accounts": {},
        "places": {},
        "kept": Counter(),
        "done": Counter(),
        "sent": [],
        "pulled": [],
    }
    for _ in range(2):
        made = wanted("gb", "gbp")
        _, body = await platform.call("POST", "/v2/core/accounts", version=V2, json=made)
        await live.application.database.pool.execute(ACTIVE, body["id"])
        owner = Keeper(platform, body["id"], "gbp")
        owners.append(owner)
        world["accounts"][owner.account] = [await owner.open() for _ in range(2)]
        world["places"][owner.account] = await bank(owner)
    callers = [Caller(owners, Random(seed * 100 + number), world) for number in range(CALLERS)]

    async def work(caller: Caller) -> None:
        for _ in range(STEPS):
            await caller.step()

    await asyncio.gather(*[work(caller) for caller in callers])
    assert sum(world["done"].values()) > STEPS, world["done"]
    assert len(world["done"]) > 6, world["done"]
    for owner in owners:
        for account in world["accounts"][owner.account]:
            heard = tuple(
                world["kept"][account, name] for name in ("available", "inbound", "outbound")
            )
            assert await owner.balance(account) == heard
    await owners[0].clean()

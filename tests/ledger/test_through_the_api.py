"""Random calls of everything that moves money, through the API, against sums kept on the side.

The story of the ledger (``test_conservation.py``) goes through its verbs; this one goes through
what a platform calls: after every call the balances it shows are those that the calls add up to.
"""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest

from cardwright.ledger import audit
from tests.funding.steps import add_bank, balance, done, top_up
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

STEPS = 90
PREVIEW = "2025-09-30.preview"
TRANSACTIONS = "/v1/test_helpers/issuing/transactions"


class Story:
    """A platform and an account with a card, in dollars, and what they must have."""

    def __init__(self, platform: Platform, one: Spender, random: Random) -> None:
        self.platform = platform
        self.one = one
        self.random = random
        self.payments = self.issuing = self.platforms = 0
        # Open authorizations and what each holds; captures and what is left to refund of each.
        self.held: dict[str, int] = {}
        self.captured: dict[str, int] = {}
        self.transfers: dict[str, int] = {}

    def amount(self, most: int = 3_000) -> int:
        return self.random.randint(1, most)

    async def post(self, path: str, form: dict[str, Any], *, mine: bool = True) -> Any:
        """The answer of a call as the account, or as the platform; None when money is short."""
        account = self.one.account if mine else None
        told = {name: str(value) for name, value in form.items()}
        status, body = await self.platform.call(
            "POST", path, form=told, account=account, version=PREVIEW
        )
        if status == 400:
            assert body["error"]["code"] == "balance_insufficient", body
            return None
        assert status == 200, body
        return body

    async def fund(self) -> None:
        amount = self.amount(9_000)
        await self.one.fund(amount)
        self.issuing += amount

    async def top_up(self) -> None:
        amount = self.amount(9_000)
        mine = self.random.random() < 0.5
        await top_up(self.platform, self.one.account if mine else None, "usd", amount)
        if mine:
            self.payments += amount
        else:
            self.platforms += amount

    async def transfer(self) -> None:
        amount = self.amount()
        form = {"amount": amount, "currency": "usd", "destination": self.one.account}
        made = await self.post("/v1/transfers", form, mine=False)
        assert (made is not None) is (self.platforms >= amount)
        if made is not None:
            self.platforms -= amount
            self.payments += amount
            self.transfers[made["id"]] = amount

    async def reverse_transfer(self) -> None:
        if not self.transfers:
            return
        transfer, left = self.random.choice(list(self.transfers.items()))
        part = self.random.randint(1, left)
        path = f"/v1/transfers/{transfer}/reversals"
        made = await self.post(path, {"amount": part}, mine=False)
        assert (made is not None) is (self.payments >= part)
        if made is not None:
            self.payments -= part
            self.platforms += part
            self.transfers[transfer] = left - part
            if left == part:
                del self.transfers[transfer]

    async def balance_transfer(self) -> None:
        amount = self.amount()
        source, target = self.random.sample(("payments", "issuing"), 2)
        ends = {"source_balance[type]": source, "destination_balance[type]": target}
        has = self.payments if source == "payments" else self.issuing
        made = await self.post(
            "/v1/balance_transfers", {"amount": amount, "currency": "usd", **ends}
        )
        assert (made is not None) is (has >= amount)
        if made is not None:
            moved = amount if target == "issuing" else -amount
            self.issuing += moved
            self.payments -= moved

    async def pay_out(self) -> None:
        """A payout that is paid, or called back before it left."""
        amount = self.amount()
        made = await self.post("/v1/payouts", {"amount": amount, "currency": "usd"})
        assert (made is not None) is (self.payments >= amount)
        if made is None:
            return
        if self.random.random() < 0.5:
            await self.post(f"/v1/payouts/{made['id']}/cancel", {})
        else:
            await self.post(f"/_cardwright/payouts/{made['id']}/mark_paid", {})
            self.payments -= amount

    async def authorize(self) -> None:
        amount = self.amount()
        made = await self.one.authorize(amount)
        assert made["approved"] is (self.issuing >= amount)
        if made["approved"]:
            self.issuing -= amount
            self.held[made["id"]] = amount

    async def capture(self) -> None:
        """All, a part with the rest given back, or more than is held."""
        if not self.held:
            return
        authorization = self.random.choice(list(self.held))
        held = self.held.pop(authorization)
        amount = self.random.choice((held, self.random.randint(1, held), held + self.amount(500)))
        made = await self.post(f"{HELPERS}/{authorization}/capture", {"capture_amount": amount})
        self.issuing += held - amount
        self.captured[made["transactions"][-1]["id"]] = amount

    async def give_back(self) -> None:
        """An authorization that is reversed in part, or ends without a capture."""
        if not self.held:
            return
        authorization = self.random.choice(list(self.held))
        how = self.random.choice(("reverse", "expire"))
        held = self.held[authorization]
        part = held if how == "expire" else self.random.randint(1, held)
        form = {} if how == "expire" else {"reverse_amount": part}
        await self.post(f"{HELPERS}/{authorization}/{how}", form)
        self.issuing += part
        self.held[authorization] -= part
        if held == part:
            del self.held[authorization]

    async def refund(self) -> None:
        if not self.captured:
            return
        transaction, left = self.random.choice(list(self.captured.items()))
        part = self.random.randint(1, left)
        await self.post(f"{TRANSACTIONS}/{transaction}/refund", {"refund_amount": part})
        self.issuing += part
        self.captured[transaction] = left - part
        if left == part:
            del self.captured[transaction]

    async def force(self) -> None:
        """A capture that nobody asked about, or a refund of nothing."""
        amount = self.amount(2_000)
        form = {"card": self.one.card, "amount": amount, "currency": "usd"}
        takes = self.random.random() < 0.6
        name = "create_force_capture" if takes else "create_unlinked_refund"
        await self.post(f"{TRANSACTIONS}/{name}", form)
        self.issuing += -amount if takes else amount

    async def adjust(self) -> None:
        amount = self.amount(500) * self.random.choice((-1, 1))
        form = {"amount": amount, "currency": "usd", "description": "By hand"}
        path = f"/_cardwright/accounts/{self.one.account}/adjustments"
        made = await self.post(path, form, mine=False)
        assert (made is not None) is (amount > 0 or self.issuing >= -amount)
        if made is not None:
            self.issuing += amount

    async def write_off(self) -> None:
        if self.issuing < 0:
            form = {"currency": "usd", "description": "Lost"}
            path = f"/_cardwright/accounts/{self.one.account}/write_offs"
            made = await self.post(path, form, mine=False)
            assert made["amount"] == -self.issuing
            self.issuing = 0

    async def check(self) -> None:
        """What is shown is what the calls add up to."""
        shown = await balance(self.platform, self.one.account, "usd")
        assert (shown["available"], shown["issuing"]) == (self.payments, self.issuing)
        own = await done(self.platform, "GET", "/v1/balance")
        # What is set aside for the account below zero is the platform's still.
        buckets = [*own["available"], *own["connect_reserved"]]
        assert sum(one["amount"] for one in buckets if one["currency"] == "usd") == self.platforms


MOVEMENTS: tuple[Callable[[Story], Awaitable[None]], ...] = (
    Story.fund,
    Story.top_up,
    Story.transfer,
    Story.reverse_transfer,
    Story.balance_transfer,
    Story.pay_out,
    Story.authorize,
    Story.authorize,
    Story.capture,
    Story.capture,
    Story.give_back,
    Story.refund,
    Story.force,
    Story.adjust,
    Story.write_off,
)


@pytest.mark.parametrize("seed", [1, 2])
async def test_balances_are_what_the_calls_add_up_to(platform: Platform, seed: int) -> None:
    limits = {
        "spending_controls[spending_limits][0][amount]": "99999999",
        "spending_controls[spending_limits][0][interval]": "daily",
    }
    one = await spender(platform, offering="us_spend_card", currency="usd", card=limits)
    await add_bank(platform, one.account, "usd")
    story = Story(platform, one, Random(seed))
    for number in range(STEPS):
        happens = story.random.choice(MOVEMENTS)
        await happens(story)
        try:
            await story.check()
        except AssertionError as wrong:
            wrong.add_note(f"after step {number}, {happens.__name__}")
            raise
    async with platform.live.application.database.connection() as connection:
        for account in (one.account, platform.keys.account_id):
            assert await audit.verify(connection, account) == []

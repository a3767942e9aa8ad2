"""Random stories of payments and disputes, against what must hold whatever happened."""

from random import Random
from typing import Any

import pytest

from cardwright.ledger import audit
from tests.credit.support import fund_platform, give_credit, obligations
from tests.disputes.support import DISPUTES, FORCED, OPERATOR, REFUNDS, payer
from tests.support.server import Platform
from tests.support.spending import Spender

STEPS = 100
FUNDS = 20_000


class Claim:
    """A dispute as the story has it."""

    def __init__(self, transaction: str, amount: int) -> None:
        self.transaction = transaction
        self.amount = amount
        self.status = "unsubmitted"
        self.credited = False


class Story:
    """What is done, chosen by a seed; ``spent`` is what the account is without in the end."""

    def __init__(self, one: Spender, seed: int) -> None:
        self.one = one
        self.random = Random(seed)
        self.spent = 0
        self.left: dict[str, int] = {}
        self.claims: dict[str, Claim] = {}
        self.done: dict[str, int] = {}

    async def step(self) -> None:
        """One thing that happens."""
        verbs = "capture refund dispute submit credit close dispute submit".split()
        verb = self.random.choice(verbs)
        if await getattr(self, verb)(self.random.randint(1, 400)):
            self.done[verb] = self.done.get(verb, 0) + 1

    async def capture(self, amount: int) -> bool:
        """A payment that nobody was asked about; larger than what comes back of it at once."""
        amount *= 3
        made = await self.one.done("POST", FORCED, {"card": self.one.card, "amount": str(amount)})
        self.left[made["id"]] = amount
        self.spent += amount
        return True

    async def refund(self, amount: int) -> bool:
        """A part of a payment comes back; disputes do not hinder the merchant."""
        if not self.left:
            return False
        payment = self.random.choice(sorted(self.left))
        form = {"refund_amount": str(amount)}
        status, _ = await self.one.call("POST", f"{REFUNDS}/{payment}/refund", form)
        if status == 200:
            self.left[payment] -= amount
            self.spent -= amount
        return status == 200

    async def dispute(self, amount: int) -> bool:
        """Taken exactly when so much is neither refunded nor disputed."""
        if not self.left:
            return False
        payment = self.random.choice(sorted(self.left))
        claimed = sum(
            claim.amount
            for claim in self.claims.values()
            if claim.transaction == payment and claim.status in ("unsubmitted", "submitted", "won")
        )
        form = {
            "transaction": payment,
            "amount": str(amount),
            "evidence[reason]": "fraudulent",
            "evidence[fraudulent][explanation]": "I did not pay this.",
        }
        status, body = await self.one.call("POST", DISPUTES, form)
        assert (status == 200) == (amount <= self.left[payment] - claimed), body
        if status == 200:
            self.claims[body["id"]] = Claim(payment, amount)
        return status == 200

    async def submit(self, _amount: int) -> bool:
        """Once, and only what nobody submitted."""
        return await self._act("submit", "unsubmitted", self._submitted)

    async def credit(self, _amount: int) -> bool:
        """Money before the decision, once."""
        return await self._act("credit", "submitted", self._credited)

    async def close(self, amount: int) -> bool:
        """Won or lost."""
        verdict = "won" if amount % 2 else "lost"
        return await self._act("close", "submitted", self._closed, status=verdict)

    async def _act(self, verb: str, needs: str, follow: Any, **form: str) -> bool:
        if not self.claims:
            return False
        # Mostly what can be done; what cannot is refused.
        fitting = sorted(name for name, one in self.claims.items() if one.status == needs)
        usual = fitting and self.random.random() < 0.8
        dispute = self.random.choice(fitting if usual else sorted(self.claims))
        claim = self.claims[dispute]
        if verb == "submit":
            status, body = await self.one.call("POST", f"{DISPUTES}/{dispute}/submit")
        else:
            path = f"{OPERATOR}/{dispute}/{verb}"
            status, body = await self.one.platform.call("POST", path, form=form)
        allowed = claim.status == needs and not (verb == "credit" and claim.credited)
        assert (status == 200) == allowed, body
        if allowed:
            follow(claim, form)
        return allowed

    def _submitted(self, claim: Claim, _form: dict[str, str]) -> None:
        claim.status = "submitted"

    def _credited(self, claim: Claim, _form: dict[str, str]) -> None:
        claim.credited = True
        self.spent -= claim.amount

    def _closed(self, claim: Claim, form: dict[str, str]) -> None:
        claim.status = form["status"]
        if claim.status == "won" and not claim.credited:
            self.spent -= claim.amount
        if claim.status == "lost" and claim.credited:
            self.spent += claim.amount


async def clean(one: Spender) -> None:
    """The books add up."""
    async with one.platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, one.account) == []


@pytest.mark.parametrize("seed", [1, 2])
async def test_on_the_issuing_balance(platform: Platform, seed: int) -> None:
    """The balance is what was funded, less what is spent in the end."""
    one = await payer(platform, funds=FUNDS)
    story = Story(one, seed)
    for _ in range(STEPS):
        await story.step()
        assert await one.available() == FUNDS - story.spent
    assert len(story.done) == 6, story.done
    await clean(one)


async def test_on_credit(platform: Platform) -> None:
    """What is owed is what is spent in the end, and never less than nothing."""
    await fund_platform(platform, FUNDS)
    one = await payer(platform, funds=0)
    await give_credit(one, FUNDS)
    story = Story(one, 3)
    for _ in range(STEPS):
        await story.step()
        owed = sum(each["amount_outstanding"] for each in await obligations(one))
        assert owed - await one.available() == story.spent
    assert len(story.done) == 6, story.done
    await clean(one)

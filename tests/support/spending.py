"""A funded account with a card, for tests of what is paid with it."""

from dataclasses import dataclass
from typing import Any

from tests.support.issuing import issuing_account
from tests.support.server import Platform

HOLDER = {
    "name": "Jenny Rosen",
    "type": "individual",
    "email": "jenny.rosen@example.com",
    "phone_number": "+18008675309",
    "billing[address][line1]": "510 Townsend Street",
    "billing[address][city]": "San Francisco",
    "billing[address][state]": "CA",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "US",
    "individual[first_name]": "Jenny",
    "individual[last_name]": "Rosen",
    "individual[dob][day]": "1",
    "individual[dob][month]": "11",
    "individual[dob][year]": "1981",
    "individual[card_issuing][user_terms_acceptance][date]": "1680643050",
    "individual[card_issuing][user_terms_acceptance][ip]": "192.168.123.132",
}
HELPERS = "/v1/test_helpers/issuing/authorizations"


@dataclass
class Spender:
    """A connected account with money, a cardholder and an active card."""

    platform: Platform
    account: str
    holder: str
    card: str
    currency: str

    async def call(self, method: str, path: str, form: Any = None, **given: Any) -> tuple[int, Any]:
        """A call as the account."""
        return await self.platform.call(method, path, form=form, account=self.account, **given)

    async def done(self, method: str, path: str, form: Any = None, **given: Any) -> Any:
        """The body of a call that succeeds."""
        status, body = await self.call(method, path, form, **given)
        assert status == 200, body
        return body

    async def fund(self, amount: int) -> None:
        """Put money into the issuing balance."""
        form = {"amount": str(amount), "currency": self.currency}
        await self.done("POST", "/v1/test_helpers/issuing/fund_balance", form)

    async def authorize(self, amount: int, **more: str) -> Any:
        """Ask the card to pay."""
        return await self.done("POST", HELPERS, {"card": self.card, "amount": str(amount), **more})

    async def available(self) -> int:
        """What the issuing balance has."""
        balance = await self.done("GET", "/v1/balance")
        found = {one["currency"]: one["amount"] for one in balance["issuing"]["available"]}
        amount: int = found.get(self.currency, 0)
        return amount

    async def movements(self) -> list[tuple[str, int]]:
        """Type and amount of the balance transactions, oldest first."""
        listed = await self.done("GET", "/v1/balance_transactions?limit=100")
        return [(one["type"], one["amount"]) for one in reversed(listed["data"])]

    async def events(self) -> list[str]:
        """The types of the account's events, oldest first."""
        listed = await self.done("GET", "/v1/events?limit=100")
        return [one["type"] for one in reversed(listed["data"])]

    async def new_card(self, **more: str) -> str:
        """Another active card of the cardholder."""
        form = {
            "cardholder": self.holder,
            "currency": self.currency,
            "type": "virtual",
            "status": "active",
            **more,
        }
        card = await self.done("POST", "/v1/issuing/cards", form)
        identifier: str = card["id"]
        return identifier


async def spender(
    platform: Platform,
    *,
    funds: int = 0,
    offering: str = "gb_charge_card",
    currency: str = "gbp",
    holder: dict[str, str] | None = None,
    card: dict[str, str] | None = None,
    test_clock: str | None = None,
) -> Spender:
    """An account that can pay; ``holder`` and ``card`` are more parameters of theirs."""
    account = await issuing_account(platform, offering, test_clock=test_clock)
    made = Spender(platform, account, "", "", currency)
    made.holder = (await made.done("POST", "/v1/issuing/cardholders", HOLDER | (holder or {})))[
        "id"
    ]
    made.card = await made.new_card(**(card or {}))
    if funds:
        await made.fund(funds)
    return made

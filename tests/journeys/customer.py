"""A customer of the platform: an account with cards, used through the official SDK alone."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.support.issuing import issuing_account
from tests.support.server import Platform

PATIENCE_SECONDS = 20.0


class Customer:
    """A connected account, and the calls that its platform makes for it."""

    def __init__(self, platform: Platform, account: str) -> None:
        self.platform = platform
        self.account = account
        self.sdk = platform.sdk.v1
        self.holder = ""

    async def do(self, method: Callable[..., Any], *given: Any) -> Any:
        """Call the SDK as the account; the answer is plain data."""
        options: Any = {"stripe_account": self.account}
        if not given or isinstance(given[-1], str):
            given = (*given, {})
        answer = await asyncio.to_thread(method, *given, options)
        return answer.to_dict()

    async def card(self, **more: Any) -> str:
        """An active card of the cardholder."""
        wanted = {
            "cardholder": self.holder,
            "currency": "gbp",
            "type": "virtual",
            "status": "active",
            **more,
        }
        made = await self.do(self.sdk.issuing.cards.create, wanted)
        return str(made["id"])

    async def pay(self, card: str, amount: int, **more: Any) -> Any:
        """A merchant asks the card for money."""
        wanted = {"card": card, "amount": amount, **more}
        return await self.do(self.tests.authorizations.create, wanted)

    async def capture(self, authorization: str, **more: Any) -> Any:
        """The merchant takes it."""
        return await self.do(self.tests.authorizations.capture, authorization, more)

    @property
    def tests(self) -> Any:
        """What a card network would do."""
        return self.sdk.test_helpers.issuing

    async def authorization(self, authorization: str) -> Any:
        """The authorization as it is now."""
        return await self.do(self.sdk.issuing.authorizations.retrieve, authorization)

    async def available(self) -> int:
        """What the cards can spend."""
        balance = await self.do(self.sdk.balance.retrieve)
        return sum(one["amount"] for one in balance["issuing"]["available"])

    async def events(self, kind: str) -> list[Any]:
        """The events of a type, oldest first."""
        listed = await self.do(self.sdk.events.list, {"type": kind, "limit": 100})
        return list(reversed(listed["data"]))

    async def until(self, read: Callable[[], Any], status: str) -> Any:
        """What is read, once it has the status."""
        found: Any = None
        for _ in range(int(PATIENCE_SECONDS / 0.1)):
            found = await read()
            if found["status"] == status:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"it is {found['status']}, not {status}")


async def customer(platform: Platform, funds: int, *, test_clock: str | None = None) -> Customer:
    """A British account with money and a cardholder."""
    account = await issuing_account(platform, test_clock=test_clock)
    made = Customer(platform, account)
    form = {"amount": str(funds), "currency": "gbp"}
    path = "/v1/test_helpers/issuing/fund_balance"
    status, body = await platform.call("POST", path, form=form, account=account)
    assert status == 200, body
    holder = {
        "name": "Jenny Rosen",
        "type": "individual",
        "email": "jenny.rosen@example.com",
        "phone_number": "+447700900123",
        "individual": {
            "first_name": "Jenny",
            "last_name": "Rosen",
            "dob": {"day": 1, "month": 11, "year": 1981},
            "card_issuing": {
                "user_terms_acceptance": {"date": 1_680_643_050, "ip": "192.168.123.132"}
            },
        },
        "billing": {
            "address": {
                "line1": "1 High Street",
                "city": "London",
                "postal_code": "SW1A 1AA",
                "country": "GB",
            }
        },
    }
    made.holder = (await made.do(made.sdk.issuing.cardholders.create, holder))["id"]
    return made

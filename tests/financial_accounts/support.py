"""Accounts that keep money, brought there through the API."""

import asyncio
from dataclasses import dataclass
from typing import Any

from cardwright.ledger import audit
from tests.support.issuing import ACCEPTED, _account, attach_program
from tests.support.server import Platform

V2 = "2026-10-14.preview"
PATH = "/v2/money_management"
CAPABILITIES: dict[str, Any] = {
    "business_storage": {
        side: {currency: {"requested": True} for currency in ("eur", "gbp", "usd")}
        for side in ("inbound", "outbound")
    },
    "inbound_transfers": {"bank_accounts": {"requested": True}},
    "outbound_payments": {
        name: {"requested": True} for name in ("bank_accounts", "cards", "financial_accounts")
    },
    "outbound_transfers": {
        name: {"requested": True} for name in ("bank_accounts", "financial_accounts")
    },
    "received_credits": {"bank_accounts": {"requested": True}},
    "received_debits": {"bank_accounts": {"requested": True}},
}


def wanted(country: str, currency: str, *, verified: bool = True) -> dict[str, Any]:
    """What creates an account that may keep money."""
    made = _account(country, currency)
    made["configuration"]["money_manager"] = {"capabilities": CAPABILITIES}
    made["identity"]["attestations"]["terms_of_service"]["money_manager"] = ACCEPTED
    if not verified:
        del made["identity"]["individual"]["date_of_birth"]
    return made


@dataclass
class Keeper:
    """An account that keeps money, and calls as it."""

    platform: Platform
    account: str | None
    currency: str

    async def call(self, method: str, path: str, json: Any = None, **more: Any) -> tuple[int, Any]:
        """A call of money management, or of v1 with ``form``."""
        path = path if path.startswith("/") else f"{PATH}/{path}"
        if path.startswith("/v2"):
            more.setdefault("version", V2)
            json = {} if json is None and method == "POST" else json
        return await self.platform.call(method, path, json=json, account=self.account, **more)

    async def done(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The body of a call that succeeds."""
        status, body = await self.call(method, path, json, **more)
        assert status == 200, body
        return body

    async def refused(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The error of a call that does not."""
        status, body = await self.call(method, path, json, **more)
        assert status >= 400, body
        return body["error"]

    def money(self, value: int) -> dict[str, Any]:
        """An amount in the account's currency."""
        return {"value": value, "currency": self.currency}

    async def open(self, *currencies: str) -> str:
        """A new financial account."""
        holds = list(currencies) or [self.currency]
        body = {"type": "storage", "storage": {"holds_currencies": holds}}
        made = await self.done("POST", "financial_accounts", body)
        assert made["status"] == "open", made
        return str(made["id"])

    async def address(self, account: str) -> str:
        """An active address of a financial account."""
        body = {
            "financial_account": account,
            "type": "bank_account",
            "bank_account": {"currency": self.currency},
        }
        made = await self.done("POST", "financial_addresses", body)
        await self.until(f"financial_addresses/{made['id']}", "active")
        return str(made["id"])

    async def until(self, path: str, status: str) -> Any:
        """The object once it has the status; the test environment takes its time."""
        for _ in range(120):
            body = await self.done("GET", path)
            if body["status"] == status:
                return body
            await asyncio.sleep(0.1)
        raise AssertionError(f"{path} is {body['status']}, not {status}")

    async def credit(self, address: str, value: int) -> None:
        """Send money to an address."""
        networks = {"gbp": "fps", "usd": "ach", "eur": "sepa_credit_transfer"}
        body = {"amount": self.money(value), "network": networks[self.currency]}
        path = f"test_helpers/financial_addresses/{address}/credit"
        await self.done("POST", path, body)

    async def funded(self, value: int) -> str:
        """A financial account with money."""
        account = await self.open()
        await self.credit(await self.address(account), value)
        return account

    async def balance(self, account: str, currency: str | None = None) -> tuple[int, int, int]:
        """What is available, inbound pending and outbound pending."""
        body = await self.done("GET", f"financial_accounts/{account}")
        names = ("available", "inbound_pending", "outbound_pending")
        kept = [body["balance"][name][currency or self.currency]["value"] for name in names]
        return (kept[0], kept[1], kept[2])

    async def clean(self, account: str | None = None) -> None:
        """The books of all accounts, or of one, add up."""
        async with self.platform.live.application.database.connection() as connection:
            assert await audit.verify(connection, account) == []

    async def transactions(self, account: str) -> list[tuple[str, str, int]]:
        """Category, status and amount of each transaction, newest first."""
        page = await self.done("GET", f"transactions?financial_account={account}")
        return [(one["category"], one["status"], one["amount"]["value"]) for one in page["data"]]


async def keeper(
    platform: Platform, country: str = "gb", *, verified: bool = True, issues: bool = False
) -> Keeper:
    """A connected account that keeps money; ``issues`` cards too."""
    currency = {"gb": "gbp", "us": "usd", "ie": "eur"}[country]
    made = wanted(country, currency, verified=verified)
    status, body = await platform.call("POST", "/v2/core/accounts", version=V2, json=made)
    assert status == 200, body
    if issues:
        await attach_program(platform, body["id"], {"gb": "GB", "us": "US", "ie": "EU"}[country])
    return Keeper(platform, body["id"], currency)

"""What we answer has every member that the typed classes of the official SDK promise."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.issuing import issuing_account
from tests.support.server import Platform

ROOT = Path(__file__).parent.parent
PREVIEW_SDK = ROOT / ".venv" / "preview"
# The version that each release of the SDK sends.
VERSIONS = {"stable": "2026-10-28.endive", "preview": "2026-10-14.preview"}
FLAG = "; issuing_program_beta=v2"
INCLUDED = [
    *("configuration.customer", "configuration.merchant", "configuration.recipient"),
    *("defaults", "identity", "requirements", "future_requirements"),
]
PREVIEWED = ["configuration.card_creator", "configuration.money_manager"]
ADDRESS = {"line1": "123 Main Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
HOLDER = {
    "name": "Jenny Rosen",
    "individual[first_name]": "Jenny",
    "individual[last_name]": "Rosen",
    "individual[dob][day]": "1",
    "individual[dob][month]": "1",
    "individual[dob][year]": "1990",
    "individual[card_issuing][user_terms_acceptance][date]": "1700000000",
    "individual[card_issuing][user_terms_acceptance][ip]": "192.0.2.1",
    "spending_controls[spending_limits][0][amount]": "50000",
    "spending_controls[spending_limits][0][interval]": "daily",
    **{f"billing[address][{name}]": value for name, value in ADDRESS.items()},
}
COMPANY = {
    "type": "custom",
    "country": "US",
    "business_type": "company",
    "company[structure]": "llc",
    "company[address][line1]": "123 Main Street",
    "business_profile[annual_revenue][amount]": "1000000",
    "business_profile[annual_revenue][currency]": "usd",
    "business_profile[annual_revenue][fiscal_year_end]": "2023-12-31",
    "capabilities[card_issuing][requested]": "true",
    "capabilities[card_payments][requested]": "true",
    "capabilities[transfers][requested]": "true",
}
OWNER = {
    "first_name": "Jenny",
    "address[line1]": "123 Main Street",
    "dob[day]": "1",
    "dob[month]": "1",
    "dob[year]": "1901",
    "relationship[owner]": "true",
    "relationship[percent_ownership]": "50",
}
LINK = {"type": "account_onboarding", "refresh_url": "https://example.com/reauth"}


class Journey:
    """Makes one of everything, and keeps each answer with the class that it should be."""

    def __init__(self, platform: Platform, release: str) -> None:
        self.platform = platform
        self.preview = release == "preview"
        self.version = VERSIONS[release]
        self.answers: list[tuple[str, Any]] = []

    async def call(self, method: str, path: str, **more: Any) -> Any:
        """The body of a call that succeeds, in the version of the release."""
        more.setdefault("version", self.version)
        status, body = await self.platform.call(method, path, **more)
        assert status == 200, body
        return body

    async def keep(self, shape: str, path: str, *, many: bool = False, **more: Any) -> Any:
        """The same, kept; of a list each item."""
        method = "POST" if "form" in more or "json" in more else "GET"
        body = await self.call(method, path, **more)
        self.answers += [(shape, item) for item in (body["data"] if many else [body])]
        return body

    async def walk(self) -> None:
        """Accounts and persons, then money and cards, then what only previews have."""
        account = await issuing_account(self.platform)
        await self._accounts(account)
        await self._issuing(account)
        await self._money(account)
        if self.preview:
            for at in (account, None):
                version = self.version + FLAG
                path = "/v1/issuing/programs"
                await self.keep("issuing.Program", path, many=True, account=at, version=version)

    async def _accounts(self, account: str) -> None:
        company = await self.keep("Account", "/v1/accounts", form=COMPANY)
        path = f"/v1/accounts/{company['id']}"
        person = await self.keep("Person", f"{path}/persons", form=OWNER)
        await self.keep("Account", f"/v1/accounts/{account}")
        await self.keep("Account", "/v1/account")
        await self.keep("Capability", f"{path}/capabilities", many=True)
        link = {**LINK, "account": account, "return_url": "https://example.com/return"}
        await self.keep("AccountLink", "/v1/account_links", form=link)
        names = INCLUDED + (PREVIEWED if self.preview else [])
        query = "&".join(f"include[{index}]={name}" for index, name in enumerate(names))
        for at in (account, company["id"]):
            await self.keep("v2.core.Account", f"/v2/core/accounts/{at}?{query}")
        await self.keep("v2.core.Account", "/v2/core/accounts", many=True)
        path = f"/v2/core/accounts/{company['id']}/persons/{person['id']}"
        await self.keep("v2.core.AccountPerson", path)
        options = {
            "configurations": ["recipient", "merchant", "card_creator"],
            "refresh_url": "https://example.com/reauth",
        }
        use_case = {"type": "account_onboarding", "account_onboarding": options}
        wanted = {"account": account, "use_case": use_case}
        await self.keep("v2.core.AccountLink", "/v2/core/account_links", json=wanted)

    async def _money(self, account: str) -> None:
        """What moves: sources, top-ups, transfers and their reversals, payouts."""
        token = {"type": "ach_debit", "token": "btok_us_verified"}
        source = await self.keep("Source", "/v1/sources", form=token)
        pulled = {"amount": "500", "currency": "usd", "source": source["id"]}
        await self.keep("Topup", "/v1/topups", form=pulled)
        topup = {"amount": "500", "currency": "gbp"}
        await self.keep("Topup", "/v1/topups", form=topup)
        moved = {**topup, "destination": account}
        transfer = await self.keep("Transfer", "/v1/transfers", form=moved)
        path = f"/v1/transfers/{transfer['id']}"
        await self.keep("TransferReversal", f"{path}/reversals", form={"amount": "100"})
        await self.keep("Transfer", path)
        bank = {"object": "bank_account", "country": "GB", "currency": "gbp"}
        bank |= {"routing_number": "108800", "account_number": "00012345"}
        form = {f"external_account[{name}]": value for name, value in bank.items()}
        await self.call("POST", f"/v1/accounts/{account}/external_accounts", form=form)
        out = {"amount": "100", "currency": "gbp"}
        payout = await self.keep("Payout", "/v1/payouts", form=out, account=account)
        await self.keep("Payout", f"/v1/payouts/{payout['id']}", account=account)
        if self.preview:
            sides = {"source_balance[type]": "payments", "destination_balance[type]": "issuing"}
            path = "/v1/balance_transfers"
            await self.keep("BalanceTransfer", path, form={**out, **sides}, account=account)

    async def _issuing(self, account: str) -> None:
        for currency in ("gbp", "eur", "usd"):
            form = {"amount": "5000", "currency": currency}
            path = "/v1/test_helpers/issuing/fund_balance"
            await self.keep("FundingInstructions", path, form=form, account=account)
        topup = {"amount": "500", "currency": "gbp"}
        await self.keep("Topup", "/v1/topups", form=topup, account=account)
        path = "/v1/issuing/cardholders"
        holder = await self.keep("issuing.Cardholder", path, form=HOLDER, account=account)
        company = {
            "name": "Rocket Rides",
            "type": "company",
            "company[tax_id]": "000000000",
            **{name: value for name, value in HOLDER.items() if name.startswith("billing")},
        }
        await self.keep("issuing.Cardholder", path, form=company, account=account)
        card = {"cardholder": holder["id"], "currency": "gbp", "status": "active"}
        path, shape = "/v1/issuing/cards", "issuing.Card"
        virtual = {**card, "type": "virtual"}
        made = await self.keep(shape, path, form=virtual, account=account)
        shipping = {f"shipping[address][{name}]": value for name, value in ADDRESS.items()}
        physical = {**card, "type": "physical", "shipping[name]": "Jenny Rosen", **shipping}
        mode = {"shipping[address_validation][mode]": "validation_and_normalization"}
        await self.keep(shape, path, form=physical | mode, account=account)
        bundles = "/v1/issuing/physical_bundles"
        listed = await self.keep("issuing.PhysicalBundle", bundles, many=True, account=account)
        bundle = next(one for one in listed["data"] if one["name"] == "Standard card")
        design = {"physical_bundle": bundle["id"], "preferences[is_default]": "true"}
        path, shape = "/_cardwright/issuing/tokens", "issuing.Token"
        wallet = {"card": made["id"], "wallet_provider": "apple_pay"}
        token = await self.keep(shape, path, form=wallet, account=account)
        path = f"/v1/issuing/tokens?card={made['id']}"
        await self.keep(shape, path, many=True, account=account)
        path, shape = "/v1/issuing/personalization_designs", "issuing.PersonalizationDesign"
        await self.keep(shape, path, form=design, account=account)
        path = "/v1/test_helpers/issuing/authorizations"
        payment = {"card": made["id"], "amount": "500", "token": token["id"]}
        held = await self.keep("issuing.Authorization", path, form=payment, account=account)
        await self.call("POST", f"{path}/{held['id']}/capture", account=account)
        path, shape = "/v1/issuing/transactions", "issuing.Transaction"
        [paid] = (await self.keep(shape, path, many=True, account=account))["data"]
        dispute = {"transaction": paid["id"], "evidence[reason]": "fraudulent"}
        path = "/v1/issuing/disputes"
        await self.keep("issuing.Dispute", path, form=dispute, account=account)
        path = "/v1/balance_transactions"
        await self.keep("BalanceTransaction", path, many=True, account=account)
        for at in (account, None):
            await self.keep("Balance", "/v1/balance", account=at)


@pytest.mark.parametrize("release", ["stable", "preview"])
async def test_every_promised_member_is_there(platform: Platform, release: str) -> None:
    journey = Journey(platform, release)
    await journey.walk()
    path = [str(ROOT)]
    if release == "preview":
        assert (PREVIEW_SDK / "stripe").is_dir(), "run make setup: the preview SDK is missing"
        path.insert(0, str(PREVIEW_SDK))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.sdk_shapes"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(journey.answers).encode())
    report = json.loads(printed)
    assert ("a" in report["release"]) == journey.preview
    assert not report["amiss"], "\n".join(report["amiss"])
    assert len({shape for shape, _ in journey.answers}) == (25 if journey.preview else 23)

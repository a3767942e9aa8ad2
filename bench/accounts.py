"""Accounts that can pay: onboarded, given a program, then the product's own flows."""

import asyncio
from pathlib import Path
from typing import Any

from bench.lanes import Card
from cardwright.accounts.flows import create_account
from cardwright.accounts.record.model import Account
from cardwright.cardholders.flows import create_cardholder
from cardwright.cardholders.model import Cardholder
from cardwright.cards.flows import issue_card
from cardwright.cards.model import Card as CardShape
from cardwright.funding.instructions.flows import fund_balance
from cardwright.funding.instructions.model import FundBalance
from cardwright.kernel import ids
from cardwright.kernel.database import Database, open_pool
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.vault import installed_vault
from cardwright.programs.offerings import OFFERINGS
from cardwright.roles.application import Application
from cardwright.tenancy import registry
from cardwright.wire.given import Given
from cardwright.wire.parameters import parser
from cardwright.wire.versions import parse_version

OFFERING = OFFERINGS["gb_charge_card"]
WORKERS = 4

PLATFORM = "select account_id from tenants where account_id = platform_id limit 1"
PROGRAM = """
insert into programs (account_id, id, created, is_default, platform_program, offering, body)
values ($1, $2, 1, true, $3, $4, '{"metadata": {}}')
"""

# The version in which an account is said.
VERSION = "2026-06-24.preview"
_REQUESTED = {"requested": True}
_ACCEPTED = {"date": "2026-01-01T00:00:00.000Z", "ip": "192.168.123.132"}
_BEARER = {"fees_collector": "application", "losses_collector": "application"}
_REVENUE = {"value": 1000000, "currency": "gbp"}
# A person whose documented test values verify at once.
ACCOUNT: dict[str, Any] = {
    "contact_email": "jenny.rosen@example.com",
    "display_name": "Jenny Rosen",
    "dashboard": "none",
    "defaults": {
        "currency": "gbp",
        "profile": {"business_url": "https://accessible.stripe.com"},
        "responsibilities": _BEARER,
    },
    "configuration": {
        "merchant": {"mcc": "5045"},
        "card_creator": {"capabilities": {"commercial": {"stripe": {"charge_card": _REQUESTED}}}},
        "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": _REQUESTED}}},
    },
    "identity": {
        "country": "gb",
        "entity_type": "individual",
        "individual": {
            "given_name": "Jenny",
            "surname": "Rosen",
            "email": "jenny.rosen@example.com",
            "phone": "0000000000",
            "date_of_birth": {"day": 1, "month": 1, "year": 1902},
            "address": {
                "line1": "address_full_match",
                "city": "London",
                "postal_code": "WC1N 3AX",
                "country": "gb",
            },
        },
        "business_details": {
            "annual_revenue": {"amount": _REVENUE, "fiscal_year_end": "2023-12-31"},
            "estimated_worker_count": 100,
        },
        "attestations": {
            "terms_of_service": {
                "account": _ACCEPTED,
                "card_creator": {"commercial": {"account_holder": _ACCEPTED}},
            }
        },
    },
}

HOLDER: dict[str, Any] = {
    "name": "Jenny Rosen",
    "email": "jenny.rosen@example.com",
    "phone_number": "+18008675309",
    "type": "individual",
    "billing": {
        "address": {
            "line1": "510 Townsend Street",
            "city": "San Francisco",
            "state": "CA",
            "postal_code": "94111",
            "country": "US",
        }
    },
    "individual": {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "dob": {"day": 1, "month": 11, "year": 1981},
        "card_issuing": {"user_terms_acceptance": {"date": 1680643050, "ip": "192.168.123.132"}},
    },
}
# A card without a limit gets a low one of its own.
CONTROLS = {"spending_limits": [{"amount": AMOUNT_MINOR_MAX, "interval": "daily"}]}


def prepare(data_directory: Path, connect: dict[str, Any], count: int) -> tuple[str, list[Card]]:
    """The platform, and so many cards of as many accounts, each active and funded."""
    return asyncio.run(_prepare(data_directory, connect, count))


async def _prepare(
    data_directory: Path, connect: dict[str, Any], count: int
) -> tuple[str, list[Card]]:
    vault = installed_vault(data_directory, None)
    pool = await open_pool(connect, vault)
    try:
        database = (Application(pool, vault)).database
        platform = await pool.fetchval(PLATFORM)
        cards: list[Card] = []

        async def work() -> None:
            while len(cards) < count:
                cards.append(await _account(database, platform))

        await asyncio.gather(*[work() for _ in range(WORKERS)])
    finally:
        await pool.close()
    return platform, cards


async def _account(database: Database, platform: str) -> Card:
    """One account with a program, a cardholder, a card and money, in one transaction."""
    async with database.connection() as connection, connection.transaction():
        at_platform = await registry.begin(database, connection, platform)
        given = parser(Account, "c", "v2", parse_version(VERSION), form=False)(ACCOUNT)
        made = await create_account(at_platform, given)
        await database.finish(at_platform)
        account = made.account.id
        programs = (ids.new_id("iprg_"), ids.new_id("iprg_"))
        await connection.execute(PROGRAM, account, *programs, OFFERING.name)
        tx = await registry.begin(database, connection, account)
        money = {"amount": AMOUNT_MINOR_MAX, "currency": OFFERING.currency}
        await fund_balance(tx, Given(FundBalance, money))
        holder = await create_cardholder(tx, Given(Cardholder, HOLDER))
        wanted = {
            "cardholder": holder.id,
            "currency": OFFERING.currency,
            "type": "virtual",
            "status": "active",
            "spending_controls": CONTROLS,
        }
        card = await issue_card(tx, Given(CardShape, wanted))
        await database.finish(tx)
    return Card(account, card.id)

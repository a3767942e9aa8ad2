"""What financial accounts refuse, each with its code and nothing half-written."""

from typing import Any

import pytest

from tests.financial_accounts.moves.test_moves import bank, payment, pull, transfer
from tests.financial_accounts.operations.test_treasury import Treasurer
from tests.financial_accounts.support import V2, Keeper, keeper, wanted
from tests.support.server import Platform


@pytest.fixture
async def owner(platform: Platform) -> Keeper:
    """An American account that keeps money."""
    return await keeper(platform, "us")


async def storing(platform: Platform) -> Keeper:
    """An account that may keep money, and no more than that."""
    made = wanted("us", "usd")
    capabilities = made["configuration"]["money_manager"]["capabilities"]
    made["configuration"]["money_manager"] = {
        "capabilities": {"business_storage": capabilities["business_storage"]}
    }
    status, body = await platform.call("POST", "/v2/core/accounts", version=V2, json=made)
    assert status == 200, body
    return Keeper(platform, body["id"], "usd")


async def test_each_way_needs_its_capability(platform: Platform) -> None:
    owner = await storing(platform)
    account, other, place = await owner.open(), await owner.open(), await bank(owner)
    worker = await keeper(platform, "us")
    target = await worker.open()
    address = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": "usd"},
    }
    paid = payment(owner, account, str(worker.account), 1, payout_method=target)
    banked = payment(owner, account, str(worker.account), 1, payout_method=place)
    for path, body, capability in (
        ("financial_addresses", address, "received_credits.bank_accounts"),
        ("outbound_transfers", transfer(owner, account, other, 1), "financial_accounts"),
        ("outbound_payments", paid, "outbound_payments.financial_accounts"),
        ("inbound_transfers", pull(owner, account, place, 1), "inbound_transfers.bank_accounts"),
        ("outbound_transfers", transfer(owner, account, place, 1), "bank_accounts"),
    ):
        refused = await owner.refused("POST", path, body)
        assert (refused["code"], refused["type"]) == ("feature_not_enabled",) * 2, path
        assert capability in refused["message"]
    ineligible = await owner.refused("POST", "outbound_payments", banked)
    assert ineligible["code"] == "invalid_payout_method"
    assert (await owner.done("GET", "transactions"))["data"] == []


async def test_a_capability_that_is_lost_fails_credits(owner: Keeper) -> None:
    account = await owner.open()
    address = await owner.address(account)
    pool = owner.platform.live.application.database.pool
    await pool.execute(
        "update account_capabilities set status = 'restricted' "
        "where account_id = $1 and path like '%received_credits%'",
        owner.account,
    )
    await owner.credit(address, 5)
    [credit] = (await owner.done("GET", "received_credits"))["data"]
    assert credit["status_details"] == {"failed": {"reason": "capability_inactive"}}
    assert credit["status_transitions"]["failed_at"] is not None
    assert await owner.balance(account) == (0, 0, 0)


async def test_what_does_not_fit_the_account(owner: Keeper) -> None:
    account, euros, place = await owner.funded(10), await owner.open("eur"), await bank(owner)
    wrong = await owner.refused("POST", "outbound_transfers", transfer(owner, euros, place, 1))
    assert (wrong["code"], wrong["param"]) == ("cannot_proceed", "amount.currency")
    wrong = await owner.refused("POST", "outbound_transfers", transfer(owner, account, euros, 1))
    assert (wrong["code"], wrong["param"]) == ("cannot_proceed", "to.currency")
    converted = transfer(owner, account, place, 1)
    converted["to"]["currency"] = "eur"
    wrong = await owner.refused("POST", "outbound_transfers", converted)
    assert (wrong["code"], wrong["param"]) == ("invalid_fields", "to.currency")
    pounds = {"account_number": "00012345", "sort_code": "108800", "currency": "gbp"}
    made = await owner.done("POST", "/v2/core/vault/gb_bank_accounts", pounds)
    yen = {**pounds, "currency": "jpy"}
    wrong = await owner.refused("POST", "/v2/core/vault/gb_bank_accounts", yen)
    assert wrong["param"] == "currency"
    euro_place = transfer(owner, euros, made["id"], 1)
    euro_place["from"]["currency"] = euro_place["amount"]["currency"] = "eur"
    euro_place["to"]["currency"] = "eur"
    refused = await owner.refused("POST", "outbound_transfers", euro_place)
    assert refused["code"] in ("invalid_payout_method", "insufficient_funds")
    for body, param in (
        ({"currency": "usd", "country": "GB"}, "bank_account.country"),
        ({"currency": "gbp"}, "bank_account.currency"),
    ):
        given = {"financial_account": account, "type": "bank_account", "bank_account": body}
        wrong = await owner.refused("POST", "financial_addresses", given)
        assert wrong["param"] == param
    in_euros = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": "usd"},
        "settlement_currency": "eur",
    }
    wrong = await owner.refused("POST", "financial_addresses", in_euros)
    assert wrong["param"] == "settlement_currency"
    wrong = await owner.refused("GET", f"financial_accounts/{account}?include[0]=nonsense")
    assert wrong["code"] == "invalid_fields"
    await owner.done(
        "GET", f"financial_accounts/{account}?include[0]=storage.deposit_insurance_eligibility"
    )


async def test_what_the_platform_restricts_in_both_faces(platform: Platform) -> None:
    treasurer = Treasurer(await keeper(platform, "us"))
    owner = treasurer.owner
    account, other = await treasurer.funded(10), await owner.funded(10)
    limits = {
        "platform_restrictions": {"outbound_flows": "restricted", "inbound_flows": "restricted"}
    }
    await treasurer.do(treasurer.treasury.financial_accounts.update, account, limits)
    out = await owner.refused("POST", "outbound_transfers", transfer(owner, account, other, 1))
    assert out["code"] == "financial_account_restricted"
    back = await owner.refused("POST", "outbound_transfers", transfer(owner, other, account, 1))
    assert back["code"] == "financial_account_restricted"
    failed = await treasurer.credit(account, 5)
    assert (failed.status, failed.failure_code) == ("failed", "account_frozen")
    assert await treasurer.balance(account) == (10, 0, 0)


async def test_what_is_of_another_account_does_not_exist(owner: Keeper) -> None:
    stranger = await keeper(owner.platform, "us")
    account, place = await owner.funded(10), await bank(owner)
    sent = await owner.done("POST", "outbound_transfers", transfer(owner, account, place, 5))
    [told] = (await owner.done("GET", f"transactions?flow={sent['id']}"))["data"]
    [address] = (await owner.done("GET", "financial_addresses"))["data"]
    for path in (
        f"financial_accounts/{account}",
        f"financial_addresses/{address['id']}",
        f"outbound_transfers/{sent['id']}",
        f"payout_methods/{place}",
        f"transactions/{told['id']}",
    ):
        refused = await stranger.refused("GET", path)
        assert refused["code"] == "not_found", path
    for path, body in (
        (f"financial_accounts/{account}/close", {}),
        (f"outbound_transfers/{sent['id']}/cancel", {}),
        (
            f"test_helpers/financial_addresses/{address['id']}/credit",
            {"amount": owner.money(1), "network": "ach"},
        ),
        ("outbound_transfers", transfer(owner, account, place, 1)),
    ):
        refused = await stranger.refused("POST", path, body)
        assert refused["code"] == "not_found", path
    mine = await stranger.funded(5)
    refused = await stranger.refused("POST", "outbound_transfers", transfer(owner, mine, place, 1))
    assert refused["code"] == "invalid_payout_method"
    refused = await stranger.refused(
        "POST", "outbound_transfers", transfer(owner, mine, account, 1)
    )
    assert refused["code"] == "not_found"


async def test_a_test_account_closes_with_money_in_a_financial_account(owner: Keeper) -> None:
    await owner.funded(1)
    path = f"/v2/core/accounts/{owner.account}/close"
    named = {"applied_configurations": ["merchant", "money_manager", "recipient"]}
    _, shown = await owner.platform.call("GET", f"/v2/core/accounts/{owner.account}", version=V2)
    named["applied_configurations"] = shown["applied_configurations"]
    status, body = await owner.platform.call("POST", path, json=named, version=V2)
    assert (status, body["closed"]) == (200, True)
    await owner.clean()


async def test_nothing_is_half_written(owner: Keeper) -> None:
    """Refused calls leave no rows, no holds and no events."""
    account, place = await owner.funded(10), await bank(owner)
    pool = owner.platform.live.application.database.pool

    async def counted() -> list[Any]:
        tables = ("outbound_transfers", "inbound_transfers", "entries", "events", "deadlines")
        return [
            await pool.fetchval(f"select count(*) from {name} where account_id = $1", owner.account)
            for name in tables
        ]

    before = await counted()
    await owner.refused("POST", "outbound_transfers", transfer(owner, account, place, 11))
    await owner.refused("POST", "inbound_transfers", pull(owner, account, "pm_nobody", 1))
    assert await counted() == before
    await owner.clean()

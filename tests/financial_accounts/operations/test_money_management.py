"""Financial accounts, addresses, credits and debits of money management."""

from typing import Any

import pytest

from tests.financial_accounts.support import Keeper, keeper
from tests.support.server import Platform


@pytest.fixture
async def owner(platform: Platform) -> Keeper:
    """A British account that keeps money."""
    return await keeper(platform)


async def test_an_account_of_storage(owner: Keeper) -> None:
    body = {
        "type": "storage",
        "display_name": "Main",
        "storage": {"holds_currencies": ["gbp", "eur"]},
        "metadata": {"a": "b"},
    }
    made = await owner.done("POST", "financial_accounts", body)
    nothing = {name: {"value": 0, "currency": name} for name in ("gbp", "eur")}
    assert made == {
        "id": made["id"],
        "object": "v2.money_management.financial_account",
        "balance": {
            "available": nothing,
            "inbound_pending": nothing,
            "outbound_pending": nothing,
        },
        "country": "GB",
        "created": made["created"],
        "display_name": "Main",
        "livemode": False,
        "metadata": {"a": "b"},
        "status": "open",
        "status_details": None,
        "storage": {"funds_usage_type": None, "holds_currencies": ["gbp", "eur"]},
        "type": "storage",
    }
    assert await owner.done("GET", f"financial_accounts/{made['id']}") == made
    changed = await owner.done(
        "POST",
        f"financial_accounts/{made['id']}",
        {"display_name": "Other", "metadata": {"a": None, "c": "d"}},
    )
    assert (changed["display_name"], changed["metadata"]) == ("Other", {"c": "d"})
    listed = await owner.done("GET", "financial_accounts?statuses[0]=open&limit=1")
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    none = await owner.done("GET", "financial_accounts?statuses[0]=closed&statuses[1]=pending")
    assert none["data"] == []


async def test_money_comes_to_an_address(owner: Keeper) -> None:
    account = await owner.open()
    wanted = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"country": "GB", "currency": "gbp"},
    }
    made = await owner.done("POST", "financial_addresses", wanted)
    assert (made["status"], made["bank_account"]) == ("pending", None)
    helper = f"test_helpers/financial_addresses/{made['id']}"
    money = {"amount": owner.money(1_000), "network": "fps"}
    refused = await owner.refused("POST", f"{helper}/credit", money)
    assert refused["code"] == "cannot_proceed"
    active = await owner.until(f"financial_addresses/{made['id']}", "active")
    numbers = active["bank_account"]["sort_code"]
    assert len(numbers["account_number"]) == 8
    assert len(numbers["sort_code"]) == 6
    done = await owner.done("POST", f"{helper}/credit", {**money, "statement_descriptor": "Rent"})
    assert done["object"] == "v2.money_management.financial_address_credit_simulation"
    assert await owner.balance(account) == (1_000, 0, 0)
    [credit] = (await owner.done("GET", "received_credits"))["data"]
    assert (credit["type"], credit["status"], credit["amount"]) == (
        "bank_transfer",
        "succeeded",
        owner.money(1_000),
    )
    origin = credit["bank_transfer"]["originating_bank_account"]
    assert (origin["type"], origin["sort_code"]["network"]) == ("sort_code", "fps")
    assert credit["bank_transfer"]["statement_descriptor"] == "Rent"
    assert await owner.transactions(account) == [("received_credit", "posted", 1_000)]
    assert (await owner.done("GET", f"received_credits/{credit['id']}")) == credit


async def test_money_is_taken_from_an_address(owner: Keeper) -> None:
    account = await owner.open()
    address = await owner.address(account)
    await owner.credit(address, 500)
    helper = f"test_helpers/financial_addresses/{address}/debit"
    await owner.done("POST", helper, {"amount": owner.money(200), "network": "bacs"})
    await owner.done("POST", helper, {"amount": owner.money(400), "network": "bacs"})
    assert await owner.balance(account) == (300, 0, 0)
    failed, taken = (await owner.done("GET", "received_debits"))["data"]
    assert (taken["status"], taken["amount"]["value"]) == ("succeeded", 200)
    assert failed["status_details"] == {"failed": {"reason": "insufficient_funds"}}
    assert (await owner.done("GET", f"received_debits/{taken['id']}")) == taken
    wrong = await owner.refused("POST", helper, {"amount": owner.money(1), "network": "ach"})
    assert (wrong["code"], wrong["param"]) == ("invalid_fields", "network")
    small = await owner.done(
        "POST", f"test_helpers/financial_addresses/{address}/generate_microdeposits"
    )
    assert [one["value"] for one in small["amounts"]] == [32, 45]
    assert await owner.balance(account) == (377, 0, 0)


@pytest.mark.parametrize(("country", "kind"), [("us", "aba"), ("ie", "iban")])
async def test_addresses_have_the_numbers_of_their_country(
    platform: Platform, country: str, kind: str
) -> None:
    owner = await keeper(platform, country)
    account = await owner.open()
    address = await owner.done("GET", f"financial_addresses/{await owner.address(account)}")
    bank = address["bank_account"]
    assert bank["type"] == kind
    from schwifty import IBAN
    from stdnum.us import rtn

    if kind == "iban":
        assert IBAN(bank["iban"]["iban"]).is_valid
    else:
        assert rtn.is_valid(bank["aba"]["routing_number"])
    listed = await owner.done("GET", f"financial_addresses?financial_account={account}")
    assert listed["data"] == [address]


async def test_an_account_waits_for_its_capabilities(platform: Platform) -> None:
    owner = await keeper(platform, verified=False)
    body = {"type": "storage", "storage": {"holds_currencies": ["gbp"]}}
    made = await owner.done("POST", "financial_accounts", body)
    assert made["status"] == "pending"
    wanted = {
        "financial_account": made["id"],
        "type": "bank_account",
        "bank_account": {"currency": "gbp"},
    }
    refused = await owner.refused("POST", "financial_addresses", wanted)
    assert (refused["code"], refused["type"]) == ("financial_account_not_open",) * 2
    person = {"date_of_birth": {"day": 1, "month": 1, "year": 1902}}
    status, answer = await platform.call(
        "POST",
        f"/v2/core/accounts/{owner.account}",
        json={"identity": {"individual": person}},
        version="2026-10-14.preview",
    )
    assert status == 200, answer
    opened = await owner.done("GET", f"financial_accounts/{made['id']}")
    assert opened["status"] == "open"


async def test_who_did_not_ask_for_the_capability(platform: Platform) -> None:
    from tests.support.issuing import issuing_account

    stranger = Keeper(platform, await issuing_account(platform, program=False), "gbp")
    body = {"type": "storage", "storage": {"holds_currencies": ["gbp"]}}
    refused = await stranger.refused("POST", "financial_accounts", body)
    assert (refused["code"], refused["type"]) == ("feature_not_enabled",) * 2
    assert (await stranger.done("GET", "financial_accounts"))["data"] == []


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"type": "savings"}, "feature_not_enabled", "type"),
        ({"type": "storage"}, "invalid_fields", "storage"),
        ({"type": "storage", "storage": {}}, "invalid_fields", "storage.holds_currencies"),
        (
            {"type": "storage", "storage": {"holds_currencies": []}},
            "invalid_fields",
            "storage.holds_currencies",
        ),
        (
            {"type": "storage", "storage": {"holds_currencies": ["jpy"]}},
            "invalid_fields",
            "storage.holds_currencies",
        ),
        (
            {"type": "storage", "storage": {"holds_currencies": ["gbp", "gbp"]}},
            "invalid_fields",
            "storage.holds_currencies",
        ),
    ],
)
async def test_what_is_no_account(
    owner: Keeper, body: dict[str, Any], code: str, param: str
) -> None:
    refused = await owner.refused("POST", "financial_accounts", body)
    assert (refused["code"], refused.get("param")) == (code, param)


async def test_closing(owner: Keeper) -> None:
    account = await owner.open()
    address = await owner.address(account)
    await owner.credit(address, 10)
    refused = await owner.refused("POST", f"financial_accounts/{account}/close")
    assert (refused["code"], refused["type"]) == ("non_zero_balance",) * 2
    await owner.done(
        "POST",
        f"test_helpers/financial_addresses/{address}/debit",
        {"amount": owner.money(10), "network": "bacs"},
    )
    closed = await owner.done("POST", f"financial_accounts/{account}/close")
    assert closed["status"] == "closed"
    assert closed["status_details"]["closed"]["reason"] == "closed_by_platform"
    assert (await owner.done("GET", f"financial_addresses/{address}"))["status"] == "archived"
    again = await owner.refused("POST", f"financial_accounts/{account}/close")
    assert again["code"] == "financial_account_not_open"


async def test_currencies_are_added_and_given_up(owner: Keeper) -> None:
    account = await owner.funded(5)
    changed = await owner.done(
        "POST", f"financial_accounts/{account}", {"storage": {"holds_currencies": ["gbp", "usd"]}}
    )
    assert set(changed["balance"]["available"]) == {"gbp", "usd"}
    refused = await owner.refused(
        "POST", f"financial_accounts/{account}", {"storage": {"holds_currencies": ["usd"]}}
    )
    assert refused["code"] == "non_zero_balance"


async def test_pages_and_bounds(owner: Keeper) -> None:
    account = await owner.open()
    address = await owner.address(account)
    for value in (1, 2, 3):
        await owner.credit(address, value)
    first = await owner.done("GET", f"transactions?financial_account={account}&limit=2")
    assert [one["amount"]["value"] for one in first["data"]] == [3, 2]
    second = await owner.done("GET", first["next_page_url"])
    assert [one["amount"]["value"] for one in second["data"]] == [1]
    at = second["data"][0]["created"]
    bounded = await owner.done("GET", f"received_credits?created[gt]={at}")
    assert [one["amount"]["value"] for one in bounded["data"]] == [3, 2]
    wrong = await owner.refused("GET", "received_credits?created[gt]=yesterday")
    assert (wrong["code"], wrong["param"]) == ("invalid_fields", "created.gt")
    [entry] = (
        await owner.done("GET", f"transaction_entries?transaction={first['data'][0]['id']}")
    )["data"]
    assert entry["balance_impact"]["available"] == owner.money(3)
    assert await owner.done("GET", f"transaction_entries/{entry['id']}") == entry


async def test_a_note_on_a_transaction(owner: Keeper) -> None:
    await owner.funded(7)
    [one] = (await owner.done("GET", "transactions"))["data"]
    noted = await owner.done(
        "POST", f"transactions/{one['id']}", {"description": "Rent", "metadata": {"a": "b"}}
    )
    assert (noted["description"], noted["metadata"]) == ("Rent", {"a": "b"})
    assert await owner.done("GET", f"transactions/{one['id']}") == noted
    assert one["flow"]["type"] == "received_credit"


async def test_a_repeated_key_shows_the_object_as_it_is_now(owner: Keeper) -> None:
    body = {"type": "storage", "storage": {"holds_currencies": ["gbp"]}}
    made = [
        await owner.done("POST", "financial_accounts", body, idempotency_key="open")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    await owner.done("POST", f"financial_accounts/{made[0]['id']}", {"display_name": "New"})
    again = await owner.done("POST", "financial_accounts", body, idempotency_key="open")
    assert again["display_name"] == "New"
    assert len((await owner.done("GET", "financial_accounts"))["data"]) == 1


async def test_the_books_are_clean(owner: Keeper) -> None:
    await owner.funded(99)
    await owner.clean(owner.account)

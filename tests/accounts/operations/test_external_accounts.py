"""Bank accounts that connected accounts are paid out to: what is taken, refused and shown."""

import asyncio
from typing import Any

import asyncpg
import pytest
import stripe

from cardwright.accounts import external_accounts
from cardwright.accounts.record.acting import acting
from cardwright.tenancy import registry
from tests.support.server import Platform

CUSTOM = {"type": "custom", "country": "US", "capabilities[transfers][requested]": "true"}
US_BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
GB_BANK = {
    "object": "bank_account",
    "country": "GB",
    "currency": "gbp",
    "routing_number": "10-88-00",
    "account_number": "00012345",
}
DE_BANK = {
    "object": "bank_account",
    "country": "DE",
    "currency": "eur",
    "account_number": "DE89 3704 0044 0532 0130 00",
}


def form(bank: dict[str, str], **more: str) -> dict[str, str]:
    return {**{f"external_account[{name}]": value for name, value in bank.items()}, **more}


async def new_account(platform: Platform, **more: str) -> str:
    status, body = await platform.call("POST", "/v1/accounts", form={**CUSTOM, **more})
    assert status == 200, body
    return str(body["id"])


async def attach(platform: Platform, account: str, bank: dict[str, str], **more: str) -> Any:
    status, body = await platform.call(
        "POST", f"/v1/accounts/{account}/external_accounts", form=form(bank, **more)
    )
    assert status == 200, body
    return body


async def account_events(platform: Platform, account: str, kind: str) -> list[Any]:
    status, body = await platform.call("GET", f"/v1/events?limit=100&type={kind}", account=account)
    assert status == 200, body
    return list(body["data"])


async def test_the_sdk_manages_external_accounts(platform: Platform) -> None:
    """Create, read, list, change and delete, with the typed calls of the official SDK."""

    def journey() -> None:
        sdk = platform.sdk.v1
        account = sdk.accounts.create({"type": "custom", "country": "US"})
        first = sdk.accounts.external_accounts.create(
            account.id,
            {"external_account": {**US_BANK, "account_holder_name": "Jenny Rosen"}},  # type: ignore[typeddict-item]
        )
        assert isinstance(first, stripe.BankAccount)
        assert (first.last4, first.status, first.default_for_currency) == ("6789", "new", True)
        assert (first.account, first.country, first.currency) == (account.id, "US", "usd")
        assert first.routing_number == "110000000"
        second = sdk.accounts.external_accounts.create(
            account.id, {"external_account": "btok_us_verified", "metadata": {"order": "2"}}
        )
        assert second.default_for_currency is False
        assert second.metadata is not None
        assert second.metadata["order"] == "2"
        assert isinstance(second, stripe.BankAccount)
        assert second.fingerprint == first.fingerprint
        listed = sdk.accounts.external_accounts.list(account.id, {"limit": 1})
        assert [one.id for one in listed.data] == [second.id]
        assert listed.has_more
        assert [one.id for one in listed.auto_paging_iter()] == [second.id, first.id]
        cards = sdk.accounts.external_accounts.list(account.id, {"object": "card"})
        assert cards.data == []
        moved = sdk.accounts.external_accounts.update(
            account.id,
            second.id,
            {"default_for_currency": True, "account_holder_name": "Rocket Rides"},
        )
        assert isinstance(moved, stripe.BankAccount)
        assert (moved.default_for_currency, moved.account_holder_name) == (True, "Rocket Rides")
        read = sdk.accounts.external_accounts.retrieve(account.id, first.id)
        assert read.default_for_currency is False
        gone = sdk.accounts.external_accounts.delete(account.id, first.id)
        assert (gone.id, gone.deleted) == (first.id, True)
        shown = sdk.accounts.retrieve(account.id).external_accounts
        assert shown is not None
        assert [one.id for one in shown.data] == [second.id]

    await asyncio.to_thread(journey)


@pytest.mark.parametrize(
    ("country", "bank", "last4", "routing"),
    [
        ("US", US_BANK, "6789", "110000000"),
        ("GB", GB_BANK, "2345", "108800"),
        ("GB", {**DE_BANK}, "3000", "37040044"),
        ("DE", DE_BANK, "3000", "37040044"),
        ("GB", {**GB_BANK, "account_number": "GB82WEST12345698765432"}, "5432", "WEST"),
    ],
)
async def test_numbers_of_the_country_are_taken(
    platform: Platform, country: str, bank: dict[str, str], last4: str, routing: str
) -> None:
    account = await new_account(platform, country=country)
    body = await attach(platform, account, bank)
    assert (body["last4"], body["routing_number"]) == (last4, routing)
    assert body["currency"] == bank["currency"]
    assert "account_number" not in body
    assert "created" not in body


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"routing_number": "110000001"}, "routing_number_invalid", "routing_number"),
        ({"routing_number": "11000"}, "routing_number_invalid", "routing_number"),
        ({"routing_number": ""}, "parameter_missing", "routing_number"),
        ({"account_number": "12"}, "account_number_invalid", "account_number"),
        ({"account_number": "12345x"}, "account_number_invalid", "account_number"),
        ({"account_number": ""}, "parameter_missing", "account_number"),
        ({"country": ""}, "parameter_missing", "country"),
        ({"country": "JP"}, "country_unsupported", "country"),
        ({"currency": "eur"}, None, "currency"),
        ({"object": "card"}, "invalid_card_type", "object"),
        ({**GB_BANK, "routing_number": "10-88"}, "routing_number_invalid", "routing_number"),
        ({**GB_BANK, "account_number": "1234567"}, "account_number_invalid", "account_number"),
        ({**GB_BANK, "routing_number": ""}, "parameter_missing", "routing_number"),
        (
            {**DE_BANK, "account_number": "DE88370400440532013000"},
            "account_number_invalid",
            "account_number",
        ),
        ({**DE_BANK, "account_number": "00012345"}, "account_number_invalid", "account_number"),
        ({**DE_BANK, "account_number": "78132946"}, "account_number_invalid", "account_number"),
        (
            {**DE_BANK, "account_number": "FR1420041010050500013M02606"},
            "account_number_invalid",
            "account_number",
        ),
    ],
)
async def test_what_cannot_be_a_bank_account_is_refused(
    platform: Platform, change: dict[str, str], code: str | None, param: str
) -> None:
    account = await new_account(platform)
    status, body = await platform.call(
        "POST", f"/v1/accounts/{account}/external_accounts", form=form({**US_BANK, **change})
    )
    assert status == 400, body
    assert body["error"].get("code") == code
    assert body["error"]["param"] == f"external_account[{param}]"
    number = change.get("account_number")
    assert not number or number not in body["error"]["message"]
    _, listed = await platform.call("GET", f"/v1/accounts/{account}/external_accounts")
    assert listed["data"] == []


async def test_the_default_for_a_currency(platform: Platform) -> None:
    """It moves when another becomes it, and cannot be deleted or given up."""
    account = await new_account(platform)
    path = f"/v1/accounts/{account}/external_accounts"
    first = await attach(platform, account, US_BANK)
    euro = await attach(platform, account, DE_BANK)
    assert (first["default_for_currency"], euro["default_for_currency"]) == (True, True)
    for refused in (first["id"],):
        status, body = await platform.call("DELETE", f"{path}/{refused}")
        assert status == 400, body
        assert "default" in body["error"]["message"]
    status, body = await platform.call(
        "POST", f"{path}/{first['id']}", form={"default_for_currency": "false"}
    )
    assert (status, body["error"]["param"]) == (400, "default_for_currency")
    other_euro = await attach(platform, account, DE_BANK)
    status, body = await platform.call("DELETE", f"{path}/{euro['id']}")
    assert status == 400, body
    status, body = await platform.call("DELETE", f"{path}/{other_euro['id']}")
    assert (status, body["deleted"], body["object"]) == (200, True, "bank_account")
    # The last one of a currency that is not the account's own may go.
    status, _ = await platform.call("DELETE", f"{path}/{euro['id']}")
    assert status == 200
    second = await attach(platform, account, US_BANK, default_for_currency="true")
    assert second["default_for_currency"]
    status, body = await platform.call("GET", f"{path}/{first['id']}")
    assert body["default_for_currency"] is False
    status, _ = await platform.call("DELETE", f"{path}/{first['id']}")
    assert status == 200


async def test_the_parameter_of_the_account_replaces_the_default(platform: Platform) -> None:
    status, body = await platform.call("POST", "/v1/accounts", form={**CUSTOM, **form(US_BANK)})
    assert status == 200, body
    account = body["id"]
    (first,) = body["external_accounts"]["data"]
    status, body = await platform.call(
        "POST", f"/v1/accounts/{account}", form={"external_account": "btok_us_verified_noAccount"}
    )
    assert status == 200, body
    (second,) = body["external_accounts"]["data"]
    assert second["id"] != first["id"]
    assert (second["last4"], second["default_for_currency"]) == ("1116", True)
    status, body = await platform.call(
        "GET", f"/v1/accounts/{account}/external_accounts/{first['id']}"
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_a_refused_bank_account_leaves_no_account(platform: Platform) -> None:
    _, before = await platform.call("GET", "/v1/accounts")
    bank = form({**US_BANK, "routing_number": "123"})
    status, _ = await platform.call("POST", "/v1/accounts", form={**CUSTOM, **bank})
    assert status == 400
    _, after = await platform.call("GET", "/v1/accounts")
    assert after["data"] == before["data"]


async def test_events_tell_of_bank_accounts(platform: Platform) -> None:
    account = await new_account(platform)
    path = f"/v1/accounts/{account}/external_accounts"
    first = await attach(platform, account, US_BANK)
    second = await attach(platform, account, US_BANK, default_for_currency="true")
    await platform.call("DELETE", f"{path}/{first['id']}")
    created = await account_events(platform, account, "account.external_account.created")
    assert [event["data"]["object"]["id"] for event in created] == [second["id"], first["id"]]
    (updated,) = await account_events(platform, account, "account.external_account.updated")
    assert updated["data"]["previous_attributes"] == {"default_for_currency": True}
    assert updated["data"]["object"]["id"] == first["id"]
    (deleted,) = await account_events(platform, account, "account.external_account.deleted")
    assert deleted["data"]["object"]["id"] == first["id"]
    assert "created" not in deleted["data"]["object"]
    changes = await account_events(platform, account, "account.updated")
    previous = changes[0]["data"]["previous_attributes"]["external_accounts"]["data"]
    assert [one["id"] for one in previous] == [second["id"], first["id"]]


async def test_an_unverified_owner_is_asked_for_a_document(platform: Platform) -> None:
    account = await new_account(platform)
    bank = await attach(platform, account, {**US_BANK, "account_number": "000999999992"})
    assert bank["status"] == "verification_failed"
    wanted = "documents.bank_account_ownership_verification.files"
    assert bank["requirements"]["currently_due"] == [wanted]
    assert bank["requirements"]["errors"][0]["requirement"] == wanted
    path = f"/v1/accounts/{account}/external_accounts/{bank['id']}"
    name = "documents[bank_account_ownership_verification][files][0]"
    status, body = await platform.call("POST", path, form={name: "file_nobody_has"})
    assert (status, body["error"]["param"]) == (404, name)
    status, body = await platform.call("POST", path, form={name: "file_identity_document_success"})
    assert status == 200, body
    assert (body["status"], body["requirements"]["currently_due"]) == ("new", [])


async def test_the_number_is_sealed(
    platform: Platform, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    account = await new_account(platform)
    bank = await attach(platform, account, US_BANK)
    row = await pool.fetchval("select body::text from external_accounts where id = $1", bank["id"])
    assert "000123456789" not in row
    sealed = await pool.fetchval("select sealed from secrets where subject = $1", bank["id"])
    assert b"000123456789" not in sealed
    told = await pool.fetch("select snapshot, previous from events where account_id = $1", account)
    assert all("000123456789" not in str(tuple(event)) for event in told)


async def test_what_payouts_ask_for(platform: Platform) -> None:
    """The default of a currency, what a test number fails with, and that a failure is kept."""
    account = await new_account(platform)
    bank = await attach(platform, account, {**US_BANK, "account_number": "000111111113"})
    database = platform.live.application.database
    async with database.connection() as connection, connection.transaction():
        tx = await registry.begin(database, connection, platform.keys.account_id)
        on_account = await acting(tx, account)
        assert on_account is not None
        found = await external_accounts.default_for(connection, account, "usd")
        assert found is not None
        assert (found.id, found.payout_failure_code) == (bank["id"], "account_closed")
        assert await external_accounts.default_for(connection, account, "gbp") is None
        marked = await external_accounts.mark_errored(on_account, found.id)
        assert marked is not None
        again = await external_accounts.mark_errored(on_account, found.id)
        assert again == marked
        assert await external_accounts.mark_errored(on_account, "ba_gone") is None
        await database.finish(tx)
    _, body = await platform.call("GET", f"/v1/accounts/{account}/external_accounts/{bank['id']}")
    assert body["status"] == "errored"
    assert "payout_failure_code" not in body
    (event,) = await account_events(platform, account, "account.external_account.updated")
    assert event["data"]["previous_attributes"] == {"status": "new"}

"""Money from a platform to its connected accounts, and back."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.roles.provisioning import create_platform
from tests.funding.steps import (
    START_MS,
    balance,
    check_books,
    done,
    event_types,
    on_clock,
    refused,
    together,
    top_up,
    transactions,
)
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform

TRANSFERS = "/v1/transfers"


@pytest.fixture
async def account(platform: Platform) -> str:
    """A connected account that may receive transfers; the platform has 100.00 pounds."""
    await top_up(platform, None, "gbp", 10_000)
    return await issuing_account(platform, program=False)


async def test_a_transfer_moves_money(platform: Platform, account: str) -> None:
    sdk = platform.sdk.v1.transfers
    params: Any = {
        "amount": 2500,
        "currency": "gbp",
        "destination": account,
        "description": "Week 7",
        "transfer_group": "ORDER7",
        "metadata": {"order": "7"},
        "expand": ["balance_transaction.source"],
    }
    made = await asyncio.to_thread(sdk.create, params)
    assert made.id.startswith("tr_")
    assert (made.object, made.amount, made.reversed) == ("transfer", 2500, False)
    assert (made.destination, made.source_type) == (account, "card")
    assert str(made.destination_payment).startswith("py_")
    transaction = made.balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    assert (transaction.type, transaction.amount) == ("transfer", -2500)
    assert isinstance(transaction.source, stripe.Transfer)
    own = platform.keys.account_id
    assert (await balance(platform, None, "gbp"))["available"] == 7500
    assert (await balance(platform, account, "gbp"))["available"] == 2500
    payment = f"&source={made.destination_payment}"
    assert await transactions(platform, account, payment) == [("payment", 2500, "available")]

    changed = await asyncio.to_thread(sdk.update, made.id, {"metadata": {"order": "8"}})
    assert changed.metadata.to_dict() == {"order": "8"}
    other: Any = {"amount": 1, "currency": "gbp", "destination": account}
    latest = await asyncio.to_thread(sdk.create, other)
    for filters, expected in (
        ({}, [latest.id, made.id]),
        ({"transfer_group": "ORDER7"}, [made.id]),
        ({"destination": account}, [latest.id, made.id]),
        ({"destination": own}, []),
        ({"created": {"gt": made.created + 1000}}, []),
    ):
        wanted: Any = filters
        page = await asyncio.to_thread(sdk.list, wanted)
        assert [one.id for one in page.data] == expected, filters
    types = ["transfer.created", "transfer.updated", "transfer.created"]
    assert await event_types(platform, own, "transfer.") == types
    assert await event_types(platform, account, "balance.") == ["balance.available"] * 2
    await check_books(platform, own, account)


async def test_reversals_in_part_and_no_more_than_there_was(
    platform: Platform, account: str
) -> None:
    form = {"amount": "1000", "currency": "gbp", "destination": account}
    made = await done(platform, "POST", TRANSFERS, form)
    sdk = platform.sdk.v1.transfers.reversals
    first = await asyncio.to_thread(sdk.create, made["id"], {"amount": 400})
    assert (first.object, first.amount, first.transfer) == ("transfer_reversal", 400, made["id"])
    path = f"{TRANSFERS}/{made['id']}"
    found = await done(platform, "GET", path)
    assert (found["amount_reversed"], found["reversed"]) == (400, False)
    assert [one["id"] for one in found["reversals"]["data"]] == [first.id]
    lost = await refused(platform, "POST", f"{path}/reversals", {"amount": ""})
    assert lost == ("parameter_invalid_empty", "amount")
    over = await refused(platform, "POST", f"{path}/reversals", {"amount": "601"})
    assert over == ("amount_too_large", "amount")
    rest = await asyncio.to_thread(sdk.create, made["id"])
    assert rest.amount == 600
    found = await done(platform, "GET", path)
    assert (found["amount_reversed"], found["reversed"]) == (1000, True)
    assert found["reversals"]["total_count"] == 2
    again = await platform.call("POST", f"{path}/reversals")
    assert (again[0], "fully reversed" in again[1]["error"]["message"]) == (400, True)

    listed = await asyncio.to_thread(sdk.list, made["id"], {"limit": 1})
    assert ([one.id for one in listed.data], listed.has_more) == ([rest.id], True)
    changed = await asyncio.to_thread(
        sdk.update, made["id"], first.id, {"metadata": {"why": "refund"}}
    )
    read = await asyncio.to_thread(sdk.retrieve, made["id"], first.id)
    assert changed.to_dict()["metadata"] == read.to_dict()["metadata"] == {"why": "refund"}
    shown = (await done(platform, "GET", path))["reversals"]["data"]
    assert shown[1]["metadata"] == {"why": "refund"}
    assert "description" not in shown[1]
    assert (await balance(platform, None, "gbp"))["available"] == 10_000
    assert (await transactions(platform, None))[-2:] == [
        ("transfer_refund", 400, "available"),
        ("transfer_refund", 600, "available"),
    ]
    assert (await transactions(platform, account))[-1] == ("payment_refund", -600, "available")
    own = platform.keys.account_id
    assert (await event_types(platform, own, "transfer."))[1:] == ["transfer.reversed"] * 2
    await check_books(platform, own, account)


async def test_each_side_is_written_at_the_instant_of_its_own_clock(
    platform: Platform, account: str
) -> None:
    await on_clock(platform, account)
    form = {"amount": "1000", "currency": "gbp", "destination": account}
    made = await done(platform, "POST", TRANSFERS, form)
    await done(platform, "POST", f"{TRANSFERS}/{made['id']}/reversals")
    page = await done(platform, "GET", "/v1/balance_transactions", account=account)
    assert [one["created"] for one in page["data"]] == [START_MS // 1000] * 2
    assert made["created"] != START_MS // 1000


async def test_what_the_account_has_spent_is_not_reversed(platform: Platform, account: str) -> None:
    form = {"amount": "1000", "currency": "gbp", "destination": account}
    made = await done(platform, "POST", TRANSFERS, form)
    back = {"amount": "1", "currency": "gbp", "source_balance[type]": "payments"}
    back["destination_balance[type]"] = "issuing"
    version = "2026-10-14.preview"
    await done(platform, "POST", "/v1/balance_transfers", back, account=account, version=version)
    path = f"{TRANSFERS}/{made['id']}"
    assert (await refused(platform, "POST", f"{path}/reversals"))[0] == "balance_insufficient"
    assert (await done(platform, "GET", path))["amount_reversed"] == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": "0"}, ("parameter_invalid_integer", "amount")),
        ({"amount": "-1"}, ("parameter_invalid_integer", "amount")),
        ({"amount": "100000000"}, ("parameter_invalid_integer", "amount")),
        ({"amount": "10001"}, ("balance_insufficient", None)),
        ({"currency": "usd"}, ("balance_insufficient", None)),
        ({"currency": "jpy"}, (None, "currency")),
        ({"destination": "acct_nobody"}, ("resource_missing", "destination")),
        ({"source_transaction": "ch_1"}, ("resource_missing", "source_transaction")),
        ({"destination_payment": "py_1"}, ("parameter_unknown", "destination_payment")),
        ({"source_type": "gold"}, (None, "source_type")),
    ],
)
async def test_a_bad_transfer_is_refused(
    platform: Platform, account: str, change: dict[str, str], expected: Any
) -> None:
    form = {"amount": "100", "currency": "gbp", "destination": account, **change}
    assert await refused(platform, "POST", TRANSFERS, form) == expected
    assert (await done(platform, "GET", TRANSFERS))["data"] == []
    assert (await balance(platform, None, "gbp"))["available"] == 10_000


async def test_who_cannot_receive(platform: Platform, live: Live) -> None:
    await top_up(platform, None, "gbp", 100)
    stranger = Platform(live, await create_platform(live.application.database))
    theirs = await issuing_account(stranger, program=False)
    restricted = await issuing_account(platform, program=False, verified=False)
    closed = await issuing_account(platform, program=False)
    await done(platform, "DELETE", f"/v1/accounts/{closed}")
    missing = ("resource_missing", "destination")
    for destination, expected in (
        (theirs, missing),
        (closed, missing),
        (platform.keys.account_id, missing),
        (restricted, ("insufficient_capabilities_for_transfer", "destination")),
    ):
        form = {"amount": "1", "currency": "gbp", "destination": destination}
        assert await refused(platform, "POST", TRANSFERS, form) == expected


async def test_transfers_are_calls_of_the_platform(
    platform: Platform, account: str, live: Live
) -> None:
    form = {"amount": "1", "currency": "gbp", "destination": account}
    made = await done(platform, "POST", TRANSFERS, form)
    status, body = await platform.call("POST", TRANSFERS, form=form, account=account)
    assert status == 400
    assert "by the platform" in body["error"]["message"]
    stranger = Platform(live, await create_platform(live.application.database))
    path = f"{TRANSFERS}/{made['id']}"
    assert (await refused(stranger, "GET", path))[0] == "resource_missing"
    assert (await refused(stranger, "POST", f"{path}/reversals"))[0] == "resource_missing"


async def test_the_last_penny_goes_once(platform: Platform, account: str) -> None:
    other = await issuing_account(platform, program=False)
    statuses = await together(
        *(
            platform.call(
                "POST",
                TRANSFERS,
                form={"amount": "10000", "currency": "gbp", "destination": destination},
            )
            for destination in (account, other) * 4
        )
    )
    assert statuses == [200] + [400] * 7
    made = (await done(platform, "GET", TRANSFERS))["data"][0]
    path = f"{TRANSFERS}/{made['id']}/reversals"
    assert await together(*(platform.call("POST", path) for _ in range(4))) == [200, 400, 400, 400]
    assert (await balance(platform, None, "gbp"))["available"] == 10_000
    await check_books(platform, platform.keys.account_id, account, other)


async def test_what_a_transfer_expands(platform: Platform, account: str) -> None:
    """The account that is paid; there are no charges here, so what would be one stays an id."""
    wanted = ["destination", "destination_payment", "source_transaction", "application_fee"]
    form = {"amount": "100", "currency": "gbp", "destination": account}
    form |= {f"expand[{index}]": path for index, path in enumerate(wanted)}
    made = await done(platform, "POST", TRANSFERS, form)
    assert (made["destination"]["id"], made["destination"]["object"]) == (account, "account")
    assert made["destination_payment"].startswith("py_")
    assert made["source_transaction"] is None
    assert "application_fee" not in made
    path = f"{TRANSFERS}?expand[]=data.destination.external_accounts.data.account"
    [listed] = (await done(platform, "GET", path))["data"]
    assert listed["destination"]["id"] == account

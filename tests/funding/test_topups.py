"""Top-ups that are pulled from a bank account, and the bank accounts."""

import asyncio
from typing import Any

import pytest

from cardwright.accounts.record import bank_details
from cardwright.kernel import clock
from cardwright.roles.provisioning import create_platform
from tests.funding.steps import (
    BANKS,
    START_MS,
    balance,
    check_books,
    done,
    event_types,
    on_clock,
    refused,
    transactions,
)
from tests.support.server import Live, Platform

SOURCES, TOPUPS, OPERATOR = "/v1/sources", "/v1/topups", "/_cardwright/topups"
TOPUP = {"amount": "2500", "currency": "usd"}
SOURCE = {"type": "ach_debit", "currency": "usd", "token": "btok_us"}


async def pulled(platform: Platform, token: str = "btok_us_verified", **more: str) -> Any:
    return await done(platform, "POST", TOPUPS, {**TOPUP, "source": token, **more})


async def test_a_bank_account_is_verified_by_what_was_sent_to_it(platform: Platform) -> None:
    params: Any = {**SOURCE, "metadata": {"a": "b"}, "owner": {"name": "Jenny Rosen"}}
    made = await asyncio.to_thread(platform.sdk.v1.sources.create, params)
    assert made.id.startswith("src_")
    assert (made.object, made.status, made.type) == ("source", "pending", "ach_debit")
    assert made.ach_debit is not None
    assert (made.ach_debit.last4, made.ach_debit.routing_number) == ("6789", "110000000")
    assert "debit_failure_code" not in made.to_dict()
    early = await refused(platform, "POST", TOPUPS, {**TOPUP, "source": made.id})
    assert early == ("bank_account_unverified", "source")
    verify = f"{SOURCES}/{made.id}/verify"
    for values in (["32", "44"], ["45", "32"], ["32"], ["32", "45", "0"], ["x", "y"]):
        form = {f"values[{index}]": value for index, value in enumerate(values)}
        wrong = await refused(platform, "POST", verify, form)
        assert wrong == ("bank_account_verification_failed", "values")
    done_now = await asyncio.to_thread(
        platform.sdk.v1.sources.verify, made.id, {"values": ["32", "45"]}
    )
    assert done_now.status == "chargeable"
    status, body = await platform.call("POST", verify, form={"values[0]": "32", "values[1]": "45"})
    assert (status, "is chargeable" in body["error"]["message"]) == (400, True)
    changed = await asyncio.to_thread(
        platform.sdk.v1.sources.update, made.id, {"owner": {"email": "jenny.rosen@example.com"}}
    )
    assert changed.owner is not None
    assert (changed.owner.name, changed.owner.email) == ("Jenny Rosen", "jenny.rosen@example.com")
    topup = await pulled(platform, made.id)
    assert (topup["status"], topup["source"]["id"]) == ("pending", made.id)


async def test_a_bank_account_of_a_token(platform: Platform) -> None:
    """A token is used once; only American bank accounts are debited."""

    async def token(**bank: str) -> str:
        form = {f"bank_account[{name}]": value for name, value in bank.items()}
        return str((await done(platform, "POST", "/v1/tokens", form))["id"])

    named = {"account_holder_name": "Jenny Rosen", "account_holder_type": "individual"}
    american = await token(**BANKS["usd"], **named)
    made = await done(platform, "POST", SOURCES, {**SOURCE, "token": american})
    assert (made["status"], made["ach_debit"]["type"]) == ("pending", "individual")
    code, param = await refused(platform, "POST", SOURCES, {**SOURCE, "token": american})
    assert (code, param) == ("token_already_used", "token")
    british = await token(**BANKS["gbp"])
    status, body = await platform.call("POST", SOURCES, form={**SOURCE, "token": british})
    assert (status, "in the United States" in body["error"]["message"]) == (400, True)
    path = f"/_cardwright/sources/{made['id']}/confirm"
    assert (await done(platform, "POST", path))["status"] == "chargeable"
    assert (await platform.call("POST", path))[0] == 400, "once"
    assert (await pulled(platform, made["id"]))["status"] == "pending"


async def test_a_live_bank_account_is_confirmed_by_the_operator(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    form = {f"bank_account[{name}]": value for name, value in BANKS["usd"].items()}
    token = (await done(platform, "POST", "/v1/tokens", form))["id"]
    made = await done(platform, "POST", SOURCES, {**SOURCE, "token": token})
    values = {"values[0]": "32", "values[1]": "45"}
    status, body = await platform.call("POST", f"{SOURCES}/{made['id']}/verify", form=values)
    assert (status, "the operator confirms" in body["error"]["message"]) == (400, True)
    path = f"/_cardwright/sources/{made['id']}/confirm"
    assert (await done(platform, "POST", path))["status"] == "chargeable"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "sepa_debit"}, (None, "type")),
        ({"token": "btok_nobody"}, ("resource_missing", "token")),
        ({"currency": "gbp"}, (None, "currency")),
        ({"status": "chargeable"}, ("parameter_unknown", "status")),
    ],
)
async def test_a_bad_source_is_refused(
    platform: Platform, change: dict[str, str], expected: Any
) -> None:
    assert await refused(platform, "POST", SOURCES, {**SOURCE, **change}) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"source": "src_nobody"}, ("resource_missing", "source")),
        ({"source": "btok_nobody"}, ("resource_missing", "source")),
        ({"source": "btok_us"}, ("bank_account_unverified", "source")),
        ({"source": "btok_us_verified", "currency": "gbp"}, (None, "currency")),
    ],
)
async def test_a_source_that_cannot_pay(
    platform: Platform, change: dict[str, str], expected: Any
) -> None:
    assert await refused(platform, "POST", TOPUPS, {**TOPUP, **change}) == expected
    assert (await done(platform, "GET", TOPUPS))["data"] == []
    assert (await balance(platform, None, "usd"))["pending"] == 0


async def test_a_pulled_topup_arrives_on_its_day(platform: Platform) -> None:
    own = platform.keys.account_id
    advance = await on_clock(platform, own)
    made = await pulled(platform)
    week_ms = START_MS - START_MS % clock.DAY_MS + 7 * clock.DAY_MS
    assert made["expected_availability_date"] == week_ms // 1000, "five days, not the weekend"
    assert await balance(platform, None, "usd") == {"available": 0, "pending": 2500, "issuing": 0}
    assert await transactions(platform, None) == [("topup", 2500, "pending")]
    path = f"/v1/balance_transactions/{made['balance_transaction']}"
    shown = await done(platform, "GET", path)
    assert (shown["available_on"], shown["source"]) == (week_ms // 1000, made["id"])
    await advance(week_ms - START_MS - 1)
    assert (await done(platform, "GET", f"{TOPUPS}/{made['id']}"))["status"] == "pending"
    await advance(week_ms - START_MS)
    found = await done(platform, "GET", f"{TOPUPS}/{made['id']}")
    assert (found["status"], found["failure_code"]) == ("succeeded", None)
    assert found["balance_transaction"] == made["balance_transaction"]
    assert await balance(platform, None, "usd") == {"available": 2500, "pending": 0, "issuing": 0}
    assert await transactions(platform, None) == [("topup", 2500, "available")]
    assert await event_types(platform, own, "topup.") == ["topup.created", "topup.succeeded"]
    await check_books(platform, own)


async def test_a_pulled_topup_for_cards(platform: Platform) -> None:
    made = await pulled(platform, destination_balance="issuing")
    assert made["balance_transaction"] is None, "the Issuing balance has nothing pending"
    assert (await balance(platform, None, "usd"))["pending"] == 0
    found = await done(platform, "POST", f"{OPERATOR}/{made['id']}/mark_succeeded")
    assert found["balance_transaction"] is not None
    assert (await balance(platform, None, "usd"))["issuing"] == 2500
    other = await pulled(platform, destination_balance="issuing")
    await done(platform, "POST", f"{OPERATOR}/{other['id']}/fail")
    assert await transactions(platform, None) == [("topup", 2500, "available")]
    under_way = await platform.live.application.database.pool.fetchval(
        "select count(*) from balances where account_id = $1 and book like '%in_transit' "
        "and available_minor <> 0",
        platform.keys.account_id,
    )
    assert under_way == 0
    await check_books(platform, platform.keys.account_id)


FAILING = {
    token: code
    for token, number in bank_details.TEST_TOKENS.items()
    if (code := bank_details.PAYOUT_FAILURES.get(number)) is not None
}


@pytest.mark.parametrize(("token", "code"), FAILING.items())
async def test_a_topup_fails_as_its_token_says(platform: Platform, token: str, code: str) -> None:
    own = platform.keys.account_id
    advance = await on_clock(platform, own)
    made = await pulled(platform, token)
    await advance(1000)
    found = await done(platform, "GET", f"{TOPUPS}/{made['id']}")
    assert (found["status"], found["failure_code"]) == ("failed", code)
    assert found["failure_message"]
    assert await balance(platform, None, "usd") == {"available": 0, "pending": 0, "issuing": 0}
    expected = [("topup", 2500, "available"), ("topup_reversal", -2500, "available")]
    assert await transactions(platform, None) == expected
    assert await event_types(platform, own, "topup.") == ["topup.created", "topup.failed"]
    await check_books(platform, own)


async def test_failing_tokens_are_known() -> None:
    assert set(FAILING.values()) == {
        "account_closed",
        "debit_not_authorized",
        "insufficient_funds",
        "invalid_currency",
        "no_account",
    }


async def test_cancel_while_pending(platform: Platform) -> None:
    own = platform.keys.account_id
    advance = await on_clock(platform, own)
    made = await pulled(platform)
    canceled = await asyncio.to_thread(platform.sdk.v1.topups.cancel, made["id"])
    assert canceled.status == "canceled"
    await advance(30 * clock.DAY_MS)
    assert (await done(platform, "GET", f"{TOPUPS}/{made['id']}"))["status"] == "canceled"
    assert await balance(platform, None, "usd") == {"available": 0, "pending": 0, "issuing": 0}
    for call in (
        f"{TOPUPS}/{made['id']}/cancel",
        f"{OPERATOR}/{made['id']}/fail",
        f"{OPERATOR}/{made['id']}/mark_succeeded",
        f"{OPERATOR}/{made['id']}/reverse",
    ):
        status, body = await platform.call("POST", call)
        assert (status, "is canceled" in body["error"]["message"]) == (400, True)
        assert body["error"]["code"] == "status_transition_invalid"
    at_once = await done(platform, "POST", TOPUPS, TOPUP)
    status, body = await platform.call("POST", f"{TOPUPS}/{at_once['id']}/cancel")
    assert (status, "is succeeded" in body["error"]["message"]) == (400, True)
    types = await event_types(platform, own, "topup.")
    assert types == ["topup.created", "topup.canceled", "topup.created", "topup.succeeded"]
    await check_books(platform, own)


async def test_the_bank_takes_a_topup_back(platform: Platform) -> None:
    """It does so although the money is gone; the balance is below zero until more comes."""
    made = await done(platform, "POST", TOPUPS, {**TOPUP, "destination_balance": "issuing"})
    version = "2026-10-14.preview"
    back = {"amount": "2000", "currency": "usd", "source_balance[type]": "issuing"}
    back["destination_balance[type]"] = "payments"
    await done(platform, "POST", "/v1/balance_transfers", back, version=version)
    form = {"failure_code": "insufficient_funds"}
    found = await done(platform, "POST", f"{OPERATOR}/{made['id']}/reverse", form)
    assert (found["status"], found["failure_code"]) == ("reversed", "insufficient_funds")
    assert (await balance(platform, None, "usd"))["issuing"] == -2000
    assert (await transactions(platform, None))[-1] == ("topup_reversal", -2500, "available")
    own = platform.keys.account_id
    assert (await event_types(platform, own, "topup."))[-1] == "topup.reversed"
    wrong = await refused(
        platform, "POST", f"{OPERATOR}/{made['id']}/reverse", {"failure_code": "x"}
    )
    assert wrong == (None, "failure_code")
    await check_books(platform, own)


async def test_topups_are_found_by_a_range_of_amounts(platform: Platform) -> None:
    for amount in (10, 20, 30):
        await done(platform, "POST", TOPUPS, {**TOPUP, "amount": str(amount)})
    listing = platform.sdk.v1.topups.list
    for filters, expected in (
        ({"amount": {"gt": 10}}, [30, 20]),
        ({"amount": {"gte": 20, "lt": 30}}, [20]),
        ({"amount": 10}, [10]),
        ({"amount": {"lte": 5}}, []),
    ):
        wanted: Any = filters
        page = await asyncio.to_thread(listing, wanted)
        assert [one.amount for one in page.data] == expected
    for query, param in (("amount[around]=5", "amount[around]"), ("amount[gt]=x", "amount[gt]")):
        assert (await refused(platform, "GET", f"{TOPUPS}?{query}"))[1] == param


async def test_a_live_topup_waits_for_the_operator(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    assert await refused(platform, "POST", SOURCES, SOURCE) == ("resource_missing", "token")
    made = await done(platform, "POST", TOPUPS, TOPUP)
    assert (made["status"], made["livemode"]) == ("pending", True)
    assert await balance(platform, None, "usd") == {"available": 0, "pending": 2500, "issuing": 0}
    due = await live.application.database.pool.fetchval(
        "select count(*) from deadlines where subject = $1", made["id"]
    )
    assert due == 0, "time alone moves nothing in live mode"
    await done(platform, "POST", f"{OPERATOR}/{made['id']}/mark_succeeded")
    assert await balance(platform, None, "usd") == {"available": 2500, "pending": 0, "issuing": 0}
    other = await done(platform, "POST", TOPUPS, TOPUP)
    failed = await done(platform, "POST", f"{OPERATOR}/{other['id']}/fail")
    assert (failed["status"], failed["failure_code"]) == ("failed", "could_not_process")
    await check_books(platform, platform.keys.account_id)

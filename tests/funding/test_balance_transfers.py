"""Money between the payments and the Issuing balance of an account."""

from typing import Any

import pytest

from cardwright.kernel import clock
from cardwright.roles.provisioning import create_platform
from tests.funding.steps import (
    PREVIEW,
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
    verified_account,
)
from tests.support.server import Live, Platform

PATH = "/v1/balance_transfers"


def form_of(source: str, destination: str, amount: int, currency: str = "gbp") -> dict[str, str]:
    return {
        "amount": str(amount),
        "currency": currency,
        "source_balance[type]": source,
        "destination_balance[type]": destination,
    }


async def moved(platform: Platform, account: str | None, form: dict[str, str]) -> Any:
    return await done(platform, "POST", PATH, form, account=account, version=PREVIEW)


@pytest.mark.parametrize(
    ("source", "destination"), [("payments", "issuing"), ("issuing", "payments")]
)
async def test_at_once_in_the_united_states(
    platform: Platform, source: str, destination: str
) -> None:
    account = await verified_account(platform, "usd")
    form = {"amount": "900", "currency": "usd", "destination_balance": source}
    await done(platform, "POST", "/v1/topups", form, account=account)
    wanted = {**form_of(source, destination, 700, "usd"), "metadata[week]": "7"}
    made = await moved(platform, account, wanted)
    assert made["id"].startswith("btr_")
    assert made["metadata"] == {"week": "7"}
    assert made["source_balance"]["type"] == source
    out = made["source_balance"][source]["balance_transaction"]
    into = made["destination_balance"][destination]["balance_transaction"]
    path = "/v1/balance_transactions"
    taken = await done(platform, "GET", f"{path}/{out}", account=account)
    given = await done(platform, "GET", f"{path}/{into}?expand[]=source", account=account)
    assert (taken["amount"], taken["balance_type"], taken["type"]) == (-700, source, "transfer")
    assert (given["amount"], given["balance_type"], given["type"]) == (
        700,
        destination,
        "transfer",
    )
    assert given["source"]["id"] == made["id"]
    names = {"payments": "available", "issuing": "issuing"}
    found = await balance(platform, account, "usd")
    assert (found[names[source]], found[names[destination]]) == (200, 700)
    read = await done(platform, "GET", f"{PATH}/{made['id']}", account=account, version=PREVIEW)
    listed = await done(platform, "GET", PATH, account=account, version=PREVIEW)
    assert [read] == listed["data"] == [made]
    await check_books(platform, account)


async def test_on_the_next_business_day_elsewhere(platform: Platform) -> None:
    """Friday's arrives on Monday."""
    account = await verified_account(platform)
    advance = await on_clock(platform, account)
    await advance(2 * clock.DAY_MS)
    await top_up(platform, account, "gbp", 1000)
    made = await moved(platform, account, form_of("payments", "issuing", 1000))
    assert made["destination_balance"]["issuing"]["balance_transaction"] is None
    gone = {"available": 0, "pending": 0, "issuing": 0}
    assert await balance(platform, account, "gbp") == gone
    monday_ms = START_MS - START_MS % clock.DAY_MS + 5 * clock.DAY_MS
    await advance(monday_ms - START_MS - 1)
    assert await balance(platform, account, "gbp") == gone
    await advance(monday_ms - START_MS)
    assert (await balance(platform, account, "gbp"))["issuing"] == 1000
    found = await done(platform, "GET", f"{PATH}/{made['id']}", account=account, version=PREVIEW)
    assert found["destination_balance"]["issuing"]["balance_transaction"] is not None
    assert await transactions(platform, account) == [
        ("topup", 1000, "available"),
        ("transfer", -1000, "available"),
        ("transfer", 1000, "available"),
    ]
    assert await event_types(platform, account, "balance.") == ["balance.available"] * 2
    await check_books(platform, account)


async def test_live_money_arrives_when_the_operator_says_so(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    account = (await done(platform, "POST", "/v1/accounts", {"type": "custom", "country": "GB"}))[
        "id"
    ]
    made = await done(
        platform, "POST", "/v1/topups", {"amount": "500", "currency": "gbp"}, account=account
    )
    path = f"/_cardwright/topups/{made['id']}/mark_succeeded"
    await done(platform, "POST", path, account=account)
    made = await moved(platform, account, form_of("payments", "issuing", 500))
    due = await live.application.database.pool.fetchval(
        "select count(*) from deadlines where subject = $1", made["id"]
    )
    assert due == 0
    arrive = f"/_cardwright/balance_transfers/{made['id']}/mark_arrived"
    first = await done(platform, "POST", arrive, account=account)
    assert await done(platform, "POST", arrive, account=account) == first, "once"
    assert (await balance(platform, account, "gbp"))["issuing"] == 500
    await check_books(platform, account)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": "101"}, ("balance_insufficient", None)),
        ({"amount": "0"}, ("parameter_invalid_integer", "amount")),
        ({"currency": "eur"}, ("balance_insufficient", None)),
        ({"currency": "jpy"}, (None, "currency")),
        ({"destination_balance[type]": "payments"}, (None, "destination_balance[type]")),
        ({"destination_balance[type]": "fees"}, (None, "destination_balance[type]")),
        ({"source_balance[type]": "outside"}, (None, "source_balance[type]")),
    ],
)
async def test_a_bad_balance_transfer_is_refused(
    platform: Platform, change: dict[str, str], expected: Any
) -> None:
    await top_up(platform, None, "gbp", 100)
    form = {**form_of("payments", "issuing", 100), **change}
    assert await refused(platform, "POST", PATH, form, version=PREVIEW) == expected
    assert (await balance(platform, None, "gbp"))["available"] == 100


async def test_they_exist_in_preview_versions(platform: Platform) -> None:
    code, _ = await refused(platform, "POST", PATH, form_of("payments", "issuing", 1))
    assert code == "preview_version_required"


async def test_the_last_penny_moves_once(platform: Platform) -> None:
    await top_up(platform, None, "gbp", 100)
    form = form_of("payments", "issuing", 100)
    statuses = await together(
        *(platform.call("POST", PATH, form=form, version=PREVIEW) for _ in range(6))
    )
    assert statuses == [200] + [400] * 5
    assert (await balance(platform, None, "gbp"))["issuing"] == 100
    await check_books(platform, platform.keys.account_id)

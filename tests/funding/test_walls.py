"""Money of another account or platform cannot be seen, named or moved; and days on which banks
work."""

from typing import Any

import pytest
import stripe

from cardwright.funding import days
from cardwright.funding.model import TYPES
from cardwright.kernel import clock
from cardwright.roles.provisioning import create_platform
from tests.funding.steps import PREVIEW, done, payable_account, top_up
from tests.support.server import Live, Platform


@pytest.fixture
async def theirs(platform: Platform) -> tuple[str, list[tuple[str, str]]]:
    """An account with one of everything that moves; what may be called on each."""
    account = await payable_account(platform, "usd")
    await top_up(platform, account, "usd", 100)
    form = {"amount": "10", "currency": "usd"}

    async def made(path: str, **more: Any) -> str:
        return str((await done(platform, "POST", path, account=account, **more))["id"])

    source = await made("/v1/sources", form={"type": "ach_debit", "token": "btok_us"})
    topup = await made("/v1/topups", form={**form, "source": "btok_us_verified"})
    payout = await made("/v1/payouts", form=form)
    sides = {"source_balance[type]": "payments", "destination_balance[type]": "issuing"}
    moved = await made("/v1/balance_transfers", form={**form, **sides}, version=PREVIEW)
    calls = [
        *(("GET", f"/v1/{kind}") for kind in (f"sources/{source}", f"topups/{topup}")),
        *(("POST", f"/v1/{kind}") for kind in (f"sources/{source}", f"topups/{topup}")),
        ("POST", f"/v1/sources/{source}/verify"),
        ("POST", f"/v1/topups/{topup}/cancel"),
        *((method, f"/v1/payouts/{payout}") for method in ("GET", "POST")),
        *(("POST", f"/v1/payouts/{payout}/{verb}") for verb in ("cancel", "reverse")),
        ("GET", f"/v1/balance_transfers/{moved}"),
        ("POST", f"/_cardwright/sources/{source}/confirm"),
        *(
            ("POST", f"/_cardwright/topups/{topup}/{verb}")
            for verb in ("mark_succeeded", "fail", "reverse")
        ),
        *(("POST", f"/_cardwright/payouts/{payout}/{verb}") for verb in ("mark_paid", "fail")),
        ("POST", f"/_cardwright/balance_transfers/{moved}/mark_arrived"),
    ]
    return account, calls


async def test_money_of_another_is_as_if_it_did_not_exist(
    platform: Platform, live: Live, theirs: tuple[str, list[tuple[str, str]]]
) -> None:
    account, calls = theirs
    stranger = Platform(live, await create_platform(live.application.database))
    verify = {"values[0]": "32", "values[1]": "45"}
    for caller in (platform, stranger):
        for method, path in calls:
            form = verify if path.endswith("verify") else None
            status, body = await caller.call(method, path, form=form, version=PREVIEW)
            assert (status, body["error"]["code"]) == (404, "resource_missing"), path
    for method, path in calls:
        status, body = await stranger.call(method, path, account=account)
        assert (status, body["error"]["code"]) == (403, "account_invalid"), path


@pytest.mark.parametrize(
    ("day", "later", "expected"),
    [
        ("2026-09-23T12:00:00Z", 0, "2026-09-23"),
        ("2026-09-23T00:00:00Z", 1, "2026-09-24"),
        ("2026-09-23T23:59:59Z", 2, "2026-09-25"),
        ("2026-09-25T12:00:00Z", 1, "2026-09-28"),
        ("2026-09-26T12:00:00Z", 1, "2026-09-28"),
        ("2026-09-27T12:00:00Z", 2, "2026-09-29"),
        ("2026-12-30T12:00:00Z", 5, "2027-01-06"),
    ],
)
def test_banks_rest_on_saturdays_and_sundays(day: str, later: int, expected: str) -> None:
    found = days.after(clock.parse_rfc3339(day), later)
    assert clock.rfc3339(found) == f"{expected}T00:00:00.000Z"


async def test_every_public_type_can_be_asked_for(platform: Platform) -> None:
    """The types of the SDK, and those that are ours are among them."""
    kinds = stripe.BalanceTransaction.__annotations__["type"]
    known = {name for part in kinds.__args__ for name in getattr(part, "__args__", ())}
    assert known
    assert known <= TYPES, known - TYPES
    for name in ("charge", "payout_cancel"):
        page = await done(platform, "GET", f"/v1/balance_transactions?type={name}")
        assert page["data"] == []

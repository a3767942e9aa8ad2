"""Issuing closed by the operator, and what leads to it: cases of the watch over card spend."""

from typing import Any

import pytest

from tests.compliance.stories import (
    DAY,
    HOUR,
    START,
    advance,
    applicant,
    capability,
    done,
    issuing_status,
    new_clock,
    notices,
    reasons,
    refused,
    until,
)
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

VIOLATED = "account_closed_for_terms_of_service_violation"
CASES = "/_cardwright/compliance_cases"
SETTINGS = "/_cardwright/compliance_settings"
CASINO = "betting_casino_gambling"


async def card_status(one: Spender) -> str:
    return str((await one.done("GET", f"/v1/issuing/cards/{one.card}"))["status"])


async def pay(one: Spender, amount: int, **merchant: str) -> None:
    """A payment that is captured."""
    form = {f"merchant_data[{name}]": value for name, value in merchant.items()}
    paid = await one.authorize(amount, **form)
    assert paid["approved"], paid
    await one.done("POST", f"{HELPERS}/{paid['id']}/capture")


async def cases(platform: Platform, query: str = "") -> list[Any]:
    return list((await done(platform, "GET", CASES + query))["data"])


@pytest.mark.parametrize("door", ["test helper", "operator"])
async def test_cards_off_and_the_account_told(platform: Platform, door: str) -> None:
    one = await spender(platform, funds=10_000)
    off = await one.new_card(status="inactive")
    if door == "operator":
        path = f"/_cardwright/accounts/{one.account}/close_issuing"
        form = {"note": "Payments at a casino"}
    else:
        path = f"/v1/test_helpers/accounts/{one.account}/terms_of_service_violation"
        form = {"reason": "Payments at a casino"}
    closure = await done(platform, "POST", path, form=form)
    assert (closure["reason"], closure["status"]) == ("terms_of_service", "closed")
    assert closure["cards"] == [one.card]
    shown = await capability(platform, one.account)
    assert shown["status"] == "inactive"
    assert shown["requirements"]["disabled_reason"] == "rejected.other"
    assert await issuing_status(platform, one.account) == (
        "restricted",
        ["rejected_terms_of_service"],
    )
    # What is not issuing goes on.
    others = (await done(platform, "GET", f"/v1/accounts/{one.account}"))["capabilities"]
    assert others["transfers"] == "active"
    assert await card_status(one) == "inactive"
    assert not (await one.authorize(100))["approved"]
    (notice,) = await notices(platform, one.account)
    assert notice["id"] == closure["notice"]
    assert notice["reason"] == f"issuing.{VIOLATED}"
    types = await one.events()
    for wanted in ("issuing_card.updated", "capability.updated", "account_notice.created"):
        assert wanted in types
    error = await refused(platform, "POST", path, form=form)
    assert "closed for the account" in error["message"]

    again = f"/_cardwright/accounts/{one.account}/reinstate_issuing"
    lifted = await done(platform, "POST", again, form={"restore_cards": "true"})
    assert (lifted["id"], lifted["status"]) == (closure["id"], "lifted")
    assert await issuing_status(platform, one.account) == ("active", [])
    assert await card_status(one) == "active"
    assert (await one.done("GET", f"/v1/issuing/cards/{off}"))["status"] == "inactive"
    assert (await one.authorize(100))["approved"]
    error = await refused(platform, "POST", again)
    assert "not closed" in error["message"]


@pytest.mark.parametrize("reason", ["business_model", "url", "use_case"])
async def test_an_answer_that_never_came(platform: Platform, reason: str) -> None:
    one = await spender(platform)
    path = f"/_cardwright/accounts/{one.account}/close_issuing"
    await done(platform, "POST", path, form={"note": "What do you sell?", "reason": reason})
    assert await reasons(platform, one.account) == [
        f"account_closed_for_not_providing_{reason}_clarification"
    ]
    assert (await issuing_status(platform, one.account))[1] == ["rejected_incomplete_verification"]
    await done(platform, "POST", f"/_cardwright/accounts/{one.account}/reinstate_issuing")
    assert (await issuing_status(platform, one.account))[0] == "active"
    assert await card_status(one) == "inactive"


async def test_what_is_refused(platform: Platform) -> None:
    plain = await done(platform, "POST", "/v1/accounts", form={"type": "custom", "country": "GB"})
    for account, words in ((plain["id"], "has not asked for issuing"), ("acct_x", "No such")):
        path = f"/_cardwright/accounts/{account}/close_issuing"
        error = await refused(platform, "POST", path, form={"note": "x"})
        assert words in error["message"]
    path = f"/_cardwright/accounts/{plain['id']}/close_issuing"
    assert (await refused(platform, "POST", path))["param"] == "note"
    form = {"note": "x", "reason": "inactivity"}
    assert (await refused(platform, "POST", path, form=form))["param"] == "reason"
    assert (await refused(platform, "GET", f"{CASES}/ccase_x"))["code"] == "resource_missing"
    assert (await refused(platform, "POST", f"{CASES}/ccase_x/dismiss"))["param"] == "id"
    for bad in ({"window_days": "0"}, {"prohibited[gambling][0]": "casino"}):
        error = await refused(platform, "POST", SETTINGS, form=bad)
        assert error["param"].startswith(next(iter(bad)).partition("[")[0])


async def test_a_closed_application_is_none(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock)
    path = f"/_cardwright/accounts/{account}/close_issuing"
    await done(platform, "POST", path, form={"note": "x"})
    await advance(platform, clock, START + DAY)
    assert await reasons(platform, account) == [VIOLATED]


async def test_a_casino_opens_a_case_and_closes_nothing(platform: Platform) -> None:
    clock = await new_clock(platform)
    one = await spender(platform, funds=100_000, test_clock=clock)
    await pay(one, 1_000)
    await pay(one, 2_500, category=CASINO)
    await advance(platform, clock, START + 2 * HOUR)
    (case,) = await until(lambda: cases(platform), lambda found: len(found) == 1)
    assert (case["kind"], case["status"], case["account"]) == (
        "prohibited_business",
        "open",
        one.account,
    )
    assert case["evidence"]["categories"] == [
        {
            "amount": 2_500,
            "category_code": "7995",
            "currency": "gbp",
            "kind": "gambling",
            "payments": 1,
        }
    ]
    assert len(case["evidence"]["transactions"]) == 1
    assert await issuing_status(platform, one.account) == ("active", [])
    # It grows while it is open.
    await pay(one, 500, category=CASINO)
    await advance(platform, clock, START + 5 * HOUR)
    (grown,) = await cases(platform)
    assert grown["id"] == case["id"]
    assert grown["evidence"]["categories"][0]["amount"] == 3_000
    path = f"{CASES}/{case['id']}"
    dismissed = await done(platform, "POST", f"{path}/dismiss", form={"note": "A staff party"})
    assert (dismissed["status"], dismissed["note"]) == ("dismissed", "A staff party")
    assert "dismissed already" in (await refused(platform, "POST", f"{path}/dismiss"))["message"]
    await pay(one, 100)
    await advance(platform, clock, START + 9 * HOUR)
    assert await cases(platform, "?status=open") == []
    await pay(one, 700, category=CASINO)
    await advance(platform, clock, START + 12 * HOUR)
    (other,) = await cases(platform, "?status=open")
    assert other["evidence"]["categories"][0]["amount"] == 700
    closed = await done(
        platform,
        "POST",
        f"/_cardwright/accounts/{one.account}/close_issuing",
        form={"note": "Gambling"},
    )
    acted_on = await done(platform, "GET", f"{CASES}/{other['id']}")
    assert (acted_on["status"], acted_on["closure"]) == ("acted_on", closed["id"])


async def test_spend_that_is_mostly_abroad_opens_a_case(platform: Platform) -> None:
    form = {"cross_border_payments": "3", "cross_border_percent": "60"}
    await done(platform, "POST", SETTINGS, form=form)
    clock = await new_clock(platform)
    one = await spender(platform, funds=100_000, test_clock=clock)
    await pay(one, 400, country="GB")
    for _ in range(2):
        await pay(one, 300, country="FR")
    await advance(platform, clock, START + 2 * HOUR)
    assert await cases(platform) == []
    await pay(one, 300, country="FR")
    await advance(platform, clock, START + 4 * HOUR)
    (case,) = await cases(platform)
    assert case["kind"] == "cross_border"
    assert case["evidence"]["abroad"] == [
        {"amount": 900, "currency": "gbp", "payments": 3, "percent": 69, "total": 1_300}
    ]


async def test_what_is_prohibited_is_a_setting(platform: Platform) -> None:
    first = await done(platform, "GET", SETTINGS)
    form = {"prohibited[gambling][0]": "5812", "prohibited_minor": "1000"}
    changed = await done(platform, "POST", SETTINGS, form=form)
    assert changed["prohibited"]["gambling"] == ["5812"]
    assert changed["prohibited"]["adult"] == first["prohibited"]["adult"]
    clock = await new_clock(platform)
    one = await spender(platform, funds=100_000, test_clock=clock)
    await pay(one, 5_000, category=CASINO)
    await pay(one, 900, category="eating_places_restaurants")
    await advance(platform, clock, START + 2 * HOUR)
    assert await cases(platform) == []
    await pay(one, 100, category="eating_places_restaurants")
    await advance(platform, clock, START + 4 * HOUR)
    assert len(await cases(platform)) == 1
    form = {"prohibited": "", "prohibited_minor": ""}
    assert await done(platform, "POST", SETTINGS, form=form) == first

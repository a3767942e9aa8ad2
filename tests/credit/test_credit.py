"""Spend that a platform funds: from the policy to the repayment."""

import asyncio
import json
from typing import Any

import pytest

from cardwright.authorizations.real_time.authorization_webhook import PATH as ASKED
from tests.credit.support import (
    OBLIGATIONS,
    POLICIES,
    TRANSACTIONS,
    VERSION,
    check_books,
    fund_platform,
    give_credit,
    obligations,
    platform_balance,
    policy,
    until,
)
from tests.support.issuing import ACCOUNTS
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import HELPERS, spender

APPLIED = {"applied_configurations": ["card_creator", "merchant", "recipient"]}


async def test_the_same_payment_on_a_charge_card_and_on_a_prepaid_one(platform: Platform) -> None:
    """The platform's money is spent by the charge card alone; a prepaid card has its own."""
    await fund_platform(platform, 10_000, "usd")
    prepaid = await spender(platform, offering="us_spend_card", currency="usd")
    charge = await spender(platform, offering="us_charge_card", currency="usd")
    await give_credit(prepaid, 4000)
    await give_credit(charge, 4000)
    paid = await charge.authorize(2500)
    assert paid["approved"]
    refused = await prepaid.authorize(2500)
    assert not refused["approved"]
    assert refused["request_history"][0]["reason"] == "insufficient_funds"
    await prepaid.fund(2500)
    assert (await prepaid.authorize(2500))["approved"]
    await check_books(platform)


async def test_other_programs_opt_in(platform: Platform) -> None:
    """A program that is named in the policy spends on credit, too."""
    await fund_platform(platform, 10_000, "usd")
    one = await spender(platform, offering="us_spend_card", currency="usd")
    given = await give_credit(one, 4000)
    assert not (await one.authorize(100))["approved"]
    card = await one.done("GET", f"/v1/issuing/cards/{one.card}", version=VERSION)
    path = f"{POLICIES}/{given['id']}"
    form = {"programs[0]": card["program"]}
    assert (await one.done("POST", path, form, version=VERSION))["programs"] == [card["program"]]
    assert (await one.authorize(100))["approved"]
    status, body = await one.call("POST", path, {"programs[0]": "iprg_no"}, version=VERSION)
    assert (status, body["error"]["code"]) == (404, "resource_missing")


@pytest.mark.calendar
async def test_from_policy_to_repayment(platform: Platform) -> None:
    """Allotted, held, spent, owed, paid back, and spendable again."""
    await fund_platform(platform, 10_000)
    one = await spender(platform)
    made = await give_credit(one, 4000)
    assert made["balance"] == {"available": 4000, "held": 0, "owed": 0}
    assert (made["status"], made["credit_period_interval"]) == ("active", "month")
    assert await platform_balance(platform, "issuing") == 6000
    paid = await one.authorize(2500)
    assert paid["approved"]
    assert paid["balance_transactions"] == []
    assert (await policy(one))["balance"] == {"available": 1500, "held": 2500, "owed": 0}
    assert not (await one.authorize(1501))["approved"]
    captured = await one.done("POST", f"{HELPERS}/{paid['id']}/capture", {"capture_amount": "2000"})
    assert captured["transactions"][0]["balance_transaction"] is None
    assert (await policy(one))["balance"] == {"available": 2000, "held": 0, "owed": 2000}
    [owed] = await obligations(one)
    assert (owed["amount_total"], owed["amount_outstanding"]) == (2000, 2000)
    assert (owed["status"], owed["credit_policy"]) == ("pending", made["id"])
    assert owed["due_at"] == owed["credit_period_ends_at"] + 30 * 86400
    path = f"{OBLIGATIONS}/{owed['id']}"
    status, body = await one.call("POST", f"{path}/pay", {"amount": "500"}, version=VERSION)
    assert (status, body["error"]["code"]) == (400, "balance_insufficient")
    await one.fund(5000)
    status, body = await one.call("POST", f"{path}/pay", {"amount": "2001"}, version=VERSION)
    assert (status, body["error"]["param"]) == (400, "amount")
    part = await one.done("POST", f"{path}/pay", {"amount": "500"}, version=VERSION)
    assert (part["amount_paid"], part["amount_outstanding"]) == (500, 1500)
    assert (await policy(one))["balance"] == {"available": 2500, "held": 0, "owed": 1500}
    rest = await one.done("POST", f"{path}/pay", version=VERSION)
    assert [item["amount"] for item in rest["repayments"]] == [500, 1500]
    assert (await policy(one))["balance"] == {"available": 4000, "held": 0, "owed": 0}
    assert await one.available() == 3000
    assert await platform_balance(platform, "issuing") == 6000
    status, body = await one.call("POST", f"{path}/pay", version=VERSION)
    assert (status, body["error"]["message"]) == (
        400,
        "Nothing is owed for this funding obligation.",
    )
    assert [kind for kind, _ in await one.movements()] == ["topup", "advance", "advance"]
    seen = set(await one.events())
    assert {
        "issuing_credit_policy.created",
        "issuing_funding_obligation.created",
        "issuing_funding_obligation.updated",
    } <= seen
    await check_books(platform)


async def test_never_more_than_the_platform_has(platform: Platform) -> None:
    """Two limits, money for one and a half; what is missing follows when the platform has more."""
    await fund_platform(platform, 6000)
    first, second = await spender(platform), await spender(platform)
    assert (await give_credit(first, 4000))["balance"]["available"] == 4000
    assert (await give_credit(second, 4000))["balance"]["available"] == 2000
    assert await platform_balance(platform, "issuing") == 0
    assert not (await second.authorize(2001))["approved"]
    await fund_platform(platform, 5000)

    async def whole() -> bool:
        found: int = (await policy(second))["balance"]["available"]
        return found == 4000

    await until(whole)
    assert (await second.authorize(4000))["approved"]
    assert await platform_balance(platform, "issuing") == 3000
    await check_books(platform)


async def test_what_is_paid_back_reaches_who_got_too_little(platform: Platform) -> None:
    """Money that comes back to the platform goes to the account that waits for it."""
    await fund_platform(platform, 4000)
    first, second = await spender(platform), await spender(platform)
    given = await give_credit(first, 4000)
    assert (await give_credit(second, 1000))["balance"]["available"] == 0
    form = {"credit_limit_amount": "3000"}
    lowered = await first.done("POST", f"{POLICIES}/{given['id']}", form, version=VERSION)
    assert lowered["balance"]["available"] == 3000

    async def arrived() -> bool:
        found: int = (await policy(second))["balance"]["available"]
        return found == 1000

    await until(arrived)
    await check_books(platform)


async def test_the_end_of_a_policy(platform: Platform) -> None:
    """What is unspent goes back at once, what is held when it is released; new payments spend the
    account's own money."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    given = await give_credit(one, 4000)
    held = await one.authorize(1000)
    form = {"status": "inactive"}
    ended = await one.done("POST", f"{POLICIES}/{given['id']}", form, version=VERSION)
    assert ended["balance"] == {"available": 0, "held": 1000, "owed": 0}
    assert await platform_balance(platform, "issuing") == 4000
    assert not (await one.authorize(1))["approved"]
    await one.fund(100)
    assert (await one.authorize(100))["approved"]
    await one.done("POST", f"{HELPERS}/{held['id']}/reverse")

    async def back() -> bool:
        return await platform_balance(platform, "issuing") == 5000

    await until(back)
    assert "issuing_credit_policy.updated" in await one.events()
    await check_books(platform)


async def test_a_refund(platform: Platform) -> None:
    """It lessens what is owed; what was paid back before is the account's own."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    await give_credit(one, 4000)
    paid = await one.authorize(3000)
    captured = await one.done("POST", f"{HELPERS}/{paid['id']}/capture")
    path = f"{TRANSACTIONS}/{captured['transactions'][0]['id']}/refund"
    await one.done("POST", path, {"refund_amount": "1000"})
    assert (await policy(one))["balance"] == {"available": 2000, "held": 0, "owed": 2000}
    [owed] = await obligations(one)
    assert (owed["amount_total"], owed["amount_outstanding"]) == (2000, 2000)
    await one.fund(1500)
    form = {"amount": "1500"}
    await one.done("POST", f"{OBLIGATIONS}/{owed['id']}/pay", form, version=VERSION)
    await one.done("POST", path)
    assert (await policy(one))["balance"] == {"available": 4000, "held": 0, "owed": 0}
    assert await one.available() == 1500
    await check_books(platform)


async def test_more_than_the_limit_was_captured(platform: Platform) -> None:
    """The network settles it all the same; the platform covers it, and it is owed."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    await give_credit(one, 1000)
    paid = await one.authorize(1000)
    await one.done("POST", f"{HELPERS}/{paid['id']}/capture", {"capture_amount": "1600"})

    async def covered() -> bool:
        found: Any = (await policy(one))["balance"]
        return bool(found == {"available": 0, "held": 0, "owed": 1600})

    await until(covered)
    assert await platform_balance(platform, "issuing") == 3400
    assert not (await one.authorize(1))["approved"]
    await check_books(platform)


async def test_the_platform_is_asked_first(platform: Platform, receiver: Receiver) -> None:
    """The credit is reserved while the question is open; either answer moves the same book."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    await give_credit(one, 1000)
    form = {"url": receiver.url("/ask"), "on_silence": "decline"}
    assert (await platform.call("POST", ASKED, form=form))[0] == 200
    headers = {"Stripe-Version": "2026-05-27.dahlia"}
    for amount, approved in ((600, True), (300, False)):
        body = json.dumps({"approved": approved}).encode()
        receiver.script["/ask"] = [Step(headers=headers, body=body)]
        assert (await one.authorize(amount))["approved"] == approved
        assert (await policy(one))["balance"] == {"available": 400, "held": 600, "owed": 0}
    assert not (await one.authorize(401))["approved"]
    assert len(receiver.at("/ask")) == 2
    await check_books(platform)


async def test_the_official_sdk_reaches_it(platform: Platform) -> None:
    """By its raw requests, because the typed classes do not know these objects."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    made = await asyncio.to_thread(
        platform.sdk.raw_request,
        "post",
        POLICIES,
        stripe_account=one.account,
        stripe_version=VERSION,
        credit_limit_amount=1000,
        credit_limit_currency="gbp",
    )
    found: Any = platform.sdk.deserialize(made, api_mode="V1")
    assert (found["object"], found["balance"]["available"]) == ("issuing.credit_policy", 1000)


async def test_an_increment_and_an_expiry(platform: Platform) -> None:
    """Every later step moves the book that backs the authorization."""
    await fund_platform(platform, 5000)
    one = await spender(platform)
    await give_credit(one, 1000)
    paid = await one.authorize(400)
    more = await one.done("POST", f"{HELPERS}/{paid['id']}/increment", {"increment_amount": "500"})
    assert more["amount"] == 900
    more = await one.done("POST", f"{HELPERS}/{paid['id']}/increment", {"increment_amount": "101"})
    assert more["request_history"][-1]["reason"] == "insufficient_funds"
    gone = await one.done("POST", f"{HELPERS}/{paid['id']}/expire")
    assert gone["status"] == "expired"
    assert (await policy(one))["balance"] == {"available": 1000, "held": 0, "owed": 0}
    await check_books(platform)


async def test_last_cent_of_credit(platform: Platform) -> None:
    """Twenty at once on what is enough for one."""
    await fund_platform(platform, 100)
    one = await spender(platform)
    await give_credit(one, 500)
    found = await asyncio.gather(*[one.authorize(100) for _ in range(20)])
    assert sum(body["approved"] for body in found) == 1
    await check_books(platform)


async def test_accounts_that_share_too_little(platform: Platform) -> None:
    """Payments, repayments, limits and new money at once: nothing is given twice."""
    await fund_platform(platform, 3000)
    several = [await spender(platform, funds=2000) for _ in range(3)]
    given = [await give_credit(one, 2000) for one in several]

    async def spend_and_pay(index: int) -> None:
        one = several[index]
        for _ in range(4):
            paid = await one.authorize(300)
            if paid["approved"]:
                await one.done("POST", f"{HELPERS}/{paid['id']}/capture")
                for owed in await obligations(one):
                    await one.call("POST", f"{OBLIGATIONS}/{owed['id']}/pay", version=VERSION)

    async def change(index: int) -> None:
        path = f"{POLICIES}/{given[index]['id']}"
        for limit in ("500", "2000"):
            form = {"credit_limit_amount": limit}
            await several[index].call("POST", path, form, version=VERSION)

    await asyncio.gather(
        *[spend_and_pay(index) for index in range(3)],
        *[change(index) for index in range(3)],
        *[fund_platform(platform, 200) for _ in range(5)],
    )
    await check_books(platform)
    given_out = 0
    for one in several:
        given_out += sum((await policy(one))["balance"].values())
    assert await platform_balance(platform, "issuing") + given_out == 4000


async def test_an_account_that_closes(platform: Platform) -> None:
    """What it has on credit goes back to the platform, what it owes is paid first."""
    await fund_platform(platform, 5000)
    one = await spender(platform, funds=300)
    await give_credit(one, 1000)
    paid = await one.authorize(300)
    await one.done("POST", f"{HELPERS}/{paid['id']}/capture")
    [owed] = await obligations(one)
    await one.done("POST", f"{OBLIGATIONS}/{owed['id']}/pay", version=VERSION)
    path = f"/v2/core/accounts/{one.account}/close"
    status, body = await platform.call("POST", path, json=APPLIED, version=ACCOUNTS)
    assert status == 200, body

    async def back() -> bool:
        return await platform_balance(platform, "issuing") == 5000

    await until(back)
    await check_books(platform)


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"credit_limit_amount": "100", "credit_limit_currency": "jpy"}, "credit_limit_currency"),
        ({"credit_limit_amount": "-1", "credit_limit_currency": "gbp"}, "credit_limit_amount"),
        ({"credit_limit_currency": "gbp"}, "credit_limit_amount"),
        (
            {
                "credit_limit_amount": "1",
                "credit_limit_currency": "gbp",
                "credit_period_interval": "year",
            },
            "credit_period_interval",
        ),
        (
            {
                "credit_limit_amount": "1",
                "credit_limit_currency": "gbp",
                "credit_period_interval_count": "0",
            },
            "credit_period_interval_count",
        ),
        (
            {"credit_limit_amount": "1", "credit_limit_currency": "gbp", "programs[0]": "iprg_x"},
            "programs",
        ),
    ],
)
async def test_a_bad_policy(platform: Platform, form: dict[str, str], param: str) -> None:
    """Each is refused by name, and nothing is kept."""
    one = await spender(platform)
    status, body = await one.call("POST", POLICIES, form, version=VERSION)
    assert (status in (400, 404), body["error"]["param"]) == (True, param)
    assert (await one.done("GET", POLICIES, version=VERSION))["data"] == []


async def test_one_policy_a_currency_and_none_on_a_platform(platform: Platform) -> None:
    """A second one is refused; so is a platform that lends to itself, and a version without the
    flag."""
    one = await spender(platform)
    first = await give_credit(one, 100)
    form = {"credit_limit_amount": "1", "credit_limit_currency": "gbp"}
    status, body = await one.call("POST", POLICIES, form, version=VERSION)
    assert (status, first["id"] in body["error"]["message"]) == (400, True)
    status, body = await platform.call("POST", POLICIES, form=form, version=VERSION)
    assert (status, "Stripe-Account" in body["error"]["message"]) == (400, True)
    for version in ("2026-05-27.preview", "2026-05-27.preview; issuing_program_beta=v2"):
        status, body = await one.call("GET", POLICIES, version=version)
        assert (status, "issuing_credit_beta" in body["error"]["message"]) == (404, True)
    status, _ = await one.call("GET", POLICIES, version=f"{VERSION}=v1")
    assert status == 200

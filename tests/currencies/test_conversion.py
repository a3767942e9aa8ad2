"""Payments in other currencies than the card's, on a live port."""

import asyncio
from typing import Any

import pytest

from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

RATES = "/_cardwright/exchange_rates"
PRESENTED = "/v1/test_helpers/issuing/transactions"
ABROAD = {"merchant_currency": "usd"}


async def load(platform: Platform, **rates: str) -> Any:
    """Rates of today."""
    form = {f"rates[{currency}]": rate for currency, rate in rates.items()}
    status, body = await platform.call("POST", RATES, form=form)
    assert status == 200, body
    return body


async def abroad(one: Spender, **more: str) -> Any:
    """Ask the card to pay in another currency."""
    return await one.done("POST", HELPERS, {"card": one.card, **more})


async def test_the_amount_is_converted(platform: Platform) -> None:
    """What a merchant asks becomes the card's currency, at the rate that was loaded."""
    await load(platform, usd="1.25", gbp="0.80", jpy="160")
    one = await spender(platform, funds=100_000)
    made = await abroad(one, merchant_amount="1000", **ABROAD)
    assert (made["approved"], made["amount"], made["currency"]) == (True, 640, "gbp")
    assert (made["merchant_amount"], made["merchant_currency"]) == (1000, "usd")
    record = made["request_history"][0]
    assert (record["amount"], record["merchant_amount"]) == (640, 1000)
    assert (record["currency"], record["merchant_currency"]) == ("gbp", "usd")
    assert await one.available() == 100_000 - 640
    yen = await abroad(one, merchant_amount="3001", merchant_currency="jpy")
    # 3001 yen are 15.005 pounds; halves go up.
    assert (yen["amount"], yen["merchant_amount"]) == (1501, 3001)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    [transaction] = done["transactions"]
    assert (transaction["amount"], transaction["currency"]) == (-640, "gbp")
    assert (transaction["merchant_amount"], transaction["merchant_currency"]) == (-1000, "usd")
    refund = await one.done("POST", f"{PRESENTED}/{transaction['id']}/refund")
    assert (refund["amount"], refund["merchant_amount"]) == (640, 1000)


async def test_built_in_rates_and_given_amounts(platform: Platform) -> None:
    """Without a loaded rate there is a built-in one; what both sides gave is kept."""
    one = await spender(platform, funds=100_000)
    made = await abroad(one, merchant_amount="1000", **ABROAD)
    assert made["approved"]
    assert 500 < made["amount"] < 1000
    given = await abroad(one, amount="700", merchant_amount="1000", currency="gbp", **ABROAD)
    assert (given["amount"], given["merchant_amount"]) == (700, 1000)
    other = await abroad(one, amount="800", **ABROAD)
    assert other["amount"] == 800
    assert other["merchant_amount"] > 800
    same = await abroad(one, merchant_amount="500", merchant_currency="gbp")
    assert (same["amount"], same["merchant_amount"]) == (500, 500)


@pytest.mark.calendar
async def test_a_capture_at_the_rate_of_its_day(platform: Platform) -> None:
    """What was converted is converted again by the capture; what the network brought is not."""
    await load(platform, usd="1.25", gbp="0.80")
    one = await spender(platform, funds=100_000)
    converted = await abroad(one, merchant_amount="1000", **ABROAD)
    brought = await abroad(one, amount="700", merchant_amount="1000", **ABROAD)
    await load(platform, usd="1.00", gbp="0.80")
    # The rate of the authorization's day has changed with today's, so it seems brought.
    done = await one.done("POST", f"{HELPERS}/{brought['id']}/capture")
    [transaction] = done["transactions"]
    assert (transaction["amount"], transaction["merchant_amount"]) == (-700, -1000)
    done = await one.done("POST", f"{HELPERS}/{converted['id']}/capture", {"capture_amount": "320"})
    assert done["transactions"][0]["merchant_amount"] == -500


async def test_a_forced_capture_abroad(platform: Platform) -> None:
    """In another currency than the card's, the merchant gets the amount and the card pays it."""
    await load(platform, usd="1.25", gbp="0.80")
    one = await spender(platform, funds=1000)
    form = {"card": one.card, "amount": "1000", "currency": "usd"}
    made = await one.done("POST", f"{PRESENTED}/create_force_capture", form)
    assert (made["amount"], made["currency"]) == (-640, "gbp")
    assert (made["merchant_amount"], made["merchant_currency"]) == (-1000, "usd")
    assert await one.available() == 360


async def test_a_cardholders_limit_in_another_currency(platform: Platform) -> None:
    """It is converted at the rate of the day, for new payments and for increments."""
    await load(platform, usd="1.25", gbp="0.80")
    limit = {
        "spending_controls[spending_limits][0][amount]": "1000",
        "spending_controls[spending_limits][0][interval]": "all_time",
        "spending_controls[spending_limits_currency]": "usd",
    }
    one = await spender(platform, funds=10_000, holder=limit)
    refused = await one.authorize(641)
    assert refused["request_history"][0]["reason"] == "spending_controls"
    made = await one.authorize(600)
    assert made["approved"]
    path = f"{HELPERS}/{made['id']}/increment"
    more = await one.done("POST", path, {"increment_amount": "41"})
    assert more["request_history"][-1]["reason"] == "spending_controls"
    more = await one.done("POST", path, {"increment_amount": "40"})
    assert more["amount"] == 640
    await load(platform, usd="1.00")
    assert (await one.authorize(160))["approved"]
    assert not (await one.authorize(1))["approved"]


async def test_a_currency_without_a_rate(platform: Platform) -> None:
    """Refused with the way out of it; the same payment goes through once there is a rate."""
    one = await spender(platform, funds=10_000)
    form = {"card": one.card, "merchant_amount": "1000", "merchant_currency": "fjd"}
    status, body = await one.call("POST", HELPERS, form)
    assert (status, "cardwright rates load" in body["error"]["message"]) == (400, True)
    await load(platform, fjd="2")
    assert (await abroad(one, merchant_amount="1000", merchant_currency="fjd"))["approved"]


async def test_a_rate_that_is_a_slip(platform: Platform) -> None:
    """What it makes of an amount is refused, and nothing of the payment is kept."""
    one = await spender(platform, funds=10_000)
    await load(platform, usd="1e-12")
    form = {"card": one.card, "merchant_amount": "99999999", **ABROAD}
    status, body = await one.call("POST", HELPERS, form)
    assert (status, "can be kept" in body["error"]["message"]) == (400, True)
    assert (await one.done("GET", "/v1/issuing/authorizations"))["data"] == []


async def test_an_amount_is_needed(platform: Platform) -> None:
    """One of the two amounts, at least; and a card that is there."""
    one = await spender(platform)
    status, body = await one.call("POST", HELPERS, {"card": one.card, **ABROAD})
    assert (status, body["error"]["param"]) == (400, "amount")
    form = {"card": "ic_no", "merchant_amount": "5", **ABROAD}
    status, body = await one.call("POST", HELPERS, form)
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_rates_by_day(platform: Platform) -> None:
    """A day has the newest rate up to it; a platform's rates are its own."""
    for day, rate in (("2025-06-18", "1.10"), ("2025-06-20", "1.20")):
        form = {"day": day, "rates[usd]": rate}
        status, body = await platform.call("POST", RATES, form=form)
        assert (status, body["day"], body["base"]) == (200, day, "eur")
    wanted: tuple[tuple[str, str | None, str | None], ...] = (
        ("2025-06-17", None, None),
        ("2025-06-18", "1.10", "2025-06-18"),
        ("2025-06-19", "1.10", "2025-06-18"),
        ("2026-01-01", "1.20", "2025-06-20"),
    )
    for asked, per_euro, since in wanted:
        _, body = await platform.call("GET", f"{RATES}?day={asked}")
        [found] = [each for each in body["rates"] if each["currency"] == "usd"]
        assert found["source"] == ("loaded" if per_euro else "built_in")
        if per_euro:
            assert (found["per_euro"], found["day"]) == (per_euro, since)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"rates[usd]": "abc"}, "not a rate"),
        ({"rates[usd]": "-1"}, "not a rate"),
        ({"rates[eur]": "1"}, "other than the euro"),
        ({"rates[dollar]": "1"}, "not the code"),
        ({"rates[usd]": "1", "day": "yesterday"}, "not a date"),
        ({"day": "2025-06-18"}, "Missing required param: rates"),
    ],
)
async def test_bad_rates(platform: Platform, form: dict[str, str], words: str) -> None:
    """Refused in words; nothing of the call is kept."""
    others = {"rates[chf]": "9"} if "rates[usd]" in form or "day" not in form else {}
    status, body = await platform.call("POST", RATES, form={**others, **form})
    assert (status, words in body["error"]["message"]) == (400, True)
    _, shown = await platform.call("GET", RATES)
    assert {each["source"] for each in shown["rates"]} == {"built_in"}


async def test_many_at_once(platform: Platform) -> None:
    """Conversions before the lanes do not change what the lanes decide."""
    await load(platform, usd="1.25", gbp="0.80")
    one = await spender(platform, funds=6400)
    found = await asyncio.gather(
        *[abroad(one, merchant_amount="1000", **ABROAD) for _ in range(12)]
    )
    assert sum(each["approved"] for each in found) == 10
    assert await one.available() == 0

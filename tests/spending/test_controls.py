"""Spending controls through the API: what is taken, what is refused, and what it declines."""

from typing import Any

import pytest

from cardwright.cardholders.categories import CATEGORIES, CONTROLS_ONLY, MERCHANT_CATEGORIES
from tests.support.server import Platform
from tests.support.spending import Spender, spender

CONTROLS = "spending_controls"
LIMIT = f"{CONTROLS}[spending_limits][0]"
DAILY = {f"{LIMIT}[amount]": "100", f"{LIMIT}[interval]": "daily"}


async def change(one: Spender, owner: str, form: dict[str, str]) -> tuple[int, Any]:
    path = {"card": f"cards/{one.card}", "cardholder": f"cardholders/{one.holder}"}[owner]
    return await one.call("POST", f"/v1/issuing/{path}", form)


def test_there_are_as_many_categories_as_documented() -> None:
    assert (len(CATEGORIES), len(MERCHANT_CATEGORIES)) == (295, 294)
    assert CONTROLS_ONLY in CATEGORIES
    assert CONTROLS_ONLY not in MERCHANT_CATEGORIES


@pytest.mark.parametrize("owner", ["card", "cardholder"])
async def test_every_category_is_taken_at_once(platform: Platform, owner: str) -> None:
    one = await spender(platform)
    names = sorted(CATEGORIES)
    form = {f"{CONTROLS}[blocked_categories][{at}]": name for at, name in enumerate(names)}
    status, body = await change(one, owner, form)
    assert (status, body[CONTROLS]["blocked_categories"]) == (200, names)


REFUSED: list[tuple[dict[str, str], str]] = [
    ({f"{CONTROLS}[allowed_categories][]": "hotels_motels_resorts"}, "allowed_categories"),
    ({f"{CONTROLS}[allowed_merchant_countries][]": "GBR"}, "allowed_merchant_countries"),
    ({f"{CONTROLS}[blocked_card_presences][]": "absent"}, "blocked_card_presences"),
    ({f"{LIMIT}[amount]": "100"}, "interval"),
    ({f"{LIMIT}[interval]": "daily"}, "amount"),
    (DAILY | {f"{LIMIT}[amount]": "-1"}, "amount"),
    (DAILY | {f"{LIMIT}[amount]": "1.5"}, "amount"),
    (DAILY | {f"{LIMIT}[interval]": "hourly"}, "interval"),
    (DAILY | {f"{LIMIT}[categories][]": "cakes"}, "categories"),
    (
        {
            f"{CONTROLS}[allowed_categories][]": "bakeries",
            f"{CONTROLS}[blocked_categories][]": "florists",
        },
        "blocked_categories",
    ),
    (
        {
            f"{CONTROLS}[allowed_card_presences][]": "present",
            f"{CONTROLS}[blocked_card_presences][]": "not_present",
        },
        "blocked_card_presences",
    ),
]


@pytest.mark.parametrize("owner", ["card", "cardholder"])
async def test_what_is_refused_changes_nothing(platform: Platform, owner: str) -> None:
    one = await spender(platform)
    path = {"card": f"cards/{one.card}", "cardholder": f"cardholders/{one.holder}"}[owner]
    before = await one.done("GET", f"/v1/issuing/{path}")
    for form, part in REFUSED:
        status, body = await change(one, owner, form)
        assert status == 400, (form, body)
        assert part in body["error"]["param"], body
    assert await one.done("GET", f"/v1/issuing/{path}") == before


async def test_the_currency_of_limits_is_the_cards_own(platform: Platform) -> None:
    one = await spender(platform)
    currency = {f"{CONTROLS}[spending_limits_currency]": "gbp"}
    status, body = await change(one, "card", DAILY | currency)
    assert (status, body["error"]["code"]) == (400, "parameter_unknown")
    status, body = await change(one, "card", DAILY)
    assert body[CONTROLS]["spending_limits_currency"] == "gbp"


async def test_an_allowed_list_takes_the_place_of_a_blocked_one(platform: Platform) -> None:
    one = await spender(platform)
    blocked, allowed = (f"{CONTROLS}[{name}_categories]" for name in ("blocked", "allowed"))
    assert (await change(one, "card", {f"{blocked}[]": "bakeries"}))[0] == 200
    status, body = await change(one, "card", {f"{allowed}[]": "florists"})
    assert (status, "blocked_categories" in body["error"]["message"]) == (400, True)
    status, body = await change(one, "card", {f"{allowed}[]": "florists", blocked: ""})
    controls = body[CONTROLS]
    assert (controls["allowed_categories"], controls["blocked_categories"]) == (["florists"], [])


# Controls, what the merchant says, whether it is approved.
DECISIONS: list[tuple[dict[str, str], dict[str, str], bool]] = [
    ({"allowed_merchant_countries": "GB"}, {"merchant_data[country]": "GB"}, True),
    ({"allowed_merchant_countries": "GB"}, {"merchant_data[country]": "FR"}, False),
    ({"blocked_merchant_countries": "FR"}, {"merchant_data[country]": "FR"}, False),
    ({"blocked_merchant_countries": "FR"}, {"merchant_data[country]": "GB"}, True),
    ({"allowed_card_presences": "present"}, {"authorization_method": "chip"}, True),
    ({"allowed_card_presences": "present"}, {"authorization_method": "online"}, False),
    ({"blocked_card_presences": "not_present"}, {"authorization_method": "online"}, False),
    ({"blocked_card_presences": "not_present"}, {"authorization_method": "contactless"}, True),
    ({"allowed_categories": "bakeries"}, {"merchant_data[category]": "bakeries"}, True),
    ({"allowed_categories": "bakeries"}, {"merchant_data[category]": "florists"}, False),
    ({"blocked_categories": "bakeries"}, {"merchant_data[category]": "bakeries"}, False),
    ({"blocked_categories": "miscellaneous"}, {"merchant_data[category]": "bakeries"}, True),
]


@pytest.mark.parametrize("owner", ["card", "cardholder"])
async def test_where_a_card_pays(platform: Platform, owner: str) -> None:
    one = await spender(platform, funds=10_000)
    kinds = [f"{way}_{what}" for way in ("allowed", "blocked") for what in WHAT]
    for controls, merchant, approved in DECISIONS:
        form = {f"{CONTROLS}[{kind}]": "" for kind in kinds if kind not in controls}
        form |= {f"{CONTROLS}[{kind}][]": value for kind, value in controls.items()}
        assert (await change(one, owner, form))[0] == 200
        made = await one.authorize(10, **merchant)
        assert made["approved"] is approved, (controls, merchant)
        if not approved:
            assert made["request_history"][0]["reason"] == "spending_controls"


WHAT = ("categories", "merchant_countries", "card_presences")


async def test_ten_thousand_is_the_most_at_once(platform: Platform) -> None:
    limit = {f"{LIMIT}[amount]": "5000000", f"{LIMIT}[interval]": "daily"}
    one = await spender(platform, funds=5_000_000, card=limit)
    assert (await one.authorize(1_000_000))["approved"]
    declined = await one.authorize(1_000_001)
    assert declined["request_history"][0]["reason"] == "spending_controls"

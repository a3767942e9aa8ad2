"""Cards of the platform's own account, and programs that nobody had to attach."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.programs.offerings import OFFERINGS
from cardwright.roles.provisioning import create_platform
from tests.accounts.calls import CREATE, PREVIEW, individual
from tests.programs.test_programs import programs_of
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform
from tests.support.spending import HOLDER

CARDS = "/v1/issuing/cards"
BALANCE = "/v1/test_helpers/issuing/fund_balance"


async def done(platform: Platform, path: str, form: dict[str, str], account: str | None) -> Any:
    status, body = await platform.call("POST", path, form=form, account=account)
    assert status == 200, body
    return body


async def card_of(
    platform: Platform, currency: str, account: str | None = None, status: str = "active"
) -> Any:
    holder = await done(platform, "/v1/issuing/cardholders", HOLDER, account)
    form = {"cardholder": holder["id"], "currency": currency, "type": "virtual", "status": status}
    return await done(platform, CARDS, form, account)


@pytest.mark.parametrize(("country", "currency"), [("US", "usd"), ("GB", "gbp"), ("FR", "eur")])
async def test_the_key_s_own_account_issues_and_pays(
    live: Live, country: str, currency: str
) -> None:
    platform = Platform(live, await create_platform(live.application.database, country=country))
    _, account = await platform.call("GET", "/v1/account")
    assert (account["country"], account["default_currency"]) == (country, currency)
    assert account["capabilities"]["card_issuing"] == "active"
    card = await card_of(platform, currency)
    await done(platform, BALANCE, {"amount": "5000", "currency": currency}, None)
    form = {"card": card["id"], "amount": "1000"}
    paid = await done(platform, "/v1/test_helpers/issuing/authorizations", form, None)
    assert paid["approved"]
    _, balance = await platform.call("GET", "/v1/balance")
    assert balance["issuing"]["available"] == [{"amount": 4000, "currency": currency}]
    default = [one for one in await programs_of(platform) if one["is_default"]]
    assert [one["metadata"]["currency"] for one in default] == [currency]


async def test_an_account_that_has_nothing_to_do_with_the_platform_s_own_is_not_changed(
    live: Live,
) -> None:
    platform = Platform(live, await create_platform(live.application.database))
    _, account = await platform.call("GET", "/v1/account")
    assert account["capabilities"] == {}
    holder = await done(platform, "/v1/issuing/cardholders", HOLDER, None)
    form = {"cardholder": holder["id"], "currency": "usd", "type": "virtual"}
    status, body = await platform.call("POST", CARDS, form=form)
    assert (status, "no default card program" in body["error"]["message"]) == (400, True)


@pytest.mark.parametrize("livemode", [False, True])
async def test_the_operator_lets_the_platform_issue_once_and_in_one_country(
    live: Live, livemode: bool
) -> None:
    keys = await create_platform(live.application.database, livemode=livemode)
    platform = Platform(live, keys)
    for _ in range(2):
        made = await done(platform, "/_cardwright/own_issuing", {"country": "GB"}, None)
        assert (made["offering"], made["currency"]) == ("gb_charge_card", "gbp")
    # In live mode somebody reviews a cardholder before a card is active.
    assert (await card_of(platform, "gbp", status="inactive"))["livemode"] == livemode
    assert [one["id"] for one in await programs_of(platform) if one["is_default"]] == [made["id"]]
    for country in ("US", "JP"):
        status, body = await platform.call(
            "POST", "/_cardwright/own_issuing", form={"country": country}
        )
        assert (status, body["error"]["param"]) == (400, "country")


async def test_an_environment_issues_where_its_maker_does(live: Live) -> None:
    maker = Platform(live, await create_platform(live.application.database, country="GB"))
    made = await done(maker, "/_cardwright/environments", {}, None)
    inside = {"key": made["secret_key"]}
    for again in (False, True):
        if again:
            await done(maker, f"/_cardwright/environments/{made['id']}/reset", {}, None)
        _, account = await maker.call("GET", "/v1/account", **inside)
        assert (account["country"], account["capabilities"]["card_issuing"]) == ("GB", "active")


def v1_individual(country: str) -> dict[str, str]:
    """An account that v1 creates complete, with the documented values that verify at once."""
    return {
        "country": country,
        "type": "custom",
        "business_type": "individual",
        "business_profile[mcc]": "5045",
        "business_profile[url]": "https://accessible.stripe.com",
        "business_profile[estimated_worker_count]": "1",
        "business_profile[annual_revenue][amount]": "1000000",
        "business_profile[annual_revenue][currency]": "gbp",
        "business_profile[annual_revenue][fiscal_year_end]": "2023-12-31",
        "capabilities[card_issuing][requested]": "true",
        "capabilities[transfers][requested]": "true",
        "individual[first_name]": "Jenny",
        "individual[last_name]": "Rosen",
        "individual[dob][day]": "1",
        "individual[dob][month]": "1",
        "individual[dob][year]": "1902",
        "individual[email]": "jenny.rosen@example.com",
        "individual[phone]": "0000000000",
        "individual[address][line1]": "address_full_match",
        "individual[address][city]": "London",
        "individual[address][postal_code]": "SW1A 1AA",
        "individual[address][country]": country,
        "tos_acceptance[date]": "1696634647",
        "tos_acceptance[ip]": "192.168.123.132",
        "settings[card_issuing][tos_acceptance][date]": "1696634647",
        "settings[card_issuing][tos_acceptance][ip]": "192.168.123.132",
    }


async def test_v1_alone_gets_to_a_card(platform: Platform) -> None:
    account = (await done(platform, "/v1/accounts", v1_individual("GB"), None))["id"]
    _, body = await platform.call("GET", f"/v1/accounts/{account}")
    assert body["capabilities"]["card_issuing"] == "active"
    (attached,) = await programs_of(platform, account)
    assert attached["is_default"]
    card = await card_of(platform, "gbp", account)
    assert card["status"] == "active"
    asked_again = {"capabilities[card_issuing][requested]": "true"}
    await done(platform, f"/v1/accounts/{account}", asked_again, None)
    assert await programs_of(platform, account) == [attached]


async def test_what_v2_asks_for_has_no_program_until_one_is_attached(platform: Platform) -> None:
    _, made = await platform.call("POST", "/v2/core/accounts", version=PREVIEW, json=CREATE)
    path = f"/v2/core/accounts/{made['id']}"
    status, body = await platform.call("POST", path, version=PREVIEW, json=individual(1902))
    assert status == 200, body
    _, shown = await platform.call("GET", f"/v1/accounts/{made['id']}")
    assert shown["capabilities"]["card_issuing"] == "active"
    assert await programs_of(platform, made["id"]) == []


@pytest.mark.parametrize("offering", OFFERINGS)
async def test_every_offering_issues_cards(platform: Platform, offering: str) -> None:
    account = await issuing_account(platform, offering)
    terms = OFFERINGS[offering]
    card = await card_of(platform, terms.currency, account)
    path = f"{CARDS}/{card['id']}?expand[]=number"
    _, shown = await platform.call("GET", path, account=account)
    assert shown["number"].startswith(terms.bin)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"commercial": {"prepaid_card": {"stripe": {}}}}, "commercial.stripe.prepaid_card"),
        ({"commercial": {"charge_card": {"celtic": {}}}}, "commercial.celtic.charge_card"),
        ({"consumer": {"debit_card": {"lead": {}}}}, "consumer.lead.debit_card"),
    ],
)
async def test_a_capability_with_card_and_bank_the_wrong_way_round_names_the_right_path(
    platform: Platform, wrong: dict[str, Any], right: str
) -> None:
    json = CREATE | {"configuration": {"card_creator": {"capabilities": wrong}}}
    status, body = await platform.call("POST", "/v2/core/accounts", version=PREVIEW, json=json)
    path = f"configuration.card_creator.capabilities.{right}"
    assert (status, f"Did you mean {path}?" in body["error"]["message"]) == (400, True)


async def test_the_official_sdk_needs_no_account_header(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, country="US"))
    issuing = platform.sdk.v1.issuing
    holder = await asyncio.to_thread(
        issuing.cardholders.create,
        {
            "name": "Jenny Rosen",
            "type": "company",
            "billing": {
                "address": {
                    "line1": "510 Townsend Street",
                    "city": "San Francisco",
                    "state": "CA",
                    "postal_code": "94111",
                    "country": "US",
                }
            },
        },
    )
    card = await asyncio.to_thread(
        issuing.cards.create, {"cardholder": holder.id, "currency": "usd", "type": "virtual"}
    )
    assert card.status == "inactive"
    with pytest.raises(stripe.InvalidRequestError, match="usd"):
        await asyncio.to_thread(
            issuing.cards.create, {"cardholder": holder.id, "currency": "gbp", "type": "virtual"}
        )

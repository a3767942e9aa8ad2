"""Programs that the operator defines: what they issue, who may attach them, and their closing."""

import asyncio
from typing import Any

import pytest

from cardwright.kernel.refusal import Failure
from cardwright.programs import rules
from cardwright.programs.offerings import OFFERINGS, Terms
from cardwright.roles.provisioning import create_platform
from tests.programs.test_programs import attach, own_program, programs_of
from tests.support.issuing import issuing_account
from tests.support.server import Platform
from tests.support.spending import HOLDER

PATH = "/_cardwright/programs"
GIVEN = {
    "name": "Fleet cards",
    "offering": "gb_charge_card",
    "bin": "52123456",
    "brand": "Mastercard",
    "card_types[]": "virtual",
}
GB = OFFERINGS["gb_charge_card"]
EU = OFFERINGS["eu_charge_card"]
TERMS = Terms(
    bin="52123456",
    brand="Mastercard",
    card_types=frozenset({"virtual"}),
    countries=frozenset({"GB"}),
)


async def define(platform: Platform, **more: str) -> Any:
    status, body = await platform.call("POST", PATH, form=GIVEN | more)
    assert status == 200, body
    return body


async def card(platform: Platform, account: str, **more: str) -> tuple[int, Any]:
    _, holder = await platform.call("POST", "/v1/issuing/cardholders", form=HOLDER, account=account)
    form = {"cardholder": holder["id"], "currency": "gbp", "type": "virtual", **more}
    return await platform.call("POST", "/v1/issuing/cards", form=form, account=account)


async def test_a_defined_program_issues_what_its_terms_say(platform: Platform) -> None:
    account = await issuing_account(platform)
    made = await define(platform)
    assert {name: made[name] for name in ("brand", "bin", "card_types", "spends", "status")} == {
        "brand": "Mastercard",
        "bin": "52123456",
        "card_types": ["virtual"],
        "spends": "credit",
        "status": "open",
    }
    _, listed = await platform.call("GET", PATH)
    assert len(listed["data"]) == len(OFFERINGS) + 1
    assert listed["data"][-1] == made
    own = {one["id"]: one for one in await programs_of(platform)}[made["id"]]
    assert (own["metadata"]["name"], own["platform_program"]) == ("Fleet cards", None)

    status, attached = await attach(platform, account, made["id"], is_default="true")
    assert status == 200, attached
    status, issued = await card(platform, account)
    assert (status, issued["brand"]) == (200, "Mastercard")
    _, shown = await platform.call(
        "GET", f"/v1/issuing/cards/{issued['id']}?expand[]=number", account=account
    )
    assert shown["number"].startswith("52123456")
    shipping = {
        "shipping[name]": "Jenny Rosen",
        "shipping[address][line1]": "1 Street",
        "shipping[address][city]": "London",
        "shipping[address][postal_code]": "SW1A 1AA",
        "shipping[address][country]": "GB",
    }
    status, body = await card(platform, account, type="physical", **shipping)
    assert (status, body["error"]["param"]) == (400, "type")


async def test_a_closed_program_issues_no_more_but_replaces(platform: Platform) -> None:
    account, other = await issuing_account(platform), await issuing_account(platform)
    made = await define(platform)
    assert (await attach(platform, account, made["id"], is_default="true"))[0] == 200
    _, issued = await card(platform, account)
    _, closed = await platform.call("POST", f"{PATH}/{made['id']}/close")
    assert closed["status"] == "closed"
    status, body = await attach(platform, other, made["id"])
    assert (status, body["error"]["param"]) == (403, "platform_program")
    status, body = await card(platform, account)
    assert (status, body["error"]["param"]) == (403, "program")
    form = {
        "cardholder": issued["cardholder"]["id"],
        "currency": "gbp",
        "type": "virtual",
        "replacement_for": issued["id"],
        "replacement_reason": "damaged",
    }
    status, replaced = await platform.call("POST", "/v1/issuing/cards", form=form, account=account)
    assert status == 200, replaced
    await platform.call("POST", f"{PATH}/{made['id']}/reopen")
    assert (await attach(platform, other, made["id"]))[0] == 200
    assert (await card(platform, account))[0] == 200


async def test_only_programs_of_its_own_are_closed(platform: Platform) -> None:
    other = Platform(platform.live, await create_platform(platform.live.application.database))
    foreign = await own_program(other, "GB")
    status, body = await platform.call("POST", f"{PATH}/{foreign}/close")
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    account = await issuing_account(platform)
    [attached] = await programs_of(platform, account)
    assert (await platform.call("POST", f"{PATH}/{attached['id']}/close"))[0] == 404


async def test_definitions_at_once_are_all_there(platform: Platform) -> None:
    await asyncio.gather(*(define(platform, name=f"Number {at}") for at in range(4)))
    assert len(await programs_of(platform)) == len(OFFERINGS) + 4


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"bin": "52"}, "bin"),
    ({"bin": "4212345x"}, "bin"),
    ({"bin": "41234567"}, "bin"),
    ({"brand": "Visa"}, "bin"),
    ({"brand": "Diners"}, "brand"),
    ({"offering": "us_gift_card"}, "offering"),
    ({"countries[]": "DE"}, "countries"),
    ({"card_types[]": "metal"}, "card_types[0]"),
]


@pytest.mark.parametrize(("wrong", "param"), REFUSED)
async def test_a_definition_that_is_refused(
    platform: Platform, wrong: dict[str, str], param: str
) -> None:
    status, body = await platform.call("POST", PATH, form=GIVEN | wrong)
    assert (status, body["error"]["param"]) == (400, param), body
    assert len(await programs_of(platform)) == len(OFFERINGS)


TERMS_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"countries": frozenset()}, "program_countries"),
    ({"countries": frozenset({"GB", "IE"})}, "program_countries"),
    ({"card_types": frozenset()}, "parameter_empty"),
    ({"bin": "222000"}, "program_bin"),
    ({"bin": "272100"}, "program_bin"),
    ({"bin": "560000"}, "program_bin"),
    ({"bin": "500000", "brand": "Visa"}, "program_bin"),
]


@pytest.mark.parametrize(("wrong", "name"), TERMS_REFUSED)
def test_terms_that_are_refused(wrong: dict[str, Any], name: str) -> None:
    fields = {each: getattr(TERMS, each) for each in Terms.__struct_fields__}
    for digits in ("222100", "272099", "510000", "559999"):
        rules.check_terms(Terms(**fields | {"bin": digits}), GB)
    rules.check_terms(Terms(**fields | {"bin": "49999999999", "brand": "Visa"}), GB)
    with pytest.raises(Failure) as caught:
        rules.check_terms(Terms(**fields | wrong), GB)
    assert caught.value.refusal.name == name


def test_all_cards_of_an_account_are_in_one_currency() -> None:
    rules.check_currency(GB, [GB])
    with pytest.raises(Failure, match="one currency"):
        rules.check_currency(EU, [GB])


def test_a_closed_program_is_not_attached() -> None:
    rules.check_open("iprg_1", closed=False)
    with pytest.raises(Failure, match="not enrolled"):
        rules.check_open("iprg_1", closed=True)

"""Designs and bundles through the API: made, reviewed, chosen, and what becomes of cards."""

import asyncio
import io
from typing import Any

import pytest

from tests.support.physical import DESIGN_HELPERS, DESIGNS, REVIEWS, Issuer
from tests.support.server import Platform

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return await Issuer.of(platform)


async def logo(issuer: Issuer, purpose: str = "issuing_logo") -> str:
    """An uploaded picture."""
    create = issuer.platform.sdk.v1.files.create
    picture = io.BytesIO(PNG)
    picture.name = "logo.png"
    params: Any = {"purpose": purpose, "file": picture}
    options: Any = {"stripe_account": issuer.account_id}
    return (await asyncio.to_thread(create, params, options)).id


async def test_bundles_are_the_platforms_and_read_only(issuer: Issuer) -> None:
    path = "/v1/issuing/physical_bundles"
    listed = await issuer.done("GET", f"{path}?type=standard&status=active")
    assert {one["name"] for one in listed["data"]} == {
        "Plain card",
        "Card with logo",
        "Standard card",
    }
    assert await issuer.done("GET", path, account=None) == {**listed, "url": path}
    one = listed["data"][0]
    assert "created" not in one
    assert await issuer.done("GET", f"{path}/{one['id']}") == one
    assert (await issuer.done("GET", f"{path}?type=custom"))["data"] == []
    assert (await issuer.refused("GET", f"{path}/ics_none"))["code"] == "resource_missing"
    assert (await issuer.refused("GET", f"{path}?type=gold"))["param"] == "type"
    assert (await issuer.call("POST", path, {"name": "Mine"}))[0] in (404, 405)


async def test_a_design_through_the_sdk(issuer: Issuer) -> None:
    sdk = issuer.platform.sdk.v1.issuing.personalization_designs
    options: Any = {"stripe_account": issuer.account_id}
    params: Any = {
        "physical_bundle": await issuer.bundle("Card with logo"),
        "card_logo": await logo(issuer),
        "carrier_text": {"header_title": "Welcome", "footer_body": ""},
        "name": "Rocket",
        "lookup_key": "rocket",
        "preferences": {"is_default": True},
        "expand": ["physical_bundle", "card_logo"],
    }
    made = await asyncio.to_thread(sdk.create, params, options)
    assert made.status == "review"
    assert made.physical_bundle.name == "Card with logo"  # type: ignore[union-attr]
    assert made.card_logo.purpose == "issuing_logo"  # type: ignore[union-attr]
    assert made.carrier_text is not None
    assert (made.carrier_text.header_title, made.carrier_text.footer_body) == ("Welcome", None)
    assert (made.preferences.is_default, made.preferences.is_platform_default) == (True, False)
    helpers = issuer.platform.sdk.v1.test_helpers.issuing.personalization_designs
    assert (await asyncio.to_thread(helpers.activate, made.id, {}, options)).status == "active"
    assert (await asyncio.to_thread(helpers.deactivate, made.id, {}, options)).status == "inactive"
    assert (await asyncio.to_thread(helpers.activate, made.id, {}, options)).status == "active"
    reasons: Any = {"rejection_reasons": {"card_logo": ["network_name"]}}
    rejected = await asyncio.to_thread(helpers.reject, made.id, reasons, options)
    assert rejected.rejection_reasons.card_logo == ["network_name"]
    assert rejected.rejection_reasons.carrier_text is None
    change: Any = {"carrier_text": "", "preferences": {"is_default": False}}
    again = await asyncio.to_thread(sdk.update, made.id, change, options)
    assert (again.status, again.carrier_text) == ("review", None)
    told = await issuer.events("issuing_personalization_design")
    assert [kind.partition(".")[2] for kind, _, _ in told] == [
        *("activated", "deactivated", "activated", "rejected", "updated")
    ]
    assert told[0][2] == {"status": "review"}


async def test_refused_designs(issuer: Issuer) -> None:
    bundle, plain = await issuer.bundle(), await issuer.bundle("Plain card")
    with_logo = await issuer.bundle("Card with logo")
    wrong = await logo(issuer, "dispute_evidence")
    for form, param in (
        ({}, "physical_bundle"),
        ({"physical_bundle": "ics_none"}, "physical_bundle"),
        ({"physical_bundle": bundle, "card_logo": "file_none"}, "card_logo"),
        ({"physical_bundle": bundle, "card_logo": wrong}, "card_logo"),
        ({"physical_bundle": with_logo}, "card_logo"),
        ({"physical_bundle": plain, "carrier_text[header_body]": "Hi"}, "carrier_text"),
        (
            {"physical_bundle": bundle, "carrier_text[header_title]": "x" * 31},
            "carrier_text[header_title]",
        ),
        (
            {"physical_bundle": bundle, "carrier_text[footer_body]": "x" * 201},
            "carrier_text[footer_body]",
        ),
        ({"physical_bundle": bundle, "preferences[is_platform_default]": "true"}, None),
        ({"physical_bundle": bundle, "status": "active"}, "status"),
    ):
        error = await issuer.refused("POST", DESIGNS, form)
        assert param is None or error["param"] == param, (form, error)
    assert (await issuer.done("GET", DESIGNS))["data"] == []


async def test_lookup_keys_are_transferred_on_demand(issuer: Issuer) -> None:
    first = await issuer.design(lookup_key="main")
    form = {"physical_bundle": await issuer.bundle(), "lookup_key": "main"}
    error = await issuer.refused("POST", DESIGNS, form)
    assert (error["code"], error["param"]) == ("lookup_key_taken", "lookup_key")
    second = await issuer.design(lookup_key="main", transfer_lookup_key="true")
    assert "transfer_lookup_key" not in second
    assert (await issuer.done("GET", f"{DESIGNS}/{first['id']}"))["lookup_key"] is None
    found = await issuer.done("GET", f"{DESIGNS}?lookup_keys[0]=main&lookup_keys[1]=other")
    assert [one["id"] for one in found["data"]] == [second["id"]]
    back = {"lookup_key": "main", "transfer_lookup_key": "true"}
    await issuer.done("POST", f"{DESIGNS}/{first['id']}", back)
    assert (await issuer.done("GET", f"{DESIGNS}/{second['id']}"))["lookup_key"] is None


async def test_cards_are_made_with_the_default_else_with_the_platforms(issuer: Issuer) -> None:
    assert (await issuer.card())["personalization_design"] is None
    platforms = await issuer.design(own=False, preferences__is_default="true")
    assert platforms["preferences"] == {"is_default": True, "is_platform_default": True}
    seen = await issuer.done("GET", f"{DESIGNS}/{platforms['id']}")
    assert seen["preferences"] == {"is_default": False, "is_platform_default": True}
    assert (await issuer.card())["personalization_design"] == platforms["id"]
    first = await issuer.design(preferences__is_default="true")
    second = await issuer.design(preferences__is_default="true")
    card = await issuer.card()
    assert card["personalization_design"] == second["id"]
    for query, found in (
        ("preferences[is_default]=true", [second]),
        ("preferences[is_default]=false", [first]),
        ("preferences[is_platform_default]=true", [platforms]),
        ("preferences[is_platform_default]=true&preferences[is_default]=true", []),
        ("preferences[is_platform_default]=false&preferences[is_default]=true", [second]),
        ("status=active", []),
        ("", [second, first]),
    ):
        listed = await issuer.done("GET", f"{DESIGNS}?{query}")
        assert [one["id"] for one in listed["data"]] == [one["id"] for one in found], query
    listed = await issuer.done(
        "GET", f"{DESIGNS}?preferences[is_platform_default]=true", account=None
    )
    assert [one["id"] for one in listed["data"]] == [platforms["id"]]
    # A default that is withdrawn is not used; the platform's is.
    await issuer.review(second["id"], "activate")
    await issuer.review(second["id"], "deactivate")
    assert (await issuer.card())["personalization_design"] == platforms["id"]
    path = f"/v1/issuing/cards/{card['id']}?expand[]=personalization_design.physical_bundle"
    shown = (await issuer.done("GET", path))["personalization_design"]
    assert shown["physical_bundle"]["object"] == "issuing.physical_bundle"
    by_design = await issuer.done("GET", f"/v1/issuing/cards?personalization_design={second['id']}")
    assert [one["id"] for one in by_design["data"]] == [card["id"]]


async def test_cards_refused_for_their_design(issuer: Issuer) -> None:
    plain = await issuer.design(bundle="Plain card")
    rejected = await issuer.design()
    await issuer.review(rejected["id"], "reject")
    for changes, param in (
        ({"personalization_design": "ipd_none"}, "personalization_design"),
        ({"personalization_design": rejected["id"]}, "personalization_design"),
        ({"personalization_design": plain["id"], "second_line": "ROCKET"}, "second_line"),
    ):
        error = await issuer.refused("POST", "/v1/issuing/cards", issuer.order(**changes))
        assert error["param"] == param
    virtual = {"cardholder": issuer.holder, "currency": "gbp", "type": "virtual"}
    error = await issuer.refused(
        "POST", "/v1/issuing/cards", {**virtual, "personalization_design": plain["id"]}
    )
    assert error["param"] == "personalization_design"
    card = await issuer.card()
    path = f"/v1/issuing/cards/{card['id']}"
    changed = await issuer.done("POST", path, {"personalization_design": plain["id"]})
    assert changed["personalization_design"] == plain["id"]


async def test_a_card_waits_for_its_design(issuer: Issuer) -> None:
    design = await issuer.design()
    card = await issuer.card(personalization_design=design["id"])
    path = f"/v1/test_helpers/issuing/cards/{card['id']}/shipping/submit"
    error = await issuer.refused("POST", path)
    assert error["param"] == "personalization_design"
    await issuer.review(design["id"], "activate")
    assert (await issuer.ship(card["id"], "submit"))["shipping"]["status"] == "submitted"


async def test_a_rejected_design_cancels_the_cards_that_wait(issuer: Issuer) -> None:
    other = await Issuer.of(issuer.platform)
    design = await issuer.design(own=False)
    await issuer.review(design["id"], "activate", account=None)
    made = await issuer.card(personalization_design=design["id"])
    await issuer.ship(made["id"], "submit")
    waiting = [
        (who, (await who.card(personalization_design=design["id"]))["id"])
        for who in (issuer, other)
    ]
    reasons = {"rejection_reasons[carrier_text][0]": "promotional_material"}
    await issuer.done("POST", f"{REVIEWS}/{design['id']}/reject", reasons, account=None)
    for who, card_id in waiting:
        card = await who.done("GET", f"/v1/issuing/cards/{card_id}")
        assert (card["status"], card["cancellation_reason"]) == ("canceled", "design_rejected")
        assert card["shipping"]["status"] == "canceled"
        assert (await who.events("issuing_card"))[-1][2]["status"] == "inactive"
    kept = await issuer.done("GET", f"/v1/issuing/cards/{made['id']}")
    assert (kept["status"], kept["shipping"]["status"]) == ("inactive", "submitted")


async def test_the_reviewers_door(issuer: Issuer) -> None:
    design = await issuer.design()
    listed = await issuer.done("GET", f"{REVIEWS}?status=review", account=None)
    assert [(one["id"], one["account"]) for one in listed["data"]] == [
        (design["id"], issuer.account_id)
    ]
    path = f"{REVIEWS}/{design['id']}"
    error = await issuer.refused("POST", f"{path}/deactivate", account=None)
    assert (error["code"], error["param"]) == ("status_transition_invalid", "status")
    assert (await issuer.done("POST", f"{path}/activate", account=None))["status"] == "active"
    for form in ({}, {"rejection_reasons[card_logo]": ""}, {"rejection_reasons[logo][0]": "other"}):
        assert await issuer.refused("POST", f"{path}/reject", form, account=None)
    # Only the platform reviews, and only designs of its accounts.
    assert await issuer.refused("POST", f"{path}/deactivate")
    missing = await issuer.refused("POST", f"{REVIEWS}/ipd_none/activate", account=None)
    assert missing["code"] == "resource_missing"
    error = await issuer.refused("POST", f"{DESIGN_HELPERS}/{design['id']}/reject")
    assert error["param"].startswith("rejection_reasons")


async def test_no_card_is_left_waiting_for_a_design_rejected_at_the_same_time(
    issuer: Issuer,
) -> None:
    reasons = {"rejection_reasons[card_logo][0]": "other"}
    for _ in range(6):
        design = await issuer.design()
        await issuer.review(design["id"], "activate")
        first = await issuer.card(personalization_design=design["id"])
        submit = f"/v1/test_helpers/issuing/cards/{first['id']}/shipping/submit"
        ordered, submitted, rejected = await asyncio.gather(
            issuer.call(
                "POST", "/v1/issuing/cards", issuer.order(personalization_design=design["id"])
            ),
            issuer.call("POST", submit),
            issuer.call("POST", f"{DESIGN_HELPERS}/{design['id']}/reject", reasons),
        )
        assert rejected[0] == 200, rejected
        assert ordered[0] in (200, 400), ordered
        assert submitted[0] in (200, 400), submitted
        listed = await issuer.done(
            "GET", f"/v1/issuing/cards?personalization_design={design['id']}"
        )
        assert len(listed["data"]) == 1 + (ordered[0] == 200)
        for card in listed["data"]:
            made = card["id"] == first["id"] and submitted[0] == 200
            assert card["shipping"]["status"] == ("submitted" if made else "canceled")
            assert card["status"] == ("inactive" if made else "canceled")


async def test_a_default_that_gives_way_says_so(issuer: Issuer) -> None:
    first = await issuer.design(preferences__is_default="true", lookup_key="main")
    await issuer.design(preferences__is_default="true")
    [(kind, seen, previous)] = await issuer.events("issuing_personalization_design")
    assert kind == "issuing_personalization_design.updated"
    assert (seen["id"], previous) == (first["id"], {"preferences": {"is_default": True}})


async def test_one_lookup_key_asked_for_at_once(issuer: Issuer) -> None:
    form = {"physical_bundle": await issuer.bundle(), "lookup_key": "main"}
    answers = await asyncio.gather(*(issuer.call("POST", DESIGNS, form) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] + [400] * 7


async def test_designs_and_tokens_of_others_are_nobodys(issuer: Issuer) -> None:
    other = await Issuer.of(issuer.platform)
    design = await other.design()
    assert (await issuer.refused("GET", f"{DESIGNS}/{design['id']}"))["code"] == "resource_missing"
    order = issuer.order(personalization_design=design["id"])
    error = await issuer.refused("POST", "/v1/issuing/cards", order)
    assert error["message"] == f"No such personalization design: '{design['id']}'"
    card = await other.card(status="active")
    made = await other.done("POST", "/_cardwright/issuing/tokens", {"card": card["id"]})
    path = f"/v1/issuing/tokens/{made['id']}"
    assert (await issuer.refused("GET", path))["code"] == "resource_missing"
    change = {"status": "deleted"}
    assert (await issuer.refused("POST", path, change))["code"] == "resource_missing"
    error = await issuer.refused("POST", "/_cardwright/issuing/tokens", {"card": card["id"]})
    assert error["message"] == f"No such card: '{card['id']}'"

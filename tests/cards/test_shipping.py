"""Physical cards on their way, through the API: test helpers, the operator's door, events."""

import asyncio
from typing import Any

import pytest

from tests.support.physical import Issuer
from tests.support.server import Platform

OLD = "2024-06-20"


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return await Issuer.of(platform)


async def test_a_card_travels_to_its_holder(issuer: Issuer) -> None:
    made = await issuer.card(shipping__service="express")
    assert made["shipping"]["status"] == "pending"
    assert made["shipping"]["eta"] > made["created"]
    sdk = issuer.platform.sdk.v1.test_helpers.issuing.cards
    options: Any = {"stripe_account": issuer.account_id}
    for verb, status in (
        (sdk.submit_card, "submitted"),
        (sdk.ship_card, "shipped"),
        (sdk.deliver_card, "delivered"),
    ):
        card = await asyncio.to_thread(verb, made["id"], {}, options)
        assert card.shipping is not None
        assert card.shipping.status == status
    seen = (await issuer.done("GET", f"/v1/issuing/cards/{made['id']}"))["shipping"]
    assert seen["carrier"] == "dhl"
    assert seen["tracking_number"].startswith("TEST")
    assert made["created"] <= seen["shipped_at"] <= seen["delivered_at"]
    told = await issuer.events("issuing_card")
    assert [previous["shipping"]["status"] for _, _, previous in told[1:]] == [
        "pending",
        "submitted",
        "shipped",
    ]


@pytest.mark.parametrize(("verb", "status"), [("return", "returned"), ("fail", "failure")])
async def test_a_shipped_card_that_does_not_arrive(issuer: Issuer, verb: str, status: str) -> None:
    made = await issuer.card()
    card = await issuer.ship(made["id"], "submit", "ship", verb)
    assert (card["shipping"]["status"], card["status"]) == (status, "inactive")


async def test_a_card_that_cannot_be_made_is_canceled(issuer: Issuer) -> None:
    made = await issuer.card()
    card = await issuer.ship(made["id"], "submit", "fail")
    assert card["shipping"]["status"] == "failure"
    assert (card["status"], card["cancellation_reason"]) == ("canceled", "fulfillment_error")


async def test_steps_that_do_not_follow(issuer: Issuer) -> None:
    made = await issuer.card()
    path = f"/v1/test_helpers/issuing/cards/{made['id']}/shipping"
    for verb in ("ship", "deliver", "return", "fail"):
        error = await issuer.refused("POST", f"{path}/{verb}")
        assert error["type"] == "invalid_request_error"
        assert "The shipment is pending" in error["message"]
        assert error["code"] == "status_transition_invalid"
    await issuer.ship(made["id"], "submit")
    assert "cannot become submitted" in (await issuer.refused("POST", f"{path}/submit"))["message"]
    virtual = await issuer.done(
        "POST",
        "/v1/issuing/cards",
        {"cardholder": issuer.holder, "currency": "gbp", "type": "virtual"},
    )
    path = f"/v1/test_helpers/issuing/cards/{virtual['id']}/shipping/submit"
    assert "not shipped" in (await issuer.refused("POST", path))["message"]
    assert await issuer.refused("POST", path, {"carrier": "dhl"})


async def test_older_versions_know_no_submission(issuer: Issuer) -> None:
    made = await issuer.card()
    path = f"/v1/test_helpers/issuing/cards/{made['id']}/shipping/submit"
    error = await issuer.refused("POST", path, version=OLD)
    assert "2024-09-30.acacia" in error["message"]
    await issuer.ship(made["id"], "submit")
    seen = await issuer.done("GET", f"/v1/issuing/cards/{made['id']}", version=OLD)
    assert seen["shipping"]["status"] == "pending"
    other = await issuer.card()
    card = await issuer.ship(other["id"], "ship", version=OLD)
    assert card["shipping"]["status"] == "shipped"


async def test_the_operators_door(issuer: Issuer) -> None:
    made = await issuer.card()
    path = f"/_cardwright/issuing/cards/{made['id']}/shipping"
    await issuer.done("POST", path, {"status": "submitted"})
    shipped = {
        "status": "shipped",
        "carrier": "royal_mail",
        "tracking_number": "AB 123 GB",
        "tracking_url": "https://example.com/track?n=AB123GB",
        "eta": "2000000000",
    }
    card = await issuer.done("POST", path, shipped)
    assert {name: str(card["shipping"][name]) for name in shipped} == shipped
    # Said again it changes nothing; with more to tell it tells more.
    await issuer.done("POST", path, shipped)
    assert len(await issuer.events("issuing_card")) == 3
    card = await issuer.done("POST", path, {"status": "shipped", "carrier": "dhl"})
    assert card["shipping"]["carrier"] == "dhl"
    assert len(await issuer.events("issuing_card")) == 4
    for form, param in (
        ({"status": "submitted", "carrier": "dhl"}, "carrier"),
        ({"status": "pending"}, "status"),
        ({"status": "submitted"}, "status"),
        ({"status": "delivered", "tracking_url": "javascript:alert(1)"}, "tracking_url"),
        ({}, "status"),
    ):
        assert (await issuer.refused("POST", path, form))["param"] == param
    assert (await issuer.done("POST", path, {"status": "delivered"}))["shipping"]["delivered_at"]


async def test_addresses_are_looked_at_when_asked(issuer: Issuer) -> None:
    mode = "validation_and_normalization"
    made = await issuer.card(
        shipping__address_validation__mode=mode, shipping__address__postal_code="sw1a2aa"
    )
    found = made["shipping"]["address_validation"]
    assert found["result"] == "likely_deliverable"
    assert found["normalized_address"]["city"] == "LONDON"
    path = f"/v1/issuing/cards/{made['id']}"
    moved = shipment(issuer, postal_code="12345")
    card = await issuer.done("POST", path, moved)
    assert card["shipping"]["address_validation"]["result"] == "likely_undeliverable"
    form = {**moved, "shipping[address_validation][mode]": "disabled"}
    card = await issuer.done("POST", path, form)
    assert card["shipping"]["address_validation"] == {
        "mode": "disabled",
        "normalized_address": None,
        "result": None,
    }
    form["shipping[address_validation][mode]"] = "guess"
    error = await issuer.refused("POST", path, form)
    assert error["param"] == "shipping[address_validation][mode]"


def shipment(issuer: Issuer, **address: str) -> dict[str, str]:
    """The form that sends a card elsewhere."""
    changed = {f"shipping[address][{name}]": text for name, text in address.items()}
    whole = {**issuer.order(), **changed}
    return {name: text for name, text in whole.items() if name.startswith("shipping")}


async def test_shipping_is_changed_while_it_is_pending(issuer: Issuer) -> None:
    made = await issuer.card()
    path = f"/v1/issuing/cards/{made['id']}"
    card = await issuer.done("POST", path, {**shipment(issuer), "shipping[name]": "The Rocket"})
    assert card["shipping"]["name"] == "The Rocket"
    missing = await issuer.refused("POST", path, {"shipping[name]": "The Rocket"})
    assert missing["param"] == "shipping[address]"
    await issuer.ship(made["id"], "submit")
    error = await issuer.refused("POST", path, shipment(issuer))
    assert "The shipment is submitted" in error["message"]
    assert await issuer.done("POST", path, {"metadata[note]": "still fine"})


async def test_a_shipment_is_canceled_with_its_card(issuer: Issuer) -> None:
    made = await issuer.card()
    card = await issuer.done("POST", f"/v1/issuing/cards/{made['id']}", {"status": "canceled"})
    assert card["shipping"]["status"] == "canceled"
    path = f"/v1/test_helpers/issuing/cards/{made['id']}/shipping/submit"
    assert "is canceled" in (await issuer.refused("POST", path))["message"]
    gone = await issuer.card()
    await issuer.ship(gone["id"], "submit", "ship")
    card = await issuer.done("POST", f"/v1/issuing/cards/{gone['id']}", {"status": "canceled"})
    assert card["shipping"]["status"] == "shipped"


async def test_bulk_shipments_to_europe_need_a_customs_number(issuer: Issuer) -> None:
    order = issuer.order(shipping__type="bulk")
    error = await issuer.refused("POST", "/v1/issuing/cards", order)
    assert error["param"] == "shipping[customs][eori_number]"
    order["shipping[customs][eori_number]"] = "GB123456789000"
    card = await issuer.done("POST", "/v1/issuing/cards", order)
    assert (card["shipping"]["type"], card["shipping"]["customs"]) == (
        "bulk",
        {"eori_number": "GB123456789000"},
    )

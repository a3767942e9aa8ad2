"""What happens to cards in a customer's life, told through the official SDK."""

from typing import Any

import pytest
import stripe

from tests.journeys.customer import customer
from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.server import Platform

HOTEL = {"category": "hotels_motels_and_resorts", "name": "Grand Hotel"}
PUMP = {"category": "automated_fuel_dispensers", "name": "Rocket Fuel"}
WEEKLY: Any = {"spending_limits": [{"amount": 1_000, "interval": "weekly"}]}


async def test_a_lost_card_is_replaced_while_a_payment_is_open(platform: Platform) -> None:
    """What was held on the lost card is still paid; nothing new is; limits follow the new card."""
    jenny = await customer(platform, funds=5_000, test_clock=await new_clock(platform))
    lost = await jenny.card(spending_controls=WEEKLY)
    dinner = await jenny.pay(lost, 600)
    assert dinner["approved"]

    # Jenny reports the card as lost, and gets another one with a number of its own.
    gone = {"status": "canceled", "cancellation_reason": "lost"}
    await jenny.do(jenny.sdk.issuing.cards.update, lost, gone)
    card = await jenny.card(
        replacement_for=lost, replacement_reason="lost", spending_controls=WEEKLY
    )
    numbers = [
        (await jenny.do(jenny.sdk.issuing.cards.retrieve, one, {"expand": ["number"]}))["number"]
        for one in (lost, card)
    ]
    assert numbers[0] != numbers[1]

    # The finder tries the lost card.
    thief = await jenny.pay(lost, 100)
    assert (thief["approved"], thief["request_history"][0]["reason"]) == (False, "card_canceled")

    # The restaurant takes what it was promised, and a tip.
    paid = await jenny.capture(dinner["id"], capture_amount=650)
    assert (paid["status"], paid["transactions"][0]["amount"]) == ("closed", -650)
    assert await jenny.available() == 4_350

    # What was spent with the lost card counts for the new one: 350 are left of the week's 1000.
    assert not (await jenny.pay(card, 351))["approved"]
    assert (await jenny.pay(card, 350))["approved"]


async def test_a_hotel_stay(platform: Platform) -> None:
    """The hold grows with the stay, outlives a week, and the bill comes late and higher."""
    clock = await new_clock(platform)
    jenny = await customer(platform, funds=200_000, test_clock=clock)
    card = await jenny.card(
        spending_controls={"spending_limits": [{"amount": 150_000, "interval": "all_time"}]}
    )
    booking = await jenny.pay(card, 30_000, merchant_data=HOTEL)
    assert booking["approved"]

    # Two more nights: each is decided anew, and held too.
    for total in (60_000, 90_000):
        increment = {"increment_amount": 30_000}
        grown = await jenny.do(jenny.tests.authorizations.increment, booking["id"], increment)
        assert (grown["status"], grown["amount"]) == ("pending", total)
    assert await jenny.available() == 110_000

    # A whole floor is too much; what was held before stays held.
    too_much = {"increment_amount": 70_000}
    same = await jenny.do(jenny.tests.authorizations.increment, booking["id"], too_much)
    assert same["amount"] == 90_000
    assert same["request_history"][-1]["reason"] == "spending_controls"

    # Elsewhere a hold ends after seven days, at a hotel after thirty-one.
    await advance(platform, clock, START + 30 * DAY)
    assert (await jenny.authorization(booking["id"]))["status"] == "pending"
    await advance(platform, clock, START + 31 * DAY)
    ended = await jenny.authorization(booking["id"])
    assert (ended["status"], ended["amount"]) == ("expired", 90_000)
    assert await jenny.available() == 200_000

    # The bill comes all the same, with the minibar, and is paid.
    stay = {"lodging": {"check_in_at": START, "nights": 3}}
    bill = await jenny.capture(booking["id"], capture_amount=95_000, purchase_details=stay)
    assert (bill["status"], bill["transactions"][0]["amount"]) == ("closed", -95_000)
    assert bill["transactions"][0]["purchase_details"]["lodging"]["nights"] == 3
    assert await jenny.available() == 105_000
    changes = await jenny.events("issuing_authorization.updated")
    assert changes[-1]["data"]["previous_attributes"]["status"] == "expired"


async def test_fuel(platform: Platform) -> None:
    """The pump asks before it knows; the litres are said afterwards, and paid."""
    jenny = await customer(platform, funds=20_000)
    card = await jenny.card()
    asked = await jenny.pay(card, 100, merchant_data=PUMP)
    assert asked["approved"]
    held = 20_000 - await jenny.available()
    assert held >= asked["amount"]

    known: Any = {
        "final_amount": 4_370,
        "fuel": {
            "type": "unleaded_regular",
            "unit": "liter",
            "quantity_decimal": "31",
            "unit_cost_decimal": "1.41",
        },
    }
    filled = await jenny.do(jenny.tests.authorizations.finalize_amount, asked["id"], known)
    assert (filled["status"], filled["amount"]) == ("pending", 4_370)
    assert filled["fuel"]["quantity_decimal"] == 31
    assert await jenny.available() == 20_000 - 4_370

    paid = await jenny.capture(asked["id"])
    assert paid["transactions"][0]["amount"] == -4_370
    assert await jenny.available() == 20_000 - 4_370


async def test_a_refund_after_a_limit_was_hit(platform: Platform) -> None:
    """The limit stops the next payment; money that comes back makes room in the same week."""
    jenny = await customer(platform, funds=5_000)
    card = await jenny.card(spending_controls=WEEKLY)
    shoes = await jenny.pay(card, 900)
    paid = await jenny.capture(shoes["id"])
    [purchase] = paid["transactions"]
    refused = await jenny.pay(card, 200)
    assert refused["request_history"][0]["reason"] == "spending_controls"

    # One shoe does not fit: the shop gives some of it back.
    back = await jenny.do(jenny.tests.transactions.refund, purchase["id"], {"refund_amount": 300})
    assert (back["type"], back["amount"], back["authorization"]) == ("refund", 300, shoes["id"])
    assert await jenny.available() == 4_400
    assert not (await jenny.pay(card, 401))["approved"]
    assert (await jenny.pay(card, 400))["approved"]

    # More than was left of the purchase does not come back.
    too_much = {"refund_amount": 601}
    with pytest.raises(stripe.InvalidRequestError, match="refund"):
        await jenny.do(jenny.tests.transactions.refund, purchase["id"], too_much)


@pytest.mark.parametrize("outcome", ["won", "lost"])
async def test_a_dispute(platform: Platform, outcome: str) -> None:
    """Jenny never got her bicycle; the card network decides, and everybody hears of it."""
    jenny = await customer(platform, funds=50_000)
    card = await jenny.card()
    bicycle = await jenny.pay(card, 40_000)
    paid = await jenny.capture(bicycle["id"])
    [purchase] = paid["transactions"]
    assert await jenny.available() == 10_000

    disputes = jenny.sdk.issuing.disputes
    claim = {
        "transaction": purchase["id"],
        "evidence": {
            "reason": "not_received",
            "not_received": {
                "expected_at": START,
                "product_description": "A bicycle",
                "product_type": "merchandise",
            },
        },
    }
    made = await jenny.do(disputes.create, claim)
    assert (made["status"], made["amount"]) == ("unsubmitted", 40_000)
    with pytest.raises(stripe.InvalidRequestError, match="explanation"):
        await jenny.do(disputes.submit, made["id"])

    # In the test environment the explanation decides.
    words = {"won": "winning_evidence", "lost": "losing_evidence"}[outcome]
    explained = {"evidence": {"not_received": {"explanation": words}}}
    await jenny.do(disputes.update, made["id"], explained)
    sent = await jenny.do(disputes.submit, made["id"])
    assert sent["status"] == "submitted"

    async def now() -> Any:
        return await jenny.do(disputes.retrieve, made["id"])

    done = await jenny.until(now, outcome)
    shown = await jenny.do(jenny.sdk.issuing.transactions.retrieve, purchase["id"])
    assert shown["dispute"] == made["id"]
    if outcome == "won":
        [moved] = done["balance_transactions"]
        assert (moved["type"], moved["amount"]) == ("issuing_dispute", 40_000)
        assert await jenny.available() == 50_000
        assert len(await jenny.events("issuing_dispute.funds_reinstated")) == 1
    else:
        assert done["loss_reason"] == "merchandise_delivered_or_shipped"
        assert await jenny.available() == 10_000
    [closed] = await jenny.events("issuing_dispute.closed")
    assert closed["data"]["object"]["status"] == outcome
    listed = await platform.call(
        "GET", "/v1/account_notices", account=jenny.account, version="2026-10-14.preview"
    )
    assert [notice["reason"] for notice in reversed(listed[1]["data"])] == [
        "issuing.dispute_submitted",
        f"issuing.dispute_{outcome}",
    ]

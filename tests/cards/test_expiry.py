"""Cards expire by the account's clock, and can be replaced afterwards."""

from datetime import UTC, datetime

from tests.cards.test_cards_sdk import Issuer
from tests.simulator.clocks import START, advance, new_clock
from tests.support.server import Platform
from tests.support.spending import spender


async def test_a_card_ends_with_its_month(platform: Platform) -> None:
    clock = await new_clock(platform)
    payer = await spender(platform, funds=10_000, test_clock=clock)
    issuer = Issuer(platform, payer.account)
    start = datetime.fromtimestamp(START, UTC)
    month, year = start.month % 12 + 1, start.year + start.month // 12
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    card = await payer.new_card(exp_month=str(month), exp_year=str(year))
    hold = await payer.done(
        "POST",
        "/v1/test_helpers/issuing/authorizations",
        {"card": card, "amount": "100", "merchant_data[category]": "hotels_motels_and_resorts"},
    )
    await advance(platform, clock, int(end.timestamp()) - 1)
    assert (await issuer.retrieve(card))["status"] == "active"

    await advance(platform, clock, int(end.timestamp()))
    ended = await issuer.retrieve(card)
    assert (ended["status"], ended["cancellation_reason"]) == ("canceled", None)
    assert "is_expired" not in ended
    declined = await payer.done(
        "POST", "/v1/test_helpers/issuing/authorizations", {"card": card, "amount": "100"}
    )
    assert declined["request_history"][0]["reason"] == "card_expired"
    # What it held is captured all the same.
    path = f"/v1/test_helpers/issuing/authorizations/{hold['id']}/capture"
    captured = await payer.done("POST", path, {"capture_amount": "100"})
    assert len(captured["transactions"]) == 1
    kind, snapshot, previous = (await issuer.events())[-1]
    assert (kind, snapshot["id"], previous) == ("issuing_card.updated", card, {"status": "active"})

    renewed = await issuer.card(
        cardholder=payer.holder,
        replacement_for=card,
        replacement_reason="expired",
        status="active",
    )
    assert renewed.last4 == ended["last4"]
    assert (renewed.exp_year, renewed.exp_month) == (end.year + 3, end.month)
    again = {"card": renewed.id, "amount": "100"}
    made = await payer.done("POST", "/v1/test_helpers/issuing/authorizations", again)
    assert made["approved"], made["request_history"]


async def test_a_card_that_was_canceled_before_stays_as_it_was(platform: Platform) -> None:
    clock = await new_clock(platform)
    payer = await spender(platform, test_clock=clock)
    issuer = Issuer(platform, payer.account)
    start = datetime.fromtimestamp(START, UTC)
    card = await payer.new_card(exp_month=str(start.month), exp_year=str(start.year))
    await issuer.update(card, status="canceled", cancellation_reason="lost")
    count = len(await issuer.events())
    await advance(platform, clock, START + 40 * 86_400)
    ended = await issuer.retrieve(card)
    assert (ended["status"], ended["cancellation_reason"]) == ("canceled", "lost")
    assert len(await issuer.events()) == count
    status, body = await issuer.call(
        "POST",
        "/v1/issuing/cards",
        form={
            "cardholder": payer.holder,
            "currency": "gbp",
            "type": "virtual",
            "replacement_for": card,
            "replacement_reason": "expired",
        },
    )
    assert (status, body["error"]["param"]) == (400, "replacement_for")

"""Cards that cancel themselves after a number of payments."""

import asyncio
from typing import Any

import pytest

from tests.authorizations.real_time.test_asking import VERSIONED, configured
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import Spender, spender

HELPERS = "/v1/test_helpers/issuing/authorizations"


async def ending(payer: Spender, payments: int) -> str:
    return await payer.new_card(
        **{"lifecycle_controls[cancel_after][payment_count]": str(payments)}
    )


async def pay(payer: Spender, card: str, amount: int = 100) -> Any:
    return await payer.done("POST", HELPERS, {"card": card, "amount": str(amount)})


async def status_of(payer: Spender, card: str, wanted: str) -> Any:
    """The card, once it has the status; a deadline cancels it a moment after the payment."""
    for _ in range(200):
        found = await payer.done("GET", f"/v1/issuing/cards/{card}")
        if found["status"] == wanted:
            break
        await asyncio.sleep(0.05)
    assert found["status"] == wanted
    return found


async def test_the_last_payment_cancels_the_card(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    card = await ending(payer, 2)
    shown = await payer.done("GET", f"/v1/issuing/cards/{card}")
    assert shown["lifecycle_controls"] == {"cancel_after": {"payment_count": 2}}
    first = await pay(payer, card)
    await payer.done("POST", f"{HELPERS}/{first['id']}/reverse")
    # Neither a declined payment nor asking for nothing is one.
    assert not (await pay(payer, card, 1_000_000))["approved"]
    await payer.done("POST", HELPERS, {"card": card, "amount": "0"})
    assert (await payer.done("GET", f"/v1/issuing/cards/{card}"))["status"] == "active"

    second = await pay(payer, card)
    assert second["approved"]
    ended = await status_of(payer, card, "canceled")
    assert ended["cancellation_reason"] is None
    declined = await pay(payer, card)
    assert declined["request_history"][0]["reason"] == "card_canceled"
    captured = await payer.done("POST", f"{HELPERS}/{second['id']}/capture")
    assert captured["status"] == "closed"
    assert (await payer.events()).count("issuing_card.updated") == 1


async def test_payments_at_once_never_exceed_the_number(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    card = await ending(payer, 3)
    made = await asyncio.gather(*(pay(payer, card) for _ in range(24)))
    reasons = sorted(one["request_history"][0]["reason"] for one in made)
    assert reasons == ["card_active"] * 3 + ["card_canceled"] * 21
    assert await payer.available() == 10_000 - 300
    await status_of(payer, card, "canceled")


async def test_a_capture_that_nobody_authorized_is_a_payment(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    card = await ending(payer, 2)
    forced = {"card": card, "amount": "100"}
    await payer.done("POST", "/v1/test_helpers/issuing/transactions/create_force_capture", forced)
    made = await pay(payer, card)
    assert made["approved"]
    await status_of(payer, card, "canceled")
    # Capturing what was authorized is no payment of its own.
    other = await ending(payer, 2)
    for _ in range(2):
        one = await pay(payer, other)
        await payer.done("POST", f"{HELPERS}/{one['id']}/capture")
    await status_of(payer, other, "canceled")


async def test_while_the_platform_is_asked_its_place_is_taken(
    platform: Platform, receiver: Receiver
) -> None:
    payer = await spender(platform, funds=10_000)
    card = await ending(payer, 1)
    await configured(platform, url=receiver.url("/ask"))
    for number, (verdict, reason) in enumerate(
        [("false", "webhook_declined"), ("true", "webhook_approved")], 1
    ):
        body = f'{{"approved": {verdict}}}'.encode()
        step = Step(headers=VERSIONED, body=body, wait_seconds=0.5)
        receiver.script["/ask"] = [step]
        asked = asyncio.create_task(pay(payer, card))
        await receiver.wait_for(number, path="/ask")
        meanwhile = await pay(payer, card)
        assert meanwhile["request_history"][0]["reason"] == "card_canceled"
        assert (await asked)["request_history"][0]["reason"] == reason
        if verdict == "false":
            assert (await payer.done("GET", f"/v1/issuing/cards/{card}"))["status"] == "active"
    await status_of(payer, card, "canceled")


async def test_other_cards_go_on(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    card = await ending(payer, 1)
    await pay(payer, card)
    await status_of(payer, card, "canceled")
    assert all([(await pay(payer, payer.card))["approved"] for _ in range(3)])


@pytest.mark.parametrize(
    "form",
    [
        {"lifecycle_controls[cancel_after][payment_count]": "0"},
        {"lifecycle_controls[cancel_after][payment_count]": "many"},
        {"lifecycle_controls[cancel_after]": ""},
        {"lifecycle_controls[cancel_after][days]": "3"},
    ],
)
async def test_what_is_no_number_is_refused(platform: Platform, form: dict[str, str]) -> None:
    payer = await spender(platform)
    card = {"cardholder": payer.holder, "currency": "gbp", "type": "virtual"}
    status, body = await payer.call("POST", "/v1/issuing/cards", {**card, **form})
    assert status == 400
    assert body["error"]["param"].startswith("lifecycle_controls")
    status, _ = await payer.call(
        "POST",
        f"/v1/issuing/cards/{payer.card}",
        {"lifecycle_controls[cancel_after][payment_count]": "1"},
    )
    assert status == 400, "it is given with the card alone"

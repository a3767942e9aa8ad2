"""A customer's webhook receiver is down all day; what happened meanwhile arrives afterwards."""

import asyncio

import stripe

from cardwright.events import delivery
from cardwright.events.deliverer import Deliverer
from cardwright.kernel import clock
from tests.events.steps import endpoint
from tests.events.test_schedule import Driven, deliverer, driven
from tests.journeys.customer import customer
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform

__all__ = ["deliverer", "driven"]
KINDS = ("issuing_authorization.created", "issuing_transaction.created")


async def test_a_receiver_that_is_down_all_day(
    platform: Platform,
    receiver: Receiver,
    deliverer: Deliverer,
    driven: Driven,
) -> None:
    """Cards go on paying; every event comes once the receiver is up, signed, none of them twice
    under another name."""
    deliverer.schedules = delivery.Schedules(delivery.DOCUMENTED.live, delivery.DOCUMENTED.live)
    jenny = await customer(platform, funds=5_000)
    card = await jenny.card()
    hook = await endpoint(platform, receiver.url(), *KINDS, account=jenny.account)
    receiver.script["/hook"] = [Step(close=True) for _ in range(1_000)]

    for _ in range(3):
        paid = await jenny.pay(card, 100)
        assert paid["approved"]
        await jenny.capture(paid["id"])
    missed = [event["id"] for kind in KINDS for event in await jenny.events(kind)]
    assert len(missed) == 6
    await receiver.wait_for(6)

    # A day passes, hour by hour, and nobody answers.
    for _ in range(24):
        driven.ahead_ms += clock.HOUR_MS
        await asyncio.sleep(0.1)
    unheard = await jenny.do(jenny.sdk.events.list, {"delivery_success": False, "limit": 100})
    assert {event["id"] for event in unheard["data"]} >= set(missed)

    # The receiver is up again. What is due next comes without anybody asking for it.
    receiver.script["/hook"] = []
    before = len(receiver.at("/hook"))
    for _ in range(200):
        driven.ahead_ms += clock.HOUR_MS // 2
        came = receiver.at("/hook")[before:]
        if {one.json["id"] for one in came} == set(missed):
            break
        await asyncio.sleep(0.1)
    heard = [
        stripe.Webhook.construct_event(one.body, one.signature, hook["secret"]).id for one in came
    ]
    assert sorted(heard) == sorted(missed)
    left = await jenny.do(jenny.sdk.events.list, {"delivery_success": False, "limit": 100})
    assert not {event["id"] for event in left["data"]} & set(missed)

"""What became of deliveries can be read, and events can be sent again."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.events import delivery, fan_out
from cardwright.events.deliverer import Deliverer
from cardwright.kernel import clock
from cardwright.roles.application import Application
from tests.events.steps import PREVIEW, cardholder, connected_account, destination, endpoint
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform

CREATED = "issuing_cardholder.created"


@pytest.fixture(autouse=True)
def fast(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries within seconds."""
    monkeypatch.setattr(application.part(Deliverer), "schedules", delivery.FAST)


async def attempts(platform: Platform, event_id: str, count: int) -> dict[str, Any]:
    """The attempts of an event, once there are so many."""
    for _ in range(400):
        status, found = await platform.call("GET", f"/_cardwright/events/{event_id}/attempts")
        assert status == 200, found
        if len(found["data"]) >= count:
            answer: dict[str, Any] = found
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def test_each_try_is_kept_with_what_was_sent_and_answered(
    platform: Platform, receiver: Receiver
) -> None:
    """The body is that which was posted, so its signature fits; what a receiver says is kept as
    far as it can be."""
    made = await endpoint(platform, receiver.url(), CREATED)
    receiver.script["/hook"] = [
        Step(500, headers={"X-Reason": "deploying"}, body=b"not \x00 now \xff" + b"x" * 9000),
        Step(200, body=b"thanks"),
    ]
    await cardholder(platform)
    first, second = await receiver.wait_for(2)
    found = await attempts(platform, first.json["id"], 2)
    failed, accepted = found["data"]
    assert [failed["attempt"], accepted["attempt"]] == [1, 2]
    assert failed["destination"] == made["id"]
    assert failed["request"]["url"] == receiver.url()
    assert failed["request"]["body"].encode() == first.body
    assert failed["request"]["headers"]["Stripe-Signature"] == first.signature
    assert accepted["request"]["headers"]["Stripe-Signature"] == second.signature
    stripe.Webhook.construct_event(accepted["request"]["body"], second.signature, made["secret"])
    assert failed["response"]["status"] == 500
    assert failed["response"]["headers"]["X-Reason"] == "deploying"
    assert failed["response"]["body"].startswith("not \ufffd now \ufffdxxx")
    assert len(failed["response"]["body"]) == delivery.ANSWER_KEPT
    assert failed["next_attempt"] >= failed["created"]
    assert accepted["response"]["body"] == "thanks"
    assert accepted["next_attempt"] is None
    assert found["deliveries"] == [
        {
            "object": "delivery",
            "attempts": 2,
            "destination": made["id"],
            "next_attempt": None,
            "status": "succeeded",
        }
    ]


async def test_an_event_is_sent_again_to_one_or_to_all(
    platform: Platform, receiver: Receiver
) -> None:
    """Also one that was given up: the whole schedule is ahead of it again."""
    one = await endpoint(platform, receiver.url("/one"), CREATED)
    await endpoint(platform, receiver.url("/two"), CREATED)
    receiver.script["/one"] = [Step(500), Step(500), Step(500), Step(500)]
    await cardholder(platform)
    (came,) = await receiver.wait_for(path="/two")
    await receiver.wait_for(3, path="/one")
    event_id = came.json["id"]
    await attempts(platform, event_id, 4)
    path = f"/v1/events/{event_id}/retry"
    status, event = await platform.call("POST", path, form={"webhook_endpoint": one["id"]})
    assert (status, event["id"], event["type"]) == (200, event_id, CREATED)
    again = await receiver.wait_for(5, path="/one")
    assert {request.json["id"] for request in again} == {event_id}
    assert len(receiver.at("/two")) == 1
    found = await attempts(platform, event_id, 6)
    mine = [tried for tried in found["data"] if tried["destination"] == one["id"]]
    assert [tried["attempt"] for tried in mine] == [1, 2, 3, 4, 5]
    assert mine[3]["next_attempt"] is not None
    status, _ = await platform.call("POST", path)
    assert status == 200
    await receiver.wait_for(6, path="/one")
    await receiver.wait_for(2, path="/two")


async def test_a_thin_event_of_a_connected_account_is_sent_again(
    platform: Platform, receiver: Receiver
) -> None:
    made = await destination(platform, receiver.url(), f"v1.{CREATED}", events_from=["@accounts"])
    account_id = await connected_account(platform)
    await cardholder(platform, account_id)
    (came,) = await receiver.wait_for()
    path = f"/v1/events/{came.json['id']}/retry"
    form = {"account": account_id, "webhook_endpoint": made["id"]}
    status, event = await platform.call("POST", path, form=form)
    assert (status, event["account"]) == (200, account_id)
    _, again = await receiver.wait_for(2)
    assert again.json["id"] == came.json["id"]
    assert again.json["context"] == account_id


@pytest.mark.calendar
@pytest.mark.parametrize("status", [200, 500])
async def test_an_event_that_is_sent_again_while_it_is_tried(
    platform: Platform, receiver: Receiver, application: Application, status: int
) -> None:
    """The try that was under way ends; what was asked for comes all the same, and counts anew."""
    made = await endpoint(platform, receiver.url(), CREATED)
    key = fan_out.Key(platform.keys.account_id, made["id"])
    await application.part(Deliverer).stop()
    try:
        await cardholder(platform)
        event_id = (await platform.call("GET", f"/v1/events?type={CREATED}"))[1]["data"][0]["id"]
        while (await fan_out.fan_out(application.database)).events:
            pass
        now_ms = clock.machine_ms()
        lease = delivery.Lease(0, now_ms, now_ms + 30_000)
        [parcel] = await delivery.claim(application.database, key, 1, lease)
        again, _ = await platform.call("POST", f"/v1/events/{event_id}/retry", form={})
        assert again == 200
        outcome = delivery.DeliveryOutcome(now_ms, 5, status, None, "t=1,v1=00")
        schedule = delivery.FAST.test
        await delivery.record(application.database, parcel, outcome, schedule, now_ms)
    finally:
        await application.part(Deliverer).start()
    (came,) = await receiver.wait_for()
    assert came.json["id"] == event_id
    found = await attempts(platform, event_id, 2)
    assert [(one["attempt"], one["response"]["status"]) for one in found["data"]] == [
        (1, status),
        (2, 200),
    ]


async def test_what_cannot_be_sent_again_is_refused(platform: Platform, receiver: Receiver) -> None:
    mine = await endpoint(platform, receiver.url("/mine"), CREATED)
    connect = await endpoint(platform, receiver.url("/connect"), CREATED, connect="true")
    off = await endpoint(platform, receiver.url("/off"), CREATED)
    await platform.call("POST", f"/v1/webhook_endpoints/{off['id']}", form={"disabled": "true"})
    await cardholder(platform)
    (came,) = await receiver.wait_for(path="/mine")
    path = f"/v1/events/{came.json['id']}/retry"

    async def refusal(form: dict[str, str], at: str = path) -> tuple[int, str]:
        status, body = await platform.call("POST", at, form=form)
        return status, body["error"].get("param")

    assert await refusal({"webhook_endpoint": "we_unknown"}) == (404, "webhook_endpoint")
    assert await refusal({"webhook_endpoint": connect["id"]}) == (400, "webhook_endpoint")
    assert await refusal({"webhook_endpoint": off["id"]}) == (400, "webhook_endpoint")
    assert await refusal({"for_stripecli": "true"}) == (400, "for_stripecli")
    other = await connected_account(platform)
    assert await refusal({"account": other}) == (404, "id")
    assert await refusal({}, "/v1/events/evt_unknown/retry") == (404, "id")
    status, _ = await platform.call("GET", "/_cardwright/events/evt_unknown/attempts")
    assert status == 404
    assert mine["status"] == "enabled"


async def test_events_tell_their_place_among_those_of_their_object(
    platform: Platform, receiver: Receiver
) -> None:
    await endpoint(platform, receiver.url())
    jenny = await cardholder(platform)
    for state in ("inactive", "active"):
        await platform.call(
            "POST", f"/v1/issuing/cardholders/{jenny['id']}", form={"status": state}
        )
    came = await receiver.wait_for(3)
    told = sorted((one.json["cardwright"]["sequence"], one.json["type"]) for one in came)
    changed = "issuing_cardholder.updated"
    assert told == [(1, CREATED), (2, changed), (3, changed)]
    _, listed = await platform.call("GET", "/v2/core/events", version=PREVIEW)
    assert [event["cardwright"]["sequence"] for event in listed["data"][:3]] == [3, 2, 1]

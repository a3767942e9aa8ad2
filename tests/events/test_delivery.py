"""Events arrive: signed, to whom they belong, again after failures, whatever others do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import stripe
from structlog.testing import capture_logs

from cardwright.events import delivery, fan_out
from cardwright.events.deliverer import Deliverer
from cardwright.events.pacing import PLACES
from cardwright.kernel import clock
from cardwright.kernel.database import open_pool
from cardwright.kernel.logs import log
from cardwright.kernel.vault import Vault
from cardwright.roles.application import Application
from cardwright.tenancy import registry
from tests.events.steps import PREVIEW, cardholder, connected_account, destination, endpoint
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform

# The number of a process that does not live.
GONE = 77


@pytest.fixture
def fast(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries within seconds."""
    monkeypatch.setattr(application.part(Deliverer), "schedules", delivery.FAST)


async def attempts_when(platform: Platform, state: str, *, count: int = 1) -> list[dict[str, Any]]:
    """Wait until ``count`` deliveries of the platform are in the state; returns the attempts."""
    pool = platform.live.application.database.pool
    for _ in range(400):
        found = await pool.fetchval(
            "select count(*) from deliveries where account_id = $1 and state = $2",
            platform.keys.account_id,
            state,
        )
        if found >= count:
            break
        await asyncio.sleep(0.02)
    else:
        raise AssertionError(f"{found} deliveries {state}")
    rows = await pool.fetch(
        "select * from delivery_attempts where account_id = $1 order by event_id, attempt",
        platform.keys.account_id,
    )
    return [dict(row) for row in rows]


async def test_a_snapshot_arrives_signed(platform: Platform, receiver: Receiver) -> None:
    """The official SDK takes it."""
    made = await endpoint(platform, receiver.url(), "issuing_cardholder.created")
    for number in range(1, 6):
        jenny = await cardholder(platform, idempotency_key=f"key-{number}")
        await receiver.wait_for(number)
    came = receiver.at("/hook")[-1]
    event = stripe.Webhook.construct_event(came.body, came.signature, made["secret"])
    assert event.type == "issuing_cardholder.created"
    assert came.json["data"]["object"] == jenny
    assert event.api_version == "2026-10-28.endive"
    assert event.request.idempotency_key == "key-5"
    assert event.pending_webhooks == 1
    assert "account" not in came.json
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(came.body, came.signature, "whsec_another")
    await attempts_when(platform, "succeeded", count=5)


async def test_an_update_tells_what_was_before(platform: Platform, receiver: Receiver) -> None:
    await endpoint(platform, receiver.url(), "issuing_cardholder.updated")
    jenny = await cardholder(platform)
    await platform.call(
        "POST", f"/v1/issuing/cardholders/{jenny['id']}", form={"status": "inactive"}
    )
    (came,) = await receiver.wait_for()
    assert came.json["data"]["previous_attributes"] == {"status": "active"}
    assert came.json["data"]["object"]["status"] == "inactive"


async def test_only_connect_endpoints_hear_of_connected_accounts(
    platform: Platform, receiver: Receiver
) -> None:
    """Each event goes where it belongs: own events to plain endpoints, those of connected
    accounts to connect endpoints, with ``account``; an account's own endpoint hears of itself."""
    account_id = await connected_account(platform)
    other_id = await connected_account(platform)
    await endpoint(platform, receiver.url("/plain"))
    await endpoint(platform, receiver.url("/connect"), connect="true")
    await endpoint(platform, receiver.url("/account"), account=account_id)
    await cardholder(platform, account_id)
    await cardholder(platform, other_id)
    await cardholder(platform)
    connect = await receiver.wait_for(2, path="/connect")
    await receiver.wait_for(1, path="/account")
    await receiver.wait_for(1, path="/plain")
    await asyncio.sleep(0.2)
    assert {came.json["account"] for came in connect} == {account_id, other_id}
    assert len(receiver.at("/connect")) == 2
    assert ["account" in came.json for came in receiver.at("/plain")] == [False]
    assert ["account" in came.json for came in receiver.at("/account")] == [False]


async def test_a_thin_event_arrives_and_fetches_itself(
    platform: Platform, receiver: Receiver
) -> None:
    """The official parser takes it, and its own fetch finds data and changes."""
    made = await destination(
        platform,
        receiver.url(),
        "v2.core.account.updated",
        "v1.issuing_cardholder.created",
        events_from=["@accounts"],
    )
    account_id = await connected_account(platform)
    secret = made["webhook_endpoint"]["signing_secret"]
    database = platform.live.application.database
    async with registry.transaction(database, account_id) as tx:
        company = {"id": account_id, "object": "v2.core.account", "display_name": "Rocket Rides"}
        tx.emit(
            "v2.core.account.updated",
            company,
            previous={"display_name": None},
            data={"note": "kept out of the delivery"},
        )
    (came,) = await receiver.wait_for()
    assert came.json.keys() & {"data", "changes"} == set()
    notice = platform.sdk.parse_event_notification(came.body, came.signature, secret)
    assert notice.type == "v2.core.account.updated"
    assert str(notice.context) == account_id
    assert notice.related_object.url == f"/v2/core/accounts/{account_id}"
    assert notice.id.startswith("evt_test_")
    status, event = await platform.call("GET", f"/v2/core/events/{notice.id}", version=PREVIEW)
    assert status == 200
    assert event["changes"] == {
        "before": {"display_name": None},
        "after": {"display_name": "Rocket Rides"},
    }
    fetched = await asyncio.to_thread(notice.fetch_event)
    assert fetched.id == notice.id
    await cardholder(platform, account_id)
    *_, second = await receiver.wait_for(2)
    assert second.json["type"] == "v1.issuing_cardholder.created"
    assert second.json["related_object"]["type"] == "issuing.cardholder"
    assert second.json["snapshot_event"].startswith("evt_")
    assert not second.json["snapshot_event"].startswith("evt_test_")


async def test_a_snapshot_destination_gets_v1_events(
    platform: Platform, receiver: Receiver
) -> None:
    await destination(
        platform,
        receiver.url(),
        "issuing_cardholder.created",
        event_payload="snapshot",
        snapshot_api_version="2025-09-30.clover",
    )
    jenny = await cardholder(platform)
    (came,) = await receiver.wait_for()
    assert came.json["object"] == "event"
    assert came.json["api_version"] == "2025-09-30.clover"
    assert came.json["data"]["object"]["id"] == jenny["id"]


async def test_a_ping_reaches_its_destination_alone(platform: Platform, receiver: Receiver) -> None:
    made = await destination(platform, receiver.url("/asked"), "v2.core.account.created")
    await destination(platform, receiver.url("/other"), "*")
    status, event = await platform.call(
        "POST", f"/v2/core/event_destinations/{made['id']}/ping", version=PREVIEW
    )
    assert status == 200
    assert event["type"] == "v2.core.event_destination.ping"
    assert event["related_object"]["id"] == made["id"]
    (came,) = await receiver.wait_for(path="/asked")
    assert came.json["id"] == event["id"]
    await asyncio.sleep(0.1)
    assert receiver.at("/other") == []


@pytest.mark.usefixtures("fast")
async def test_failures_are_tried_again_and_signed_anew(
    platform: Platform, receiver: Receiver
) -> None:
    """Refusals and redirects are failures; every try has a signature of its own time."""
    made = await endpoint(platform, receiver.url())
    receiver.script["/hook"] = [
        Step(500),
        Step(302, headers={"Location": receiver.url("/elsewhere")}),
        Step(204),
    ]
    await cardholder(platform)
    came = await receiver.wait_for(3)
    attempts = await attempts_when(platform, "succeeded")
    assert [row["status"] for row in attempts] == [500, 302, 204]
    assert [row["next_try_ms"] is None for row in attempts] == [False, False, True]
    assert len({request.json["id"] for request in came}) == 1
    assert len({request.signature for request in came}) > 1
    for request in came:
        stripe.Webhook.construct_event(request.body, request.signature, made["secret"])
    assert receiver.at("/elsewhere") == []


@pytest.mark.usefixtures("fast")
async def test_a_receiver_that_never_answers_is_given_up(
    platform: Platform, receiver: Receiver
) -> None:
    await endpoint(platform, "http://127.0.0.1:9/nobody")
    await cardholder(platform)
    attempts = await attempts_when(platform, "failed")
    assert [row["attempt"] for row in attempts] == [1, 2, 3]
    assert all(row["status"] is None and "connection" in row["failure"] for row in attempts)
    status, listed = await platform.call("GET", "/v1/events?delivery_success=false")
    assert status == 200
    assert "issuing_cardholder.created" in [event["type"] for event in listed["data"]]


@pytest.mark.usefixtures("fast")
async def test_the_operator_is_told_once_that_a_destination_fails(
    platform: Platform, receiver: Receiver
) -> None:
    """Not at every try; again when it fails after it had worked."""
    made = await endpoint(platform, receiver.url())
    receiver.script["/hook"] = [Step(500), Step(500), Step(200), Step(404), Step(200)]
    # The first sentence of a process sets up how it is told, which would end the listening.
    log.info("listening")
    with capture_logs() as told:
        for count in (1, 2):
            await cardholder(platform)
            await attempts_when(platform, "succeeded", count=count)
    mine = [line for line in told if line.get("destination") == made["id"]]
    assert [(line["event"], line["reason"]) for line in mine] == [
        ("deliverer.failed_delivery", "status 500"),
        ("deliverer.failed_delivery", "status 404"),
    ]
    assert {line["host"] for line in mine} == {receiver.base.removeprefix("http://")}


def test_the_documented_schedules() -> None:
    """Test: three tries over hours. Live: growing waits for up to three days."""
    schedule = delivery.DOCUMENTED
    assert len(schedule.test) == 2
    assert sum(schedule.test) >= 2 * clock.HOUR_MS
    assert sorted(schedule.live) == list(schedule.live)
    assert 2 * clock.DAY_MS < sum(schedule.live) <= 3 * clock.DAY_MS


async def test_a_slow_receiver_delays_nobody_else(platform: Platform, receiver: Receiver) -> None:
    released = asyncio.Event()
    receiver.script["/slow"] = [Step(until=released) for _ in range(2 * PLACES)]
    await endpoint(platform, receiver.url("/slow"))
    await endpoint(platform, receiver.url("/quick"))
    for _ in range(PLACES + 4):
        await cardholder(platform)
    await receiver.wait_for(PLACES + 4, path="/quick")
    assert len(receiver.at("/slow")) <= PLACES
    released.set()
    await receiver.wait_for(PLACES + 4, path="/slow")


async def test_a_deleted_or_disabled_endpoint_hears_nothing(
    platform: Platform, receiver: Receiver
) -> None:
    kept = await endpoint(platform, receiver.url("/kept"))
    deleted = await endpoint(platform, receiver.url("/deleted"))
    disabled = await endpoint(platform, receiver.url("/disabled"))
    await platform.call("DELETE", f"/v1/webhook_endpoints/{deleted['id']}")
    status, body = await platform.call(
        "POST", f"/v1/webhook_endpoints/{disabled['id']}", form={"disabled": "true"}
    )
    assert (status, body["status"]) == (200, "disabled")
    assert kept["status"] == "enabled"
    await cardholder(platform)
    await receiver.wait_for(path="/kept")
    await asyncio.sleep(0.1)
    assert receiver.at("/deleted") == receiver.at("/disabled") == []


@pytest.fixture
async def second(database: dict[str, Any], vault: Vault) -> AsyncIterator[Application]:
    """Another process on the same database, as far as the database can tell."""
    pool: asyncpg.Pool[asyncpg.Record] = await open_pool(database, vault)
    built = Application(pool, vault)
    await built.start()
    yield built
    await built.stop()
    await pool.close()


async def test_two_processes_deliver_each_event_once(
    platform: Platform, receiver: Receiver, second: Application
) -> None:
    """Both write, fan out and deliver; nothing is lost and nothing comes twice."""
    await endpoint(platform, receiver.url(), "issuing_card.created")
    both = (platform.live.application.database, second.database)

    async def emit(number: int) -> None:
        async with registry.transaction(both[number % 2], platform.keys.account_id) as tx:
            tx.emit("issuing_card.created", {"id": f"ic_{number}", "object": "issuing.card"})

    await asyncio.gather(*[emit(number) for number in range(120)])
    await receiver.wait_for(120)
    await attempts_when(platform, "succeeded", count=120)
    counts = Counter(came.json["data"]["object"]["id"] for came in receiver.at("/hook"))
    assert len(counts) == 120
    assert set(counts.values()) == {1}


@pytest.mark.calendar
async def test_what_a_lost_process_had_taken_is_delivered_by_another(
    platform: Platform, receiver: Receiver, second: Application
) -> None:
    """A process takes deliveries and is gone: the next takes them over, long before its leases run
    out."""
    application = platform.live.application
    await application.part(Deliverer).stop()
    await second.part(Deliverer).stop()
    try:
        made = await endpoint(platform, receiver.url())
        for _ in range(3):
            await cardholder(platform)
        key = fan_out.Key(platform.keys.account_id, made["id"])
        while (await fan_out.fan_out(application.database)).events:
            pass
        now_ms = clock.machine_ms()
        lease = delivery.Lease(GONE, now_ms, now_ms + 300_000)
        taken = await delivery.claim(application.database, key, 2, lease)
        assert len(taken) == 2
        assert len(await delivery.claim(application.database, key, 5, lease)) == 1
    finally:
        await application.part(Deliverer).start()
    await receiver.wait_for(3)
    await attempts_when(platform, "succeeded", count=3)
    # The lost process comes back late with a failure: the delivery stays done.
    late = delivery.DeliveryOutcome(clock.machine_ms(), 1, 500, None)
    await delivery.record(application.database, taken[0], late, (1,), clock.machine_ms())
    await attempts_when(platform, "succeeded", count=3)

"""Alerts on the real-time webhook fire when its answers fail, and resolve when they come again."""

import asyncio
from typing import Any

import pytest

from cardwright.authorizations.real_time.request_health import (
    FAILURES_MIN,
    WINDOW_MINUTES,
    AnswerOutcome,
    Counted,
    Kind,
    RequestHealth,
    impact,
)
from cardwright.kernel import clock
from tests.events.steps import destination
from tests.support.receiver import Receiver
from tests.support.server import Platform

HEALTH = "v2.core.health.issuing_authorization_request"
NAMES = [
    f"{HEALTH}_{kind}.{state}" for kind in ("errors", "timeout") for state in ("firing", "resolved")
]


@pytest.mark.parametrize(
    ("answered", "failed", "alarming"),
    [(0, 0, False), (0, 4, False), (0, 5, True), (45, 5, True), (46, 5, False), (900, 100, True)],
)
def test_when_an_alert_fires(answered: int, failed: int, alarming: bool) -> None:
    counted = [
        Counted("acct_1", "answered", True, answered),
        Counted("acct_1", "timeout", False, failed),
    ]
    assert impact(counted, "timeout").alarming is alarming
    assert not impact(counted, "errors").alarming


@pytest.mark.calendar
@pytest.mark.parametrize(("outcome", "approved"), [("errors", False), ("timeout", True)])
async def test_an_alert_fires_once_and_resolves(
    platform: Platform, receiver: Receiver, outcome: AnswerOutcome, approved: bool
) -> None:
    """With its impact; the events are the platform's own."""
    kind: Kind = "errors" if outcome == "errors" else "timeout"
    made = await destination(platform, receiver.url(), *NAMES)
    health: RequestHealth = platform.live.application.part(RequestHealth)
    for _ in range(FAILURES_MIN):
        health.note(platform.keys.account_id, outcome, approved=approved)
    (firing,) = await receiver.wait_for()
    assert firing.json["type"] == f"{HEALTH}_{kind}.firing"
    secret = made["webhook_endpoint"]["signing_secret"]
    notice = platform.sdk.parse_event_notification(firing.body, firing.signature, secret)
    event: Any = await asyncio.to_thread(notice.fetch_event)
    wanted = "approved_impacted_requests" if approved else "declined_impacted_requests"
    assert event.data.impact[wanted] == FAILURES_MIN
    assert event.data.grouping_key == kind
    async with platform.live.application.database.connection() as connection:
        later_ms = clock.machine_ms() + (WINDOW_MINUTES + 1) * clock.MINUTE_MS
        await health.look(connection, clock.machine_ms())
        await health.look(connection, later_ms)
        await health.look(connection, later_ms)
    _, resolved = await receiver.wait_for(2)
    assert resolved.json["type"] == f"{HEALTH}_{kind}.resolved"
    notice = platform.sdk.parse_event_notification(resolved.body, resolved.signature, secret)
    ended: Any = await asyncio.to_thread(notice.fetch_event)
    assert ended.data.alert_id == event.data.alert_id
    assert ended.data.started_at == event.data.started_at
    await asyncio.sleep(0.2)
    assert len(receiver.at("/hook")) == 2

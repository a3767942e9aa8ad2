"""Alerts on the real-time webhook: too many of a platform's answers fail, or do not come.

Each process counts in memory and adds to the database every few seconds; a crash loses at most
those seconds. Counting and alerts follow machine time, as the questions do.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.loop import Loop
from cardwright.kernel.queries import load
from cardwright.tenancy import registry
from cardwright.wire.versions import Body

QUERIES = load(__file__, "request_health.sql")

AnswerOutcome = Literal["answered", "errors", "timeout"]
Kind = Literal["errors", "timeout"]
KINDS: tuple[Kind, ...] = ("errors", "timeout")
FIRING = {
    "errors": "v2.core.health.issuing_authorization_request_errors.firing",
    "timeout": "v2.core.health.issuing_authorization_request_timeout.firing",
}
RESOLVED = {
    "errors": "v2.core.health.issuing_authorization_request_errors.resolved",
    "timeout": "v2.core.health.issuing_authorization_request_timeout.resolved",
}
WORDS = {"errors": "could not be used", "timeout": "did not come in time"}

WINDOW_MINUTES = 5
# An alert fires at so many failures in the window, when they are at least that share of all.
FAILURES_MIN = 5
SHARE_PERCENT = 10
REST_SECONDS = 2.0


class Counted(msgspec.Struct, frozen=True):
    """What was counted of a platform in the window."""

    account_id: str
    outcome: str
    approved: bool
    count: int


class Alert(msgspec.Struct, frozen=True):
    """An alert that is firing."""

    account_id: str
    kind: Kind
    alert_id: str
    started_ms: int


class Impact(NamedTuple):
    """How many questions there were, and how many of those that failed were approved and declined
    without an answer."""

    asked: int = 0
    approved: int = 0
    declined: int = 0

    @property
    def alarming(self) -> bool:
        """Whether an alert fires."""
        failures = self.approved + self.declined
        return failures >= FAILURES_MIN and failures * 100 >= self.asked * SHARE_PERCENT


_ADD = QUERIES.run("add_request_counts")
_COUNTED = QUERIES.many("requests_counted", Counted)
_DROP = QUERIES.run("drop_request_counts")
_ALERTS = QUERIES.many("alerts_firing", Alert)
_FIRE = QUERIES.one("fire_alert", Alert)
_RESOLVE = QUERIES.one("resolve_alert", Alert)


def impact(counted: Iterable[Counted], kind: Kind) -> Impact:
    """What a kind of failure came to among one platform's counts."""
    found = list(counted)
    return Impact(
        sum(one.count for one in found),
        sum(one.count for one in found if one.outcome == kind and one.approved),
        sum(one.count for one in found if one.outcome == kind and not one.approved),
    )


class RequestHealth(Loop):
    """The loop that counts and alerts."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self._counts: Counter[tuple[str, int, AnswerOutcome, bool]] = Counter()

    def note(self, platform_id: str, outcome: AnswerOutcome, *, approved: bool) -> None:
        """A question was closed."""
        minute = clock.machine_ms() // clock.MINUTE_MS
        self._counts[platform_id, minute, outcome, approved] += 1

    async def work(self) -> float:
        """Add what was counted, then see to every platform's alerts."""
        now_ms = clock.machine_ms()
        async with self.database.connection() as connection:
            await self._add(connection)
            await self.look(connection, now_ms)
        return REST_SECONDS

    async def _add(self, connection: Connection) -> None:
        counts, self._counts = self._counts, Counter()
        for platform_id in sorted({key[0] for key in counts}):
            mine = [(key, count) for key, count in counts.items() if key[0] == platform_id]
            await _ADD(
                connection,
                account_id=platform_id,
                minutes=[key[1] for key, _ in mine],
                outcomes=[key[2] for key, _ in mine],
                approved=[key[3] for key, _ in mine],
                counts=[count for _, count in mine],
            )

    async def look(self, connection: Connection, now_ms: int) -> None:
        """Fire and resolve what there is to at an instant."""
        minute = now_ms // clock.MINUTE_MS - WINDOW_MINUTES
        firing = {(alert.account_id, alert.kind) for alert in await _ALERTS(connection)}
        counted = await _COUNTED(connection, minute=minute)
        platforms = {one.account_id for one in counted} | {name for name, _ in firing}
        for platform_id in sorted(platforms):
            mine = [one for one in counted if one.account_id == platform_id]
            for kind in KINDS:
                found = impact(mine, kind)
                if found.alarming != ((platform_id, kind) in firing):
                    await self._change(platform_id, kind, found, now_ms)
        await _DROP(connection, minute=minute)

    async def _change(self, platform_id: str, kind: Kind, found: Impact, now_ms: int) -> None:
        """Begin or end an alert, with its event, unless another process did."""
        async with registry.transaction(self.database, platform_id) as tx:
            if found.alarming:
                alert = await _FIRE(
                    tx.connection,
                    account_id=platform_id,
                    kind=kind,
                    alert_id=ids.new_id("alrt_"),
                    started_ms=now_ms,
                )
            else:
                alert = await _RESOLVE(tx.connection, account_id=platform_id, kind=kind)
            if alert is not None:
                event_type = FIRING[kind] if found.alarming else RESOLVED[kind]
                data = _event_data(alert, found, None if found.alarming else now_ms)
                tx.emit(event_type, {"id": alert.alert_id}, data=data)


def _event_data(alert: Alert, found: Impact, resolved_ms: int | None) -> Body:
    """The data of an alert's event."""
    failures = found.approved + found.declined
    data: Body = {
        "alert_id": alert.alert_id,
        "grouping_key": alert.kind,
        "impact": {
            "approved_impacted_requests": found.approved,
            "declined_impacted_requests": found.declined,
        },
        "started_at": clock.rfc3339(alert.started_ms),
        "summary": (
            f"{failures} of {found.asked} answers of the real-time webhook {WORDS[alert.kind]} "
            f"within {WINDOW_MINUTES} minutes."
        ),
    }
    if resolved_ms is not None:
        data["resolved_at"] = clock.rfc3339(resolved_ms)
    return data

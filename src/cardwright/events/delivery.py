"""Delivering events: take what is due under a lease, post it signed, note what came of it.

At least once: a process that ends while it posts leaves its lease to run out, and another takes
the delivery again. Success is an answer of 2xx; everything else is tried again by the schedule.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

import msgspec

from cardwright.events import bodies, destinations, log, rules, signing
from cardwright.events.fan_out import Key
from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.outbound import Outbound, UnreachableError
from cardwright.kernel.queries import load
from cardwright.tenancy import platforms, registry
from cardwright.tenancy.clocks import ClockName
from cardwright.wire.versions import Version, parse_version

QUERIES = load(__file__)

TIMEOUT_SECONDS = 20.0
LEASE_MS = 30 * clock.SECOND_MS
CONTENT_TYPE = "application/json; charset=utf-8"
# What is kept of an answer, for whoever looks for the reason of a failure.
ANSWER_KEPT = 4096
HEADERS_KEPT = 40
HEADER_KEPT = 500
FAILURE_MAX = 500


class Schedules(NamedTuple):
    """Waiting times in milliseconds after the first, second ... failed try."""

    test: tuple[int, ...]
    live: tuple[int, ...]


def exponential(first_ms: int, most_ms: int, span_ms: int) -> tuple[int, ...]:
    """Doubling waits, none longer than ``most_ms``, that together stay within ``span_ms``."""
    waits = [min(first_ms << step, most_ms) for step in range(64)]
    within = takewhile(lambda pair: pair[1] <= span_ms, zip(waits, accumulate(waits), strict=True))
    return tuple(wait for wait, _ in within)


# Test: three tries over hours. Live: for three days.
DOCUMENTED = Schedules(
    test=(10 * clock.MINUTE_MS, 2 * clock.HOUR_MS),
    live=exponential(clock.MINUTE_MS, 12 * clock.HOUR_MS, 3 * clock.DAY_MS),
)
# As many tries as in test, within seconds.
FAST = Schedules(test=(200, 1000), live=(200, 1000))
SCHEDULES = {"documented": DOCUMENTED, "fast": FAST}


class Claimed(msgspec.Struct, frozen=True):
    """A delivery that this process has taken."""

    event_account_id: str
    event_id: str
    attempts: int
    counted_from: int
    sent_again: int


class Parcel(msgspec.Struct, frozen=True):
    """Everything needed to post one delivery, read before it is posted."""

    key: Key
    claimed: Claimed
    lease_until_ms: int
    url: str
    livemode: bool
    platform_id: str
    event_type: str
    body: bytes
    secrets: list[str]
    api_version: str | None
    pending_webhooks: int


class DeliveryOutcome(msgspec.Struct, frozen=True):
    """What came of a try: the signature it carried, the answer's headers as JSON and the beginning
    of its body, or why there was no answer."""

    started_ms: int
    duration_ms: int
    status: int | None
    failure: str | None
    signature: str | None = None
    answer_headers: str | None = None
    answer_body: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


_DUE = QUERIES.many("destinations_due", Key)
_UNDELIVERED = QUERIES.value("undelivered_on_clock", bool)
_CLAIM = QUERIES.many("claim_deliveries", Claimed)
_CANCEL = QUERIES.run("cancel_deliveries")
_RECORD = QUERIES.run("record_attempt")


async def destinations_due(connection: Connection, now_ms: int) -> set[Key]:
    """Destinations with deliveries that may be taken at an instant."""
    return set(await _DUE(connection, now_ms=now_ms))


async def undelivered_on_clock(connection: Connection, name: ClockName) -> bool:
    """Whether a destination was not yet sent an event of the accounts on a clock."""
    return bool(await _UNDELIVERED(connection, platform_id=name.account_id, clock_id=name.id))


class Lease(NamedTuple):
    """Who takes deliveries, when, and until when nobody else does."""

    taken_by: int
    now_ms: int
    until_ms: int


async def claim(database: Database, key: Key, limit: int, lease: Lease) -> list[Parcel]:
    """Take up to ``limit`` deliveries of a destination and pack them."""
    async with database.connection() as connection:
        taken = await _CLAIM(
            connection,
            account_id=key.account_id,
            destination_id=key.id,
            now_ms=lease.now_ms,
            lease_until_ms=lease.until_ms,
            taken_by=lease.taken_by,
            limit=limit,
        )
        if not taken:
            return []
        listener = next(
            (
                found
                for found in await destinations.listeners(connection, [key.account_id])
                if found.id == key.id and found.enabled
            ),
            None,
        )
        if listener is None:
            await _CANCEL(connection, account_id=key.account_id, destination_id=key.id)
            return []
        return await _pack(database, connection, listener, taken, lease)


async def _pack(
    database: Database,
    connection: Connection,
    listener: rules.Listener,
    taken: list[Claimed],
    lease: Lease,
) -> list[Parcel]:
    owner = await registry.find_tenant(connection, listener.account_id)
    signed_with = await destinations.signing_secrets(
        connection, database.vault, listener, now_ms=lease.now_ms
    )
    if owner is None or not signed_with:
        # The destination, or its whole environment, was removed since the deliveries were taken.
        return []
    version = await _version(connection, listener, owner.platform_id)
    pending = await log.pending(
        connection, [listener.account_id], [delivery.event_id for delivery in taken]
    )
    parcels = []
    for account_id in sorted({delivery.event_account_id for delivery in taken}):
        deliveries = [each for each in taken if each.event_account_id == account_id]
        events = await log.by_id(connection, account_id, [each.event_id for each in deliveries])
        for delivery in deliveries:
            event = events.get(delivery.event_id)
            # Without its event (it is older than thirty days) the lease runs out until the
            # delivery is removed too.
            if event is None:
                continue
            count = pending.get(event.id, 1)
            body = bodies.delivered(
                event,
                listener.account_id,
                version=version,
                livemode=owner.livemode,
                pending_webhooks=count,
            )
            parcels.append(
                Parcel(
                    key=Key(listener.account_id, listener.id),
                    claimed=delivery,
                    lease_until_ms=lease.until_ms,
                    url=listener.url,
                    livemode=owner.livemode,
                    platform_id=owner.platform_id,
                    event_type=event.type,
                    body=body,
                    secrets=signed_with,
                    api_version=None if version is None else version.text,
                    pending_webhooks=count,
                )
            )
    return parcels


async def _version(
    connection: Connection, listener: rules.Listener, platform_id: str
) -> Version | None:
    """The version snapshots are rendered in: the listener's, or the platform's own; None where
    events are thin."""
    if listener.thin:
        return None
    if listener.api_version is not None:
        return parse_version(listener.api_version)
    pinned, _settings = await platforms.settings_of(connection, platform_id)
    return parse_version(pinned)


async def post(outbound: Outbound, parcel: Parcel, started_ms: int) -> DeliveryOutcome:
    """One try, signed anew."""
    signature = signing.header(parcel.body, parcel.secrets, started_ms // 1000)
    headers = {"Content-Type": CONTENT_TYPE, signing.HEADER: signature}
    try:
        reply = await outbound.post(
            parcel.url,
            parcel.body,
            headers,
            livemode=parcel.livemode,
            timeout_seconds=TIMEOUT_SECONDS,
        )
    except UnreachableError as error:
        reason = _storable(str(error))[:FAILURE_MAX]
        return DeliveryOutcome(started_ms, error.duration_ms, None, reason, signature)
    return DeliveryOutcome(
        started_ms,
        reply.duration_ms,
        reply.status,
        None,
        signature,
        _headers(reply.headers),
        _storable(reply.body[:ANSWER_KEPT].decode(errors="replace")),
    )


def _headers(headers: Mapping[str, str]) -> str:
    """An answer's headers as JSON, long ones cut."""
    kept = list(headers.items())[:HEADERS_KEPT]
    return msgspec.json.encode(
        {_storable(name)[:HEADER_KEPT]: _storable(value)[:HEADER_KEPT] for name, value in kept}
    ).decode()


def _storable(text: str) -> str:
    """A receiver's text without what PostgreSQL cannot keep."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


async def record(
    database: Database,
    parcel: Parcel,
    outcome: DeliveryOutcome,
    schedule: Sequence[int],
    now_ms: int,
) -> None:
    """Note a try: done, to be tried again by the schedule, or given up."""
    tried = parcel.claimed.attempts + 1
    state, next_try_ms = "succeeded", None
    if not outcome.accepted:
        counted = tried - parcel.claimed.counted_from
        again = counted <= len(schedule)
        state = "pending" if again else "failed"
        next_try_ms = now_ms + schedule[counted - 1] if again else None
    async with database.connection() as connection:
        await _RECORD(
            connection,
            account_id=parcel.key.account_id,
            event_id=parcel.claimed.event_id,
            destination_id=parcel.key.id,
            attempt=tried,
            started_ms=outcome.started_ms,
            duration_ms=outcome.duration_ms,
            status=outcome.status,
            failure=outcome.failure,
            next_try_ms=next_try_ms,
            state=state,
            lease_until_ms=parcel.lease_until_ms,
            sent_again=parcel.claimed.sent_again,
            url=parcel.url,
            signature=outcome.signature,
            api_version=parcel.api_version,
            pending_webhooks=parcel.pending_webhooks,
            answer_headers=outcome.answer_headers,
            answer_body=outcome.answer_body,
        )

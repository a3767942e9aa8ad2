"""Listening sessions: destinations that events are pushed to while a command line is connected.

To fan-out a session is a destination like any other. The deliverer leaves it alone: the process
that holds the connection takes what is to be pushed, and notes what came of it. Nothing is pushed a
second time after it was answered.
"""

from typing import NamedTuple

import msgspec

from cardwright.events.model import ALL
from cardwright.events.rules import ACCOUNTS, SELF, Listener
from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__, "listening.sql")

PREFIX = "lis_"
# How long a session counts as present after it was last heard of: longer than the moment in which
# a command line opens its connection anew.
PRESENT_MS = 15 * clock.SECOND_MS
# A fan-out that still saw the session has ended by now.
FORGOTTEN_MS = 2 * clock.MINUTE_MS
LEASE_MS = 60 * clock.SECOND_MS


class Wish(msgspec.Struct, frozen=True):
    """What one row of a session wants: the thin face of events or snapshots, of which types
    (``*``: all), and whether it passes them on to somebody who answers."""

    id: str
    thin: bool = False
    names: list[str] = msgspec.field(default_factory=lambda: [ALL])
    forwards: bool = False


class StoredSession(msgspec.Struct, frozen=True):
    """A row of ``listening_sessions``."""

    account_id: str
    id: str
    body: str


class Push(msgspec.Struct, frozen=True):
    """A delivery that was taken to be pushed."""

    event_account_id: str
    event_id: str
    attempts: int


class Pushed(NamedTuple):
    """What came of a push; an answer may be missing, for a session may only look on."""

    account_id: str
    session_id: str
    push: Push
    started_ms: int
    duration_ms: int
    signature: str
    api_version: str | None
    pending_webhooks: int
    url: str | None = None
    status: int | None = None
    answer_headers: str | None = None
    answer_body: str | None = None


_BE = QUERIES.run("be_listening")
_SESSIONS = QUERIES.many("sessions_of", StoredSession)
_CLAIM = QUERIES.many("claim_pushes", Push)
_GIVE_BACK = QUERIES.run("give_back_push")
_RECORD = QUERIES.run("record_push")
_FORGET = QUERIES.run("forget_lapsed_sessions")


def is_session(destination_id: str) -> bool:
    """Whether a destination is pushed to."""
    return destination_id.startswith(PREFIX)


async def be_present(
    connection: Connection, account_id: str, wishes: list[Wish], until_ms: int
) -> None:
    """Note that a session listens until an instant."""
    await _BE(
        connection,
        account_id=account_id,
        ids=[wish.id for wish in wishes],
        bodies=[msgspec.json.encode(wish).decode() for wish in wishes],
        until_ms=until_ms,
    )


async def listeners(connection: Connection, owners: list[str], now_ms: int) -> list[Listener]:
    """The sessions that listen for the accounts, as delivery sees destinations."""
    return [
        _listener(row.account_id, msgspec.json.decode(row.body, type=Wish))
        for row in await _SESSIONS(connection, owners=owners, now_ms=now_ms)
    ]


def _listener(account_id: str, wish: Wish) -> Listener:
    return Listener(
        account_id=account_id,
        id=wish.id,
        url="",
        names=frozenset(wish.names),
        hears=frozenset((SELF, ACCOUNTS)),
        thin=wish.thin,
        api_version=None,
        enabled=True,
    )


async def claim(
    connection: Connection, account_id: str, session_id: str, *, now_ms: int, limit: int
) -> list[Push]:
    """Take what is to be pushed to a session, oldest event first."""
    taken = await _CLAIM(
        connection,
        account_id=account_id,
        destination_id=session_id,
        now_ms=now_ms,
        lease_until_ms=now_ms + LEASE_MS,
        limit=limit,
    )
    return sorted(taken, key=lambda push: push.event_id)


async def give_back(
    connection: Connection, account_id: str, session_id: str, event_id: str
) -> None:
    """Let an event that was not received be pushed again, at once."""
    await _GIVE_BACK(
        connection,
        account_id=account_id,
        destination_id=session_id,
        event_id=event_id,
        now_ms=clock.machine_ms(),
    )


async def record(connection: Connection, pushed: Pushed) -> None:
    """Note what came of a push: it is done, or it failed when the answer is no 2xx."""
    failed = pushed.status is not None and not 200 <= pushed.status < 300
    await _RECORD(
        connection,
        account_id=pushed.account_id,
        event_id=pushed.push.event_id,
        destination_id=pushed.session_id,
        attempt=pushed.push.attempts + 1,
        started_ms=pushed.started_ms,
        duration_ms=pushed.duration_ms,
        status=pushed.status,
        failure=None if pushed.status is not None else "taken, and not answered",
        url=pushed.url,
        signature=pushed.signature,
        api_version=pushed.api_version,
        pending_webhooks=pushed.pending_webhooks,
        answer_headers=pushed.answer_headers,
        answer_body=pushed.answer_body,
        state="failed" if failed else "succeeded",
    )


async def forget_lapsed(connection: Connection) -> int:
    """Forget sessions that ended; the answer is how many pushes became needless."""
    return await _FORGET(connection, before_ms=clock.machine_ms() - FORGOTTEN_MS)

"""Requests as they are answered, pushed to a session of ``logs tail``.

Ids sort by the instant a request came, and a slow one is logged late: each look goes back a little
and leaves out what was pushed already.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Database
from cardwright.kernel.vault import Vault
from cardwright.local_development import frames
from cardwright.local_development.sessions import Session
from cardwright.request_log import reading
from cardwright.request_log.reading import Filter, Logged

REST_SECONDS = 0.2
BACK_MS = 30 * clock.SECOND_MS
AT_ONCE = 1000
PREFIX = "req_"


class Tail:
    """The tail of one platform's log."""

    def __init__(
        self, database: Database, session: Session, send: Callable[[str], Awaitable[None]]
    ) -> None:
        self._database = database
        self._session = session
        self._send = send
        self._began = ids.first_id(PREFIX, clock.machine_ms())
        self._seen: set[str] = set()

    async def run(self) -> None:
        """Push until it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(REST_SECONDS)

    async def look(self) -> None:
        """Push what is new."""
        session, wanted = self._session, self._session.requests
        assert wanted is not None, "the session wants requests"
        back = max(self._began, ids.first_id(PREFIX, clock.machine_ms() - BACK_MS))
        async with self._database.connection() as connection:
            found = await reading.newest(
                connection, session.platform_id, Filter(), after=back, limit=AT_ONCE
            )
        fresh = [logged for logged in reversed(found) if logged.id not in self._seen]
        self._seen = {logged.id for logged in found}
        for logged in fresh:
            if session.account_id in (session.platform_id, logged.acting_id) and wanted.fits(
                logged, session.platform_id
            ):
                payload = _payload(self._database.vault, session, logged)
                await self._send(frames.request_log(logged.id, payload))


def _payload(vault: Vault, session: Session, logged: Logged) -> dict[str, Any]:
    """A request in the words of the official command line, with ours beside them."""
    shown = reading.shown(vault, session.platform_id, logged, livemode=session.livemode)
    error = shown["error"] or {}
    return {
        "created_at": shown["created"],
        "livemode": shown["livemode"],
        "method": shown["method"],
        "request_id": shown["id"],
        "status": shown["status"],
        "url": shown["path"],
        "error": {name: error.get(name) or "" for name in ("type", "code", "message", "param")},
        "account": shown["account"],
        "duration_ms": shown["duration_ms"],
    }

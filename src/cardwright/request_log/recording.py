"""Writing the log beside the calls: nobody waits for it.

The pipe hands every answered request over; they are written in batches a moment later. A process
that ends abruptly loses that moment, and when requests come faster than they can be written the
oldest unwritten ones are dropped, which the operator is told.
"""

from collections import deque
from typing import Any

import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.kernel.queries import load
from cardwright.kernel.vault import Vault
from cardwright.wire.auth import Actor
from cardwright.wire.operation import Answered
from cardwright.wire.resource import Sealed, Upload

QUERIES = load(__file__)
_INSERT = QUERIES.run("insert_requests")
_PURGE = QUERIES.run("purge_requests")

KEPT_MS = 7 * clock.DAY_MS
REST_SECONDS = 0.1
AT_ONCE = 500
WAITING_MAX = 20_000
PATH_MAX, PARAMETERS_MAX = 500, 16 * 1024
HIDDEN = "(hidden)"


class Recorder(Loop):
    """The loop that writes the log."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._waiting: deque[Answered] = deque()
        self._dropped = 0

    @property
    def waiting(self) -> int:
        """How many requests are still to be written."""
        return len(self._waiting)

    def note(self, answered: Answered) -> None:
        """Log a request soon; one whose caller is unknown belongs to nobody."""
        if answered.request.actor is None:
            return
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.popleft()
            self._dropped += 1
        self._waiting.append(answered)

    async def stop(self) -> None:
        """Write what waits, and end."""
        await super().stop()
        while self._waiting:
            await self.write()

    async def work(self) -> float:
        """Write what waits."""
        if self._dropped:
            log.warning("request_log.dropped", requests=self._dropped)
            self._dropped = 0
        if self._waiting:
            await self.write()
        return 0.0 if len(self._waiting) >= AT_ONCE else REST_SECONDS

    async def write(self) -> None:
        """Write one batch."""
        batch = [self._waiting[at] for at in range(min(AT_ONCE, len(self._waiting)))]
        try:
            async with self._database.connection() as connection:
                await _insert(connection, self._database.vault, batch)
        except Exception as error:
            if passing(error):
                raise
            # What cannot be written now can never be: the rest of the log matters more.
            log.exception("request_log.failed", requests=len(batch))
        for _ in batch:
            self._waiting.popleft()


async def _insert(connection: Connection, vault: Vault, batch: list[Answered]) -> None:
    rows = [_row(vault, answered) for answered in batch]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    names = (
        *("account_ids", "ids", "acting_ids", "created_ms", "durations", "methods", "paths"),
        *("statuses", "api_versions", "keys", "idempotency_keys", "client_ips", "details"),
    )
    await _INSERT(connection, **dict(zip(names, columns, strict=True)))


def _row(vault: Vault, answered: Answered) -> tuple[Any, ...]:
    request, actor = answered.request, answered.request.actor
    assert isinstance(actor, Actor), "only requests of known callers are noted"
    call = answered.call
    detail = msgspec.json.encode({"parameters": _parameters(answered), "error": _error(answered)})
    return (
        actor.platform_id,
        answered.request_id,
        actor.account_id,
        answered.started_ms,
        answered.duration_ms,
        request.method,
        _storable(request.path)[:PATH_MAX],
        answered.status,
        None if call is None else call.version.text,
        actor.key_mask,
        _optional(request.header("idempotency-key")),
        request.client_ip,
        vault.seal(detail, context(actor.platform_id, answered.request_id)),
    )


def context(account_id: str, request_id: str) -> str:
    """What the sealed part of a row is bound to."""
    return f"{account_id}/{request_id}/request"


def _optional(text: str | None) -> str | None:
    return None if text is None else _storable(text)[:PATH_MAX]


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


def _parameters(answered: Answered) -> Any:
    """What was asked. Of a call that was not understood only the names are kept: nobody knows
    which of its values are secret."""
    if answered.call is None:
        tree: Any = _hidden(answered.request.parameters or {})
    else:
        tree = answered.call.given.tree
    encoded = msgspec.json.encode(tree, enc_hook=_masked)
    if len(encoded) > PARAMETERS_MAX:
        return {"_cardwright": f"{len(encoded)} bytes, too many to keep"}
    return msgspec.Raw(encoded)


def _hidden(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(name): _hidden(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_hidden(value) for value in tree]
    return HIDDEN


def _masked(value: Any) -> Any:
    if isinstance(value, Sealed):
        return HIDDEN
    if isinstance(value, Upload):
        return {"filename": value.filename, "size": value.size}
    return repr(value)


def _error(answered: Answered) -> Any:
    if answered.refusal is None:
        return None
    return msgspec.json.decode(answered.refusal)["error"]


async def purge(connection: Connection) -> int:
    """Remove requests older than seven days; returns how many."""
    oldest = ids.first_id("req_", clock.machine_ms() - KEPT_MS)
    return await _PURGE(connection, oldest=oldest)

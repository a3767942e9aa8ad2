"""Reading the log: one request, or those that fit."""

from typing import Any

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.kernel.vault import Vault
from cardwright.request_log.recording import context
from cardwright.wire.versions import Body

QUERIES = load(__file__)


class Logged(msgspec.Struct, frozen=True):
    """A request as it was logged."""

    id: str
    acting_id: str
    created_ms: int
    duration_ms: int
    method: str
    path: str
    status: int
    api_version: str | None
    key: str
    idempotency_key: str | None
    client_ip: str | None
    detail: bytes


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests: by method, by path (with everything below it), by a range of statuses, by the
    account that was acted on, by who called."""

    methods: list[str] | None = None
    path: str | None = None
    status_low: int = 0
    status_high: int = 999
    acting_id: str | None = None
    client_ip: str | None = None


_GET = QUERIES.one("get_request", Logged)
_LIST = QUERIES.many("list_requests", Logged)
_FORWARDS = QUERIES.many("list_requests_forwards", Logged)


async def find(connection: Connection, platform_id: str, request_id: str) -> Logged | None:
    """A request of a platform."""
    return await _GET(connection, account_id=platform_id, id=request_id)


async def newest(
    connection: Connection,
    platform_id: str,
    wanted: Filter,
    *,
    before: str | None = None,
    after: str | None = None,
    limit: int,
) -> list[Logged]:
    """Requests of a platform that fit, newest first, between two ids."""
    return await _LIST(
        connection,
        account_id=platform_id,
        before=before,
        after=after,
        limit=limit,
        **msgspec.structs.asdict(wanted),
    )


async def following(
    connection: Connection, platform_id: str, wanted: Filter, *, after: str, limit: int
) -> list[Logged]:
    """Requests of a platform that fit, oldest first, after an id."""
    return await _FORWARDS(
        connection,
        account_id=platform_id,
        after=after,
        limit=limit,
        **msgspec.structs.asdict(wanted),
    )


def shown(vault: Vault, platform_id: str, logged: Logged, *, livemode: bool) -> Body:
    """A request as a resource."""
    detail: dict[str, Any] = msgspec.json.decode(
        vault.unseal(logged.detail, context(platform_id, logged.id))
    )
    return {
        "id": logged.id,
        "object": "request_log",
        "account": logged.acting_id,
        "api_version": logged.api_version,
        "client_ip": logged.client_ip,
        "created": logged.created_ms // clock.SECOND_MS,
        "duration_ms": logged.duration_ms,
        "error": detail["error"],
        "idempotency_key": logged.idempotency_key,
        "key": logged.key,
        "livemode": livemode,
        "method": logged.method,
        "parameters": detail["parameters"],
        "path": logged.path,
        "status": logged.status,
    }

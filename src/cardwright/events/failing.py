"""Destinations that accept nothing for days: their owners are told, then they are disabled.

A destination fails from its first failed try after its last success. Only tries count: one that
nothing is sent to stays as it is.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from cardwright.events import destinations, rules
from cardwright.events.model import EventDestination, WebhookEndpoint
from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Database, Tx
from cardwright.kernel.logs import log
from cardwright.kernel.queries import load
from cardwright.tenancy import registry
from cardwright.wire import rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

QUERIES = load(__file__)

PATH = "/_cardwright/failing_destinations"
NOTICE_MS = clock.DAY_MS
DISABLE_MS = 5 * clock.DAY_MS
AT_ONCE = 50


class Failing(msgspec.Struct, frozen=True):
    """A destination that fails, all times machine time."""

    account_id: str
    destination_id: str
    since_ms: int
    latest_ms: int
    noticed_ms: int | None
    disabled_ms: int | None


class Name(msgspec.Struct, frozen=True):
    """A destination's id alone."""

    destination_id: str


_TO_NOTICE = QUERIES.many("destinations_to_notice", Failing)
_TO_DISABLE = QUERIES.many("destinations_to_disable", Failing)
_OF = QUERIES.many("failing_of", Failing)
_NOTICED = QUERIES.one("note_notice", Name)
_DISABLED = QUERIES.one("note_disabling", Name)


async def look(database: Database, connection: Connection, now_ms: int) -> None:
    """Give the notices that are due, then disable what went on failing after its notice."""
    for found in await _TO_NOTICE(connection, after_ms=NOTICE_MS, limit=AT_ONCE):
        noticed = await _NOTICED(
            connection,
            account_id=found.account_id,
            destination_id=found.destination_id,
            now_ms=now_ms,
        )
        if noticed is not None:
            await _tell(connection, found, "webhooks.failing")
    for found in await _TO_DISABLE(connection, after_ms=DISABLE_MS, limit=AT_ONCE):
        async with registry.transaction(database, found.account_id) as tx:
            # Before the deliveries are locked, as whoever notes a failed try does.
            disabled = await _DISABLED(
                tx.connection,
                account_id=found.account_id,
                destination_id=found.destination_id,
                now_ms=now_ms,
            )
            if disabled is None or not await destinations.disable_failing(tx, found.destination_id):
                continue
        await _tell(connection, found, "webhooks.disabled")


async def _tell(connection: Connection, found: Failing, notice: str) -> None:
    """Tell the operator; the owner reads it in the list and in the destination's status."""
    listeners = await destinations.listeners(connection, [found.account_id])
    url = next((one.url for one in listeners if one.id == found.destination_id), "")
    log.warning(
        notice,
        account=found.account_id,
        destination=found.destination_id,
        host=urlsplit(url).netloc.rpartition("@")[2],
        since=clock.rfc3339(found.since_ms),
    )


async def of_account(tx: Tx) -> list[Body]:
    """The acting account's destinations that fail or were disabled for it, longest first."""
    shown = []
    for found in await _OF(tx.connection, account_id=tx.account_id):
        destination = await _find(tx, found.destination_id)
        if destination is not None:
            shown.append(_shown(found, destination))
    return shown


async def _find(tx: Tx, destination_id: str) -> WebhookEndpoint | EventDestination | None:
    if destination_id.startswith(WebhookEndpoint.prefix):
        return await rows.find(tx.connection, WebhookEndpoint, tx.account_id, destination_id)
    return await rows.find(tx.connection, EventDestination, tx.account_id, destination_id)


def _shown(found: Failing, destination: WebhookEndpoint | EventDestination) -> Body:
    listener = rules.listener_of(found.account_id, destination)
    return {
        "object": "failing_destination",
        "destination": found.destination_id,
        "disabled_at": _seconds(found.disabled_ms),
        "failing_since": _seconds(found.since_ms),
        "last_failure": _seconds(found.latest_ms),
        "noticed_at": _seconds(found.noticed_ms),
        "status": destination.status,
        "url": listener.url,
    }


def _seconds(instant_ms: int | None) -> int | None:
    return None if instant_ms is None else instant_ms // clock.SECOND_MS


async def list_failing(tx: Tx, _call: Call[Any]) -> Body:
    """List the account's destinations that accept nothing."""
    return {"object": "list", "data": await of_account(tx), "has_more": False, "url": PATH}


OPERATIONS = (Operation(method="GET", path=PATH, handler=list_failing),)

"""Events are kept thirty days of machine time, which their ids carry; deliveries as long."""

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.tenancy import secrets

QUERIES = load(__file__)
_PURGE = QUERIES.run("purge_events")

KEPT_MS = 30 * clock.DAY_MS


async def purge(connection: Connection, *, now_ms: int | None = None) -> int:
    """Remove events, deliveries and attempts older than thirty days, and signing secrets that have
    ended; returns how many events."""
    now_ms = clock.machine_ms() if now_ms is None else now_ms
    await secrets.purge(connection, now_ms=now_ms)
    return await _PURGE(connection, oldest=ids.first_id("evt_", now_ms - KEPT_MS))

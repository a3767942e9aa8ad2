"""A platform with all of its accounts is held still, and its clocks are set back."""

from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__, "setting_back.sql")
_HOLD_CLOCKS = QUERIES.many("hold_clocks", str)
_HOLD_GATES = QUERIES.many("hold_gates", str)
_HOLD_ACCOUNTS = QUERIES.many("hold_accounts", str)
_DELETE_OTHER_CLOCKS = QUERIES.run("delete_other_clocks")
_SET_BACK = QUERIES.run("set_back_platform")
_SET_BACK_CLOCK = QUERIES.run("set_back_clock")


async def hold(connection: Connection, platform_id: str) -> list[str]:
    """Wait for everybody who writes as one of a platform's accounts, and let nobody begin until
    the transaction ends; its accounts.

    Clocks, then gates, then registrations are locked, in the order that everybody locks them.
    """
    await _HOLD_CLOCKS(connection, platform_id=platform_id)
    await _HOLD_GATES(connection, platform_id=platform_id)
    return await _HOLD_ACCOUNTS(connection, platform_id=platform_id)


async def remove_other_clocks(connection: Connection, platform_id: str, kept: list[str]) -> None:
    """Remove the clocks of a platform but those that are ``kept``."""
    await _DELETE_OTHER_CLOCKS(connection, account_id=platform_id, kept=kept)


async def set_back_clock(
    connection: Connection, platform_id: str, clock_id: str, now_ms: int
) -> None:
    """Let a clock of a platform stand at ``now_ms``, as if it had never moved."""
    await _SET_BACK_CLOCK(connection, account_id=platform_id, id=clock_id, now_ms=now_ms)


async def set_back_platform(connection: Connection, platform_id: str, clock_id: str | None) -> None:
    """Open a platform that may have been closed, on a clock or on none."""
    await _SET_BACK(connection, account_id=platform_id, clock_id=clock_id)

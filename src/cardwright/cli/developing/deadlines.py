"""``cardwright deadlines``."""

import asyncio

from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.startup import StartError
from cardwright.simulator import upcoming
from cardwright.tenancy import registry
from cardwright.wire.versions import Body


def deadlines(
    account: str,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show what will happen to an account, and when; also beside a running server.

    Parameters
    ----------
    account
        The account, of either mode.
    """
    print("\n".join(asyncio.run(_lines(account, data_dir, database_url))))


async def _lines(
    account: str, data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> list[str]:
    async with acting.database_of(data_dir, database_url) as database:
        async with database.connection() as connection:
            tenant = await registry.find_tenant(connection, account)
        if tenant is None:
            raise StartError(f"There is no account {account}.")
        async with registry.reading(database, tenant) as tx:
            found = await upcoming.deadlines_of(tx, account)
            now = f"{account}: it is {rfc3339(tx.now_ms)} on {tenant.clock_id or 'machine time'}"
    return [now, *(_line(one) for one in found)] if found else [now, "  nothing is to come"]


def _line(one: Body) -> str:
    """A deadline in one line."""
    words = [rfc3339(one["due_at"] * SECOND_MS), one["description"], f"({one['subject']})"]
    if one["attempts"]:
        again = rfc3339(one["next_try_at"] * SECOND_MS)
        words.append(f"failed {one['attempts']} times, tried again at {again}")
    return "  " + "  ".join(words)

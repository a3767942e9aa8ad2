"""``cardwright deadlines``."""

from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation, tenant_of
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.cli.transaction import Said, working
from cardwright.kernel.clock import rfc3339
from cardwright.simulator import upcoming
from cardwright.tenancy import registry
from cardwright.wire.versions import Body

COLUMNS: Columns[Body] = {
    "due_at": lambda deadline: instant(deadline["due_at"]),
    "what": lambda deadline: deadline["description"],
    "subject": lambda deadline: deadline["subject"],
    "failed": lambda deadline: deadline["attempts"],
    "next_try": lambda deadline: instant(deadline["next_try_at"]) if deadline["attempts"] else None,
}


@working
async def deadlines(
    account: options.Account, *, json: Json = False, installation: Installation = INSTALLATION
) -> Said:
    """Show what will happen to an account, and when; also beside a running server."""
    async with installation.database() as database:
        async with database.connection() as connection:
            tenant = await tenant_of(connection, account)
        async with registry.reading(database, tenant) as tx:
            found = await upcoming.deadlines_of(tx, account)
            now = f"{account}: it is {rfc3339(tx.now_ms)} on {tenant.clock_id or 'machine time'}"
    listed = table(found, COLUMNS, json=json, none="  nothing is to come")
    return listed if json else [now, listed]

"""How a command works on the database as a platform, beside a running server or without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cardwright.cli import options
from cardwright.kernel.database import Tx, open_pool
from cardwright.kernel.installation import check_vault
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault
from cardwright.roles import access
from cardwright.tenancy import platforms, registry


@asynccontextmanager
async def platform(
    live: bool, data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> AsyncIterator[Tx]:
    """A transaction as the platform of a mode."""
    # The application is heavy, and `cardwright --help` needs none of it.
    from cardwright import app

    directory = options.directory(data_dir)
    async with access.installation(directory, database_url, options.warn) as connect:
        vault = installed_vault(directory, options.secret("VAULT_KEY"))
        pool = await open_pool(connect)
        try:
            database = (await app.build(pool, vault)).database
            async with database.connection() as connection:
                await check_vault(connection, vault)
                found = await platforms.list_platforms(connection, livemode=live)
            if not found:
                raise StartError(
                    f"There is no platform of {'live' if live else 'test'} mode yet: "
                    f"{'cardwright keys live' if live else 'the first start'} makes it."
                )
            async with registry.transaction(database, found[0]) as tx:
                yield tx
        finally:
            await pool.close()

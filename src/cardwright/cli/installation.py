"""Where the data of a command is: the options that say so, given once, and how it is opened, beside
a running server or without one."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cyclopts import Parameter

from cardwright.cli import options
from cardwright.kernel.database import Connection, Database, Tx, open_pool
from cardwright.kernel.installation import check_vault
from cardwright.kernel.networks import LIVE_NETWORKS
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault
from cardwright.roles import access
from cardwright.settings import Settings
from cardwright.tenancy import platforms, registry


@Parameter(name="*")
@dataclass(frozen=True)
class Installation:
    """The options of a command that works on the database."""

    data_dir: options.DataDirectory = None
    database_url: options.DatabaseUrl = None

    @property
    def directory(self) -> Path:
        """The data directory."""
        return options.directory(self.data_dir)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database, with its vault, for flows."""
        # The features are heavy, and `cardwright --help` needs none of them.
        from cardwright import app

        LIVE_NETWORKS[:] = Settings(
            live_networks=os.environ.get("CARDWRIGHT_LIVE_NETWORKS")
        ).networks
        async with access.installation(self.directory, self.database_url, options.warn) as connect:
            vault = installed_vault(self.directory, options.secret("VAULT_KEY"))
            with access.refusals():
                pool = await open_pool(connect, vault)
            try:
                database = app.database(pool, vault)
                async with database.connection() as connection:
                    await check_vault(connection, vault)
                yield database
            finally:
                await pool.close()

    @asynccontextmanager
    async def transaction(self, account_id: str, *, closed: bool = False) -> AsyncIterator[Tx]:
        """A transaction as the account, a closed one only if ``closed``; committed, with its
        events, when the block ends."""
        async with self.database() as database:
            async with database.connection() as connection:
                await tenant_of(connection, account_id)
            async with registry.transaction(database, account_id, closed=closed) as tx:
                yield tx

    @asynccontextmanager
    async def connection(self, account_id: str | None = None) -> AsyncIterator[Connection]:
        """A connection for who only reads what is not sealed; an account that is named exists."""
        async with (
            access.installation(self.directory, self.database_url, options.warn) as connect,
            access.connected(connect) as connection,
        ):
            if account_id is not None:
                await tenant_of(connection, account_id)
            yield connection


INSTALLATION = Installation()


@Parameter(name="*")
@dataclass(frozen=True)
class Platform:
    """The options of a command that acts as a platform."""

    live: options.Live = False
    installation: Installation = INSTALLATION

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A transaction as the platform; committed, with its events, when the block ends."""
        async with (
            self.installation.database() as database,
            registry.transaction(database, await self.account_id(database)) as tx,
        ):
            yield tx

    async def account_id(self, database: Database) -> str:
        """The id of the platform."""
        async with database.connection() as connection:
            return await platform_of(connection, live=self.live)


PLATFORM = Platform()


async def platform_of(connection: Connection, *, live: bool) -> str:
    """The id of the platform of a mode."""
    found = await platforms.list_platforms(connection, livemode=live)
    if not found:
        raise StartError(
            f"There is no platform of {'live' if live else 'test'} mode yet: "
            f"{'cardwright keys live' if live else 'the first start'} makes it."
        )
    return found[0]


async def tenant_of(connection: Connection, account_id: str) -> registry.Tenant:
    """An account of any platform."""
    found = await registry.find_tenant(connection, account_id)
    if found is None:
        raise StartError(f"There is no account {account_id}.")
    return found

"""How a command works on the database, beside a running server or without one: in a transaction
as a platform, or as an account that is named."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from cardwright.cli import options
from cardwright.kernel.database import Database, Tx, open_pool
from cardwright.kernel.installation import check_vault
from cardwright.kernel.networks import LIVE_NETWORKS
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault
from cardwright.roles import access
from cardwright.settings import Settings
from cardwright.tenancy import platforms, registry

Made = TypeVar("Made")


@asynccontextmanager
async def platform(
    live: bool, data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> AsyncIterator[Tx]:
    """A transaction as the platform of a mode."""
    async with (
        database_of(data_dir, database_url) as database,
        registry.transaction(database, await platform_of(database, live=live)) as tx,
    ):
        yield tx


async def platform_of(database: Database, *, live: bool) -> str:
    """The id of the platform of a mode."""
    async with database.connection() as connection:
        found = await platforms.list_platforms(connection, livemode=live)
    if not found:
        raise StartError(
            f"There is no platform of {'live' if live else 'test'} mode yet: "
            f"{'cardwright keys live' if live else 'the first start'} makes it."
        )
    return found[0]


@asynccontextmanager
async def account(
    account_id: str,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
    *,
    closed: bool = False,
) -> AsyncIterator[Tx]:
    """A transaction as the account, a closed one only if ``closed``; committed, with its events,
    when the block ends."""
    async with database_of(data_dir, database_url) as database:
        async with database.connection() as connection:
            if await registry.find_tenant(connection, account_id) is None:
                raise StartError(f"There is no account {account_id}.")
        async with registry.transaction(database, account_id, closed=closed) as tx:
            yield tx


@asynccontextmanager
async def database_of(
    data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> AsyncIterator[Database]:
    """The database of an installation, with its vault."""
    # The application is heavy, and `cardwright --help` needs none of it.
    from cardwright import app

    LIVE_NETWORKS[:] = Settings(live_networks=os.environ.get("CARDWRIGHT_LIVE_NETWORKS")).networks
    directory = options.directory(data_dir)
    async with access.installation(directory, database_url, options.warn) as connect:
        vault = installed_vault(directory, options.secret("VAULT_KEY"))
        with access.refusals():
            pool = await open_pool(connect, vault)
        try:
            database = (await app.build(pool, vault)).database
            async with database.connection() as connection:
                await check_vault(connection, vault)
            yield database
        finally:
            await pool.close()


def done(work: Coroutine[Any, Any, Made]) -> Made:
    """The result of some work; a refusal is one sentence."""
    try:
        return asyncio.run(work)
    except Failure as refused:
        raise StartError(refused.message) from None


def as_platform(
    work: Callable[[Tx], Awaitable[Made]],
    live: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> Made:
    """Do the work in a transaction as the platform of a mode."""

    async def whole() -> Made:
        async with platform(live, data_dir, database_url) as tx:
            return await work(tx)

    return done(whole())


def as_account(
    work: Callable[[Tx], Awaitable[Made]],
    account_id: str,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
    *,
    closed: bool = False,
) -> Made:
    """Do the work in a transaction as an account, a closed one only if ``closed``."""

    async def whole() -> Made:
        async with account(account_id, data_dir, database_url, closed=closed) as tx:
            return await work(tx)

    return done(whole())

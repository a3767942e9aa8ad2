"""``cardwright authorization-webhook``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from cyclopts import Parameter
from msgspec import UNSET, UnsetType

from cardwright.authorizations.authorization_webhook import configure, settings_of
from cardwright.cli import options
from cardwright.kernel.database import Tx, open_pool
from cardwright.kernel.errors import Failure
from cardwright.kernel.installation import check_vault
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault
from cardwright.roles import access
from cardwright.tenancy import platforms, registry
from cardwright.tenancy.platforms import Silence


def authorization_webhook(
    *,
    url: str | None = None,
    on_silence: Silence | None = None,
    off: Annotated[bool, Parameter(negative="")] = False,
    live: Annotated[bool, Parameter(negative="")] = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show or change where you are asked about card payments; also beside a running server.

    Parameters
    ----------
    url
        Where questions are posted. A new address gets a signing secret, shown this once.
    on_silence
        What an unanswered question means.
    off
        Ask nowhere.
    live
        The platform of live mode instead of the test platform.
    """
    if off and url is not None:
        raise StartError("--off and --url contradict each other.")
    place = None if off else url or UNSET
    try:
        shown = asyncio.run(_change(place, on_silence, live, data_dir, database_url))
    except Failure as refused:
        raise StartError(refused.message) from None
    print("\n".join(shown))


async def _change(
    url: str | UnsetType | None,
    on_silence: Silence | None,
    live: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> list[str]:
    """Change what was given; the answer is how it is now, line by line."""
    async with _platform(live, data_dir, database_url) as tx:
        secret = None
        if url is not UNSET or on_silence is not None:
            secret = await configure(tx, url=url, on_silence=on_silence or UNSET)
        settings = await settings_of(tx)
    shown = [
        f"url: {settings.authorization_webhook_url or 'none, payments are decided without asking'}",
        f"on silence: {settings.authorization_webhook_default}",
    ]
    return shown if secret is None else [*shown, f"signing secret: {secret}"]


@asynccontextmanager
async def _platform(
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

"""The first start: a test platform with its keys."""

from cardwright import app
from cardwright.kernel import ids
from cardwright.kernel.database import Database
from cardwright.kernel.migrations import LOCK, LOCK_KEY
from cardwright.roles import keys_file
from cardwright.roles.keys_file import PlatformKeys
from cardwright.settings import Settings
from cardwright.tenancy import keys, platforms


async def provision(database: Database, settings: Settings) -> PlatformKeys | None:
    """Make the test platform unless there is one; the answer is its keys, if the file has them.

    The file is written before the commit and read back by a start that found it without its
    platform, so that a crash in between loses no key.
    """
    path = keys_file.path_in(settings.data_directory)
    async with database.connection() as connection, connection.transaction():
        # Another server that starts on the same database waits here, then finds the platform.
        await LOCK(connection, key=LOCK_KEY)
        if await platforms.list_platforms(connection, livemode=False):
            return keys_file.read(path)
        chosen = keys_file.read(path) or PlatformKeys(
            settings.secret_key or ids.secret_token(keys.PREFIXES["secret", False]),
            settings.publishable_key or ids.secret_token(keys.PREFIXES["publishable", False]),
        )
        keys_file.write(path, chosen)
        await app.provision(database, secret=chosen.secret, publishable=chosen.publishable)
    return chosen

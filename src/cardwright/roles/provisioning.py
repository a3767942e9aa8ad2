"""New platforms: of the first start, of live mode, and any other."""

from typing import Any

from msgspec import UNSET

from cardwright import app
from cardwright.authorizations.real_time import authorization_webhook
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database, open_pool
from cardwright.kernel.installation import check_vault
from cardwright.kernel.migrations import LOCK, LOCK_KEY
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault
from cardwright.programs import flows as programs
from cardwright.roles import keys_file
from cardwright.roles.keys_file import PlatformKeys
from cardwright.settings import Settings
from cardwright.tenancy import clocks, keys, platforms, registry, test_clocks
from cardwright.tenancy.clocks import Clock
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire.versions import NEWEST


async def create_platform(
    database: Database,
    *,
    livemode: bool = False,
    secret: str | None = None,
    publishable: str | None = None,
    clock_ms: int | None = None,
    country: str | None = None,
) -> platforms.Keys:
    """A new platform with its keys, account and programs; the keys can be read only now.

    With ``clock_ms`` it follows a virtual clock of its own; its account issues in ``country``.
    """
    async with database.connection() as connection, connection.transaction():
        made = await platforms.create(
            connection,
            livemode=livemode,
            api_version=NEWEST,
            created_ms=clock.machine_ms() if clock_ms is None else clock_ms,
            secret=secret,
            publishable=publishable,
            issuing_country=country,
        )
        if clock_ms is not None:
            await clocks.create_default(connection, made.account_id, clock_ms)
        tx = await registry.begin(database, connection, made.account_id)
        await platforms.provision(tx)
        await database.finish(tx)
    return made


async def provision(database: Database, settings: Settings) -> PlatformKeys | None:
    """Make the test platform unless there is one; the answer is its keys, if the file has them.

    The file is written before the commit and read back by a start that found it without its
    platform, so that a crash in between loses no key.
    """
    path = keys_file.path_in(settings.data_directory)
    async with database.connection() as connection, connection.transaction():
        # Another server that starts on the same database waits here, then finds the platform.
        await LOCK(connection, key=LOCK_KEY)
        if found := await platforms.list_platforms(connection, livemode=False):
            if settings.clock_ms is not None:
                await _put_on_clock(database, connection, found[0], settings.clock_ms)
            await _let_issue(database, connection, found[0], settings.country)
            return keys_file.read(path)
        chosen = keys_file.read(path) or PlatformKeys(
            settings.secret_key or ids.secret_token(keys.PREFIXES["secret", False]),
            settings.publishable_key or ids.secret_token(keys.PREFIXES["publishable", False]),
        )
        keys_file.write(path, chosen)
        await create_platform(
            database,
            secret=chosen.secret,
            publishable=chosen.publishable,
            clock_ms=settings.clock_ms,
            country=settings.country,
        )
    return chosen


async def _let_issue(
    database: Database, connection: Connection, platform_id: str, country: str
) -> None:
    """Let a platform that was made by an earlier release issue cards on its own account."""
    _, settings = await platforms.settings_of(connection, platform_id)
    if settings.issuing_country is None:
        tx = await registry.begin(database, connection, platform_id)
        await programs.issue_on_platform(tx, country)
        await database.finish(tx)


async def _put_on_clock(
    database: Database, connection: Connection, platform_id: str, clock_ms: int
) -> None:
    """Put the environment that is there on a clock, unless it follows one already."""
    if await clocks.clock_of(connection, platform_id) is not None:
        return
    if clock_ms < clock.machine_ms():
        raise StartError(
            "The test environment has a past on machine time already, and time does not go back: "
            "give --clock an instant to come, or start with --ephemeral or another --data-dir."
        )
    tx = await registry.begin(database, connection, platform_id)
    clock_id = await clocks.create_default(connection, platform_id, clock_ms)
    await test_clocks.attach_everybody(tx, clock_id)


async def set_webhook_address(database: Database, settings: Settings) -> str | None:
    """Have the test platform asked about payments where the settings say; the answer is the signing
    secret of a new address, unless it was preset."""
    url, silence = (
        settings.authorization_webhook_url,
        settings.authorization_webhook_timeout_default,
    )
    if url is None and silence is None:
        return None
    async with database.connection() as connection:
        [platform_id, *_] = await platforms.list_platforms(connection, livemode=False)
    try:
        async with registry.transaction(database, platform_id) as tx:
            secret = await authorization_webhook.configure(
                tx,
                url=url or UNSET,
                on_silence=silence or UNSET,
                secret=settings.authorization_webhook_secret,
            )
    except Failure as refused:
        raise StartError(f"--authorization-webhook-url: {refused.message}") from None
    return None if settings.authorization_webhook_secret else secret


async def standing(database: Database) -> Clock | None:
    """The clock that the test environment follows, or None."""
    async with database.connection() as connection:
        found = await platforms.list_platforms(connection, livemode=False)
        return await clocks.clock_of(connection, found[0]) if found else None


@operator_verb(kind="reveals")
async def provision_live(connect: dict[str, Any], vault: Vault) -> PlatformKeys:
    """Make the platform of live mode; its keys are in the answer and nowhere else.

    A StartError when there is one already, or when this is not the database's vault key.
    """
    pool = await open_pool(connect, vault)
    try:
        database = app.database(pool, vault)
        async with database.connection() as connection:
            await check_vault(connection, vault)
            async with connection.transaction():
                await LOCK(connection, key=LOCK_KEY)
                if await platforms.list_platforms(connection, livemode=True):
                    raise StartError(
                        "There is a platform of live mode already. Its keys were shown when it was "
                        "made and are not kept."
                    )
                made = await create_platform(database, livemode=True)
    finally:
        await pool.close()
    return PlatformKeys(made.secret, made.publishable)

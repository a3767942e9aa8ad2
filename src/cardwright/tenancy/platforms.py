"""Platforms: an account of its own with keys, settings and a mode."""

from typing import Literal

import msgspec

from cardwright.kernel import ids
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.tenancy import keys, registry

QUERIES = load(__file__)
_INSERT_SETTINGS = QUERIES.run("insert_settings")
_SAVE_SETTINGS = QUERIES.run("save_settings")

Silence = Literal["approve", "decline"]
Verifier = Literal["http", "manual", "test_values"]


class StoredSettings(msgspec.Struct, frozen=True):
    """The row of a platform's settings."""

    api_version: str
    body: str


class Account(msgspec.Struct, frozen=True):
    """An account's id alone."""

    account_id: str


class PlatformSettings(msgspec.Struct, kw_only=True):
    """What a platform may set: the URL of its real-time webhook and the answer when that is silent;
    who verifies its accounts (None: what its environment begins with) and where a vendor is."""

    authorization_webhook_url: str | None = None
    authorization_webhook_default: Silence = "decline"
    verification_provider: Verifier | None = None
    verification_url: str | None = None


class Keys(msgspec.Struct, frozen=True):
    """The keys of a new platform; this is the only time they can be read."""

    account_id: str
    secret: str
    publishable: str


_SETTINGS = QUERIES.one("get_settings", StoredSettings)
_PLATFORMS = QUERIES.many("list_platforms", Account)


async def create(
    connection: Connection,
    *,
    livemode: bool,
    api_version: str,
    created_ms: int,
    secret: str | None = None,
    publishable: str | None = None,
) -> Keys:
    """Register a platform with one secret and one publishable key (preset or random)."""
    account_id = ids.new_id("acct_")
    await registry.register(
        connection,
        account_id=account_id,
        platform_id=account_id,
        livemode=livemode,
        created_ms=created_ms,
    )
    body = msgspec.json.encode(PlatformSettings()).decode()
    await _INSERT_SETTINGS(connection, account_id=account_id, api_version=api_version, body=body)
    made = {}
    for kind, preset in (("secret", secret), ("publishable", publishable)):
        made[kind] = await keys.create(
            connection,
            account_id=account_id,
            kind=kind,
            livemode=livemode,
            created_ms=created_ms,
            key=preset,
        )
    return Keys(account_id, made["secret"], made["publishable"])


async def settings_of(connection: Connection, platform_id: str) -> tuple[str, PlatformSettings]:
    """The platform's pinned API version and its settings."""
    row = await _SETTINGS(connection, account_id=platform_id)
    assert row is not None, f"{platform_id} is not a platform"
    return row.api_version, msgspec.json.decode(row.body, type=PlatformSettings)


async def change_settings(
    connection: Connection, platform_id: str, settings: PlatformSettings
) -> None:
    """Put other settings in the place of a platform's."""
    body = msgspec.json.encode(settings).decode()
    await _SAVE_SETTINGS(connection, account_id=platform_id, body=body)


async def list_platforms(connection: Connection, *, livemode: bool) -> list[str]:
    """The ids of every platform of a mode, oldest first."""
    return [row.account_id for row in await _PLATFORMS(connection, livemode=livemode)]

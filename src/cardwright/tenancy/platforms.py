"""Platforms: an account of its own with keys, settings and a mode."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.registries import Ordered
from cardwright.tenancy import gates, keys, registry

QUERIES = load(__file__)
_INSERT_SETTINGS = QUERIES.run("insert_settings")
_SAVE_SETTINGS = QUERIES.run("save_settings")

Silence = Literal["approve", "decline"]
Verifier = Literal["http", "manual", "test_values"]
NoticeSender = Literal["operator", "platform"]
# Businesses that cards may not be used with, as merchant category codes.
PROHIBITED = {
    "adult": ("5967", "7273", "7297"),
    "crypto": ("6051",),
    "firearms": ("5723",),
    "gambling": ("7800", "7801", "7802", "7995", "9406", "9754"),
}

# What a new platform is given besides keys: the features register it. The transaction acts as the
# platform.
PROVISIONING: Ordered[Callable[[Tx], Awaitable[object]]] = Ordered("provisioning")


class StoredSettings(msgspec.Struct, frozen=True):
    """The row of a platform's settings."""

    api_version: str
    body: str


class Account(msgspec.Struct, frozen=True):
    """An account's id alone."""

    account_id: str


class NoticeSettings(msgspec.Struct, kw_only=True):
    """Who sends notices to connected accounts, and how the operator's emails look: colours are
    ``#rrggbb``, replies go to ``support_email``."""

    sender: NoticeSender = "platform"
    background_color: str = "#f4f5f7"
    brand_name: str | None = None
    color: str = "#1f2a44"
    from_address: str = "card-issuing-notices@localhost"
    logo_url: str | None = None
    support_email: str | None = None


class ComplianceSettings(msgspec.Struct, kw_only=True):
    """When the watch over card spend opens a case: what it looks at (days), what is prohibited
    (merchant category codes by kind of business) and from which amount (minor units) of it, and
    from which part of the spend (percent), and how many payments, spend abroad is most of it."""

    window_days: int = 30
    prohibited: dict[str, list[str]] = msgspec.field(
        default_factory=lambda: {kind: list(codes) for kind, codes in PROHIBITED.items()}
    )
    prohibited_minor: int = 1
    cross_border_percent: int = 50
    cross_border_payments: int = 10


class LowBalanceSettings(msgspec.Struct, kw_only=True):
    """When an Issuing balance is too low: below an amount (minor units by currency), or below a
    part (percent) of what cards spent in the last 24 hours. ``email`` is told, besides an event."""

    amounts: dict[str, int] = msgspec.field(default_factory=dict)
    percent_of_daily_spend: int | None = None
    email: str | None = None

    @property
    def on(self) -> bool:
        """Whether anything is looked at."""
        return bool(self.amounts) or self.percent_of_daily_spend is not None


class PlatformSettings(msgspec.Struct, kw_only=True):
    """What a platform may set: the URL of its real-time webhook and the answer when that is silent;
    whether cardholders are asked to confirm what looks like fraud, and whether cards may take out
    cash and pay by magnetic stripe; who verifies its accounts (None: what its environment begins
    with) and where a vendor is; the digital wallets whose providers it has an agreement with; the
    public key of its card bureau; the country whose cards the platform's own account issues (None:
    it issues none)."""

    authorization_webhook_url: str | None = None
    authorization_webhook_default: Silence = "decline"
    fraud_challenges: bool = False
    cash_withdrawals: bool = True
    magnetic_stripe: bool = True
    verification_provider: Verifier | None = None
    verification_url: str | None = None
    notices: NoticeSettings = msgspec.field(default_factory=NoticeSettings)
    compliance: ComplianceSettings = msgspec.field(default_factory=ComplianceSettings)
    low_balance: LowBalanceSettings = msgspec.field(default_factory=LowBalanceSettings)
    wallet_agreements: list[str] = msgspec.field(default_factory=list)
    bureau_key: str | None = None
    issuing_country: str | None = None


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
    issuing_country: str | None = None,
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
    await insert_settings(connection, account_id, api_version, issuing_country)
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


async def provision(tx: Tx) -> None:
    """Give a platform that was just made what every new one has."""
    for step in PROVISIONING:
        await step(tx)


async def insert_settings(
    connection: Connection, platform_id: str, api_version: str, issuing_country: str | None
) -> None:
    """The settings that a platform begins with."""
    body = msgspec.json.encode(PlatformSettings(issuing_country=issuing_country)).decode()
    await _INSERT_SETTINGS(connection, account_id=platform_id, api_version=api_version, body=body)


async def settings_of(connection: Connection, platform_id: str) -> tuple[str, PlatformSettings]:
    """The platform's pinned API version and its settings."""
    row = await _SETTINGS(connection, account_id=platform_id)
    assert row is not None, f"{platform_id} is not a platform"
    return row.api_version, msgspec.json.decode(row.body, type=PlatformSettings)


async def settings(tx: Tx) -> PlatformSettings:
    """What the acting platform has set."""
    _pinned, found = await settings_of(tx.connection, tx.platform_id)
    return found


async def settings_to_change(tx: Tx) -> PlatformSettings:
    """The same under the platform's gate, so that one change follows the other."""
    await gates.lock(tx, tx.platform_id)
    return await settings(tx)


async def change(tx: Tx, before: PlatformSettings, **members: Any) -> PlatformSettings:
    """Put other members into the settings of the acting platform."""
    after = msgspec.structs.replace(before, **members)
    if after != before:
        await change_settings(tx.connection, tx.platform_id, after)
    return after


async def low_balance_of(connection: Connection, platform_id: str) -> LowBalanceSettings:
    """When a platform is told of low balances; one that has no settings is told of none."""
    row = await _SETTINGS(connection, account_id=platform_id)
    if row is None:
        return LowBalanceSettings()
    return msgspec.json.decode(row.body, type=PlatformSettings).low_balance


async def change_settings(
    connection: Connection, platform_id: str, settings: PlatformSettings
) -> None:
    """Put other settings in the place of a platform's."""
    body = msgspec.json.encode(settings).decode()
    await _SAVE_SETTINGS(connection, account_id=platform_id, body=body)


async def list_platforms(connection: Connection, *, livemode: bool) -> list[str]:
    """The ids of every platform of a mode, oldest first."""
    return [row.account_id for row in await _PLATFORMS(connection, livemode=livemode)]

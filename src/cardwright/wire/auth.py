"""Who is calling, and on whose behalf: API keys and the account headers."""

import base64
import binascii

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.errors import fail
from cardwright.tenancy import keys, registry

# How long a process trusts what it read of a key: a revoked key stops within this time.
TRUST_SECONDS = 1.0
REMEMBERED_MAX = 10_000


class Actor(msgspec.Struct, frozen=True):
    """The caller: the account whose key it is, and the account it acts on."""

    key_account_id: str
    tenant: registry.Tenant
    kind: str
    api_version: str

    @property
    def account_id(self) -> str:
        """The account acted on."""
        return self.tenant.account_id

    @property
    def platform_id(self) -> str:
        """The platform of the account acted on."""
        return self.tenant.platform_id

    @property
    def livemode(self) -> bool:
        """The mode of the key and the account."""
        return self.tenant.livemode

    @property
    def is_platform(self) -> bool:
        """Whether the call acts on the platform itself."""
        return self.account_id == self.platform_id


class Callers:
    """Resolves keys and account headers, remembering each answer for a second."""

    def __init__(self) -> None:
        self._remembered: dict[tuple[str, str | None], tuple[float, Actor]] = {}

    def remembered(self, key: str, account_header: str | None) -> Actor | None:
        """The caller, if the answer is fresh enough to need no database."""
        entry = self._remembered.get((key, account_header))
        return entry[1] if entry is not None and entry[0] > clock.monotonic() else None

    async def resolve(self, connection: Connection, key: str, account_header: str | None) -> Actor:
        """The caller; refuses an unknown or expired key and an account out of its reach."""
        row = await keys.find(connection, key)
        if row is None:
            fail("api_key_invalid", key=keys.masked(key))
        if row.expires_ms is not None and row.expires_ms <= clock.machine_ms():
            fail("api_key_expired", key=keys.masked(key))
        tenant = registry.Tenant(
            row.account_id, row.platform_id, row.livemode, row.clock_id, row.closed_ms
        )
        if account_header is not None and account_header != row.account_id:
            found = await registry.find_tenant(connection, account_header)
            if (
                found is None
                or found.platform_id != row.account_id
                or found.livemode != row.livemode
            ):
                fail("account_invalid", key=keys.masked(key), account=account_header[:100])
            tenant = found
        actor = Actor(
            key_account_id=row.account_id,
            tenant=tenant,
            kind=row.kind,
            api_version=row.api_version or "",
        )
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        until = clock.monotonic() + TRUST_SECONDS
        self._remembered[key, account_header] = (until, actor)
        return actor


def presented_key(authorization: str | None) -> str:
    """The key of a Basic or Bearer Authorization header."""
    scheme, _, rest = (authorization or "").partition(" ")
    key = ""
    if scheme.lower() == "bearer":
        key = rest.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        fail("api_key_missing")
    return key

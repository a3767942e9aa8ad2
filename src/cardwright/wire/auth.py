"""Who is calling, and on whose behalf: API keys and the account headers."""

import base64
from typing import Any

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.refusal import fail
from cardwright.tenancy import keys, registry
from cardwright.wire import refusals

# How long a process trusts what it read of a key: a revoked key stops within this time.
TRUST_SECONDS = 1.0
# Whose an account is and its mode never change; whether it is closed and which clock it follows
# is read again in every transaction.
TENANT_TRUST_SECONDS = 10.0
REMEMBERED_MAX = 10_000


class Actor(msgspec.Struct, frozen=True):
    """The caller: the account whose key it is, and the account it acts on."""

    key_account_id: str
    tenant: registry.Tenant
    kind: str
    api_version: str
    key_mask: str
    # What the key is limited to, if it is.
    subject: str | None = None

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
    """Resolves keys and account headers, remembering each answer for a moment."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[float, keys.KeyRow]] = {}
        self._tenants: dict[str, tuple[float, registry.Tenant]] = {}

    def remembered(self, key: str, account_header: str | None) -> Actor | None:
        """The caller, if the answer is fresh enough to need no database."""
        now = clock.monotonic()
        held = self._keys.get(key)
        if held is None or held[0] <= now:
            return None
        if account_header is None:
            return self._actor(key, held[1], None)
        tenant = self._tenants.get(account_header)
        if tenant is None or tenant[0] <= now:
            return None
        return self._actor(key, held[1], tenant[1])

    async def resolve(self, connection: Connection, key: str, account_header: str | None) -> Actor:
        """The caller; refuses an unknown or expired key and an account out of its reach."""
        row = await keys.find(connection, key)
        if row is None:
            fail(refusals.API_KEY_INVALID, key=keys.masked(key))
        now = clock.monotonic()
        _remember(self._keys, key, (now + TRUST_SECONDS, row))
        tenant = None
        if account_header is not None:
            tenant = await registry.find_tenant(connection, account_header)
            if tenant is None:
                fail(refusals.ACCOUNT_INVALID, key=keys.masked(key), account=account_header[:100])
            _remember(self._tenants, account_header, (now + TENANT_TRUST_SECONDS, tenant))
        return self._actor(key, row, tenant)

    def forget(self) -> None:
        """Read everything again."""
        self._keys.clear()
        self._tenants.clear()

    def _actor(self, key: str, row: keys.KeyRow, tenant: registry.Tenant | None) -> Actor:
        """The caller that a key and an account header make, if the key reaches that far."""
        if row.expires_ms is not None and row.expires_ms <= clock.machine_ms():
            fail(refusals.API_KEY_EXPIRED, key=keys.masked(key))
        own = tenant is None or tenant.account_id == row.account_id
        if tenant is not None and not own:
            within = tenant.platform_id == row.account_id and tenant.livemode == row.livemode
            if not within:
                fail(refusals.ACCOUNT_INVALID, key=keys.masked(key), account=tenant.account_id)
        return Actor(
            key_account_id=row.account_id,
            tenant=tenant
            or registry.Tenant(
                row.account_id, row.platform_id, row.livemode, row.clock_id, row.closed_ms
            ),
            kind=row.kind,
            api_version=row.api_version or "",
            key_mask=keys.masked(key),
            subject=row.subject,
        )


def _remember(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= REMEMBERED_MAX:
        memory.clear()
    memory[key] = value


def presented_key(authorization: str | None) -> str:
    """The key of a Basic or Bearer Authorization header."""
    scheme, _, rest = (authorization or "").partition(" ")
    key = ""
    if scheme.lower() == "bearer":
        key = rest.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")[0]
        except ValueError:
            key = ""
    if not key:
        fail(refusals.API_KEY_MISSING)
    return key

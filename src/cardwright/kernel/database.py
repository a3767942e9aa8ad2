"""The pool, and the transaction object that every flow receives.

A ``Tx`` is one unit of work: one connection, one acting account, one instant. Between BEGIN and
COMMIT nothing is awaited but the database.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import asyncpg

from cardwright.kernel.vault import Vault

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# SQLSTATEs after which the same work may simply be tried again:
# serialization failure, deadlock, lock not available.
RETRYABLE = frozenset({"40001", "40P01", "55P03"})


class Emission(NamedTuple):
    """An event that the transaction will write before it commits."""

    type: str
    account_id: str
    object: Any
    previous: dict[str, Any] | None
    data: dict[str, Any] | None
    # The instant it happened at, which a virtual clock may have moved since; None when it belongs
    # to an account that was not acting, whose own instant is looked up when it is written.
    created_ms: int | None = 0


@dataclass(slots=True)
class Tx:
    """One unit of work on behalf of ``account_id``, at the instant ``now_ms``."""

    connection: Connection
    account_id: str
    platform_id: str
    livemode: bool
    now_ms: int
    vault: Vault
    clock_id: str | None = None
    request_id: str | None = None
    idempotency_key: str | None = None
    # The API key that asked, masked.
    key: str | None = None
    emissions: list[Emission] = field(default_factory=list)
    gates: set[str] = field(default_factory=set)

    @property
    def now(self) -> int:
        """The instant in whole seconds since the epoch, as v1 prints time."""
        return self.now_ms // 1000

    def emit(
        self,
        event_type: str,
        resource: Any,
        *,
        previous: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        account_id: str | None = None,
    ) -> None:
        """Record that something happened; the row is written in this transaction.

        ``previous`` holds the old values of changed members, ``data`` the members of a v2 thin
        event, ``account_id`` the account it belongs to when that is not the acting one.
        """
        owner = account_id or self.account_id
        created_ms = self.now_ms if owner == self.account_id else None
        self.emissions.append(Emission(event_type, owner, resource, previous, data, created_ms))


async def _keep(connection: Any) -> None:
    """Hand a connection back as it is: nothing of ours leaves session state behind."""


async def open_pool(
    connect: dict[str, Any], vault: Vault, *, size: int = 16
) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool on the given connection arguments; waiting for a lock ends after three seconds.

    Its connections know the vault, because rows hold sealed members: whoever can read a row can
    open it, and no reader has to be handed both.
    """
    return await asyncpg.create_pool(
        **connect,
        min_size=2,
        max_size=size,
        reset=_keep,
        connection_class=type("VaultedConnection", (asyncpg.Connection,), {"vault": vault}),
        max_inactive_connection_lifetime=0,
        server_settings={
            "lock_timeout": "3000",
            "statement_timeout": "60000",
            "idle_in_transaction_session_timeout": "60000",
            "timezone": "UTC",
            "application_name": "cardwright",
            "jit": "off",
        },
    )


def vault_of(connection: Connection) -> Vault:
    """The vault that a connection of ``open_pool`` was opened with."""
    vault = getattr(connection, "vault", None)
    assert isinstance(vault, Vault), "the connection was not opened with a vault"
    return vault


BeforeCommit = Callable[[Tx], Awaitable[object]]


def is_lost(connection: Connection) -> bool:
    """Whether nothing can be asked of the connection any more: it is closed, or the pool took it
    back when the server ended it, and then it refuses even to say so."""
    try:
        closed: bool = connection.is_closed()
    except asyncpg.InterfaceError:
        return True
    return closed


class Database:
    """The pool together with what every transaction needs: the vault and the event writer."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", vault: Vault, before_commit: BeforeCommit
    ) -> None:
        self.pool = pool
        self.vault = vault
        self.before_commit = before_commit

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for reads, each statement its own transaction."""
        async with self.pool.acquire() as borrowed:
            yield borrowed  # type: ignore[misc]  # the pool's proxy quacks like a connection

    async def finish(self, tx: Tx) -> None:
        """Write what the transaction emitted; called once, right before COMMIT."""
        if tx.emissions:
            await self.before_commit(tx)

"""An account with all that belongs to it: how it is read and how its capabilities are kept."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, AccountState, Capability
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Resource

QUERIES = load(__file__)


class PartsRow(msgspec.Struct, frozen=True):
    """What belongs to an account; the capabilities are JSON."""

    person_ids: list[str]
    external_account_ids: list[str]
    capabilities: str


class CapabilityStatus(msgspec.Struct, frozen=True):
    """How an account stands with one of its capabilities."""

    path: str
    status: str


ResourceT = TypeVar("ResourceT", bound=Resource)

_PARTS = QUERIES.one("get_parts", PartsRow)
_STATUSES = QUERIES.many("capability_statuses", CapabilityStatus)
_PUT_CAPABILITIES = QUERIES.run("put_capabilities")


async def load_state(tx: Tx) -> AccountState:
    """The acting account, as it is."""
    account = await rows.get(tx, Account, tx.account_id, param="account")
    return await _with_parts(tx.connection, account)


async def find_state(connection: Connection, account_id: str) -> AccountState | None:
    """An account, as it is, or None."""
    account = await rows.find(connection, Account, account_id, account_id)
    return None if account is None else await _with_parts(connection, account)


async def lock_state(tx: Tx, *, closed: bool = False) -> AccountState:
    """The acting account, locked for change. The gate comes first: deadlines hold it too.

    Refuses with ``account_closed``, unless ``closed``, what was closed while the gate was waited
    for.
    """
    await gates.lock(tx, tx.account_id)
    account = await rows.lock(tx, Account, tx.account_id, param="account")
    if account.closed and not closed:
        fail(tenancy_refusals.ACCOUNT_CLOSED, account=account.id)
    return await _with_parts(tx.connection, account)


async def _with_parts(connection: Connection, account: Account) -> AccountState:
    parts = await _PARTS(connection, account_id=account.id)
    assert parts is not None, "a query of constants has a row"
    capabilities = msgspec.json.decode(parts.capabilities, type=list[Capability])
    return AccountState(
        account,
        await _several(connection, Person, account.id, parts.person_ids),
        {capability.path: capability for capability in capabilities},
        await _several(connection, BankAccount, account.id, parts.external_account_ids),
    )


async def capabilities_of(connection: Connection, account_id: str) -> list[Capability]:
    """The requested capabilities of an account, by path."""
    parts = await _PARTS(connection, account_id=account_id)
    assert parts is not None, "a query of constants has a row"
    return msgspec.json.decode(parts.capabilities, type=list[Capability])


async def statuses_of(
    connection: Connection, account_id: str, paths: Sequence[str]
) -> dict[str, str]:
    """How an account stands with those of some capabilities that it asked for, by path."""
    found = await _STATUSES(connection, account_id=account_id, paths=list(paths))
    return {row.path: row.status for row in found}


async def _several(
    connection: Connection, shape: type[ResourceT], account_id: str, ids: list[str]
) -> list[ResourceT]:
    """The resources in the order of their ids."""
    if not ids:
        return []
    found = await rows.batch(connection, shape, account_id, ids)
    return [found[one] for one in ids]


async def put_capabilities(tx: Tx, capabilities: list[Capability]) -> None:
    """Write capabilities of the acting account."""
    if not capabilities:
        return
    await _PUT_CAPABILITIES(
        tx.connection,
        account_id=tx.account_id,
        paths=[one.path for one in capabilities],
        requested=[one.requested for one in capabilities],
        statuses=[one.status for one in capabilities],
        details=[msgspec.json.encode(one.status_details).decode() for one in capabilities],
        requested_ms=[one.requested_ms for one in capabilities],
    )

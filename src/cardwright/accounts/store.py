"""An account with all that belongs to it: how it is read and how its capabilities are kept."""

import msgspec

from cardwright.accounts.bank_account import BankAccount
from cardwright.accounts.identity import Person
from cardwright.accounts.model import Account, AccountState, Capability, StatusDetail
from cardwright.kernel import gates
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.errors import fail
from cardwright.kernel.queries import load
from cardwright.wire import rows

QUERIES = load(__file__)


class CapabilityRow(msgspec.Struct, frozen=True):
    """A row of account_capabilities."""

    path: str
    requested: bool
    status: str
    status_details: str
    requested_ms: int


class Id(msgspec.Struct, frozen=True):
    """An id alone."""

    id: str


_PERSON_IDS = QUERIES.many("person_ids", Id)
_EXTERNAL_ACCOUNT_IDS = QUERIES.many("external_account_ids", Id)
_CAPABILITIES = QUERIES.many("list_capabilities", CapabilityRow)
_PUT_CAPABILITY = QUERIES.run("put_capability")


async def load_state(tx: Tx) -> AccountState:
    """The acting account, as it is."""
    account = await rows.get(tx, Account, tx.account_id, param="account")
    return await _with_parts(tx.connection, account)


async def lock_state(tx: Tx, *, closed: bool = False) -> AccountState:
    """The acting account, locked for change. The gate comes first: deadlines hold it too.

    Refuses with ``account_closed``, unless ``closed``, what was closed while the gate was waited
    for.
    """
    await gates.lock(tx, tx.account_id)
    account = await rows.lock(tx, Account, tx.account_id, param="account")
    if account.closed and not closed:
        fail("account_closed", account=account.id)
    return await _with_parts(tx.connection, account)


async def _with_parts(connection: Connection, account: Account) -> AccountState:
    return AccountState(
        account,
        await persons_of(connection, account.id),
        {item.path: item for item in await capabilities_of(connection, account.id)},
        await external_accounts_of(connection, account.id),
    )


async def persons_of(connection: Connection, account_id: str) -> list[Person]:
    """The persons of an account, oldest first; an individual's own person is not among them."""
    ids = [row.id for row in await _PERSON_IDS(connection, account_id=account_id)]
    if not ids:
        return []
    found = await rows.batch(connection, Person, account_id, ids)
    return [found[person_id] for person_id in ids]


async def external_accounts_of(connection: Connection, account_id: str) -> list[BankAccount]:
    """The bank accounts that an account is paid out to, oldest first."""
    ids = [row.id for row in await _EXTERNAL_ACCOUNT_IDS(connection, account_id=account_id)]
    if not ids:
        return []
    found = await rows.batch(connection, BankAccount, account_id, ids)
    return [found[one] for one in ids]


async def capabilities_of(connection: Connection, account_id: str) -> list[Capability]:
    """The requested capabilities of an account, by path."""
    return [
        Capability(
            row.path,
            row.requested,
            row.status,
            msgspec.json.decode(row.status_details, type=list[StatusDetail]),
            row.requested_ms,
        )
        for row in await _CAPABILITIES(connection, account_id=account_id)
        if row.requested
    ]


async def put_capability(tx: Tx, capability: Capability) -> None:
    """Write a capability of the acting account."""
    await _PUT_CAPABILITY(
        tx.connection,
        account_id=tx.account_id,
        path=capability.path,
        requested=capability.requested,
        status=capability.status,
        status_details=msgspec.json.encode(capability.status_details).decode(),
        requested_ms=capability.requested_ms,
    )

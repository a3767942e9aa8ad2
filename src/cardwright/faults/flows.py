"""Switching faults on and off."""

import msgspec

from cardwright.faults import refusals, rules
from cardwright.faults.model import Fault, NewFault
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import keys, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
FAULTS_MAX = 100
# How long an expired fault stays on the list.
KEPT_SECONDS = clock.DAY_MS // clock.SECOND_MS

_COUNT = QUERIES.value("count_faults", int)
_PURGE = QUERIES.run("purge_faults")


@operator_verb(kind="none")
async def create_fault(tx: Tx, given: NewFault) -> Fault:
    """Switch a fault on; refuses an account and a key that are not of the platform."""
    rules.check_new(given)
    now = clock.machine_ms() // clock.SECOND_MS
    if (await _COUNT(tx.connection, account_id=tx.account_id, now=now) or 0) >= FAULTS_MAX:
        fail(refusals.FAULTS_TOO_MANY, limit=FAULTS_MAX)
    if given.account is not None:
        await _check_account(tx, given.account)
    key = None if given.key is None else given.key.reveal()
    if key is not None:
        found = await keys.find(tx.connection, key)
        if found is None or found.account_id != tx.account_id:
            fail(
                tenancy_refusals.RESOURCE_MISSING,
                param="key",
                object="API key",
                id=keys.masked(key),
            )
    asked = {
        name: value
        for name, value in msgspec.structs.asdict(given).items()
        if name not in ("expires_in", "key")
    }
    fault = Fault(
        id=ids.new_id(Fault.prefix),
        created=Timestamp(tx.now),
        expires_at=Timestamp(now + given.expires_in),
        livemode=tx.livemode,
        key=None if key is None else keys.masked(key),
        key_hash=None if key is None else keys.hashed(key),
        **asked,
    )
    await rows.insert(tx, fault)
    return fault


@operator_verb(kind="none")
async def delete_fault(tx: Tx, fault_id: str) -> None:
    """Switch a fault off."""
    await rows.delete(tx, await rows.lock(tx, Fault, fault_id))


async def purge(connection: Connection) -> int:
    """Remove what expired a day ago; returns how many."""
    return await _PURGE(connection, before=clock.machine_ms() // clock.SECOND_MS - KEPT_SECONDS)


async def _check_account(tx: Tx, account_id: str) -> None:
    tenant = await registry.find_tenant(tx.connection, account_id)
    if tenant is None or tenant.platform_id != tx.platform_id:
        fail(tenancy_refusals.RESOURCE_MISSING, param="account", object="account", id=account_id)

"""Making environments, setting them back, copying and removing them.

The caller is the platform that made them. Whoever writes in the environment is waited for first:
clocks, then gates, then registrations are locked, in the order that everybody locks them.
"""

from typing import NamedTuple

import msgspec

from cardwright.environments import refusals, tables
from cardwright.environments.model import Environment, NewEnvironment, Snapshot
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import clocks, deadlines, platforms, setting_back
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
EXPIRY = "environment_expiry"
SNAPSHOTS_SHOWN = 100
CLOCK_NAME = "The environment"


class Identified(NamedTuple):
    """An id alone."""

    id: str


_IS_ENVIRONMENT = QUERIES.value("is_environment", bool)
_SNAPSHOT_ACCOUNTS = QUERIES.many("snapshot_accounts", platforms.Account)
_SNAPSHOT_CLOCKS = QUERIES.many("snapshot_clocks", Identified)
_DELETE_ROWS = QUERIES.run("delete_snapshot_rows")
_DELETE_ROWS_OF = QUERIES.run("delete_rows_of_environment")
_DELETE_SNAPSHOTS = QUERIES.run("delete_snapshots_of_environment")
_LIST_SNAPSHOTS = QUERIES.many("list_snapshots", Identified)


class CreatedEnvironment(NamedTuple):
    """A new environment with the keys of its platform."""

    environment: Environment
    keys: platforms.Keys


@operator_verb(kind="none")
async def create_environment(tx: Tx, given: NewEnvironment) -> CreatedEnvironment:
    """A fresh platform with keys of its own, on a clock of its own if an instant is given."""
    if await _IS_ENVIRONMENT(tx.connection, account=tx.account_id):
        fail(refusals.ENVIRONMENT_NESTED)
    version, settings = await platforms.settings_of(tx.connection, tx.account_id)
    machine_ms = clock.machine_ms()
    now_ms = machine_ms if given.frozen_time is None else given.frozen_time * clock.SECOND_MS
    keys = await platforms.create(
        tx.connection,
        livemode=False,
        api_version=version,
        created_ms=now_ms,
        issuing_country=settings.issuing_country,
    )
    clock_id = None
    if given.frozen_time is not None:
        clock_id = await clocks.create_default(tx.connection, keys.account_id, now_ms)
    await _furnish(tx, keys.account_id, now_ms, clock_id)
    expires_ms = None
    if given.expires_in is not None:
        expires_ms = machine_ms + given.expires_in * clock.SECOND_MS
    made = Environment(
        id=ids.new_id(Environment.prefix),
        account=keys.account_id,
        created=Timestamp(tx.now),
        livemode=False,
        expires_at=None if expires_ms is None else Timestamp(expires_ms // clock.SECOND_MS),
        frozen_time=None if given.frozen_time is None else Timestamp(given.frozen_time),
        name=given.name,
        test_clock=clock_id,
    )
    await rows.insert(tx, made)
    if expires_ms is not None:
        await deadlines.schedule(
            tx, kind=EXPIRY, subject=made.id, due_ms=expires_ms, timebase="machine"
        )
    return CreatedEnvironment(made, keys)


@operator_verb(kind="none")
async def reset_environment(tx: Tx, environment_id: str) -> Environment:
    """Back to how it was made: the same keys, everything else gone, the clock where it was."""
    found = await rows.lock(tx, Environment, environment_id)
    platform = found.account
    accounts = await setting_back.hold(tx.connection, platform)
    gone = [account_id for account_id in accounts if account_id != platform]
    await tables.clear(tx.connection, accounts, gone=gone)
    own = [] if found.test_clock is None else [found.test_clock]
    await setting_back.remove_other_clocks(tx.connection, platform, own)
    version, settings = await platforms.settings_of(tx.connection, tx.account_id)
    await platforms.insert_settings(tx.connection, platform, version, settings.issuing_country)
    now_ms = clock.machine_ms()
    if found.test_clock is not None and found.frozen_time is not None:
        now_ms = found.frozen_time * clock.SECOND_MS
        await setting_back.set_back_clock(tx.connection, platform, found.test_clock, now_ms)
    await setting_back.set_back_platform(tx.connection, platform, found.test_clock)
    await _furnish(tx, platform, now_ms, found.test_clock)
    return found


@operator_verb(kind="none")
async def delete_environment(tx: Tx, environment_id: str) -> None:
    """Remove it with all that it holds, its keys and its snapshots."""
    found = await rows.lock(tx, Environment, environment_id)
    accounts = await setting_back.hold(tx.connection, found.account)
    await tables.clear(tx.connection, accounts, gone=accounts)
    named = {"account_id": tx.account_id, "environment": found.id}
    await _DELETE_ROWS_OF(tx.connection, **named)
    await _DELETE_SNAPSHOTS(tx.connection, **named)
    await deadlines.cancel(tx, kind=EXPIRY, subject=found.id)
    await rows.delete(tx, found)


async def expire(tx: Tx, environment_id: str) -> None:
    """A test environment has lived as long as it was made for: it is removed."""
    if await rows.find(tx.connection, Environment, tx.account_id, environment_id) is not None:
        await delete_environment(tx, environment_id)


HANDLERS: dict[str, deadlines.Handler] = {EXPIRY: expire}


@operator_verb(kind="none")
async def create_snapshot(tx: Tx, environment_id: str, name: str | None) -> Snapshot:
    """Copy every row of the environment's accounts, as they are at one instant."""
    found = await rows.lock(tx, Environment, environment_id)
    accounts = await setting_back.hold(tx.connection, found.account)
    made = Snapshot(
        id=ids.new_id(Snapshot.prefix),
        created=Timestamp(tx.now),
        environment=found.id,
        livemode=False,
        name=name,
    )
    await rows.insert(tx, made)
    count = await tables.take(tx.connection, tx.account_id, made.id, accounts)
    made = msgspec.structs.replace(made, rows=count)
    await rows.save(tx, made)
    return made


@operator_verb(kind="none")
async def restore_environment(tx: Tx, environment_id: str, snapshot_id: str) -> Environment:
    """Put everything back as it was when a snapshot was made; what came since is gone."""
    found = await rows.lock(tx, Environment, environment_id)
    snapshot = await get_snapshot(tx, found.id, snapshot_id, param="snapshot")
    accounts = await setting_back.hold(tx.connection, found.account)
    named = {"account_id": tx.account_id, "snapshot": snapshot.id}
    kept = {row.account_id for row in await _SNAPSHOT_ACCOUNTS(tx.connection, **named)}
    await tables.clear(tx.connection, accounts, gone=sorted(set(accounts) - kept))
    clock_ids = [row.id for row in await _SNAPSHOT_CLOCKS(tx.connection, **named)]
    await setting_back.remove_other_clocks(tx.connection, found.account, clock_ids)
    await tables.put_back(tx.connection, tx.account_id, snapshot.id)
    return found


async def get_snapshot(
    tx: Tx, environment_id: str, snapshot_id: str, *, param: str = "id"
) -> Snapshot:
    """A snapshot of an environment; refuses one of another."""
    found = await rows.get(tx, Snapshot, snapshot_id, param=param)
    if found.environment != environment_id:
        fail(
            refusals.SNAPSHOT_OF_ANOTHER,
            param=param,
            snapshot=found.id,
            environment=found.environment,
        )
    return found


async def list_snapshots(tx: Tx, environment_id: str) -> list[Snapshot]:
    """The snapshots of an environment, newest first."""
    await rows.get(tx, Environment, environment_id)
    listed = await _LIST_SNAPSHOTS(
        tx.connection,
        account_id=tx.account_id,
        environment=environment_id,
        limit=SNAPSHOTS_SHOWN,
    )
    names = [row.id for row in listed]
    found = await rows.batch(tx.connection, Snapshot, tx.account_id, names)
    return [found[name] for name in names]


@operator_verb(kind="none")
async def delete_snapshot(tx: Tx, environment_id: str, snapshot_id: str) -> None:
    """Remove a snapshot."""
    await rows.lock(tx, Environment, environment_id)
    found = await get_snapshot(tx, environment_id, snapshot_id)
    await _DELETE_ROWS(tx.connection, account_id=tx.account_id, snapshot=found.id)
    await rows.delete(tx, found)


async def _furnish(tx: Tx, platform_id: str, now_ms: int, clock_id: str | None) -> None:
    """Give a platform what every new one has."""
    acting = Tx(
        connection=tx.connection,
        account_id=platform_id,
        platform_id=platform_id,
        livemode=False,
        now_ms=now_ms,
        vault=tx.vault,
        clock_id=clock_id,
    )
    await platforms.provision(acting)
    assert not acting.emissions, "nobody can have heard of a new platform"

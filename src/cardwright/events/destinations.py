"""Making and changing destinations: v1 webhook endpoints and v2 event destinations."""

from typing import Any

import msgspec

from cardwright.events import listening, refusals, rules, signing
from cardwright.events.model import Disabled, EventDestination, StatusDetails, WebhookEndpoint
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault
from cardwright.tenancy import gates, secrets
from cardwright.wire import rows
from cardwright.wire.given import Given, build, merge

QUERIES = load(__file__)


class StoredDestination(msgspec.Struct, frozen=True):
    """A row of either kind of destination."""

    account_id: str
    id: str
    created: Any
    body: str


class NamingDestination(msgspec.Struct, frozen=True):
    """A destination of events that names one of them; ``api_version`` if it has its own."""

    id: str
    url: str
    api_version: str | None


_FORGET_FAILING = QUERIES.run("forget_failing")
_COUNT = QUERIES.value("count_endpoints", int)
_CANCEL = QUERIES.run("cancel_deliveries")
_ENDPOINTS = QUERIES.many("endpoints_of", StoredDestination)
_DESTINATIONS = QUERIES.many("destinations_of", StoredDestination)
_NAMING = QUERIES.one("destination_naming", NamingDestination)

SIGNING_SECRET = "signing_secret"  # noqa: S105 - the name it is kept under
SECRET_LENGTH = 32
# Why a destination is disabled that accepted nothing for days.
DELIVERIES_FAIL = "deliveries_fail"


# v1 webhook endpoints.


async def create_endpoint(tx: Tx, given: Given[WebhookEndpoint]) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its signing secret, which is shown only now."""
    endpoint = build(
        WebhookEndpoint,
        given,
        id=ids.new_id(WebhookEndpoint.prefix),
        created=tx.now,
        livemode=tx.livemode,
    )
    _check_endpoint(endpoint)
    # Under the gate, so that two at once do not pass the limit together.
    await gates.lock(tx, tx.account_id)
    if (await _COUNT(tx.connection, account_id=tx.account_id) or 0) >= rules.ENDPOINTS_MAX:
        fail(refusals.ENDPOINTS_TOO_MANY, limit=rules.ENDPOINTS_MAX)
    await rows.insert(tx, endpoint)
    return endpoint, await _new_secret(tx, endpoint.id)


async def update_endpoint(
    tx: Tx, endpoint_id: str, given: Given[WebhookEndpoint]
) -> WebhookEndpoint:
    """The endpoint with the given members changed."""
    before = await rows.lock(tx, WebhookEndpoint, endpoint_id)
    after = merge(before, given)
    after = msgspec.structs.replace(after, status="disabled" if after.disabled else "enabled")
    _check_endpoint(after)
    await rows.save(tx, after)
    if after.disabled != before.disabled:
        await _forget_failing(tx, after.id)
    if after.disabled and not before.disabled:
        await _cancel(tx, after.id)
    return after


async def delete_endpoint(tx: Tx, endpoint_id: str) -> None:
    """Remove an endpoint; what was still to be delivered to it is not."""
    endpoint = await rows.lock(tx, WebhookEndpoint, endpoint_id)
    await rows.delete(tx, endpoint)
    await _gone(tx, endpoint.id)


def _check_endpoint(endpoint: WebhookEndpoint) -> None:
    rules.check_url(endpoint.url, livemode=endpoint.livemode, param="url")
    rules.check_names(endpoint.enabled_events, thin=False)
    rules.check_version(endpoint.api_version, param="api_version")


# v2 event destinations.


async def create_destination(
    tx: Tx, given: Given[EventDestination]
) -> tuple[EventDestination, str]:
    """A new destination and its signing secret, which can be included only now."""
    now = clock.rfc3339(tx.now_ms)
    destination = build(
        EventDestination,
        given,
        id=ids.new_id(EventDestination.prefix),
        created=now,
        updated=now,
        livemode=tx.livemode,
    )
    rules.check_destination(destination)
    await rows.insert(tx, destination)
    return destination, await _new_secret(tx, destination.id)


async def update_destination(
    tx: Tx, destination_id: str, given: Given[EventDestination]
) -> EventDestination:
    """The destination with the given members changed."""
    before = await rows.lock(tx, EventDestination, destination_id)
    after = merge(before, given)
    rules.check_destination(after)
    return await _save_destination(tx, after)


async def switch_destination(tx: Tx, destination_id: str, *, enabled: bool) -> EventDestination:
    """Enable or disable a destination; one that is so already stays as it is."""
    before = await rows.lock(tx, EventDestination, destination_id)
    if (before.status == "enabled") == enabled:
        return before
    await _forget_failing(tx, destination_id)
    if enabled:
        return await _save_destination(
            tx, msgspec.structs.replace(before, status="enabled", status_details=None)
        )
    return await _disable(tx, before, "user")


async def _disable(tx: Tx, destination: EventDestination, reason: str) -> EventDestination:
    await _cancel(tx, destination.id)
    details = StatusDetails(disabled=Disabled(reason=reason))
    return await _save_destination(
        tx, msgspec.structs.replace(destination, status="disabled", status_details=details)
    )


async def delete_destination(tx: Tx, destination_id: str) -> None:
    """Remove a destination; what was still to be delivered to it is not."""
    destination = await rows.lock(tx, EventDestination, destination_id)
    await rows.delete(tx, destination)
    await _gone(tx, destination.id)


async def _save_destination(tx: Tx, destination: EventDestination) -> EventDestination:
    saved = msgspec.structs.replace(destination, updated=clock.rfc3339(tx.now_ms))
    await rows.save(tx, saved)
    return saved


# Both.


async def disable_failing(tx: Tx, destination_id: str) -> bool:
    """Disable a destination of either kind that accepts nothing; whether it was enabled."""
    if destination_id.startswith(WebhookEndpoint.prefix):
        if await rows.find(tx.connection, WebhookEndpoint, tx.account_id, destination_id) is None:
            return False
        endpoint = await rows.lock(tx, WebhookEndpoint, destination_id)
        if endpoint.disabled:
            return False
        await _cancel(tx, destination_id)
        off = msgspec.structs.replace(endpoint, disabled=True, status="disabled")
        await rows.save(tx, off)
        return True
    if await rows.find(tx.connection, EventDestination, tx.account_id, destination_id) is None:
        return False
    destination = await rows.lock(tx, EventDestination, destination_id)
    if destination.status == "disabled":
        return False
    await _disable(tx, destination, DELIVERIES_FAIL)
    return True


async def roll_secret(tx: Tx, destination_id: str, *, overlap_ms: int, now_ms: int) -> str:
    """A new signing secret for a destination of the acting account; it can be read only now.

    Deliveries are signed with both until the overlap has passed, machine time; 0 ends the old
    secret at once. Secrets of earlier rolls end no later than that.
    """
    if destination_id.startswith(WebhookEndpoint.prefix):
        await rows.lock(tx, WebhookEndpoint, destination_id)
    else:
        await rows.lock(tx, EventDestination, destination_id)
    ends_ms = now_ms + overlap_ms
    await secrets.end_sooner(tx, destination_id, ends_ms)
    old = await secrets.get(tx.connection, tx.vault, tx.account_id, destination_id, SIGNING_SECRET)
    assert old is not None, f"{destination_id} has no signing secret"
    if overlap_ms:
        # Each earlier secret has a name of its own that comes after that of the new one.
        name = f"{SIGNING_SECRET}_{ids.new_id('until_')}"
        await secrets.put(tx, destination_id, name, old)
        await secrets.let_end(tx, destination_id, name, ends_ms)
    return await _new_secret(tx, destination_id)


async def _new_secret(tx: Tx, destination_id: str) -> str:
    secret = ids.secret_token(signing.SECRET_PREFIX, SECRET_LENGTH)
    await secrets.put(tx, destination_id, SIGNING_SECRET, secret)
    return secret


async def _forget_failing(tx: Tx, destination_id: str) -> None:
    await _FORGET_FAILING(tx.connection, account_id=tx.account_id, destination_id=destination_id)


async def _gone(tx: Tx, destination_id: str) -> None:
    await _forget_failing(tx, destination_id)
    await _cancel(tx, destination_id)
    await secrets.forget(tx, destination_id)


async def _cancel(tx: Tx, destination_id: str) -> None:
    await _CANCEL(tx.connection, account_id=tx.account_id, destination_id=destination_id)


# Both, as delivery sees them.


async def listeners(connection: Connection, owners: list[str]) -> list[rules.Listener]:
    """Every destination that the accounts own, with the command lines that listen."""
    found = await listening.listeners(connection, owners, clock.machine_ms())
    for row in await _ENDPOINTS(connection, owners=owners):
        endpoint = msgspec.convert(_content(row), WebhookEndpoint)
        found.append(rules.listener_of(row.account_id, endpoint))
    for row in await _DESTINATIONS(connection, owners=owners):
        destination = msgspec.convert(_content(row), EventDestination)
        found.append(rules.listener_of(row.account_id, destination))
    return found


async def naming(connection: Connection, account_id: str, name: str) -> NamingDestination | None:
    """The oldest destination of an account that names an event and gets snapshots; one that gets
    every event does not name it. (A decision finds the same in its one query.)"""
    return await _NAMING(connection, account_id=account_id, name=name)


def _content(row: StoredDestination) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(row.body)
    return content | {"id": row.id, "created": row.created}


async def signing_secrets(
    connection: Connection, vault: Vault, listener: rules.Listener, *, now_ms: int
) -> list[str]:
    """The secrets that the listener's deliveries are signed with: the newest first, then earlier
    ones that have not ended."""
    return await secrets_of(connection, vault, listener.account_id, listener.id, now_ms=now_ms)


async def secrets_of(
    connection: Connection, vault: Vault, account_id: str, destination_id: str, *, now_ms: int
) -> list[str]:
    """The same of a destination by its id."""
    return await secrets.living(
        connection, vault, account_id, destination_id, SIGNING_SECRET, now_ms=now_ms
    )

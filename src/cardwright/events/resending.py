"""``POST /v1/events/:id/retry``: send an event again.

It goes to the destination that is named, or to every destination that hears of such events; with
``for_stripecli`` to the command lines that are listening. The whole schedule of tries is ahead of
it again.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec

from cardwright.events import bodies, catalogue, destinations, log, refusals, rules
from cardwright.events.model import LoggedEvent
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.kernel.registries import Ordered
from cardwright.tenancy import platforms
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body, parse_version

QUERIES = load(__file__)
_SEND = QUERIES.run("send_again")

# Who else is sent an event again: command lines that listen. Each says whether somebody does.
LISTENING: Ordered[Callable[[Tx, LoggedEvent], Awaitable[bool]]] = Ordered("who listens")


class Resend(Parameters):
    """What may be said of sending again: the connected account of the event, one destination, or
    that only listening command lines are meant."""

    account: Annotated[str | None, Mark(longest=200)] = None
    for_stripecli: bool = False
    webhook_endpoint: Annotated[str | None, Mark(longest=200)] = None


@operator_verb(kind="none")
async def resend(
    tx: Tx, event: LoggedEvent, destination_id: str | None = None
) -> list[rules.Listener]:
    """Let an event be delivered again, now: to one destination, or to all that hear of it.

    Refuses a destination that is unknown, disabled, or not reached by events of that account.
    """
    owners = sorted({event.account_id, tx.account_id, tx.platform_id})
    everybody = await destinations.listeners(tx.connection, owners)
    if destination_id is None:
        chosen = [
            listener
            for listener in everybody
            if listener.enabled
            and rules.reaches(listener, event.account_id, tx.platform_id)
            and rules.asks_for(listener, event.type)
        ]
    else:
        chosen = [_named(tx, event, everybody, destination_id)]
    for listener in chosen:
        await _SEND(
            tx.connection,
            account_id=listener.account_id,
            event_id=event.id,
            destination_id=listener.id,
            event_account_id=event.account_id,
            due_ms=clock.machine_ms(),
        )
    return chosen


def _named(
    tx: Tx, event: LoggedEvent, everybody: list[rules.Listener], destination_id: str
) -> rules.Listener:
    listener = next((one for one in everybody if one.id == destination_id), None)
    param = "webhook_endpoint"
    if listener is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param=param,
            object="webhook_endpoint",
            id=destination_id[:200],
        )
    if not listener.enabled:
        fail(refusals.DESTINATION_DISABLED, param=param, id=listener.id)
    ping = event.type == catalogue.PING and _about(event) == listener.id
    reached = rules.reaches(listener, event.account_id, tx.platform_id)
    # A snapshot cannot be made of what exists only as a thin event.
    faced = listener.thin or not catalogue.is_v2(event.type)
    if not ping and not (reached and faced):
        fail(refusals.DESTINATION_NOT_REACHED, param=param, id=listener.id, event=event.id)
    return listener


def _about(event: LoggedEvent) -> str | None:
    """The id of the object that a thin event is about."""
    related = msgspec.json.decode(event.thin or "{}").get("related_object") or {}
    found: str | None = related.get("id")
    return found


async def retry(tx: Tx, call: Call[Resend]) -> Body:
    """Send an event again; the answer is the event."""
    event = await find(tx, call.path["id"], call.given.get("account"))
    if call.given.get("for_stripecli"):
        pushed = [await listening(tx, event) for listening in LISTENING]
        if not any(pushed):
            fail(refusals.NOBODY_LISTENS, param="for_stripecli")
    else:
        await resend(tx, event, call.given.get("webhook_endpoint"))
    return await shown(tx, event)


async def find(tx: Tx, event_id: str, account_id: str | None = None) -> LoggedEvent:
    """An event of the acting account or, for a platform, of a connected account (that one)."""
    event = await log.find(tx, bodies.stored_id(event_id))
    if event is None or (account_id is not None and event.account_id != account_id):
        fail(tenancy_refusals.RESOURCE_MISSING, param="id", object="event", id=event_id[:200])
    return event


async def shown(tx: Tx, event: LoggedEvent) -> Body:
    """The event in its first face: a snapshot, or the thin event where there is none."""
    account = event.account_id if event.account_id != tx.account_id else None
    if event.snapshot is None:
        return bodies.v2_body(event, livemode=tx.livemode, context=account, whole=True)
    pinned, _settings = await platforms.settings_of(tx.connection, tx.platform_id)
    pending = await log.pending(tx.connection, sorted({tx.account_id, tx.platform_id}), [event.id])
    return bodies.v1_body(
        event,
        version=parse_version(pinned),
        livemode=tx.livemode,
        pending_webhooks=pending.get(event.id, 0),
        account=account,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v1/events/{id}/retry", handler=retry, takes=Resend),
)

"""``/_cardwright/webhook_endpoints/:id/roll_secret`` and the same of event destinations.

The public API leaves this to the dashboard. For a while both secrets sign, so that receivers can
be changed one after the other.
"""

from typing import Annotated

from cardwright.events import destinations, refusals
from cardwright.events.model import EventDestination, WebhookEndpoint
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

OVERLAP_MAX_SECONDS = 24 * 3600


class Roll(Parameters):
    """How many seconds the old secret goes on signing, a day unless it is said."""

    expires_in: Annotated[int, Mark()] = OVERLAP_MAX_SECONDS


@operator_verb(kind="reveals")
async def roll(tx: Tx, destination_id: str, overlap_seconds: int = OVERLAP_MAX_SECONDS) -> Body:
    """Give a destination a new signing secret; the answer alone holds it."""
    if not 0 <= overlap_seconds <= OVERLAP_MAX_SECONDS:
        fail(refusals.SECRET_OVERLAP_TOO_LONG, param="expires_in", longest=OVERLAP_MAX_SECONDS)
    shape = WebhookEndpoint if destination_id.startswith(WebhookEndpoint.prefix) else None
    await rows.get(tx, shape or EventDestination, destination_id)
    now_ms = clock.machine_ms()
    secret = await destinations.roll_secret(
        tx, destination_id, overlap_ms=overlap_seconds * clock.SECOND_MS, now_ms=now_ms
    )
    return {
        "id": destination_id,
        "object": "webhook_endpoint" if shape else "v2.core.event_destination",
        "previous_secret_expires_at": now_ms // clock.SECOND_MS + overlap_seconds,
        "secret": secret,
    }


async def roll_secret(tx: Tx, call: Call[Roll]) -> Body:
    """Roll the signing secret of a destination."""
    return await roll(tx, call.path["id"], call.given.get("expires_in", OVERLAP_MAX_SECONDS))


OPERATIONS = tuple(
    Operation(
        method="POST",
        path=f"/_cardwright/{kind}/{{id}}/roll_secret",
        handler=roll_secret,
        takes=Roll,
    )
    for kind in ("webhook_endpoints", "event_destinations")
)

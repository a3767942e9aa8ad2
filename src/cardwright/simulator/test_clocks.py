"""``/v1/test_helpers/test_clocks``: virtual clocks (source: Test Clocks API).

Here a clock holds connected accounts: ``test_clock`` at their creation, or attached later with
``/_cardwright/accounts/:id/test_clock``.
"""

from typing import Annotated, Any

from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import clocks, test_clocks
from cardwright.tenancy.clocks import TAG, Timers, shown
from cardwright.tenancy.deadlines import Handler
from cardwright.wire import pages
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/v1/test_helpers/test_clocks"
ACCOUNT_PATH = "/_cardwright/accounts/{id}/test_clock"
EARLIEST, LATEST = clock.EARLIEST_MS // clock.SECOND_MS, clock.LATEST_MS // clock.SECOND_MS


class NewClock(Parameters):
    """What a new clock takes."""

    frozen_time: Annotated[int, Mark(need="c", low=EARLIEST, high=LATEST)]
    name: Annotated[str | None, Mark(longest=300)] = None
    timers: Timers = "test"


class Advance(Parameters):
    """Where a clock goes, and whether it is ready only when receivers of webhooks were told."""

    frozen_time: Annotated[int, Mark(need="c", low=EARLIEST, high=LATEST)]
    wait_for_webhooks: bool = False


class Attachment(Parameters):
    """The clock that an account is to follow; empty: machine time."""

    test_clock: Annotated[str | None, Mark(longest=255)] = None


async def create(tx: Tx, call: Call[NewClock]) -> Body:
    """Create a test clock."""
    given = call.given.value()
    now_ms = given.frozen_time * clock.SECOND_MS
    return shown(await test_clocks.create(tx, now_ms, name=given.name, timers=given.timers))


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a test clock."""
    return shown(await test_clocks.get(tx, call.path["id"]))


async def list_all(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List test clocks, newest first."""
    page = call.page
    cursor = page.starting_after or page.ending_before
    if cursor is not None:
        await test_clocks.get(tx, cursor)
    found = await clocks.list_all(
        tx.connection,
        tx.platform_id,
        page.limit + 1,
        after=page.starting_after,
        before=page.ending_before,
    )
    bodies = [shown(one) for one in found[: page.limit]]
    if page.ending_before is not None:
        bodies.reverse()
    return pages.Page(bodies, len(found) > page.limit, page)


async def advance(tx: Tx, call: Call[Advance]) -> Body:
    """Advance a test clock; it is there when its status is ``ready``."""
    given = call.given.value()
    sent = await test_clocks.advance(
        tx,
        call.path["id"],
        given.frozen_time * clock.SECOND_MS,
        wait_for_webhooks=given.wait_for_webhooks,
    )
    return shown(sent)


async def delete(tx: Tx, call: Call[Any]) -> Body:
    """Delete a test clock that no open account follows."""
    await test_clocks.delete(tx, call.path["id"])
    return {"id": call.path["id"], "object": TAG, "deleted": True}


async def attach(tx: Tx, call: Call[Attachment]) -> Body:
    """Let an account follow a test clock, or machine time again."""
    if "test_clock" not in call.given:
        fail(wire_refusals.PARAMETER_MISSING, param="test_clock")
    wanted = call.given.get("test_clock")
    now_ms = await test_clocks.attach(tx, call.path["id"], wanted)
    return {
        "object": "account_clock",
        "account": call.path["id"],
        "now": now_ms // clock.SECOND_MS,
        "test_clock": wanted,
    }


async def remove_unused(tx: Tx, clock_id: str) -> None:
    """A test clock that no account follows is deleted."""
    await test_clocks.remove_unused(tx, clock_id)


HANDLERS: dict[str, Handler] = {test_clocks.DELETION: remove_unused}


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(
        method=method, path=path, handler=handler, platform_only=True, test_only=True, **more
    )


OPERATIONS = (
    _operation("POST", PATH, create, takes=NewClock),
    _operation("GET", PATH, list_all, is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    _operation("DELETE", f"{PATH}/{{id}}", delete),
    _operation("POST", f"{PATH}/{{id}}/advance", advance, takes=Advance),
    Operation(
        method="POST", path=ACCOUNT_PATH, handler=attach, takes=Attachment, platform_only=True
    ),
)

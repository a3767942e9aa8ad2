"""``/_cardwright/accounts/:id/deadlines``: what will happen to an account, and when.

The public API has nothing like it, so the path stands outside of it; form, answers and errors are
those of v1.
"""

from typing import Any

from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.simulator import expiries
from cardwright.tenancy import deadlines, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.deadlines import Upcoming
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

PATH = "/_cardwright/accounts/{id}/deadlines"


async def deadlines_of(tx: Tx, account_id: str) -> list[Body]:
    """The deadlines of the acting account, or of an account of the acting platform, and what of it
    ends by itself, the earliest first; closed accounts have some, too. Refuses with
    ``resource_missing``."""
    tenant = await registry.find_tenant(tx.connection, account_id)
    if tenant is None or tx.account_id not in (tenant.account_id, tenant.platform_id):
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="account",
            object="account",
            id=account_id[:200],
        )
    found = await deadlines.upcoming(tx.connection, account_id)
    found += await expiries.expiries_of(tx, tenant)
    found.sort(key=lambda row: (row.due_ms, row.rank, row.kind, row.subject))
    return [_shown(row, tenant.clock_id) for row in found]


def _shown(row: Upcoming, clock_id: str | None) -> Body:
    waits = row.attempts > 0
    return {
        "id": f"{row.kind}:{row.subject}",
        "object": "deadline",
        "account": row.account_id,
        "attempts": row.attempts,
        "description": expiries.WORDS.get(row.kind) or deadlines.words(row.kind),
        "due_at": row.due_ms // clock.SECOND_MS,
        "kind": row.kind,
        "next_try_at": row.not_before_ms // clock.SECOND_MS if waits else None,
        "subject": row.subject,
        "test_clock": clock_id if row.timebase == "account" else None,
    }


async def list_all(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List what will happen to an account, the next first."""
    found = await deadlines_of(tx, call.path["id"])
    page = call.page
    cursor = page.starting_after or page.ending_before
    places = [place for place, one in enumerate(found) if one["id"] == cursor]
    if cursor is not None and not places:
        param = "starting_after" if page.starting_after is not None else "ending_before"
        fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="deadline", id=cursor[:200])
    if page.ending_before is not None:
        earlier = found[: places[0]]
        return pages.Page(earlier[-page.limit :], len(earlier) > page.limit, page)
    later = found[places[0] + 1 :] if places else found
    return pages.Page(later[: page.limit], len(later) > page.limit, page)


OPERATIONS = (Operation(method="GET", path=PATH, handler=list_all, is_list=True),)

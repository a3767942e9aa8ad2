"""``/_cardwright/requests``: what was asked of the API by the platform's keys."""

import re
from typing import Annotated, Any

from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.request_log import reading
from cardwright.request_log.reading import Filter
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/requests"
_CLASS = re.compile(r"([1-5])xx", re.IGNORECASE)


class RequestFilter(Parameters):
    """What the list may be narrowed to; ``status`` is a code, or a class such as ``4xx``."""

    account: Annotated[str | None, Mark(longest=200)] = None
    client_ip: Annotated[str | None, Mark(longest=100)] = None
    method: Annotated[str | None, Mark(longest=10)] = None
    path: Annotated[str | None, Mark(longest=500)] = None
    status: Annotated[str | None, Mark(pattern=r"[1-5]([0-9]{2}|[xX]{2})")] = None


def filter_of(
    *,
    account: str | None = None,
    client_ip: str | None = None,
    method: str | None = None,
    path: str | None = None,
    status: str | None = None,
) -> Filter:
    """The filter in the words of a caller."""
    low, high = 0, 999
    if status is not None:
        of_class = _CLASS.fullmatch(status)
        low = int(of_class.group(1)) * 100 if of_class else int(status)
        high = low + 99 if of_class else low
    return Filter(
        methods=None if method is None else [method.upper()],
        path=None if path is None else path.rstrip("/"),
        status_low=low,
        status_high=high,
        acting_id=account,
        client_ip=client_ip,
    )


async def list_requests(tx: Tx, call: Call[RequestFilter]) -> pages.Page[Body]:
    """List requests, newest first."""
    page = call.page
    wanted = filter_of(**{name: value for name, value in call.given.tree.items() if value})
    limit = page.limit + 1
    if page.ending_before is not None:
        found = await reading.following(
            tx.connection, tx.platform_id, wanted, after=page.ending_before, limit=limit
        )
        more = len(found) > page.limit
        found = found[: page.limit][::-1]
    else:
        found = await reading.newest(
            tx.connection, tx.platform_id, wanted, before=page.starting_after, limit=limit
        )
        more = len(found) > page.limit
        found = found[: page.limit]
    bodies = [
        reading.shown(tx.vault, tx.platform_id, logged, livemode=tx.livemode) for logged in found
    ]
    return pages.Page(bodies, more, page)


async def retrieve_request(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a request."""
    logged = await reading.find(tx.connection, tx.platform_id, call.path["id"])
    if logged is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="id",
            object="request",
            id=call.path["id"][:200],
        )
    return reading.shown(tx.vault, tx.platform_id, logged, livemode=tx.livemode)


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_requests,
        takes=RequestFilter,
        letter="l",
        is_list=True,
        platform_only=True,
    ),
    Operation(method="GET", path=f"{PATH}/{{id}}", handler=retrieve_request, platform_only=True),
)

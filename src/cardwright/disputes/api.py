"""``/v1/issuing/disputes``: the operations on disputes."""

from typing import Any

from cardwright.disputes import flows, operator, whole
from cardwright.disputes.model import Dispute, ShownDispute
from cardwright.kernel.database import Tx
from cardwright.wire import expand, pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Metadata, Parameters

PATH = "/v1/issuing/disputes"
LOADER = expand.Loader(ShownDispute, whole.load_shown)


class Submission(Parameters):
    """What may be said with a submission."""

    metadata: Metadata | None = None


async def list_all(tx: Tx, call: Call[Dispute]) -> pages.Page[ShownDispute]:
    """List disputes, newest first."""
    page = await pages.list_page(tx.connection, Dispute, tx.account_id, call.given, call.page)
    shown = await whole.shown(tx.connection, tx.account_id, page.data)
    return pages.Page(shown, page.has_more, page.request)


async def retrieve(tx: Tx, call: Call[Any]) -> ShownDispute:
    """Retrieve a dispute."""
    found = await rows.get(tx, Dispute, call.path["id"])
    [shown] = await whole.shown(tx.connection, tx.account_id, [found])
    return shown


async def create(tx: Tx, call: Call[Dispute]) -> ShownDispute:
    """Dispute a capture."""
    return await flows.create_dispute(tx, call.given)


async def update(tx: Tx, call: Call[Dispute]) -> ShownDispute:
    """Change a dispute that is not submitted."""
    return await flows.update_dispute(tx, call.path["id"], call.given)


async def submit(tx: Tx, call: Call[Submission]) -> ShownDispute:
    """Submit a dispute to the card network."""
    return await flows.submit_dispute(tx, call.path["id"], call.given)


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, returns=ShownDispute, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=Dispute, letter="l", is_list=True),
    _operation("POST", PATH, create, takes=Dispute),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    _operation("POST", f"{PATH}/{{id}}", update, takes=Dispute, letter="u"),
    _operation("POST", f"{PATH}/{{id}}/submit", submit, takes=Submission),
    *operator.OPERATIONS,
)

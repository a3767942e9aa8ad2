"""``/v1/issuing/authorizations``: the operations on authorizations."""

from typing import Annotated, Any

from cardwright.authorizations import flows, lifetime, refusals, whole
from cardwright.authorizations.decision import explaining
from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.authorizations.real_time import answering
from cardwright.authorizations.real_time.answering import Verdict
from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.refusal import RecordedFailure, fail
from cardwright.wire import expand, pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Metadata, Parameters
from cardwright.wire.versions import Body

PATH = "/v1/issuing/authorizations"
LOADER = expand.Loader(ShownAuthorization, whole.load_shown)


class Approval(Parameters):
    """Approve, all of it or (where the request says so) a part of it."""

    amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None
    metadata: Metadata | None = None


class Refusal(Parameters):
    """Decline."""

    metadata: Metadata | None = None


async def retrieve(tx: Tx, call: Call[Authorization]) -> ShownAuthorization:
    """Retrieve an authorization."""
    found = await rows.get(tx, Authorization, call.path["id"])
    [shown] = await whole.shown(tx.connection, tx.account_id, [found])
    return shown


async def explain(tx: Tx, call: Call[Any]) -> Body:
    """Explain an authorization: each decision rule by rule, the answers, the ledger."""
    return await explaining.explain(tx, call.path["id"])


async def update(tx: Tx, call: Call[Authorization]) -> ShownAuthorization:
    """Update an authorization's metadata."""
    return await flows.change_metadata(tx, call.path["id"], call.given)


async def list_all(tx: Tx, call: Call[Authorization]) -> pages.Page[ShownAuthorization]:
    """List authorizations, newest first."""
    asked = lifetime.meant(call.given, call.version)
    page = await pages.list_page(tx.connection, Authorization, tx.account_id, asked, call.page)
    shown = await whole.shown(tx.connection, tx.account_id, page.data)
    return pages.Page(shown, page.has_more, page.request)


async def approve(tx: Tx, call: Call[Approval]) -> ShownAuthorization:
    """Approve an authorization that is waiting for an answer."""
    given = call.given.value()
    verdict = Verdict(
        source="api",
        verdict="approved",
        amount_minor=given.amount,
        metadata=given.metadata or {},
    )
    return await _answer(tx, call.path["id"], verdict)


async def decline(tx: Tx, call: Call[Refusal]) -> ShownAuthorization:
    """Decline an authorization that is waiting for an answer."""
    given = call.given.value()
    verdict = Verdict(source="api", verdict="declined", metadata=given.metadata or {})
    return await _answer(tx, call.path["id"], verdict)


async def _answer(tx: Tx, authorization_id: str, verdict: Verdict) -> ShownAuthorization:
    work = await flows.opened(tx, authorization_id)
    if work.now.pending_request is None:
        if await answering.record_late(tx, authorization_id, verdict):
            raise RecordedFailure(refusals.AUTHORIZATION_NOT_WAITING)
        fail(refusals.AUTHORIZATION_NOT_WAITING)
    answering.check_amount(work.before, verdict.amount_minor)
    return (await answering.answer(tx, authorization_id, verdict)).authorization


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=Authorization,
        letter="l",
        returns=ShownAuthorization,
        is_list=True,
    ),
    Operation(method="GET", path=f"{PATH}/{{id}}", handler=retrieve, returns=ShownAuthorization),
    Operation(method="GET", path=f"{PATH}/{{id}}/explain", handler=explain),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=Authorization,
        letter="u",
        returns=ShownAuthorization,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}/approve",
        handler=approve,
        takes=Approval,
        returns=ShownAuthorization,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}/decline",
        handler=decline,
        takes=Refusal,
        returns=ShownAuthorization,
    ),
)

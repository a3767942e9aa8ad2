"""``/_cardwright/disputes``: what the card network says of disputes, told by the operator.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1. A platform sees the disputes of all of its accounts.
"""

from typing import Annotated, Any

from cardwright.accounts.record.acting import acting
from cardwright.disputes import flows, views
from cardwright.disputes.flows import QUERIES
from cardwright.disputes.model import (
    Dispute,
    LossReason,
    NetworkStepName,
    ShownDispute,
    Verdict,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Mark, Parameters, Timestamp
from cardwright.wire.versions import Body

PATH = "/_cardwright/disputes"
FILES_MAX = 12
_ACCOUNT = QUERIES.value("account_of_dispute", str)


class Closing(Parameters):
    """How the network decided, and why it decided against the cardholder."""

    loss_reason: LossReason | None = None
    status: Annotated[Verdict, Mark(need="c")]


class CreditDeadlines(Parameters):
    """By when the platform must grant its user provisional credit, and from when on it may be
    revoked."""

    grant_deadline: Timestamp | None = None
    revocable_after: Timestamp | None = None


class NetworkEvidence(Parameters):
    """What the merchant's bank sent with a step."""

    merchant_evidence_files: Annotated[list[str], Mark(need="c")]
    step: Annotated[NetworkStepName, Mark(need="c")]


async def find_dispute(tx: Tx, dispute_id: str) -> tuple[Tx, Dispute]:
    """A dispute of the acting platform, and the transaction acting as its account."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=dispute_id)
    at = await acting(tx, account_id, closed=True) if account_id is not None else None
    if at is None:
        fail(tenancy_refusals.RESOURCE_MISSING, param="id", object="dispute", id=dispute_id[:200])
    return at, await rows.get(at, Dispute, dispute_id)


async def close(
    tx: Tx, dispute_id: str, verdict: Verdict, loss_reason: LossReason | None = None
) -> ShownDispute:
    """The network has decided a dispute."""
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.close_dispute(at, dispute_id, verdict, loss_reason)


async def credit(tx: Tx, dispute_id: str) -> ShownDispute:
    """The network gives the amount back before it has decided."""
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.credit_dispute(at, dispute_id)


async def list_disputes(
    tx: Tx, given: Any, page: pages.PageRequest, **fixed: str | None
) -> pages.Page[Dispute]:
    """A page of the disputes of the acting platform's accounts, newest first."""
    return await pages.list_page(
        tx.connection, Dispute, tx.account_id, given, page, owner="platform_id", fixed=fixed
    )


def shown(dispute: ShownDispute | Dispute) -> Body:
    """A dispute as the operator sees it: with its account and the instants that are ours."""
    return {
        **render(dispute),
        "account": dispute.account,
        "credited": dispute.credited_minor,
        "submit_by": dispute.submit_by,
    }


# Operations.


async def list_all(tx: Tx, call: Call[Dispute]) -> pages.Page[Body]:
    """List disputes, newest first."""
    page = await list_disputes(tx, call.given, call.page)
    return pages.Page([shown(one) for one in page.data], page.has_more, page.request)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a dispute."""
    at, dispute = await find_dispute(tx, call.path["id"])
    [whole] = await views.shown(at.connection, at.account_id, [dispute])
    return shown(whole)


async def close_operation(tx: Tx, call: Call[Closing]) -> Body:
    """Close a dispute as won or lost."""
    given = call.given.value()
    return shown(await close(tx, call.path["id"], given.status, given.loss_reason))


async def credit_operation(tx: Tx, call: Call[Any]) -> Body:
    """Credit a dispute before it is decided."""
    return shown(await credit(tx, call.path["id"]))


async def set_deadlines(tx: Tx, call: Call[CreditDeadlines]) -> Body:
    """Set the deadlines of the provisional credit of a dispute."""
    given = call.given.value()
    at, _ = await find_dispute(tx, call.path["id"])
    return shown(
        await flows.set_credit_deadlines(
            at, call.path["id"], given.grant_deadline, given.revocable_after
        )
    )


async def record_step(tx: Tx, call: Call[NetworkEvidence]) -> Body:
    """Record what the merchant's bank sent with a step of the network's procedure."""
    given = call.given.value()
    if not 1 <= len(given.merchant_evidence_files) <= FILES_MAX:
        fail(wire_refusals.PARAMETER_TOO_MANY, param="merchant_evidence_files", limit=FILES_MAX)
    at, _ = await find_dispute(tx, call.path["id"])
    return shown(
        await flows.record_network_step(
            at, call.path["id"], given.step, given.merchant_evidence_files
        )
    )


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=Dispute, letter="l", is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    _operation("POST", f"{PATH}/{{id}}/close", close_operation, takes=Closing),
    _operation("POST", f"{PATH}/{{id}}/credit", credit_operation),
    _operation("POST", f"{PATH}/{{id}}/network_lifecycle", record_step, takes=NetworkEvidence),
    _operation("POST", f"{PATH}/{{id}}/provisional_credit", set_deadlines, takes=CreditDeadlines),
)

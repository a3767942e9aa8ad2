"""``/_cardwright/disputes``: what the card network says of disputes, told by the operator.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1. A platform sees the disputes of all of its accounts.
"""

from typing import Annotated, Any

from cardwright.disputes import verbs, whole
from cardwright.disputes.model import (
    Dispute,
    LossReason,
    NetworkStepName,
    ShownDispute,
    Verdict,
)
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Mark, Parameters, Timestamp
from cardwright.wire.versions import Body

PATH = "/_cardwright/disputes"


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
    page = await pages.list_page(
        tx.connection, Dispute, tx.account_id, call.given, call.page, owner="platform_id"
    )
    return pages.Page([shown(one) for one in page.data], page.has_more, page.request)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a dispute."""
    at, dispute = await verbs.find_dispute(tx, call.path["id"])
    [found] = await whole.shown(at.connection, at.account_id, [dispute])
    return shown(found)


async def close(tx: Tx, call: Call[Closing]) -> Body:
    """Close a dispute as won or lost."""
    given = call.given.value()
    return shown(await verbs.close_dispute(tx, call.path["id"], given.status, given.loss_reason))


async def credit(tx: Tx, call: Call[Any]) -> Body:
    """Credit a dispute before it is decided."""
    return shown(await verbs.credit_dispute(tx, call.path["id"]))


async def set_deadlines(tx: Tx, call: Call[CreditDeadlines]) -> Body:
    """Set the deadlines of the provisional credit of a dispute."""
    given = call.given.value()
    return shown(
        await verbs.set_credit_deadlines(
            tx, call.path["id"], given.grant_deadline, given.revocable_after
        )
    )


async def record_step(tx: Tx, call: Call[NetworkEvidence]) -> Body:
    """Record what the merchant's bank sent with a step of the network's procedure."""
    given = call.given.value()
    files = given.merchant_evidence_files
    return shown(await verbs.record_network_step(tx, call.path["id"], given.step, files))


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=Dispute, letter="l", is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    _operation("POST", f"{PATH}/{{id}}/close", close, takes=Closing),
    _operation("POST", f"{PATH}/{{id}}/credit", credit),
    _operation("POST", f"{PATH}/{{id}}/network_lifecycle", record_step, takes=NetworkEvidence),
    _operation("POST", f"{PATH}/{{id}}/provisional_credit", set_deadlines, takes=CreditDeadlines),
)

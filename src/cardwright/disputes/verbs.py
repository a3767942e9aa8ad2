"""What an operator says of the disputes of a platform's accounts, as the card network tells it.

The acting account is the platform.
"""

from cardwright.accounts.record.acting import acting
from cardwright.disputes import flows
from cardwright.disputes.flows import QUERIES
from cardwright.disputes.model import Dispute, LossReason, NetworkStepName, ShownDispute, Verdict
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

FILES_MAX = 12
_ACCOUNT = QUERIES.value("account_of_dispute", str)


@operator_verb(kind="moves_money")
async def close_dispute(
    tx: Tx, dispute_id: str, verdict: Verdict, loss_reason: LossReason | None = None
) -> ShownDispute:
    """The network has decided a dispute."""
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.close_dispute(at, dispute_id, verdict, loss_reason)


@operator_verb(kind="moves_money")
async def credit_dispute(tx: Tx, dispute_id: str) -> ShownDispute:
    """The network gives the amount back before it has decided."""
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.credit_dispute(at, dispute_id)


@operator_verb(kind="none")
async def set_credit_deadlines(
    tx: Tx, dispute_id: str, grant_deadline: Timestamp | None, revocable_after: Timestamp | None
) -> ShownDispute:
    """By when the platform must grant its user provisional credit, and when it may revoke it."""
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.set_credit_deadlines(at, dispute_id, grant_deadline, revocable_after)


@operator_verb(kind="none")
async def record_network_step(
    tx: Tx, dispute_id: str, step: NetworkStepName, files: list[str]
) -> ShownDispute:
    """The merchant's bank sent files with a step of the network's procedure."""
    if not 1 <= len(files) <= FILES_MAX:
        fail(wire_refusals.PARAMETER_TOO_MANY, param="merchant_evidence_files", limit=FILES_MAX)
    at, _ = await find_dispute(tx, dispute_id)
    return await flows.record_network_step(at, dispute_id, step, files)


async def find_dispute(tx: Tx, dispute_id: str) -> tuple[Tx, Dispute]:
    """A dispute of the acting platform, and the transaction acting as its account."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=dispute_id)
    at = await acting(tx, account_id, closed=True) if account_id is not None else None
    if at is None:
        fail(tenancy_refusals.RESOURCE_MISSING, param="id", object="dispute", id=dispute_id[:200])
    return at, await rows.get(at, Dispute, dispute_id)

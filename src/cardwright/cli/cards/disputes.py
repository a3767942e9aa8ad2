"""``cardwright disputes``: what the card network says of disputes."""

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.tables import Amount, Columns, Json, instant, line, table
from cardwright.cli.transaction import Said, as_platform
from cardwright.disputes import verbs
from cardwright.disputes.model import Dispute, LossReason, ShownDispute, Status, Verdict
from cardwright.kernel.database import Tx
from cardwright.wire import pages

app = App(name="disputes")

COLUMNS: Columns[Dispute | ShownDispute] = {
    "id": lambda dispute: dispute.id,
    "status": lambda dispute: dispute.status,
    "amount": lambda dispute: Amount(dispute.amount, dispute.currency),
    "reason": lambda dispute: dispute.evidence.reason,
    "transaction": lambda dispute: dispute.transaction,
    "account": lambda dispute: dispute.account,
    "created": lambda dispute: instant(dispute.created),
}


@app.command(name="list")
@as_platform
async def list_disputes(tx: Tx, *, status: Status = "submitted", json: Json = False) -> Said:
    """List disputes, newest first; those that the network has to decide unless you say otherwise.

    Parameters
    ----------
    status
        The status of the disputes.
    """
    page = await pages.list_page(
        tx.connection,
        Dispute,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={"status": status},
    )
    none = f"No dispute has the status {status}."
    return table(page.data, COLUMNS, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def close(
    tx: Tx, dispute: options.Dispute, status: Verdict, *, loss_reason: LossReason | None = None
) -> Said:
    """Close a submitted dispute as the network decided it: the money of a won one comes back.

    Parameters
    ----------
    status
        How the network decided.
    loss_reason
        Why it decided against the cardholder.
    """
    return line(await verbs.close_dispute(tx, dispute, status, loss_reason), COLUMNS)


@app.command
@as_platform
async def credit(tx: Tx, dispute: options.Dispute) -> Said:
    """Give the amount of a submitted dispute back before it is decided; a loss takes it again."""
    return line(await verbs.credit_dispute(tx, dispute), COLUMNS)

"""``cardwright disputes``: what the card network says of disputes."""

from cyclopts import App

from cardwright.cli import acting, options
from cardwright.disputes import operator
from cardwright.disputes.model import Dispute, LossReason, ShownDispute, Status, Verdict
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.wire import pages

app = App(name="disputes")


@app.command(name="list")
def list_disputes(
    *,
    status: Status = "submitted",
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List disputes, newest first; those that the network has to decide unless you say otherwise.

    Parameters
    ----------
    status
        The status of the disputes.
    """

    async def work(tx: Tx) -> list[str]:
        request = pages.PageRequest(limit=options.LISTED_MAX)
        page = await operator.list_disputes(tx, None, request, status=status)
        return options.listed(
            map(line, page.data), more=page.has_more, none=f"No dispute has the status {status}."
        )

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def close(
    dispute: str,
    status: Verdict,
    *,
    loss_reason: LossReason | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Close a submitted dispute as the network decided it: the money of a won one comes back.

    Parameters
    ----------
    dispute
        The dispute.
    status
        How the network decided.
    loss_reason
        Why it decided against the cardholder.
    """

    async def work(tx: Tx) -> list[str]:
        return [line(await operator.close(tx, dispute, status, loss_reason))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def credit(
    dispute: str,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Give the amount of a submitted dispute back before it is decided; a loss takes it again.

    Parameters
    ----------
    dispute
        The dispute.
    """

    async def work(tx: Tx) -> list[str]:
        return [line(await operator.credit(tx, dispute))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(dispute: Dispute | ShownDispute) -> str:
    """A dispute on one line."""
    amount = f"{decimal_text(dispute.amount, dispute.currency)} {dispute.currency}"
    return "  ".join(
        (
            dispute.id,
            dispute.status,
            amount,
            dispute.evidence.reason,
            dispute.transaction,
            dispute.account,
            rfc3339(dispute.created * SECOND_MS),
        )
    )

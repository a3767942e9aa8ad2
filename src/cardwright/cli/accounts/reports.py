"""``cardwright reports``: what a platform has to look at, as JSON or CSV."""

from typing import Literal

from cyclopts import App

from cardwright.cli.tables import as_json
from cardwright.cli.transaction import Said, as_platform
from cardwright.compliance import report
from cardwright.kernel.database import Tx

app = App(name="reports")


@app.command
@as_platform
async def compliance(
    tx: Tx,
    *,
    format: Literal["csv", "json"] = "csv",  # noqa: A002 - the flag that people expect
) -> Said:
    """Print the compliance report of a platform: applications that wait, notices that are not sent,
    accounts about to lose their cards, accounts without and why, and open cases.

    Parameters
    ----------
    format
        How it is written.
    """
    found = await report.report(tx)
    return report.as_csv(found).splitlines() if format == "csv" else as_json(found)

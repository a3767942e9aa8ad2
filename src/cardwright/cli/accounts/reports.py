"""``cardwright reports``: what a platform has to look at, as JSON or CSV."""

from typing import Literal

import msgspec
from cyclopts import App

from cardwright.cli import acting, options
from cardwright.compliance import report
from cardwright.kernel.database import Tx

app = App(name="reports")


@app.command
def compliance(
    *,
    format: Literal["csv", "json"] = "csv",  # noqa: A002 - the flag that people expect
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Print the compliance report of a platform: applications that wait, notices that are not sent,
    accounts about to lose their cards, accounts without and why, and open cases.

    Parameters
    ----------
    format
        How it is written.
    """

    async def work(tx: Tx) -> list[str]:
        found = await report.report(tx)
        if format == "csv":
            return report.as_csv(found).splitlines()
        return [msgspec.json.format(msgspec.json.encode(found)).decode()]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")

"""``cardwright ledger``."""

import asyncio
import sys

from cyclopts import App

from cardwright.cli import options
from cardwright.ledger import audit
from cardwright.roles import access

app = App(name="ledger")


@app.command
def verify(
    *, data_dir: options.DataDirectory = None, database_url: options.DatabaseUrl = None
) -> None:
    """Recompute every balance from its entries; also beside a running server.

    Prints each difference and ends with exit code 1 when there is one.
    """
    differences = asyncio.run(_verify(data_dir, database_url))
    for difference in differences:
        print(difference.words)
    if differences:
        sys.exit(1)
    print("The ledger is clean: every transfer sums to zero and every balance to its entries.")


async def _verify(
    data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> list[audit.Difference]:
    directory = options.directory(data_dir)
    async with (
        access.installation(directory, database_url, options.warn) as connect,
        access.connected(connect) as connection,
    ):
        return await audit.verify(connection)

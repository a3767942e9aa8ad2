"""``cardwright rates``: load and show the exchange rates that a platform converts with."""

from pathlib import Path

from cyclopts import App

from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, table
from cardwright.cli.transaction import Said, as_platform, working
from cardwright.currencies import flows, rates
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError

app = App(name="rates")


@app.command
@working
async def load(file: Path, *, platform: Platform = PLATFORM) -> Said:
    """Load a CSV file of rates; also beside a running server.

    Parameters
    ----------
    file
        A column Date, then one for each currency, in units for one euro; a row for each day.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            found = rates.parse(lines)
        async with platform.transaction() as tx:
            count = await flows.load_rates(tx, found)
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{file} cannot be read: {error}") from None
    except Failure as refused:
        raise StartError(f"{file}: {refused.message}") from None
    return f"{count} exchange rates loaded."


@app.command
@as_platform
async def show(tx: Tx, *, json: Json = False) -> Said:
    """Show the rates that count today: units of each currency for one euro."""
    found = await flows.rates_on(tx, clock.day_number(tx.now_ms))
    built_in = rates.default_rates()
    columns: Columns[tuple[str, rates.Rate]] = {
        "currency": lambda one: one[0],
        "per_euro": lambda one: f"{one[1].per_euro:f}",
        "source": lambda one: (
            "built in" if one[1] is built_in.get(one[0]) else f"of {rates.date_text(one[1].day)}"
        ),
    }
    return table(sorted(found.items()), columns, json=json, none="There is no exchange rate.")

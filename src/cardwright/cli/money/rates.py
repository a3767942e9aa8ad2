"""``cardwright rates``: load and show the exchange rates that a platform converts with."""

import asyncio
from pathlib import Path

from cyclopts import App

from cardwright.cli import acting, options
from cardwright.currencies import flows, rates
from cardwright.kernel import clock
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError

app = App(name="rates")


@app.command
def load(
    file: Path,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Load a CSV file of rates; also beside a running server.

    Parameters
    ----------
    file
        A column Date, then one for each currency, in units for one euro; a row for each day.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            found = rates.parse(lines)
        count = asyncio.run(_load(found, live, data_dir, database_url))
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{file} cannot be read: {error}") from None
    except Failure as refused:
        raise StartError(f"{file}: {refused.message}") from None
    print(f"{count} exchange rates loaded.")


@app.command
def show(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show the rates that count today: units of each currency for one euro."""
    print("\n".join(asyncio.run(_shown(live, data_dir, database_url))))


async def _load(
    found: list[rates.Rate],
    live: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> int:
    async with acting.platform(live, data_dir, database_url) as tx:
        return await flows.load_rates(tx, found)


async def _shown(
    live: bool, data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> list[str]:
    async with acting.platform(live, data_dir, database_url) as tx:
        found = await flows.rates_on(tx, clock.day_number(tx.now_ms))
    built_in = rates.default_rates()
    return [
        f"{currency}  {rate.per_euro:f}  "
        + ("built in" if rate is built_in.get(currency) else f"of {rates.date_text(rate.day)}")
        for currency, rate in sorted(found.items())
    ]

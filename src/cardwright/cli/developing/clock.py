"""``cardwright clock``: virtual clocks of the test environment, also beside a running server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation, Platform
from cardwright.cli.tables import Columns, Json, table
from cardwright.cli.transaction import Said, working
from cardwright.kernel import clock as kernel_clock
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Database
from cardwright.kernel.startup import StartError
from cardwright.tenancy import clocks, registry, test_clocks
from cardwright.tenancy.clocks import Clock, ClockName, Timers

app = App(name="clock")

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SPAN = re.compile(r"([0-9]{1,6})([wdhms])")
PROGRESS_SECONDS = 1.0


COLUMNS: Columns[Clock] = {
    "id": lambda clock: clock.id,
    "now": lambda clock: rfc3339(clock.now_ms),
    "status": lambda clock: clock.shown_status.replace("_", " "),
    "target": lambda clock: None if clock.target_ms is None else rfc3339(clock.target_ms),
    "deadlines_met": lambda clock: clock.deadlines_met,
    "timers": lambda clock: clock.timers,
    "name": lambda clock: clock.name,
}


@app.command
@working
async def create(
    at: str,
    *,
    name: str | None = None,
    timers: Timers = "test",
    installation: Installation = INSTALLATION,
) -> Said:
    """Make a clock that stands until it is advanced.

    Parameters
    ----------
    at
        A date, such as 2026-01-01, or an instant, such as 2026-01-01T09:00:00Z.
    name
        What it is for.
    timers
        live: rules that are shortened in the test environment wait as long as in live mode.
    """
    at_ms = _instant(at)
    async with Platform(installation=installation).transaction() as tx:
        return _line(await test_clocks.create(tx, at_ms, name=name, timers=timers))


@app.command
@working
async def advance(
    clock: str | None = None,
    /,
    *,
    to: str | None = None,
    by: str | None = None,
    installation: Installation = INSTALLATION,
) -> Said:
    """Move a clock and let everything happen that is due on the way.

    Parameters
    ----------
    clock
        Which one; not needed for the clock of the environment, or when there is only one.
    to
        A date or an instant.
    by
        A span: 29d, 12h, 90m, 2w.
    """
    if (to is None) == (by is None):
        raise StartError("Say either where the clock goes (--to) or how far (--by).")
    target_ms = None if to is None else _instant(to)
    span_ms = _span(by) if by else 0
    async with _environment(installation) as (database, platform):
        found = await _named(database, platform, clock)
        name = ClockName(platform, found.id)
        target_ms = found.now_ms + span_ms if target_ms is None else target_ms
        async with registry.transaction(database, platform) as tx:
            await test_clocks.advance(tx, found.id, target_ms)
        shown_at = kernel_clock.monotonic() + PROGRESS_SECONDS
        # A server beside takes its turns, too.
        while await clocks.step(database, name):
            if kernel_clock.monotonic() >= shown_at:
                shown_at = kernel_clock.monotonic() + PROGRESS_SECONDS
                options.warn(_line(await _named(database, platform, found.id)))
        return _line(await _named(database, platform, found.id))


@app.command
@working
async def show(clock: str | None = None, /, *, installation: Installation = INSTALLATION) -> Said:
    """Show a clock and the accounts on it."""
    async with _environment(installation) as (database, platform):
        found = await _named(database, platform, clock)
        async with database.connection() as connection:
            name = ClockName(platform, found.id)
            on_it = await test_clocks.accounts_on(connection, name, options.LISTED_MAX + 1)
    more = (
        [f"  and more than {options.LISTED_MAX} others"] if len(on_it) > options.LISTED_MAX else []
    )
    nobody = [] if on_it else ["  no account follows it"]
    return [_line(found), *(f"  {one}" for one in on_it[: options.LISTED_MAX]), *more, *nobody]


@app.command(name="list")
@working
async def list_all(*, json: Json = False, installation: Installation = INSTALLATION) -> Said:
    """Show every clock, the newest first."""
    async with (
        _environment(installation) as (database, platform),
        database.connection() as connection,
    ):
        every = await clocks.list_all(connection, platform, options.LISTED_MAX + 1)
    shown, more = every[: options.LISTED_MAX], len(every) > options.LISTED_MAX
    return table(shown, COLUMNS, json=json, more=more, none="There is no clock yet.")


@app.command
@working
async def attach(
    account: options.Account,
    clock: str | None = None,
    /,
    *,
    off: options.Flag = False,
    installation: Installation = INSTALLATION,
) -> Said:
    """Let an account follow a clock.

    Parameters
    ----------
    clock
        The clock; not needed when there is only one.
    off
        Machine time again.
    """
    if off and clock is not None:
        raise StartError("--off and a clock contradict each other.")
    async with _environment(installation) as (database, platform):
        clock_id = None if off else (await _named(database, platform, clock)).id
        async with registry.transaction(database, platform) as tx:
            now_ms = await test_clocks.attach(tx, account, clock_id)
    where = "machine time" if clock_id is None else clock_id
    return f"{account} follows {where}: it is {rfc3339(now_ms)} there"


def _instant(text: str) -> int:
    try:
        instant_ms = kernel_clock.parse_instant(text)
    except ValueError:
        instant_ms = -1
    if not kernel_clock.EARLIEST_MS <= instant_ms <= kernel_clock.LATEST_MS:
        raise StartError(
            f"{text!r} is not an instant from 2000 to 2100: write 2026-01-01 or "
            "2026-01-01T09:00:00Z."
        )
    return instant_ms


def _span(text: str) -> int:
    """Milliseconds of ``29d``, ``12h``, ``90m``, ``2w``."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise StartError(f"{text!r} is not a span: write a number and one of w, d, h, m, s.")
    return int(found.group(1)) * SECONDS[found.group(2)] * kernel_clock.SECOND_MS


@asynccontextmanager
async def _environment(installation: Installation) -> AsyncIterator[tuple[Database, str]]:
    """The database and the platform of the test environment."""
    async with installation.database() as database:
        yield database, await Platform(installation=installation).account_id(database)


async def _named(database: Database, platform: str, given: str | None) -> Clock:
    """The clock that was named, that of the environment, or the only one."""
    async with database.connection() as connection:
        if given is not None:
            found = await clocks.find(connection, ClockName(platform, given))
            if found is None:
                raise StartError(f"There is no clock {given}.")
            return found
        own = await clocks.clock_of(connection, platform)
        if own is not None:
            return own
        every = await clocks.list_all(connection, platform, options.LISTED_MAX)
    if len(every) != 1:
        what = "There is no clock yet" if not every else "There are several clocks: name one of"
        raise StartError(f"{what}{' ' if every else ''}{', '.join(one.id for one in every)}.")
    return every[0]


def _line(found: Clock) -> str:
    """A clock in one line."""
    words = [found.id, rfc3339(found.now_ms), found.shown_status.replace("_", " ")]
    if found.target_ms is not None:
        words.append(f"to {rfc3339(found.target_ms)}")
    if found.deadlines_met:
        words.append(f"{found.deadlines_met:,} deadlines met")
    if found.timers == "live":
        words.append("timers live")
    return "  ".join([*words, *([found.name] if found.name else [])])

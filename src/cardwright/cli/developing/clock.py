"""``cardwright clock``: virtual clocks of the test environment, also beside a running server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cyclopts import App

from cardwright.cli import acting, options
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


@app.command
def create(
    at: str,
    *,
    name: str | None = None,
    timers: Timers = "test",
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    print(*acting.done(_create(_instant(at), name, timers, data_dir, database_url)), sep="\n")


@app.command
def advance(
    clock: str | None = None,
    /,
    *,
    to: str | None = None,
    by: str | None = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    print(
        *acting.done(_advance(clock, target_ms, _span(by) if by else 0, data_dir, database_url)),
        sep="\n",
    )


@app.command
def show(
    clock: str | None = None,
    /,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show a clock and the accounts on it."""
    print(*acting.done(_show(clock, data_dir, database_url)), sep="\n")


@app.command(name="list")
def list_all(
    *, data_dir: options.DataDirectory = None, database_url: options.DatabaseUrl = None
) -> None:
    """Show every clock, the newest first."""
    print(*acting.done(_list(data_dir, database_url)), sep="\n")


@app.command
def attach(
    account: str,
    clock: str | None = None,
    /,
    *,
    off: options.Flag = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Let an account follow a clock.

    Parameters
    ----------
    account
        The connected account.
    clock
        The clock; not needed when there is only one.
    off
        Machine time again.
    """
    if off and clock is not None:
        raise StartError("--off and a clock contradict each other.")
    print(*acting.done(_attach(account, clock, off, data_dir, database_url)), sep="\n")


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
async def _environment(
    data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> AsyncIterator[tuple[Database, str]]:
    """The database and the platform of the test environment."""
    async with acting.database_of(data_dir, database_url) as database:
        yield database, await acting.platform_of(database, live=False)


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


async def _create(
    at_ms: int,
    name: str | None,
    timers: Timers,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> list[str]:
    async with _environment(data_dir, database_url) as (database, platform):
        async with registry.transaction(database, platform) as tx:
            made = await test_clocks.create(tx, at_ms, name=name, timers=timers)
        return [_line(made)]


async def _advance(
    given: str | None,
    target_ms: int | None,
    span_ms: int,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> list[str]:
    async with _environment(data_dir, database_url) as (database, platform):
        found = await _named(database, platform, given)
        name = ClockName(platform, found.id)
        target_ms = found.now_ms + span_ms if target_ms is None else target_ms
        async with registry.transaction(database, platform) as tx:
            await test_clocks.advance(tx, found.id, target_ms)
        told_at = kernel_clock.monotonic() + PROGRESS_SECONDS
        # A server beside takes its turns, too.
        while await clocks.step(database, name):
            if kernel_clock.monotonic() >= told_at:
                told_at = kernel_clock.monotonic() + PROGRESS_SECONDS
                options.warn(_line(await _named(database, platform, found.id)))
        return [_line(await _named(database, platform, found.id))]


async def _show(
    given: str | None, data_dir: options.DataDirectory, database_url: options.DatabaseUrl
) -> list[str]:
    async with _environment(data_dir, database_url) as (database, platform):
        found = await _named(database, platform, given)
        async with database.connection() as connection:
            name = ClockName(platform, found.id)
            on_it = await test_clocks.accounts_on(connection, name, options.LISTED_MAX + 1)
        more = (
            [f"  and more than {options.LISTED_MAX} others"]
            if len(on_it) > options.LISTED_MAX
            else []
        )
        nobody = [] if on_it else ["  no account follows it"]
        return [_line(found), *(f"  {one}" for one in on_it[: options.LISTED_MAX]), *more, *nobody]


async def _list(data_dir: options.DataDirectory, database_url: options.DatabaseUrl) -> list[str]:
    async with (
        _environment(data_dir, database_url) as (database, platform),
        database.connection() as connection,
    ):
        every = await clocks.list_all(connection, platform, options.LISTED_MAX)
    return [_line(one) for one in every] or ["There is no clock yet."]


async def _attach(
    account: str,
    given: str | None,
    off: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> list[str]:
    async with _environment(data_dir, database_url) as (database, platform):
        clock_id = None if off else (await _named(database, platform, given)).id
        async with registry.transaction(database, platform) as tx:
            now_ms = await test_clocks.attach(tx, account, clock_id)
    where = "machine time" if clock_id is None else clock_id
    return [f"{account} follows {where}: it is {rfc3339(now_ms)} there"]


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

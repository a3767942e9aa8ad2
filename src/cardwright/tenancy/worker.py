"""The worker: meets deadlines, takes advancing clocks to their targets, and clears what is old."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.kernel.registries import Keyed
from cardwright.tenancy import clocks
from cardwright.tenancy.clocks import ClockName

REST_SECONDS = 0.1
# How many transactions meet deadlines side by side, and how many accounts each takes up: enough
# that a commit is paid by many, few enough that nobody waits long for a gate.
SIDE_BY_SIDE = 2
TOGETHER = 8
CLEARING_SECONDS = 3600.0
# How long a clock is moved before the worker looks at the others again.
TURN_SECONDS = 1.0
# After so many defects in a row a clock is given up.
DEFECTS_MAX = 3

# Removes what has outlived its time; the answer is how many rows.
Purge = Callable[[Connection], Awaitable[int]]
PURGES: Keyed[str, Purge] = Keyed("purges")
# Whether receivers of webhooks are still to be told of what happened on a clock.
Undelivered = Callable[[Connection, ClockName], Awaitable[bool]]


class Worker(Loop):
    """The loop of deadlines."""

    def __init__(self, database: Database, purges: Mapping[str, Purge]) -> None:
        super().__init__()
        self.database = database
        self.purges = purges
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._clear_at = clock.monotonic() + CLEARING_SECONDS

    async def work(self) -> float:
        """Meet what is due; several workers on one database share the accounts by their gates."""
        async with self.database.connection() as connection:
            due = await clocks.accounts_due(connection)
        batches = [
            due.machine[start : start + TOGETHER] for start in range(0, len(due.machine), TOGETHER)
        ]
        batches += [[account_id] for account_id in due.virtual]
        met = await asyncio.gather(*[self._serve(batch) for batch in batches])
        if clock.monotonic() >= self._clear_at:
            self._clear_at = clock.monotonic() + CLEARING_SECONDS
            await self.clear()
        return 0.0 if any(met) else REST_SECONDS

    async def clear(self) -> None:
        """Remove what has outlived its time."""
        async with self.database.connection() as connection:
            removed = {name: await purge(connection) for name, purge in self.purges.items()}
        log.info("worker.cleared", **removed)

    async def _serve(self, account_ids: list[str]) -> int:
        """Meet the deadlines of some accounts; the trouble of one does not reach the others."""
        try:
            async with self._places:
                if len(account_ids) == 1:
                    return await clocks.meet_due(self.database, account_ids[0])
                return await clocks.meet_together(self.database, account_ids)
        except Exception as error:
            if passing(error):
                return 0
            if len(account_ids) == 1:
                log.exception("worker.account_failed", account=account_ids[0])
                return 0
        return sum([await self._serve([account_id]) for account_id in account_ids])


class Mover(Loop):
    """The loop of clocks that are on their way, also of those that a crash left there."""

    def __init__(self, database: Database, undelivered: Undelivered) -> None:
        super().__init__()
        self.database = database
        self.undelivered = undelivered
        self._defects: dict[ClockName, int] = {}

    async def work(self) -> float:
        """Move every advancing clock for a while, side by side."""
        async with self.database.connection() as connection:
            moving = await clocks.advancing(connection)
            waiting = await clocks.waiting(connection)
            delivered = [name for name in waiting if not await self.undelivered(connection, name)]
        for name in delivered:
            await clocks.stop_waiting(self.database, name)
        again = await asyncio.gather(*[self._move(name) for name in moving])
        return 0.0 if any(again) else REST_SECONDS

    async def _move(self, name: ClockName) -> bool:
        """Whether the clock has further to go."""
        ends = clock.monotonic() + TURN_SECONDS
        try:
            while clock.monotonic() < ends:
                if not await clocks.step(self.database, name):
                    self._defects.pop(name, None)
                    return False
                # Calls that wait for this process come first.
                await asyncio.sleep(0)
        except Exception as error:
            if passing(error):
                return False
            log.exception("worker.clock_failed", clock=name.id)
            defects = self._defects[name] = self._defects.get(name, 0) + 1
            if defects >= DEFECTS_MAX:
                del self._defects[name]
                await clocks.give_up(self.database, name)
            return False
        return True

"""The worker: meets deadlines, takes advancing clocks to their targets, and clears what is old."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.tenancy import clocks

REST_SECONDS = 0.1
# How many accounts are served at once.
ACCOUNTS_AT_ONCE = 4
CLEARING_SECONDS = 3600.0

# Removes what has outlived its time; the answer is how many rows.
Purge = Callable[[Connection], Awaitable[int]]


class Worker(Loop):
    """The loop of deadlines."""

    def __init__(self, database: Database, purges: Mapping[str, Purge]) -> None:
        super().__init__()
        self.database = database
        self.purges = purges
        self._places = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
        self._clear_at = clock.monotonic() + CLEARING_SECONDS

    async def work(self) -> float:
        """Meet what is due; several workers on one database share the accounts by their gates."""
        async with self.database.connection() as connection:
            accounts = await clocks.accounts_due(connection)
            moving = await clocks.advancing(connection)
        met = await asyncio.gather(*[self._serve(account_id) for account_id in accounts])
        for name in moving:
            while await self._step(name):
                pass
        if clock.monotonic() >= self._clear_at:
            self._clear_at = clock.monotonic() + CLEARING_SECONDS
            await self.clear()
        return 0.0 if any(met) else REST_SECONDS

    async def clear(self) -> None:
        """Remove what has outlived its time."""
        async with self.database.connection() as connection:
            removed = {name: await purge(connection) for name, purge in self.purges.items()}
        log.info("worker.cleared", **removed)

    async def _serve(self, account_id: str) -> int:
        """Meet the deadlines of one account; its trouble does not reach the others."""
        async with self._places:
            try:
                return await clocks.meet_due(self.database, account_id)
            except Exception as error:
                if not passing(error):
                    log.exception("worker.account_failed", account=account_id)
                return 0

    async def _step(self, name: clocks.ClockName) -> bool:
        try:
            return await clocks.step(self.database, name)
        except Exception as error:
            if not passing(error):
                log.exception("worker.clock_failed", clock=name.id)
            return False

"""The worker: meets deadlines, takes advancing clocks to their targets, and clears what is old."""

import asyncio

import structlog

from cardwright.events import retention
from cardwright.kernel import clock
from cardwright.kernel.database import Database
from cardwright.roles.loop import Loop, passing
from cardwright.tenancy import clocks
from cardwright.wire import idempotency

log = structlog.get_logger()

REST_SECONDS = 0.1
# How many accounts are served at once.
ACCOUNTS_AT_ONCE = 4
CLEARING_SECONDS = 3600.0


class Worker(Loop):
    """The loop of deadlines."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
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
        """Remove outlived idempotency answers and events."""
        async with self.database.connection() as connection:
            answers = await idempotency.purge(connection)
            events = await retention.purge(connection)
        log.info("worker.cleared", answers=answers, events=events)

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

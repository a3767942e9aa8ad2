"""Who of the delivering processes lives: each holds a lock that ends with its connection.

A process that is killed leaves deliveries taken; its lock tells the others at once, long before
its leases run out. Should a living process lose its connection, what it had taken is delivered
twice at worst.
"""

import secrets
from typing import Any

from cardwright.kernel.database import Connection, Database, is_lost
from cardwright.kernel.queries import load

QUERIES = load(__file__)
_HOLD = QUERIES.run("be_present")
_LET_GO = QUERIES.run("be_absent")
_RELEASE = QUERIES.run("release_of_the_gone")

# The class of these locks among all advisory locks.
LOCK_CLASS = 0x64656C69
NUMBERS = 2**31


class Presence:
    """This process among those that deliver, by a random number."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self.number = secrets.randbelow(NUMBERS)

    async def hold(self) -> None:
        """Be present, again on another connection if the one before was lost."""
        if self._connection is not None and not is_lost(self._connection):
            return
        if self._connection is not None:
            await self._database.pool.release(self._connection)
            self._connection = None
        connection = await self._database.pool.acquire()
        self._connection = connection
        await _HOLD(connection, kind=LOCK_CLASS, number=self.number)

    async def let_go(self) -> None:
        """Be present no longer."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not is_lost(connection):
                await _LET_GO(connection, kind=LOCK_CLASS, number=self.number)
        finally:
            await self._database.pool.release(connection)


async def release_of_the_gone(connection: Connection, now_ms: int) -> int:
    """Let others take what processes that are gone had taken; returns how many deliveries."""
    return await _RELEASE(connection, kind=LOCK_CLASS, now_ms=now_ms)

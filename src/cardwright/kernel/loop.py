"""What runs as long as a process serves: parts, and among them loops that outlive errors.

A loop works, rests, and is woken early when work appears.
"""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

import asyncpg

from cardwright.kernel.database import RETRYABLE
from cardwright.kernel.logs import log

# How long a loop rests after an error, so that a database that is away is not hammered.
REST_AFTER_ERROR_SECONDS = 0.5
CANCEL_AGAIN_SECONDS = 1.0


# Classes of SQLSTATE: connection lost, and a database that shuts down or starts.
_AWAY = ("08", "57")


def passing(error: BaseException) -> bool:
    """Whether the error is of the database and will pass: contention, or a connection lost."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state in RETRYABLE or state.startswith(_AWAY)
    return isinstance(error, (OSError, asyncpg.InterfaceError))


class Part:
    """Something that a process starts and stops."""

    @property
    def trouble(self) -> str | None:
        """Why calls cannot be answered right now, if they cannot."""
        return None

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End; what is running is given the time to finish."""


class Loop(Part, ABC):
    """Runs ``work`` again and again as a task of the server."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    @abstractmethod
    async def work(self) -> float:
        """One round; the answer is how many seconds to rest at most."""

    async def start(self) -> None:
        """Begin to work."""
        assert self._task is None, "a loop is started once"
        self._task = asyncio.create_task(self._run(), name=type(self).__name__)

    async def stop(self) -> None:
        """End; an unfinished round is rolled back."""
        if self._task is None:
            return
        # A cancellation that arrives together with a result can be lost, so it is repeated.
        while not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=CANCEL_AGAIN_SECONDS)
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    def wake(self) -> None:
        """Work again without waiting for the rest to end."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                rest = await self.work()
            except Exception as error:
                # Whatever it was, what is left undone is found again in the next round.
                if passing(error):
                    log.warning("loop.waits", loop=type(self).__name__, reason=str(error))
                else:
                    log.exception("loop.failed", loop=type(self).__name__)
                rest = REST_AFTER_ERROR_SECONDS
                await asyncio.sleep(rest)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._woken.wait()

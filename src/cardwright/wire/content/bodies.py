"""Bodies that are kept in memory: how long one may be, and all of them together."""

from collections.abc import AsyncIterator

from cardwright.kernel.refusal import fail
from cardwright.wire import refusals
from cardwright.wire.serving.memory import Peak

BODY_MAX = 512 * 1024
ALL_MAX = 64 * 1024 * 1024
# After so much was held, what is free again is given back.
LARGE = 16 * 1024 * 1024


class Bodies:
    """What the requests of a process hold at a time."""

    def __init__(self, limit: int = ALL_MAX) -> None:
        self._limit = limit
        self.held = 0
        self._peak = Peak(LARGE)

    async def read(self, chunks: AsyncIterator[bytes]) -> bytes:
        """A body, whole; it counts until it is released.

        Refuses one that is too long, and any when the others leave no room.
        """
        kept: list[bytes] = []
        size = 0
        try:
            async for chunk in chunks:
                size += len(chunk)
                self.held += len(chunk)
                self._peak.now(self.held)
                if size > BODY_MAX:
                    fail(refusals.BODY_TOO_LARGE, limit=BODY_MAX)
                if self.held > self._limit:
                    fail(refusals.BODIES_TOO_MANY)
                kept.append(chunk)
        except BaseException:
            # The refusal remembers where it was raised, and with it everything that is named here.
            kept.clear()
            self.release(size)
            raise
        return b"".join(kept)

    def release(self, size: int) -> None:
        """A body of this size is not needed any more."""
        self.held -= size
        self._peak.now(self.held)


# The memory is the process's, whoever takes a body.
BODIES = Bodies()

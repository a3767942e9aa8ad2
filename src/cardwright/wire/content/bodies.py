"""Bodies that are kept in memory: how long one may be, and all of them together."""

import ctypes
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

from cardwright.kernel.refusal import fail
from cardwright.wire import refusals

BODY_MAX = 512 * 1024
ALL_MAX = 64 * 1024 * 1024
# After so much was held, what is free again is given back.
LARGE = 16 * 1024 * 1024


class Bodies:
    """What the requests of a process hold at a time."""

    def __init__(self, limit: int = ALL_MAX) -> None:
        self._limit = limit
        self.held = self._most = 0

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
                self._most = max(self._most, self.held)
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
        if self._most > LARGE and self.held < self._most // 16:
            self._most = self.held
            give_back()


@cache
def _trim() -> Any:
    # glibc has it; elsewhere freed memory goes back by itself, or not at all.
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Have what was freed go back to the system, which takes some milliseconds.

    The C library keeps it for later, so that a process would stay as large as it was at worst.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


# The memory is the process's, whoever takes a body.
BODIES = Bodies()

"""Memory that was needed for a moment."""

import ctypes
from functools import cache
from typing import Any


class Peak:
    """Follows how much there is of something, and has memory given back when most of it has gone.

    The C library keeps what was freed, so that a process would stay as large as it was at worst.
    """

    def __init__(self, large: int) -> None:
        """``large`` is what makes a peak."""
        self._large = large
        self._most = 0

    def now(self, amount: int) -> None:
        """There is so much now."""
        if amount > self._most:
            self._most = amount
        elif self._most > self._large and amount < self._most // 16:
            self._most = amount
            give_back()


@cache
def _trim() -> Any:
    # glibc has it; elsewhere freed memory goes back by itself, or not at all.
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Have what was freed go back to the system, which takes some milliseconds."""
    trim = _trim()
    if trim is not None:
        trim(0)

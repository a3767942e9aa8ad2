"""Memory that is not needed any more."""

import ctypes
from functools import cache
from typing import Any


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

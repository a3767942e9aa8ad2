"""Machine time that is ahead, in a Python that has this folder on its path and in every Python that
it starts.

Python imports the module before any other, so nobody holds the functions of before. The monotonic
clock stays: waiting takes as long as it does. Programs that are no Python know nothing of it.
"""

import os
import time

_ahead_ns = int(os.environ["AHEAD_SECONDS"]) * 1_000_000_000
_real_ns = time.time_ns


def _time_ns() -> int:
    return _real_ns() + _ahead_ns


def _time() -> float:
    return _time_ns() / 1_000_000_000


time.time_ns, time.time = _time_ns, _time

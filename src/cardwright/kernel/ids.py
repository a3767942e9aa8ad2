"""Identifiers: a type prefix and 26 characters that sort by creation.

The first ten characters are machine time in milliseconds, the other sixteen are random; within
one process the sequence never steps back, so ids keep the order of creation even on a frozen
virtual clock.
"""

import secrets
import threading

from cardwright.kernel import clock

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80
_lock = threading.Lock()
_last = 0


def new_id(prefix: str) -> str:
    """A new identifier, for example ``ic_01JD...`` (prefix and 26 characters)."""
    global _last  # noqa: PLW0603 - the sequence belongs to the process
    with _lock:
        fresh = (clock.machine_ms() << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        # A second id within the same millisecond continues from the first one.
        if fresh <= _last or fresh >> _RANDOM_BITS == _last >> _RANDOM_BITS:
            fresh = _last + 1 + secrets.randbits(32)
        _last = fresh
    return prefix + _characters(fresh)


def first_id(prefix: str, instant_ms: int) -> str:
    """The lowest identifier of an instant: everything made earlier sorts before it."""
    return prefix + _characters(instant_ms << _RANDOM_BITS)


def _characters(number: int) -> str:
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def secret_token(prefix: str, length: int = 32) -> str:
    """An unguessable token of ``length`` letters and digits, for keys and signing secrets."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return prefix + "".join(secrets.choice(letters) for _ in range(length))

"""Identifiers: a type prefix and 26 characters that sort by creation.

The first ten characters are machine time in milliseconds, the other sixteen are random; within
one process the sequence never steps back, so ids keep the order of creation even on a frozen
virtual clock.
"""

import os
import secrets
import threading
from functools import lru_cache

from cardwright.kernel import clock

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80
_HALF_BITS = 40
_HALF = (1 << _HALF_BITS) - 1
# A visit to the system's source of randomness costs more than all the rest, so it is for many.
_SUPPLY_BYTES = 4096
_lock = threading.Lock()
_last = 0
_supply = b""
_taken = 0


def new_id(prefix: str) -> str:
    """A new identifier, for example ``ic_01JD...`` (prefix and 26 characters)."""
    global _last  # noqa: PLW0603 - the sequence belongs to the process
    with _lock:
        instant_ms = clock.machine_ms()
        if instant_ms <= _last >> _RANDOM_BITS:
            # A second id within the same millisecond continues from the first one.
            fresh = _last + 1 + _random(4)
        else:
            fresh = instant_ms << _RANDOM_BITS | _random(_RANDOM_BITS // 8)
        _last = fresh
    return prefix + _characters(fresh)


def first_id(prefix: str, instant_ms: int) -> str:
    """The lowest identifier of an instant: everything made earlier sorts before it."""
    return prefix + _characters(instant_ms << _RANDOM_BITS)


def _random(length: int) -> int:
    """So many random bytes as a number; the lock is held."""
    global _supply, _taken  # noqa: PLW0603 - the supply belongs to the process
    if _taken + length > len(_supply):
        _supply, _taken = os.urandom(_SUPPLY_BYTES), 0
    piece = _supply[_taken : _taken + length]
    _taken += length
    return int.from_bytes(piece)


def _characters(number: int) -> str:
    # Numbers of forty bits are much quicker to take apart than one of a hundred and thirty.
    instant, high, low = number >> _RANDOM_BITS, number >> _HALF_BITS & _HALF, number & _HALF
    return (
        f"{_instant_characters(instant)}"
        f"{_PAIRS[high >> 30]}{_PAIRS[high >> 20 & 1023]}"
        f"{_PAIRS[high >> 10 & 1023]}{_PAIRS[high & 1023]}"
        f"{_PAIRS[low >> 30]}{_PAIRS[low >> 20 & 1023]}"
        f"{_PAIRS[low >> 10 & 1023]}{_PAIRS[low & 1023]}"
    )


@lru_cache(maxsize=16)
def _instant_characters(instant_ms: int) -> str:
    return "".join([_PAIRS[(instant_ms >> shift) & 1023] for shift in range(40, -1, -10)])


def secret_token(prefix: str, length: int = 32) -> str:
    """An unguessable token of ``length`` letters and digits, for keys and signing secrets."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return prefix + "".join(secrets.choice(letters) for _ in range(length))

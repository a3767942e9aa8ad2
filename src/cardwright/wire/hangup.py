"""Dropping the connection of a caller, so that an answer is lost as a network loses it.

The server in use closes no connection by itself before it has answered, so the socket is found
among those of this process by who is at the other end.
"""

import os
import socket
import stat
from contextlib import suppress

# Where Linux and others list the descriptors of a process.
DESCRIPTORS = ("/proc/self/fd", "/dev/fd")


def drop_connection(peer: tuple[str, int] | None) -> bool:
    """Close the connection to a caller at an address and port; whether it was found."""
    if peer is None:
        return False
    for descriptor in _descriptors():
        if _leads_to(descriptor, peer):
            with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
                connection.shutdown(socket.SHUT_RDWR)
                return True
    return False


def _descriptors() -> list[int]:
    for directory in DESCRIPTORS:
        with suppress(OSError):
            return [int(name) for name in os.listdir(directory)]
    return []


def _leads_to(descriptor: int, peer: tuple[str, int]) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            address = connection.getpeername()
    except OSError:
        return False
    return isinstance(address, tuple) and tuple(address[:2]) == (peer[0], int(peer[1]))

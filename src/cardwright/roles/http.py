"""The socket that the server listens on, bound before anything else is started."""

import errno
import socket

from cardwright.kernel.startup import StartError
from cardwright.wire.serving.limits import BACKLOG

REFUSALS = {
    errno.EADDRINUSE: "Port {port} on {host} is taken by another program. Stop that one, or choose "
    "another with --port.",
    errno.EADDRNOTAVAIL: "--host {host} is not an address of this machine. 127.0.0.1 is for this "
    "machine alone, 0.0.0.0 for every network it is on.",
    errno.EACCES: "Port {port} on {host} is for privileged users: choose one above 1023 with "
    "--port.",
}


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, alone on its address; a StartError says why there can be none.

    Without SO_REUSEPORT a second server cannot slip onto the same port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise StartError(
            f"--host {host} is neither an address nor a name that leads to one."
        ) from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        words = REFUSALS.get(error.errno or 0, "Cannot listen on {host}, port {port}: {reason}.")
        raise StartError(
            words.format(host=host, port=port, reason=error.strerror or error)
        ) from None
    listener.setblocking(False)
    return listener

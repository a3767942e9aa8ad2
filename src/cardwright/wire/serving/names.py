"""The names that a server answers to, and the address that its answers give as its own.

A page of anywhere can have its own name lead to an address of ours and then speak to us as if it
were ours (DNS rebinding), so a name that somebody else could own is refused.
"""

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

# A name or address, with a port. Underscores stand in names of containers.
HOST = re.compile(
    rb"(?P<name>[A-Za-z0-9_]([A-Za-z0-9_.\-]{0,251}[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]{2,45}\])"
    rb"(:(?P<port>[0-9]{1,5}))?"
)
# How this machine is called from itself, and from its containers.
LOCAL = frozenset({"localhost", "host.docker.internal", "host.containers.internal"})
# Ends of names that the public DNS leads nowhere (RFC 6761, 6762, 8375 and ICANN's .internal).
PRIVATE = (".local", ".internal", ".test", ".home.arpa")
PORT_MAX = 65535
REMEMBERED_MAX = 512


class Names:
    """What ``Host`` may say.

    Always: addresses, ``localhost`` and its like, what the server was told to listen on, and the
    hosts of its public addresses. A server that listens on more than loopback is also reached by
    names of a private network: names without a dot (of containers and machines), and those whose
    end the public DNS does not know.
    """

    def __init__(self, listening_on: str = "127.0.0.1", public_urls: Sequence[str] = ()) -> None:
        """``public_urls`` are addresses as ``https://cards.example.com``; links are made from the
        first."""
        self._public = public_urls[0].rstrip("/") if public_urls else None
        self._own = {str(urlsplit(url).hostname) for url in public_urls} | {listening_on.lower()}
        self._beyond_loopback = not _is_loopback(listening_on)
        self.base_url = lru_cache(REMEMBERED_MAX)(self._base_url)

    def _base_url(self, host: bytes, *, secure: bool = False) -> str | None:
        """The address that answers give as ours; None for a name that is not.

        Raises ValueError for what is no name. ``secure`` says that a proxy ended TLS.
        """
        found = HOST.fullmatch(host)
        if found is None or int(found["port"] or 0) > PORT_MAX:
            raise ValueError("not a host")
        if not self._is_ours(found["name"].decode().lower().removesuffix(".")):
            return None
        return self._public or f"{'https' if secure else 'http'}://{host.decode()}"

    def _is_ours(self, name: str) -> bool:
        if name.startswith("["):
            return _is_address(name[1:-1])
        if name in LOCAL or name in self._own or name.endswith(".localhost"):
            return True
        if self._beyond_loopback and ("." not in name or name.endswith(PRIVATE)):
            return True
        return _is_address(name)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in LOCAL

"""Calls to addresses that customers name: webhooks.

No redirects are followed, no proxies are taken from the environment, no cookies are kept, time
and size are limited. A host name is resolved once, and only addresses that were checked are
connected to, so that a name cannot point elsewhere between the check and the call; which they are
is said in ``networks``.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from typing import NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from cardwright.kernel import clock
from cardwright.kernel.networks import Address, permitted

ANSWER_MAX = 64 * 1024
CONNECT_SECONDS = 5.0


class Reply(NamedTuple):
    """What a receiver answered; the body is cut at ``ANSWER_MAX`` bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    duration_ms: int


class UnreachableError(Exception):
    """No answer: ``reason`` is address_refused, timeout, tls or connection."""

    def __init__(self, reason: str, detail: str, duration_ms: int = 0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.duration_ms = duration_ms


def literal(url: URL) -> Address | None:
    """The address that a URL is written with, or None for a name.

    Ask the parsed URL that is connected to: digits that look otherwise than they are read (full
    width, circled) are an address only after parsing.
    """
    try:
        return ipaddress.ip_address(url.host or "")
    except ValueError:
        return None


class CheckedResolver(AbstractResolver):
    """Resolves names and keeps only the addresses that the environment may connect to."""

    def __init__(self, *, livemode: bool) -> None:
        self.livemode = livemode
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The permitted addresses of a name."""
        found = await self._resolver.resolve(host, port, family)
        kept = [
            result
            for result in found
            if permitted(ipaddress.ip_address(result["host"]), livemode=self.livemode)
        ]
        if not kept:
            raise UnreachableError("address_refused", f"{host} is not a permitted address")
        return kept

    async def close(self) -> None:
        """Nothing is held."""


class Outbound:
    """The client of a process; it opens its connections on first use."""

    def __init__(self) -> None:
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        livemode: bool,
        timeout_seconds: float,
    ) -> Reply:
        """Post once; raises UnreachableError when there is no answer in time."""
        try:
            target = URL(url)
        except ValueError as error:
            raise UnreachableError("connection", f"not a URL: {error}") from error
        address = literal(target)
        if address is not None and not permitted(address, livemode=livemode):
            raise UnreachableError("address_refused", f"{address} is not a permitted address")
        started = clock.monotonic()
        try:
            async with self._session(livemode).post(
                target,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)
                ),
            ) as response:
                answer = await _limited(response.content)
                return Reply(response.status, response.headers, answer, _since(started))
        except TimeoutError as error:
            raise UnreachableError("timeout", "no answer in time", _since(started)) from error
        except aiohttp.ClientSSLError as error:
            raise UnreachableError("tls", str(error), _since(started)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            detail = str(error) or type(error).__name__
            raise UnreachableError("connection", detail, _since(started)) from error

    async def close(self) -> None:
        """Close the connections."""
        sessions, self._sessions = list(self._sessions.values()), {}
        await asyncio.gather(*[session.close() for session in sessions])

    def _session(self, livemode: bool) -> aiohttp.ClientSession:
        if livemode not in self._sessions:
            self._sessions[livemode] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, resolver=CheckedResolver(livemode=livemode), ttl_dns_cache=10
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity", "User-Agent": "cardwright"},
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[livemode]


async def _limited(content: aiohttp.StreamReader) -> bytes:
    chunks = []
    left = ANSWER_MAX
    while left > 0 and (chunk := await content.read(left)):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _since(started: float) -> int:
    return round((clock.monotonic() - started) * 1000)

"""Who is connected, and who has to make room when there are too many."""

import asyncio
import ipaddress
import logging
from collections import Counter
from heapq import nsmallest
from typing import Protocol

from cardwright.wire.serving.limits import Limits
from cardwright.wire.serving.memory import Peak

LOG = logging.getLogger("cardwright")
# Room is made for some at once, since looking for who goes takes time.
ROOM_SHARE = 20
# After so many were connected, what they held is given back.
LARGE = 1_000
# Neighbours in IPv6 are one: a network of this length belongs to one customer.
IPV6_PREFIX_BYTES = 8
# How many are ended before others have a turn.
AT_ONCE = 50


class Member(Protocol):
    """A connection, as its crowd sees it."""

    network: str
    # Since when it has kept us waiting, and until when it may; None and infinity if we work for it.
    waiting_since: float | None
    deadline: float

    def overdue(self) -> None:
        """It has not done in time what it was waited for."""

    def wind_down(self) -> None:
        """The server stops."""

    def abort(self) -> None:
        """End it at once."""


class Crowd:
    """All connections of a process.

    At a limit the connections that have kept us waiting longest make room, so that silent clients
    shut nobody out; only when all are at work is a new one turned away.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._members: set[Member] = set()
        self._of_network: Counter[str] = Counter()
        self._turned_away = self._ended = 0
        self._peak = Peak(LARGE)

    def __len__(self) -> int:
        return len(self._members)

    def enter(self, member: Member) -> bool:
        """Let one in; False if there is no room."""
        if self._of_network[member.network] >= self._limits.connections_per_address:
            self._make_room(self._limits.connections_per_address, member.network)
        if len(self._members) >= self._limits.connections:
            self._make_room(self._limits.connections, None)
        if (
            len(self._members) >= self._limits.connections
            or self._of_network[member.network] >= self._limits.connections_per_address
        ):
            self._turned_away += 1
            return False
        self._members.add(member)
        self._of_network[member.network] += 1
        return True

    def leave(self, member: Member) -> None:
        """One is gone."""
        if member in self._members:
            self._members.remove(member)
            self._of_network[member.network] -= 1
            if not self._of_network[member.network]:
                del self._of_network[member.network]

    def members(self) -> list[Member]:
        """All of them, as they are now."""
        return list(self._members)

    async def sweep(self, now: float) -> None:
        """End what has been waited for too long, and say what had to go."""
        overdue = [member for member in self._members if member.deadline <= now]
        for count, member in enumerate(overdue, 1):
            if member.deadline <= now:
                member.overdue()
            if count % AT_ONCE == 0:
                # Those who behave are not kept waiting by those who do not.
                await asyncio.sleep(0)
        self._peak.now(len(self._members))
        if self._turned_away or self._ended:
            LOG.warning(
                "too many connections: %d open, %d turned away, %d closed that kept us waiting",
                len(self._members),
                self._turned_away,
                self._ended,
            )
            self._turned_away = self._ended = 0

    def _make_room(self, limit: int, network: str | None) -> None:
        waiting = (
            (member.waiting_since, id(member), member)
            for member in self._members
            if member.waiting_since is not None and network in (None, member.network)
        )
        for _, _, member in nsmallest(max(1, limit // ROOM_SHARE), waiting):
            self._ended += 1
            # Its own farewell comes later in the loop; the place is free at once.
            self.leave(member)
            member.abort()


def network_of(address: str) -> str:
    """What counts as one address."""
    if ":" not in address:
        return address
    found = ipaddress.IPv6Address(address.partition("%")[0])
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return found.packed[:IPV6_PREFIX_BYTES].hex()

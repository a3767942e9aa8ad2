"""A server on a listening socket, from its first connection to its last."""

import asyncio
import resource
import socket
from email.utils import formatdate
from typing import Any

from cardwright.wire.serving.connection import Connection, Service
from cardwright.wire.serving.crowd import Crowd
from cardwright.wire.serving.limits import BACKLOG, Limits
from cardwright.wire.serving.names import Names

SWEEP_SECONDS = 0.5
LAST_SWEEP_SECONDS = 0.02
# Descriptors that are not for connections: the database, files, calls that go out.
RESERVED_DESCRIPTORS = 500


class Server:
    """Answers on a listening socket, bound by us or inherited, with an ASGI application."""

    def __init__(self, application: Any, names: Names, limits: Limits | None = None) -> None:
        self._application = application
        self._names = names
        self._limits = limits or Limits(connections=room_for_connections())
        self._service: Service | None = None
        self._listening: asyncio.Server | None = None
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self, listener: socket.socket) -> None:
        """Answer from now on; the socket is ours from here."""
        loop = asyncio.get_running_loop()
        service = self._service = Service(
            self._application, self._names, self._limits, Crowd(self._limits), loop
        )
        service.date = now()
        self._listening = await loop.create_server(
            lambda: Connection(service), sock=listener, backlog=BACKLOG
        )
        self._sweeping = loop.create_task(self._sweep(service))

    async def stop(self, seconds: float) -> None:
        """Answer what is running, for so many seconds at most; then nobody is connected."""
        service, listening, sweeping = self._service, self._listening, self._sweeping
        assert service is not None, "a server is started before it is stopped"
        assert listening is not None
        assert sweeping is not None
        service.stopping = True
        listening.close()
        sweeping.cancel()
        for member in service.crowd.members():
            member.wind_down()
        until = service.loop.time() + seconds
        while len(service.crowd) and service.loop.time() < until:
            await service.crowd.sweep(service.loop.time())
            await asyncio.sleep(LAST_SWEEP_SECONDS)
        for member in service.crowd.members():
            member.abort()
        # They hear that nobody is there; a commit goes on under its shield.
        await asyncio.sleep(0)
        for task in service.tasks:
            task.cancel()
        await asyncio.gather(*service.tasks, return_exceptions=True)

    async def _sweep(self, service: Service) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            service.date = now()
            await service.crowd.sweep(service.loop.time())


def now() -> bytes:
    """The value of the header Date."""
    return formatdate(usegmt=True).encode()


def room_for_connections(wanted: int = Limits.connections) -> int:
    """How many connections there can be; the limit of open files is raised as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - RESERVED_DESCRIPTORS))

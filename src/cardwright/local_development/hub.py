"""The socket of listening sessions, and the sessions that are connected to this process."""

import asyncio
from typing import Any

from cardwright.events import listening
from cardwright.events.catalogue import REAL_TIME
from cardwright.events.model import ALL
from cardwright.kernel.database import Database
from cardwright.kernel.loop import Loop
from cardwright.kernel.outbound import Reply
from cardwright.local_development import sessions
from cardwright.local_development.connections import SessionConnection
from cardwright.tenancy.registry import Tenant

FORGET_SECONDS = 30.0
# What the official command line knows of a session that has ended: it begins another.
UNKNOWN = b'{"error":{"message":"Unknown WebSocket ID.","type":"invalid_request_error"}}'
JSON = (b"content-type", b"application/json")


class Hub(Loop):
    """Keeps the open connections, and forgets sessions that have ended."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._open: dict[SessionConnection, asyncio.Task[None]] = {}

    async def work(self) -> float:
        """Forget who stopped listening."""
        async with self._database.connection() as connection:
            await listening.forget_lapsed(connection)
        return FORGET_SECONDS

    async def stop(self) -> None:
        """End, and let every connection end."""
        await super().stop()
        for task in list(self._open.values()):
            task.cancel()

    async def socket(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application of a WebSocket: the header ``Websocket-Id`` opens it."""
        await receive()
        headers = dict(scope["headers"])
        name = headers.get(b"websocket-id", b"").decode("latin-1")
        session = sessions.opened(self._database.vault, name)
        if session is None:
            length = (b"content-length", str(len(UNKNOWN)).encode())
            start = {"type": "websocket.http.response.start", "status": 401}
            await send({**start, "headers": [JSON, length]})
            await send({"type": "websocket.http.response.body", "body": UNKNOWN})
            return
        offered = scope.get("subprotocols") or []
        accept: dict[str, Any] = {"type": "websocket.accept"}
        if sessions.SUBPROTOCOL in offered:
            accept["subprotocol"] = sessions.SUBPROTOCOL
        await send(accept)
        turn = asyncio.Lock()

        async def push(text: str) -> None:
            async with turn:
                await send({"type": "websocket.send", "text": text})

        connection = SessionConnection(self._database, session, push)
        task = asyncio.create_task(self._hold(connection, receive))
        self._open[connection] = task
        try:
            await asyncio.wait([task])
        finally:
            del self._open[connection]
            await connection.ended()

    async def _hold(self, connection: SessionConnection, receive: Any) -> None:
        """Push and hear until the other side is gone."""
        pushing = asyncio.create_task(connection.run())
        hearing = asyncio.create_task(_hear(connection, receive))
        try:
            await asyncio.wait([pushing, hearing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            pushing.cancel()
            hearing.cancel()
            await asyncio.gather(pushing, hearing, return_exceptions=True)

    # Questions.

    def listens(self, tenant: Tenant) -> bool:
        """Whether somebody is connected who could answer for the account."""
        return self._answering(tenant) is not None

    async def ask(self, tenant: Tenant, payload: bytes, seconds: float) -> Reply | None:
        """Ask whoever listens for the account; None when nobody answers in time."""
        connection = self._answering(tenant)
        return None if connection is None else await connection.ask(payload, seconds)

    def _answering(self, tenant: Tenant) -> SessionConnection | None:
        owners = (tenant.account_id, tenant.platform_id)
        return next(
            (
                connection
                for connection in self._open
                if connection.session.account_id in owners
                and any(
                    wish.forwards and not wish.thin and {ALL, REAL_TIME} & set(wish.names)
                    for wish in connection.session.wishes
                )
            ),
            None,
        )


async def _hear(connection: SessionConnection, receive: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        await connection.hear(message.get("text") or message.get("bytes") or b"")

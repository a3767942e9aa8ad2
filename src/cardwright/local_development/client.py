"""A command line of ours at the other end of a session: it begins one, connects, and connects again
whenever the connection is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from cardwright.local_development.sessions import PATH, SUBPROTOCOL

AGAIN_SECONDS = 1.0
FORGOTTEN = 401
LONGEST_FRAME = 16 * 1024 * 1024

Answer = Callable[[dict[str, Any]], Awaitable[None]]
Take = Callable[[dict[str, Any], Answer], Coroutine[Any, Any, None]]


class RefusedError(Exception):
    """The server refuses to begin a session; the message says why."""


@dataclass(frozen=True)
class Server:
    """A server and a secret key of one of its platforms."""

    base: str
    key: str


class Client:
    """One session after another, for as long as it runs."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        server: Server,
        wanted: list[tuple[str, str]],
        *,
        ready: Callable[[dict[str, Any]], None],
        lost: Callable[[str], None],
        take: Take,
    ) -> None:
        """``wanted`` is the form of the session. ``ready`` is told of every session that is
        connected, ``lost`` once why a connection is gone, ``take`` of every frame, with the way to
        answer it."""
        self._http = http
        self._server = server
        self._wanted = wanted
        self._ready = ready
        self._lost = lost
        self._take = take
        self._taking: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen until it is cancelled; RefusedError when the server does not want it."""
        session: dict[str, Any] | None = None
        said = False
        while True:
            try:
                session = session or await self._begin()
                await self._listen(session)
                reason = "the server closed the connection"
            except aiohttp.WSServerHandshakeError as error:
                if error.status == FORGOTTEN:
                    session = None
                    continue
                reason = f"status {error.status}"
            except (aiohttp.ClientError, OSError) as error:
                reason = str(error) or type(error).__name__
            else:
                said = False
            if not said:
                self._lost(reason)
                said = True
            await asyncio.sleep(AGAIN_SECONDS)

    async def _begin(self) -> dict[str, Any]:
        async with self._http.post(
            self._server.base + PATH,
            data=self._wanted,
            headers={"Authorization": f"Bearer {self._server.key}"},
        ) as response:
            answer = await response.json()
            if response.status >= 500:
                raise aiohttp.ClientError(f"status {response.status}")
            if response.status != 200:
                raise RefusedError(answer["error"]["message"])
            found: dict[str, Any] = answer
            return found

    async def _listen(self, session: dict[str, Any]) -> None:
        async with self._http.ws_connect(
            session["websocket_url"],
            headers={"Websocket-Id": session["websocket_id"]},
            protocols=(SUBPROTOCOL,),
            heartbeat=10,
            max_msg_size=LONGEST_FRAME,
        ) as socket:
            self._ready(session)

            async def answer(frame: dict[str, Any]) -> None:
                await socket.send_str(msgspec.json.encode(frame).decode())

            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    task = asyncio.create_task(
                        self._take(msgspec.json.decode(message.data), answer)
                    )
                    self._taking.add(task)
                    task.add_done_callback(self._taking.discard)

"""A WebSocket between a connection and the ASGI application; ``websockets`` reads the frames."""

import asyncio
from collections import deque
from typing import Any

from websockets.datastructures import Headers
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from cardwright.kernel import ids
from cardwright.kernel.refusal import Failure
from cardwright.wire import failures
from cardwright.wire.serving import refusals
from cardwright.wire.serving.exchange import Line, Message, head_of, refusal
from cardwright.wire.serving.heads import Fields, Head
from cardwright.wire.serving.limits import MESSAGE_MAX, MESSAGES_MAX


class Socket:
    """A handshake, and what is said after it."""

    # The connection ends with what it became, and the client may be sending until it hears of that.
    whole = False
    keep_alive = False

    def __init__(self, line: Line, head: Head, scope: Message) -> None:
        """Raises the Failure of a handshake that is none."""
        self._line = line
        self._head = head
        # The head is read already, so one checks the handshake and another reads frames.
        handshake = ServerProtocol()
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.fields]
        self._response: Response = handshake.accept(Request(head.path, Headers(fields)))
        if self._response.status_code != 101:
            raise Failure(refusals.WEBSOCKET_INVALID, reason=str(handshake.handshake_exc)[:200])
        self._protocol = ServerProtocol(state=State.OPEN, max_size=MESSAGE_MAX)
        offered = b",".join(
            value for name, value in head.fields if name == b"sec-websocket-protocol"
        )
        names = [name.strip() for name in offered.decode("latin-1").split(",") if name.strip()]
        extensions: Message = {"websocket.http.response": {}}
        self.scope = {**scope, "subprotocols": names, "extensions": extensions}
        self._connected = self._accepted = False
        self._refusing: tuple[int, Fields] | None = None
        # Whether the handshake was answered.
        self.answered = False
        self._messages: deque[Message] = deque()
        self._parts: list[bytes] = []
        self._is_text = False
        self._waiter: asyncio.Future[None] | None = None
        self._gone = False
        self._pinged = False

    @property
    def open(self) -> bool:
        """Whether frames go to and fro."""
        return self._accepted and self._protocol.state is State.OPEN

    @property
    def full(self) -> bool:
        """Whether the client should not send more for now."""
        return len(self._messages) >= MESSAGES_MAX or self._line.choked

    # From the connection.

    def data_received(self, data: bytes) -> None:
        """Frames."""
        self._pinged = False
        self._protocol.receive_data(data)
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take(event)
        if not self.open:
            self._end()

    def overdue(self) -> None:
        """Nothing has been heard for a while: ask, or give it up."""
        if self._pinged or not self.open:
            self._line.abort()
            return
        self._pinged = True
        self._protocol.send_ping(b"")
        self._flush()
        self._line.expect(self._line.limits.ping)

    def leave(self) -> None:
        """The server stops."""
        if self.open:
            self._protocol.send_close(CloseCode.GOING_AWAY)
            self._flush()
        self._end()

    def lost(self) -> None:
        """The connection is gone."""
        self._end()

    def _take(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._is_text = frame.opcode is Opcode.TEXT
            self._parts = [bytes(frame.data)]
        elif frame.opcode is Opcode.CONT:
            self._parts.append(bytes(frame.data))
        else:
            return
        if not frame.fin:
            return
        whole, self._parts = b"".join(self._parts), []
        try:
            said: Message = {"text": whole.decode()} if self._is_text else {"bytes": whole}
        except UnicodeDecodeError:
            self._close(CloseCode.INVALID_DATA)
            return
        self._messages.append({"type": "websocket.receive", **said})
        self._wake()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            # An empty piece says that nothing more is sent; the connection ends with its task.
            self._line.write(data)

    def _end(self) -> None:
        self._gone = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # The application.

    async def run(self, application: Any) -> None:
        """Have it answered."""
        try:
            await application(self.scope, self.receive, self.send)
        except Exception as error:
            failure = failures.internal(ids.new_id("req_"), error)
            if not self.answered:
                self._refuse(failure)
            elif self.open:
                self._close(CloseCode.INTERNAL_ERROR)
        finally:
            if not self.answered:
                self._refuse(Failure(refusals.WEBSOCKET_INVALID, reason="nobody listens here"))
            elif self.open:
                self._close(CloseCode.NORMAL_CLOSURE)
            self._end()
            self._line.finished()

    async def receive(self) -> Message:
        """The next message, or that the client is gone."""
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        while not (self._messages or self._gone):
            self._waiter = self._line.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._messages:
            message = self._messages.popleft()
            self._line.taken(0)
            return message
        said = self._protocol.close_rcvd
        code = CloseCode.ABNORMAL_CLOSURE if said is None else said.code
        return {"type": "websocket.disconnect", "code": int(code)}

    async def send(self, message: Message) -> None:
        """Accept or refuse; then messages."""
        kind = message["type"]
        if self._gone:
            return
        if kind == "websocket.accept":
            self._accept(message)
        elif kind == "websocket.http.response.start":
            self._refusing = message["status"], list(message.get("headers", ()))
        elif kind == "websocket.http.response.body":
            assert self._refusing is not None, "an answer has a start"
            self._answer(*self._refusing, message.get("body", b""))
        elif kind == "websocket.close":
            if self.answered:
                self._close(message.get("code", CloseCode.NORMAL_CLOSURE))
            else:
                self._refuse(Failure(refusals.WEBSOCKET_REFUSED))
        else:
            assert kind == "websocket.send", f"{kind} is nothing that a WebSocket says"
            await self._say(message)

    async def _say(self, message: Message) -> None:
        if not self.open:
            return
        text = message.get("text")
        if text is not None:
            self._protocol.send_text(text.encode())
        else:
            self._protocol.send_binary(message["bytes"])
        self._flush()
        if self._line.choked:
            await self._line.drained()
            self._line.expect(self._line.limits.ping)

    def _accept(self, message: Message) -> None:
        if message.get("subprotocol"):
            self._response.headers["Sec-WebSocket-Protocol"] = message["subprotocol"]
        self._line.write(self._response.serialize())
        self.answered = self._accepted = True
        self._line.expect(self._line.limits.ping)
        self._line.taken(0)

    def _refuse(self, failure: Failure) -> None:
        self._answer(*refusal(failure, self._head.raw_path))

    def _answer(self, status: int, fields: Fields, body: bytes) -> None:
        self.answered = True
        head = head_of(status, fields, self._line.date, b"connection: close\r\n")
        self._line.write(head + body)
        self._gone = True

    def _close(self, code: int) -> None:
        if self.open:
            self._protocol.send_close(code)
            self._flush()
        self._end()

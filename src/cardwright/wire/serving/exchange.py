"""One request and its answer, between a connection and the ASGI application."""

import asyncio
from http import HTTPStatus
from typing import Any, Protocol

from cardwright.kernel import ids
from cardwright.kernel.refusal import Failure, Refusal
from cardwright.wire import failures
from cardwright.wire.content import security
from cardwright.wire.serving.heads import Fields, Head
from cardwright.wire.serving.limits import REST_MAX, Limits

Message = dict[str, Any]

NOT_KEPT = security.raw(security.NOT_KEPT)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
GONE: Message = {"type": "http.disconnect"}
# A message of ours: the connection is cut instead of an answer.
CUT: Message = {"type": "connection.cut"}
PHRASES = {status.value: status.phrase for status in HTTPStatus}
STATUS_LINES = {
    status: f"HTTP/1.1 {status} {phrase}\r\n".encode() for status, phrase in PHRASES.items()
}
# Statuses that have no body.
BODILESS = frozenset({204, 304})
END_OF_CHUNKS = b"0\r\n\r\n"
RETRY = (b"stripe-should-retry", b"true")
# What the server sets by itself.
FRAMING = frozenset({b"transfer-encoding", b"connection", b"date", b"content-length"})


class Line(Protocol):
    """A connection, as what speaks over it sees it."""

    loop: asyncio.AbstractEventLoop
    limits: Limits
    # Whether more has been written than the client reads.
    choked: bool

    @property
    def date(self) -> bytes:
        """The value of the header Date."""

    @property
    def ending(self) -> bool:
        """Whether no request is taken after the one that is answered."""

    def write(self, data: bytes) -> None:
        """Send; nothing happens when the connection is gone."""

    async def drained(self) -> None:
        """Wait until the client has read most of what was written."""

    def expect(self, seconds: float) -> None:
        """The client has so long to send something."""

    def go_on(self) -> None:
        """We are not waiting for the client."""

    def taken(self, size: int) -> None:
        """So many bytes of a body are buffered no more."""

    def finished(self) -> None:
        """The answer is out, or there will be none."""

    def abort(self) -> None:
        """End the connection at once."""


def refusal(failure: Failure, raw_path: bytes) -> tuple[int, Fields, bytes]:
    """Status, fields and body of a refusal that no operation makes."""
    api = "v2" if raw_path.startswith(b"/v2/") else "v1"
    status, body = failures.encoded(failure, api)
    fields = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *NOT_KEPT,
        (b"request-id", ids.new_id("req_").encode()),
    ]
    if status in failures.RETRYABLE_STATUSES:
        fields.append(RETRY)
    return status, fields, body


def head_of(status: int, fields: Fields, date: bytes, *framing: bytes) -> bytes:
    """The head of an answer; ``framing`` are whole lines of the server's own."""
    lines = [STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status]
    lines += [b"%s: %s\r\n" % field for field in fields]
    head = b"".join([*lines, b"date: ", date, b"\r\n", *framing, b"\r\n"])
    # Nothing that came from a caller can end a line and begin another.
    if head.count(b"\n") != len(lines) + len(framing) + 2 or head.count(b"\r") != head.count(b"\n"):
        raise ValueError("a field of an answer holds an end of line")
    return head


class Exchange:
    """A request whose body may still be arriving, and its answer."""

    def __init__(self, line: Line, head: Head, scope: Message, *, keep_alive: bool) -> None:
        self.scope = scope
        # Whether the connection can go on after the answer.
        self.keep_alive = keep_alive
        # Whether the body has arrived to its end.
        self.whole = False
        self.received = 0
        self._line = line
        self._head = head
        self._continues = head.expects_continue
        self._pieces: list[bytes] = []
        self._buffered = 0
        self._told_whole = False
        self._waited = 0.0
        # Whether the application waits for the client to send.
        self.waits = False
        self._waiter: asyncio.Future[None] | None = None
        self._failure: tuple[Refusal, dict[str, Any]] | None = None
        self._gone = self._silent = False
        self._status = 0
        self._fields: Fields = []
        self._begun = False
        self._answered = False
        self._chunked = False
        self._left: int | None = None

    # From the connection.

    @property
    def missing(self) -> int:
        """How much of the body has not arrived, if that is known."""
        return 0 if self._head.length is None else self._head.length - self.received

    def feed(self, piece: bytes) -> int:
        """A piece of the body; the answer is how many bytes are now buffered of it."""
        self.received += len(piece)
        if self._answered or self._gone:
            return 0
        self._pieces.append(piece)
        self._buffered += len(piece)
        self._wake()
        return len(piece)

    def complete(self) -> None:
        """The body is whole."""
        self.whole = True
        self._wake()

    def break_off(self, failure: Failure) -> None:
        """The rest of the body will not come: whoever waits for it is told why."""
        self._failure = failure.refusal, failure.words
        self.keep_alive = False
        self._wake()

    def fall_silent(self) -> None:
        """The client sends nothing more: it is gone, or only listens."""
        self._silent = True
        self._wake()

    def lost(self) -> None:
        """The connection is gone."""
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
            await self._refuse(error)
        except BaseException:
            self._cut()
            raise
        else:
            if not self._answered and not self._gone:
                await self._refuse(RuntimeError("the application has not answered"))
        finally:
            self._pieces.clear()
            buffered, self._buffered = self._buffered, 0
            self._line.taken(buffered)
            self._line.finished()

    async def _refuse(self, error: Exception) -> None:
        """What the application could not answer itself."""
        known = error if isinstance(error, Failure) else None
        failure = known or failures.internal(ids.new_id("req_"), error)
        if self._begun:
            # Half an answer has to be seen as half.
            self._cut()
        elif not self._gone:
            status, self._fields, body = refusal(failure, self._head.raw_path)
            self._status = status
            await self.send({"type": "http.response.body", "body": body})

    def _cut(self) -> None:
        self._gone = True
        self._line.abort()

    async def receive(self) -> Message:
        """The next piece of the body, or that the client is gone."""
        while not (self._pieces or self.whole or self._gone or self._failure):
            await self._more()
        if self._gone:
            return GONE
        if self._pieces:
            piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
            self._pieces.clear()
            buffered, self._buffered = self._buffered, 0
            self._told_whole = self.whole
            self._line.taken(buffered)
            return {"type": "http.request", "body": piece, "more_body": not self._told_whole}
        if self._failure is not None:
            # A new one each time: what is raised remembers this object, which should not hold it.
            row, words = self._failure
            raise Failure(row, **words)
        if not self._told_whole:
            self._told_whole = True
            return {"type": "http.request", "body": b"", "more_body": False}
        # There is no more to tell than that the client is gone, as far as it can be seen.
        while not (self._gone or self._silent):
            await self._sleep()
        return GONE

    async def _more(self) -> None:
        """Wait for the client, as long as it is worth it."""
        limits, loop = self._line.limits, self._line.loop
        if self._continues:
            self._continues = False
            self._line.write(CONTINUE)
        allowed = limits.body + self.received / limits.body_bytes_per_second - self._waited
        since = loop.time()
        self._line.expect(min(limits.body, allowed))
        self.waits = True
        try:
            await self._sleep()
        finally:
            self.waits = False
            self._line.go_on()
            self._waited += loop.time() - since

    async def _sleep(self) -> None:
        self._waiter = self._line.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    async def send(self, message: Message) -> None:
        """A part of the answer."""
        kind = message["type"]
        if self._gone:
            return
        if kind == "http.response.start":
            self._status, self._fields = message["status"], list(message.get("headers", ()))
            return
        if kind == CUT["type"]:
            self._cut()
            return
        assert kind == "http.response.body", f"{kind} is no part of an answer"
        assert self._status, "an answer has a start"
        assert not self._answered, "an answer has one end"
        await self._send_body(message.get("body", b""), more=message.get("more_body", False))

    async def _send_body(self, body: bytes, *, more: bool) -> None:
        data = b""
        if not self._begun:
            data = self._begin(len(body), more=more)
            self._begun = True
        if self._left is not None:
            self._left -= len(body)
            assert self._left >= 0, "the answer is longer than it says"
            assert more or not self._left, "the answer is shorter than it says"
        if self._head.method == "HEAD" or self._status in BODILESS:
            body = b""
        elif self._chunked:
            body = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
            body = body if more else body + END_OF_CHUNKS
        self._line.write(data + body)
        self._answered = not more
        if self._line.choked:
            await self._line.drained()

    def _begin(self, size: int, *, more: bool) -> bytes:
        """The head of the answer; ``size`` is how long it is, unless there is more."""
        fields, framing = [], []
        for field in self._fields:
            if field[0] not in FRAMING:
                fields.append(field)
            elif field[0] == b"content-length":
                self._left = int(field[1])
            elif field[0] == b"connection" and field[1].lower() == b"close":
                self.keep_alive = False
        if self._left is None and not more:
            self._left = size
        if not self._can_go_on() or self._line.ending:
            self.keep_alive = False
        old = self._head.version == "1.0"
        if self._left is not None:
            # Without a body there is no length of it.
            if self._status not in BODILESS:
                framing.append(b"content-length: %d\r\n" % self._left)
        elif old:
            # The end of the connection is the end of the answer.
            self.keep_alive = False
        else:
            self._chunked = True
            framing.append(b"transfer-encoding: chunked\r\n")
        if not self.keep_alive:
            framing.append(b"connection: close\r\n")
        elif old:
            framing.append(b"connection: keep-alive\r\n")
        if self._head.method == "HEAD" or self._status in BODILESS:
            self._left = None
        return head_of(self._status, fields, self._line.date, *framing)

    def _can_go_on(self) -> bool:
        """Whether what is left of the body, which nobody will read, is short enough to skip."""
        if self.whole:
            return True
        # A client that was not told to go on may send the body or not.
        if self._continues or self._failure is not None or self._head.length is None:
            return False
        return self.missing <= REST_MAX


class Refused:
    """A refusal that waits for its turn behind running requests."""

    def __init__(self, failure: Failure, raw_path: bytes) -> None:
        self._parts = refusal(failure, raw_path)

    def encoded(self, date: bytes) -> bytes:
        """The whole answer; the connection ends with it."""
        status, fields, body = self._parts
        return head_of(status, fields, date, b"connection: close\r\n") + body

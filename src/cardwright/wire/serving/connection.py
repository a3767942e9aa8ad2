"""One connection: its bytes are read into requests, which are answered in the order they came."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from math import inf
from typing import Any

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from cardwright.kernel.refusal import Failure
from cardwright.wire.serving import heads, limits, refusals
from cardwright.wire.serving.crowd import Crowd, network_of
from cardwright.wire.serving.exchange import Exchange, Refused
from cardwright.wire.serving.heads import Fields
from cardwright.wire.serving.limits import Limits
from cardwright.wire.serving.names import Names
from cardwright.wire.serving.sockets import Socket


@dataclass
class Service:
    """What the connections of a server share."""

    application: Any
    names: Names
    limits: Limits
    crowd: Crowd
    loop: asyncio.AbstractEventLoop
    date: bytes = b""
    stopping: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """Feeds the parser and takes what it finds; one request at a time is with the application."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.loop, self.limits = service.loop, service.limits
        self.network = ""
        self.waiting_since: float | None = None
        self.deadline = inf
        self.choked = False
        self._transport: Any = None
        self._client: tuple[str, int] | None = None
        self._server: tuple[str, int] | None = None
        self._parser: HttpRequestParser | None = None
        self._ended = False
        # What arrived and was not parsed yet, while reading stands still.
        self._rest: memoryview | None = None
        self._paused = False
        # How much of bodies is buffered, in all requests.
        self._buffered = 0
        # The head that is being read.
        self._in_head = False
        self._target = b""
        self._fields: Fields = []
        self._once: dict[bytes, bytes] = {}
        self._head_size = 0
        self._framing = 0
        self._again: bytes | None = None
        # The request whose body is being read, the one that is answered, and those behind it.
        self._incoming: Exchange | None = None
        self._running: Exchange | Socket | None = None
        self._queue: deque[Exchange | Socket] = deque()
        self._refused: Refused | None = None
        # Nothing that arrives is of interest any more.
        self._deaf = False
        self._lingers_until = inf
        self._discarded = 0
        self._at_end = False
        self._drained: list[asyncio.Future[None]] = []

    # The transport.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self._transport = transport
        peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self._client, self._server = _address(peer), _address(own)
        self.network = network_of(self._client[0]) if self._client else ""
        if self.service.stopping or not self.service.crowd.enter(self):
            self._deaf = True
            self.write(Refused(Failure(refusals.CONNECTIONS_TOO_MANY), b"").encoded(self.date))
            self._transport.close()
            return
        self.expect(self.limits.head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._ended = self._deaf = True
        self.service.crowd.leave(self)
        self.deadline, self.waiting_since = inf, None
        # The parser holds this object, and this object the parser.
        self._parser = self._rest = None
        for one in (self._running, *self._queue):
            if one is not None:
                one.lost()
        self._queue.clear()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Bytes."""
        if self._deaf:
            self._discard(len(data))
        elif self._rest is not None:
            self._rest = memoryview(bytes(self._rest) + data)
        else:
            self._feed(memoryview(data))

    def eof_received(self) -> bool:
        """The client sends no more; it may still read. True keeps the connection for that."""
        self._at_end = True
        if self._incoming is not None:
            self._incoming.lost()
            return False
        if self._running is None or isinstance(self._running, Socket):
            return False
        self._running.fall_silent()
        return True

    def pause_writing(self) -> None:
        """More has been written than the client reads."""
        self.choked = True

    def resume_writing(self) -> None:
        """The client has read."""
        self.choked = False
        waiting, self._drained = self._drained, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    # For what speaks over the connection.

    @property
    def date(self) -> bytes:
        """The value of the header Date."""
        return self.service.date

    @property
    def ending(self) -> bool:
        """Whether no request is taken after the one that is answered."""
        return (self.service.stopping or self._at_end) and not self._queue

    def write(self, data: bytes) -> None:
        """Send."""
        if not self._ended:
            self._transport.write(data)

    async def drained(self) -> None:
        """Wait until the client has read most of what was written, for so long as it may take."""
        self.expect(self.limits.unread)
        future = self.loop.create_future()
        self._drained.append(future)
        await future
        self.go_on()

    def expect(self, seconds: float) -> None:
        """The client has so long to send or read something."""
        now = self.loop.time()
        if self.waiting_since is None:
            self.waiting_since = now
        if self.service.stopping:
            seconds = min(seconds, self.limits.winding_down)
        self.deadline = now + seconds

    def go_on(self) -> None:
        """We are not waiting for the client."""
        self.waiting_since, self.deadline = None, inf

    def taken(self, size: int) -> None:
        """So many bytes of a body are buffered no more."""
        self._buffered -= size
        self._read_on()

    def abort(self) -> None:
        """End the connection at once."""
        if not self._ended:
            self._ended = self._deaf = True
            self._transport.abort()

    # For the crowd.

    def overdue(self) -> None:
        """The client was waited for in vain."""
        running = self._running
        if self._deaf and running is None:
            self.abort()
        elif isinstance(running, Socket):
            running.overdue()
        elif running is not None:
            if running.waits and not self.service.stopping:
                running.break_off(Failure(refusals.REQUEST_TIMEOUT, what="body"))
            else:
                self.abort()
        elif self._in_head and not self.service.stopping:
            self._refuse(Failure(refusals.REQUEST_TIMEOUT, what="head"))
        else:
            self._close(linger=False)

    def wind_down(self) -> None:
        """The server stops: what is running is answered, and nobody is waited for."""
        if isinstance(self._running, Socket):
            self._running.leave()
        if self.deadline < inf:
            self.deadline = min(self.deadline, self.loop.time() + self.limits.winding_down)

    # The parser.

    @property
    def _full(self) -> bool:
        if isinstance(self._running, Socket) and self._running.answered:
            return self._running.full
        return len(self._queue) >= limits.PIPELINED_MAX or self._buffered >= limits.BUFFERED_MAX

    def _feed(self, data: memoryview) -> None:
        """Parse, and keep what must wait."""
        self._rest = None
        at, end = 0, len(data)
        while at < end and not self._deaf:
            if self._full or self._awaits_socket:
                self._rest = data[at:]
                break
            if isinstance(self._running, Socket):
                self._running.data_received(bytes(data[at:]))
                break
            at += self._parse(data[at : at + self._slice])
        self._pause(self._rest is not None or self._full)

    @property
    def _slice(self) -> int:
        """How much is parsed at once: within a body of known length as much as may be buffered."""
        missing = 0 if self._incoming is None else self._incoming.missing
        return max(limits.SLICE, min(missing, limits.BUFFERED_MAX))

    @property
    def _awaits_socket(self) -> bool:
        """Whether what follows is no HTTP any more, and nobody reads it yet."""
        last = self._queue[-1] if self._queue else self._running
        return isinstance(last, Socket) and not last.answered

    def _parse(self, piece: memoryview) -> int:
        """Feed a slice; the answer is how much of it was used."""
        parser = self._parser
        if parser is None:
            parser = self._parser = HttpRequestParser(self)
        used = len(piece)
        self._framing += used
        try:
            parser.feed_data(piece)
        except HttpParserUpgrade as upgrade:
            used = int(upgrade.args[0])
            if self._again is not None:
                self._start_again(self._again)
        except HttpParserError as error:
            if not self._deaf:
                self._refuse(_why(error))
        else:
            self._weigh()
        return used

    def _start_again(self, head: bytes) -> None:
        """Read a head again without the upgrade that it offered, so that its body is read too."""
        self._again = None
        self._parser = HttpRequestParser(self)
        self._parse(memoryview(head))

    def _weigh(self) -> None:
        """Refuse a message that brings too much besides a body."""
        incoming = self._incoming
        allowed = limits.HEAD_MAX + 2 * limits.SLICE
        if self._in_head and self._framing > allowed:
            self._refuse(Failure(refusals.HEAD_TOO_LARGE, limit=limits.HEAD_MAX))
        elif incoming is not None:
            allowed += incoming.received * limits.FRAMING_PER_BYTE
            if self._framing > allowed:
                self._refuse(Failure(refusals.REQUEST_MALFORMED, reason="its chunks are too small"))

    def on_message_begin(self) -> None:
        """A request begins."""
        assert not self._deaf, "nothing follows the last request"
        self._in_head = True
        self._target, self._fields, self._once, self._head_size = b"", [], {}, 0
        self._framing = 0
        if self._running is None:
            self.expect(self.limits.head)

    def on_url(self, piece: bytes) -> None:
        """A piece of the target."""
        self._target += piece
        if len(self._target) > limits.TARGET_MAX:
            raise Failure(refusals.TARGET_TOO_LONG, limit=limits.TARGET_MAX)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field; those after a body are of no interest."""
        if not self._in_head:
            return
        name = name.lower()
        size = len(name) + len(value)
        self._head_size += size
        if self._head_size > limits.HEAD_MAX or size > limits.FIELD_MAX:
            raise Failure(refusals.HEAD_TOO_LARGE, limit=limits.HEAD_MAX)
        if len(self._fields) >= limits.FIELDS_MAX:
            raise Failure(refusals.FIELDS_TOO_MANY, limit=limits.FIELDS_MAX)
        if name in heads.ONCE:
            if name in self._once:
                raise Failure(refusals.FIELD_REPEATED, field=name.decode("ascii"))
            self._once[name] = value
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        parser, fields, once = self._parser, self._fields, self._once
        assert parser is not None
        method, version = parser.get_method(), parser.get_http_version()
        upgrade = parser.should_upgrade()
        if upgrade and method == b"CONNECT":
            raise Failure(refusals.REQUEST_MALFORMED, reason="CONNECT is for proxies")
        head = heads.checked(method, self._target, version, fields, once, self.service.names)
        if upgrade and heads.asks_for_websocket(method, version, once):
            scope = heads.scope_of(head, "websocket", self._client, self._server)
            self._take(Socket(self, head, scope))
        elif upgrade:
            self._again = heads.without_upgrade(method, self._target, version, fields)
        else:
            scope = heads.scope_of(head, "http", self._client, self._server)
            keep_alive = parser.should_keep_alive()
            exchange = Exchange(self, head, scope, keep_alive=keep_alive)
            self._incoming = exchange
            self._take(exchange)

    def on_body(self, piece: bytes) -> None:
        """A piece of the body."""
        if self._incoming is not None:
            self._framing -= len(piece)
            self._buffered += self._incoming.feed(piece)

    def on_message_complete(self) -> None:
        """The request is whole."""
        exchange, self._incoming = self._incoming, None
        if exchange is None:
            return
        exchange.complete()
        if not exchange.keep_alive:
            # What comes after the last request is of no interest.
            self._deaf = True
        elif self._running is None:
            # It was answered before it was whole.
            self.expect(self.limits.idle)

    # Requests, one after another.

    def _take(self, exchange: Exchange | Socket) -> None:
        if self._running is not None:
            self._queue.append(exchange)
        else:
            self._start(exchange)

    def _start(self, exchange: Exchange | Socket) -> None:
        self._running = exchange
        self.go_on()
        tasks = self.service.tasks
        task = self.loop.create_task(exchange.run(self.service.application))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def finished(self) -> None:
        """The running request is answered, or the connection is gone."""
        done, self._running = self._running, None
        if self._ended or done is None:
            return
        if not done.keep_alive:
            self._close(linger=not done.whole or self._refused is not None)
        elif self._queue:
            self._start(self._queue.popleft())
        elif self._refused is not None:
            self._turn_away(self._refused)
        elif self._at_end or self.service.stopping:
            self._close(linger=not done.whole)
        elif self._incoming is done:
            self.expect(self.limits.body)
        else:
            self.expect(self.limits.head if self._in_head else self.limits.idle)
        self._read_on()

    def _read_on(self) -> None:
        """Parse what has been waiting, then hear more."""
        if self._rest is not None and not self._deaf:
            self._feed(self._rest)
        elif self._paused and not self._full:
            self._pause(False)

    def _pause(self, wanted: bool) -> None:
        if self._ended or self._deaf or wanted == self._paused:
            return
        self._paused = wanted
        if wanted:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    # The end.

    def _refuse(self, failure: Failure) -> None:
        """Nothing more can be read of this connection."""
        self._deaf = True
        if self._incoming is not None:
            answered = self._incoming is not self._running and self._incoming not in self._queue
            self._incoming.break_off(failure)
            self._incoming = None
            if answered:
                self._close(linger=True)
        else:
            self._refused = Refused(failure, self._target)
            if self._running is None:
                self._turn_away(self._refused)

    def _turn_away(self, refused: Refused) -> None:
        self.write(refused.encoded(self.date))
        self._close(linger=True)

    def _close(self, *, linger: bool) -> None:
        """End the connection once everything is sent.

        A client that is still sending would lose the answer to a connection that is reset, so it
        is read on for a while.
        """
        if self._ended:
            return
        self._deaf, self._rest = True, None
        if linger and not self._at_end:
            self._transport.write_eof()
            self._lingers_until = self.loop.time() + self.limits.unread
            self.expect(self.limits.linger)
            if self._paused:
                self._paused = False
                self._transport.resume_reading()
        else:
            self._transport.close()
            self.expect(self.limits.unread)

    def _discard(self, size: int) -> None:
        self._discarded += size
        now = self.loop.time()
        if self._discarded > limits.LINGER_MAX or now > self._lingers_until:
            self.abort()
        elif self._running is None:
            self.expect(self.limits.linger)


def _why(error: HttpParserError) -> Failure:
    """What the caller is told of a parser's error."""
    cause = error.__context__
    if isinstance(error, HttpParserCallbackError) and isinstance(cause, Failure):
        return cause
    return Failure(refusals.REQUEST_MALFORMED, reason=str(error) or "it cannot be read")


def _address(found: Any) -> tuple[str, int] | None:
    return (str(found[0]), int(found[1])) if isinstance(found, tuple) else None

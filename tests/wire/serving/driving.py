"""A connection without a network: bytes go in, in any pieces, and answers come out."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from cardwright.roles.http import bind
from cardwright.wire.serving.connection import Connection, Service
from cardwright.wire.serving.crowd import Crowd
from cardwright.wire.serving.limits import Limits
from cardwright.wire.serving.names import Names
from cardwright.wire.serving.server import Server

Application = Callable[..., Coroutine[Any, Any, None]]
DATE = b"Tue, 01 Dec 2026 00:00:00 GMT"
# After so many turns of the loop without a byte written, what is left waits for the client.
QUIET_TURNS = 8
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with what was asked, once the body is whole."""
    digest, size = hashlib.sha256(), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        digest.update(message["body"])
        if not message["more_body"]:
            break
    told = f"{scope['method']} {scope['path']} {size} {digest.hexdigest()[:16]}".encode()
    fields = [(b"content-type", b"text/plain"), (b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": told})


def echoed(method: str, path: str, body: bytes) -> bytes:
    """What ``echo`` says."""
    return f"{method} {path} {len(body)} {hashlib.sha256(body).hexdigest()[:16]}".encode()


class Transport(asyncio.Transport):
    """Keeps what is written; knows whether the connection should be read."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 4000), "sockname": ("192.0.2.2", 80)})
        self.written = b""
        self.reading = True
        self.closed = False

    def write(self, data: Any) -> None:
        assert not self.closed, "nothing is written to a closed connection"
        self.written += bytes(data)

    def write_eof(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


async def until_quiet(service: Service, transport: Transport) -> None:
    """Let every request that can be answered be answered."""
    written, quiet = -1, 0
    while service.tasks and quiet < QUIET_TURNS:
        quiet = quiet + 1 if written == len(transport.written) else 0
        written = len(transport.written)
        await asyncio.sleep(0)


async def told(
    pieces: Iterable[bytes], application: Application = echo, *, at_once: bool = False
) -> bytes:
    """Everything that is answered to the pieces, in order; ``at_once`` sends the next before the
    last one can have been answered."""
    loop = asyncio.get_running_loop()
    limits = Limits()
    service = Service(application, Names(), limits, Crowd(limits), loop, date=DATE)
    connection, transport = Connection(service), Transport()
    connection.connection_made(transport)
    for piece in pieces:
        if not at_once:
            await until_quiet(service, transport)
        while not transport.reading and not transport.closed:
            await until_quiet(service, transport)
        if transport.closed:
            break
        connection.data_received(piece)
    await until_quiet(service, transport)
    for task in list(service.tasks):
        # It waits for a body that does not come.
        task.cancel()
    await asyncio.gather(*service.tasks, return_exceptions=True)
    written = transport.written.replace(CONTINUE, b"")
    connection.connection_lost(None)
    return re.sub(rb"request-id: req_\w+", b"request-id: req_1", written)


@asynccontextmanager
async def serving(
    application: Application = echo, limits: Limits | None = None, names: Names | None = None
) -> AsyncIterator[tuple[Server, int]]:
    """A server on a port of loopback."""
    listener = bind("127.0.0.1", 0)
    server = Server(application, names or Names(), limits)
    port: int = listener.getsockname()[1]
    await server.start(listener)
    try:
        yield server, port
    finally:
        for client in Client.opened:
            client.close()
        Client.opened.clear()
        await server.stop(3)


class Client:
    """A connection that says what it is told to; the server's end is its end."""

    opened: ClassVar[list["Client"]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, port: int, source: str = "127.0.0.1") -> "Client":
        """A new connection from an address of loopback."""
        made = cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)))
        cls.opened.append(made)
        return made

    async def say(self, data: bytes) -> None:
        """Send."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[bytes, bytes], bytes]:
        """The next answer that has a length."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in lines)
        body = await self.reader.readexactly(int(fields.get(b"content-length", 0)))
        return int(first.split()[1]), fields, body

    async def rest(self) -> bytes:
        """Everything until the connection ends; one that is reset has ended too."""
        got = b""
        try:
            while piece := await self.reader.read(65536):
                got += piece
        except ConnectionError:
            pass
        return got

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


def get(path: str = "/", *fields: str, host: str = "localhost") -> bytes:
    """A request without a body."""
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *fields, "", ""]).encode("latin-1")


def post(path: str, body: bytes, *fields: str) -> bytes:
    """A request with a body."""
    length = f"Content-Length: {len(body)}"
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", length, *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def chunked(body: bytes, size: int) -> bytes:
    """A body in chunks."""
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def statuses(answers: bytes) -> list[int]:
    """The statuses in a row of answers that hold no other text of that kind."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answers)]

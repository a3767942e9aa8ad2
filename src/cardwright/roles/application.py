"""The running product: its ASGI callable and the parts beside it, from start to stop."""

import asyncio
from itertools import chain
from typing import Any, NamedTuple, TypeVar

import asyncpg
from litestar import Litestar, MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from cardwright import app
from cardwright.features.process import Process
from cardwright.kernel import ids
from cardwright.kernel.blobs import Blobs
from cardwright.kernel.loop import Part
from cardwright.kernel.mail import MailServer
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import Vault
from cardwright.wire import failures, http, refusals
from cardwright.wire.front import OPERATIONS, Front
from cardwright.wire.versions import NEWEST

VERSION = "0.1.0"
PartT = TypeVar("PartT", bound=Part)


class Readiness(NamedTuple):
    """Whether calls can be answered, and if not, why."""

    ready: bool
    reasons: list[str]


class Application:
    """Every feature in one process, on an open pool and an open vault."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        vault: Vault,
        blobs: Blobs | None = None,
        mail_server: MailServer | None = None,
    ) -> None:
        """Without ``blobs`` it takes no files, and without a mail server its emails wait."""
        self.database = app.database(pool, vault)
        self.blobs = blobs
        self.started = False
        self.process = Process(self.database, blobs, mail_server)
        for make in chain.from_iterable(feature.parts for feature in app.FEATURES):
            self.process.parts.append(make(self.process))
        routes = chain.from_iterable(feature.pages(self.process) for feature in app.FEATURES)
        pages = Litestar(
            [*routes, *self._pages()],
            openapi_config=None,
            exception_handlers={404: _refuse, 405: _refuse, 500: _defect},
            logging_config=None,
        )
        sockets = {
            path: socket
            for feature in app.FEATURES
            for path, socket in feature.sockets(self.process).items()
        }
        self.asgi = Front(OPERATIONS.values(), self.process.pipe, pages, sockets)

    def part(self, kind: type[PartT]) -> PartT:
        """A part that runs, by its class."""
        return self.process.part(kind)

    async def start(self) -> None:
        """Start the parts, those of rooms below first; calls are answered from now on."""
        if self.blobs is not None:
            await asyncio.to_thread(self.blobs.open)
        for part in self.process.parts:
            await part.start()
        self.started = True

    async def stop(self) -> None:
        """Stop the parts, the last that was started first, and let what is running finish."""
        self.started = False
        for part in reversed(self.process.parts):
            await part.stop()
        await self.process.outbound.close()

    async def readiness(self) -> Readiness:
        """Ask every part that calls depend on."""
        reasons = ["the server is starting or stopping"]
        if self.started:
            reasons = [said for part in self.process.parts if (said := part.trouble) is not None]
        try:
            await self.database.pool.fetchval("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reasons.append(f"the database does not answer: {error}")
        return Readiness(not reasons, reasons)

    def _pages(self) -> list[HTTPRouteHandler]:
        """What is not an operation: the front door and the two questions of an orchestrator."""

        @get("/", media_type=MediaType.JSON, sync_to_thread=False)
        def front_door() -> dict[str, Any]:
            return {
                "name": "cardwright",
                "version": VERSION,
                "message": "Card issuing on connected accounts. Point an SDK's base address here.",
                "api_version": NEWEST,
            }

        @get("/healthz")
        async def healthz() -> Response[dict[str, Any]]:
            readiness = await self.readiness()
            return Response(
                {"status": "ok" if readiness.ready else "unavailable"},
                status_code=200 if readiness.ready else 503,
            )

        @get("/readyz")
        async def readyz() -> Response[dict[str, Any]]:
            readiness = await self.readiness()
            return Response(
                {"ready": readiness.ready, "reasons": readiness.reasons},
                status_code=200 if readiness.ready else 503,
            )

        return [front_door, healthz, readyz]


def _defect(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """A defect outside any operation: the log has it whole, the caller a request id."""
    failure = failures.internal(ids.new_id("req_"), error)
    status, body = http.refusal_answer(failure, request.scope["path"])
    return Response(body, status_code=status)


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """An unknown URL, in the words of the contract."""
    path = request.scope["path"]
    failure = Failure(refusals.URL_UNKNOWN, method=request.method, path=path[:200])
    status, body = http.refusal_answer(failure, path)
    return Response(body, status_code=status)

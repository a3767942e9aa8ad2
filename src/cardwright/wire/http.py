"""The HTTP door: operations as routes, each request read whole and answered once."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import HttpMethod, route
from litestar import Request as LitestarRequest
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive

from cardwright.kernel.errors import Failure, fail
from cardwright.wire import failures
from cardwright.wire.operation import Answer, Operation, Pipe
from cardwright.wire.reading import BODY_MAX, PATH_PARAMETER_MAX, Request

JSON = (b"content-type", b"application/json")


def routes(operations: Iterable[Operation], pipe: Pipe) -> list[HTTPRouteHandler]:
    """One route an operation."""
    return [_route(operation, pipe) for operation in operations]


def _route(operation: Operation, pipe: Pipe) -> HTTPRouteHandler:
    # The answer has its own status; the one here only says that DELETE has a body too.
    @route(
        operation.path.replace("}", ":str}"),
        http_method=[HttpMethod(operation.method)],
        status_code=200,
    )
    async def door(request: LitestarRequest[Any, Any, Any]) -> ASGIApp:
        try:
            read = await read_request(request.scope, request.receive)
        except Failure as failure:
            return answering(Answer(*failures.encoded(failure, operation.api)))
        return answering(await pipe.answer(operation, read))

    return door


async def read_request(scope: Any, receive: Receive) -> Request:
    """The whole request; a body over the limit is refused without being kept."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        headers[name.decode("latin-1").lower()] = value.decode("latin-1")
    parameters = {name: str(value) for name, value in scope.get("path_params", {}).items()}
    if any("\x00" in value or len(value) > PATH_PARAMETER_MAX for value in parameters.values()):
        fail("url_unknown", method=scope["method"], path=scope["path"][:200].replace("\x00", ""))
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            break
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_MAX:
            chunks.append(chunk)
        else:
            chunks.clear()
        if not message.get("more_body", False):
            break
    if size > BODY_MAX:
        fail("body_too_large", limit=BODY_MAX)
    return Request(
        method=scope["method"],
        path=scope["path"],
        path_parameters=parameters,
        query=scope["query_string"],
        headers=headers,
        body=b"".join(chunks),
    )


def answering(answer: Answer) -> ASGIApp:
    """The ASGI application that writes one answer."""
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [JSON, length, *answer.headers]

    async def send_answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    return send_answer


def refusal_answer(failure: Failure, path: str) -> tuple[int, dict[str, Any]]:
    """A refusal outside any operation (an unknown URL) as status and body."""
    api = "v2" if path.startswith("/v2/") else "v1"
    return failure.refusal.status, msgspec.to_builtins(failures.body_of(failure, api))

"""The HTTP door: operations as ASGI routes, each request read whole and answered once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from cardwright.kernel.errors import Failure, fail
from cardwright.wire import failures
from cardwright.wire.operation import Answer, Operation, Pipe
from cardwright.wire.reading import BODY_MAX, PATH_PARAMETER_MAX, Request

JSON = (b"content-type", b"application/json")


def routes(operations: Iterable[Operation], pipe: Pipe) -> list[ASGIRouteHandler]:
    """One ASGI route a path, answering the methods that its operations name."""
    by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in operations:
        methods = by_path[operation.path]
        assert operation.method not in methods, f"{operation.method} {operation.path} twice"
        methods[operation.method] = operation
    return [_route(path, methods, pipe) for path, methods in by_path.items()]


def _route(path: str, methods: dict[str, Operation], pipe: Pipe) -> ASGIRouteHandler:
    api = "v2" if path.startswith("/v2/") else "v1"

    @asgi(path.replace("}", ":str}"), copy_scope=False)
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        operation = methods.get(scope["method"])  # type: ignore[typeddict-item]
        if operation is None:
            refusal = Failure("method_not_allowed", method=scope["method"], path=scope["path"])  # type: ignore[typeddict-item]
            await send_answer(send, Answer(*failures.encoded(refusal, api)))
            return
        try:
            request = await read_request(scope, receive)
        except Failure as failure:
            await send_answer(send, Answer(*failures.encoded(failure, api)))
            return
        await send_answer(send, await pipe.answer(operation, request))

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


async def send_answer(send: Any, answer: Answer) -> None:
    """Write the answer."""
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [JSON, length, *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def refusal_answer(failure: Failure, path: str) -> tuple[int, dict[str, Any]]:
    """A refusal outside any operation (an unknown URL) as status and body."""
    api = "v2" if path.startswith("/v2/") else "v1"
    return failure.refusal.status, msgspec.to_builtins(failures.body_of(failure, api))

"""The HTTP door: a request for an operation is answered once."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec

from cardwright.kernel.refusal import Failure, fail
from cardwright.wire import failures, refusals
from cardwright.wire.content import security
from cardwright.wire.content.downloads import Download, sending
from cardwright.wire.content.reading import PATH_PARAMETER_MAX, Request
from cardwright.wire.operation import Answer, Operation
from cardwright.wire.pipe import Pipe
from cardwright.wire.serving.exchange import CUT

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive

JSON = (b"content-type", b"application/json")
NOT_KEPT = security.raw(security.NOT_KEPT)


async def answer(operation: Operation, pipe: Pipe, scope: Any, receive: "Receive") -> "ASGIApp":
    """Answer a request for an operation: the ASGI application that writes the answer."""
    try:
        request = request_of(scope, receive)
    except Failure as failure:
        return answering(Answer(*failures.encoded(failure, operation.api)))
    try:
        made = await pipe.answer(operation, request)
    finally:
        request.release()
    if made.lost:
        return cutting
    if isinstance(made.body, Download):
        assert pipe.blobs is not None, "who serves has a blob directory"
        return sending(made.body, pipe.blobs, made.headers)
    return answering(made)


def request_of(scope: Any, receive: "Receive") -> Request:
    """The request; its body is left unread."""
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    parameters = {name: str(value) for name, value in scope.get("path_params", {}).items()}
    for value in parameters.values():
        if "\x00" in value or len(value) > PATH_PARAMETER_MAX:
            path = scope["path"][:200].replace("\x00", "")
            fail(refusals.URL_UNKNOWN, method=scope["method"], path=path)
    return Request(
        method=scope["method"],
        path=scope["path"],
        path_parameters=parameters,
        query=scope["query_string"],
        headers=headers,
        unread=_body(receive),
        client_ip=(scope.get("client") or (None,))[0],
        base_url=scope["base_url"],
    )


async def _body(receive: "Receive") -> AsyncIterator[bytes]:
    """The body as it arrives; refuses when the connection ends before it does."""
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            fail(refusals.BODY_CUT)
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def cutting(_scope: Any, _receive: Any, send: Any) -> None:
    """The ASGI application of an answer that is lost, as a network loses it."""
    await send(CUT)


def answering(answer: Answer) -> "ASGIApp":
    """The ASGI application that writes one answer of JSON."""
    body = answer.body
    assert isinstance(body, bytes), "a download is sent otherwise"
    length = (b"content-length", str(len(body)).encode())
    headers = [JSON, length, *NOT_KEPT, *answer.headers]

    async def send_answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return send_answer


def refusal_answer(failure: Failure, path: str) -> tuple[int, dict[str, Any]]:
    """A refusal outside any operation (an unknown URL) as status and body."""
    api = "v2" if path.startswith("/v2/") else "v1"
    return failure.refusal.status, msgspec.to_builtins(failures.body_of(failure, api))

"""The way to an operation: found by method and path in a few dictionaries.

What is no operation - pages, unknown paths, wrong methods - goes on to the application behind.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cardwright.kernel.registries import Keyed
from cardwright.wire import http
from cardwright.wire.operation import Operation
from cardwright.wire.pipe import Pipe

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Send

# Every operation of the product, by its method and its path with ``{}`` for each parameter.
OPERATIONS: Keyed[tuple[str, str], Operation] = Keyed("operations")

# Where the placeholders of a path stand among its segments.
Places = tuple[int, ...]


class Front:
    """An ASGI application that answers operations itself."""

    def __init__(
        self,
        operations: Iterable[Operation],
        pipe: Pipe,
        otherwise: "ASGIApp",
        sockets: "Mapping[str, ASGIApp] | None" = None,
    ) -> None:
        """``sockets`` are the doors of WebSockets by their paths."""
        self._sockets = sockets or {}
        self._pipe = pipe
        self._otherwise = otherwise
        self._fixed: dict[tuple[str, str], Operation] = {}
        self._shapes: dict[int, set[Places]] = {}
        self._open: dict[tuple[str, Places, str], tuple[Operation, tuple[str, ...]]] = {}
        for operation in operations:
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        segments = operation.path.split("/")
        places = tuple(at for at, text in enumerate(segments) if text.startswith("{"))
        if not places:
            self._fixed[operation.method, operation.path] = operation
            return
        self._shapes.setdefault(len(segments), set()).add(places)
        names = tuple(segments[at].strip("{}") for at in places)
        key = (operation.method, places, _without(segments, places))
        self._open[key] = (operation, names)

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation at a path, with what stands in the places of its parameters."""
        operation = self._fixed.get((method, path))
        if operation is not None:
            return operation, {}
        segments = path.split("/")
        for places in self._shapes.get(len(segments), ()):
            found = self._open.get((method, places, _without(segments, places)))
            values = [segments[at] for at in places]
            if found is not None and all(values):
                return found[0], dict(zip(found[1], values, strict=True))
        return None

    async def __call__(self, scope: Any, receive: "Receive", send: "Send") -> None:
        """Answer an operation, or hand the request on."""
        found = None
        if scope["type"] == "http":
            found = self.find(scope["method"], scope["path"])
        elif scope["type"] == "websocket" and scope["path"] in self._sockets:
            await self._sockets[scope["path"]](scope, receive, send)
            return
        if found is None:
            await self._otherwise(scope, receive, send)
            return
        scope["path_params"] = found[1]
        answer = await http.answer(found[0], self._pipe, scope, receive)
        await answer(scope, receive, send)


def _without(segments: list[str], places: Places) -> str:
    """The path with its parameters left out."""
    return "/".join([text for at, text in enumerate(segments) if at not in places])

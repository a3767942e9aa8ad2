"""Calls that are kept: of every operation a valid one, an invalid one, and what answers lack."""

import re
from dataclasses import dataclass, field
from typing import Any

from cardwright import app
from cardwright.wire.operation import Operation
from tests.conformance.document import VERSION, document, plain
from tests.support.server import Platform

PREVIEW = "2026-05-27.preview"
V2 = "2026-05-27.preview"


@dataclass
class Seen:
    """What was seen of an operation."""

    valid: int = 0
    invalid: int = 0
    amiss: set[str] = field(default_factory=set)


class Walk:
    """A platform that is called, and what came of it, by method and path."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.seen: dict[tuple[str, str], Seen] = {}
        self._known = sorted(
            ((re.compile(re.sub(r"{\w+}", r"[^/]+", one.path)), one) for one in app.operations()),
            key=lambda pair: pair[1].path.count("{"),
        )

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a call is for; the one with the fewest parameters."""
        bare = path.partition("?")[0]
        for pattern, one in self._known:
            if one.method == method and pattern.fullmatch(bare):
                return one
        return None

    def answers(self, method: str, path: str) -> bool:
        """Whether there is such an operation."""
        return self.find(method, path) is not None

    async def done(self, method: str, path: str, **more: Any) -> Any:
        """The body of a valid call."""
        status, body = await self._call(method, path, more)
        assert status == 200, (method, path, body)
        self.note(method, path, body, more["version"], refused=False)
        return body

    async def refused(self, method: str, path: str, **more: Any) -> Any:
        """The error of an invalid call."""
        status, body = await self._call(method, path, more)
        assert 400 <= status < 500, (method, path, body)
        assert body["error"]["message"]
        self.note(method, path, body, more["version"], refused=True)
        return body["error"]

    async def _call(self, method: str, path: str, more: dict[str, Any]) -> tuple[int, Any]:
        operation = self.find(method, path)
        assert operation is not None, f"nothing answers {method} {path}"
        version = VERSION
        if operation.preview or not document().has(method, operation.path):
            version = PREVIEW
        if operation.flag is not None:
            version = f"{PREVIEW}; {operation.flag}"
        more.setdefault("version", version)
        if operation.api == "v2" and method == "POST":
            more.setdefault("json", {})
        return await self.platform.call(method, path, **more)

    def note(
        self, method: str, path: str, body: Any, version: str = VERSION, *, refused: bool
    ) -> None:
        """Keep the answer to a call."""
        operation = self.find(method, path)
        assert operation is not None
        seen = self.seen.setdefault((method, plain(operation.path)), Seen())
        if refused:
            seen.invalid += 1
        else:
            seen.valid += 1
        if version == VERSION and document().has(method, operation.path):
            amiss = document().amiss(method, operation.path, body, refused=refused)
            if amiss is not None:
                seen.amiss.add(f"{'refused' if refused else 'done'}: {amiss}")

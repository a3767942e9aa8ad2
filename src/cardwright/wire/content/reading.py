"""A request as it came over the wire, and its parameters as a raw tree."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from cardwright.kernel.refusal import fail
from cardwright.wire import refusals
from cardwright.wire.content import brackets
from cardwright.wire.content.bodies import BODIES

PATH_PARAMETER_MAX = 255


class Request(msgspec.Struct, kw_only=True):
    """Method, path, headers (lower-case names); the body is ``unread`` until it is known who calls.

    ``base_url`` is the address of this server as the caller wrote it, or its public one.
    """

    method: str
    path: str
    path_parameters: dict[str, str]
    query: bytes
    headers: dict[str, str]
    unread: AsyncIterator[bytes]
    base_url: str
    body: bytes = b""
    # Who is at the other end of the connection.
    client_ip: str | None = None
    # Whose key it is, once that is known, and the parameters as they were sent.
    actor: Any = None
    parameters: dict[str, Any] | None = None

    def header(self, name: str) -> str | None:
        """A header by its lower-case name."""
        return self.headers.get(name)

    async def read(self) -> bytes:
        """Take the body, whole; it is let go with ``release``."""
        self.body = await BODIES.read(self.unread)
        return self.body

    def release(self) -> None:
        """Let the body go."""
        size, self.body = len(self.body), b""
        BODIES.release(size)

    @property
    def is_multipart(self) -> bool:
        """Whether the body is a form that can bring files."""
        content_type = self.headers.get("content-type", "")
        return content_type.lower().startswith("multipart/form-data")

    @property
    def account_header(self) -> str | None:
        """The account acted on: Stripe-Account, or a Stripe-Context of a single id."""
        return self.headers.get("stripe-account") or self.headers.get("stripe-context") or None


async def read_parameters(request: Request, api: str) -> dict[str, Any]:
    """The body is read, and the parameters are a tree of what was sent: text from forms and
    queries, JSON from v2."""
    await request.read()
    tree = brackets.read(request.query)
    if api == "v2":
        appended = next((name for name, value in tree.items() if isinstance(value, list)), None)
        if appended is not None:
            fail(refusals.FIELD_QUERY_LIST, param=appended)
        if request.method != "POST":
            return tree
        if tree:
            # What a write is asked to do stands in one place.
            fail(refusals.FIELD_UNKNOWN, param=next(iter(tree))[:200])
        return _json(request) if request.body else tree
    if request.method == "POST" and request.body:
        _check_content_type(request, "application/x-www-form-urlencoded")
        tree.update(brackets.read(request.body))
    return tree


def _check_content_type(request: Request, expected: str) -> None:
    """Refuse a body that says to be of another kind; one that says nothing is what is expected."""
    content_type = request.headers.get("content-type", expected)
    if content_type.partition(";")[0].strip().lower() != expected:
        fail(refusals.CONTENT_TYPE_UNSUPPORTED, content_type=content_type[:100], expected=expected)


def _json(request: Request) -> dict[str, Any]:
    _check_content_type(request, "application/json")
    try:
        request.body.decode("utf-8")
    except UnicodeDecodeError:
        fail(refusals.BODY_NOT_UTF8)
    try:
        content = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError) as error:
        fail(refusals.BODY_NOT_JSON, reason=str(error)[:200])
    if not isinstance(content, dict):
        fail(refusals.BODY_NOT_OBJECT)
    return content

"""What the head of a request must be before anybody looks at what it asks."""

import re
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from cardwright.kernel.refusal import fail
from cardwright.wire.serving import refusals
from cardwright.wire.serving.names import Names

Fields = list[tuple[bytes, bytes]]

# Fields that decide something: two of a kind would let two readers decide differently.
ONCE = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"cookie",
        b"expect",
        b"host",
        b"idempotency-key",
        b"origin",
        b"stripe-account",
        b"stripe-context",
        b"stripe-signature",
        b"stripe-version",
        b"transfer-encoding",
        b"upgrade",
        b"websocket-id",
    }
)
VERSIONS = frozenset({"1.0", "1.1"})
# Printable characters without "#", which begins what a client keeps to itself.
TARGET = re.compile(rb"(?:http://(?P<authority>[^/?#]*))?(?P<path>/[!\"$-~]*|\*)", re.IGNORECASE)
ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})?")
# An escaped separator is one to some readers and none to others.
SEPARATORS = frozenset({b"2f", b"5c"})
NOT_KEPT_ON = frozenset({b"upgrade", b"http2-settings"})


class Head(NamedTuple):
    """A head that was checked: ``base_url`` is the address by which the caller reached us."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    version: str
    fields: Fields
    base_url: str
    # How long the body is; None for one that comes in chunks.
    length: int | None
    expects_continue: bool


def checked(
    method: bytes,
    target: bytes,
    version: str,
    fields: Fields,
    once: dict[bytes, bytes],
    names: Names,
) -> Head:
    """The head, if nothing about it is in doubt; ``once`` are the fields of ONCE.

    Raises the Failure that the caller is answered with.
    """
    if version not in VERSIONS:
        fail(refusals.HTTP_VERSION_UNSUPPORTED, version=version)
    found = TARGET.fullmatch(target)
    if found is None or (found["path"] == b"*" and method != b"OPTIONS"):
        fail(refusals.TARGET_INVALID)
    host = once.get(b"host")
    if host is None:
        fail(refusals.HOST_MISSING)
    if found["authority"] is not None and found["authority"] != host:
        fail(refusals.TARGET_OF_ANOTHER_HOST)
    forwarded = [value for name, value in fields if name == b"x-forwarded-proto"]
    raw_path, _, query = found["path"].partition(b"?")
    return Head(
        method=method.decode("ascii"),
        path=_decoded(raw_path) if b"%" in raw_path else raw_path.decode("ascii"),
        raw_path=raw_path,
        query=query,
        version=version,
        fields=fields,
        base_url=_base_url(host, names, secure=forwarded == [b"https"]),
        length=_length(version, once),
        expects_continue=_expects_continue(version, once),
    )


def _decoded(raw: bytes) -> str:
    for escape in ESCAPED.finditer(raw):
        if escape[1] is None:
            fail(refusals.PATH_INVALID, reason="after a percent sign stand two digits")
        if escape[1].lower() in SEPARATORS:
            fail(refusals.PATH_INVALID, reason=f"{escape[0].decode()} is an escaped separator")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        fail(refusals.PATH_INVALID, reason="it is not UTF-8")


def _base_url(host: bytes, names: Names, *, secure: bool) -> str:
    shown = host[:253].decode("latin-1")
    try:
        found = names.base_url(host, secure=secure)
    except ValueError:
        fail(refusals.HOST_INVALID, host=shown)
    if found is None:
        fail(refusals.HOST_UNKNOWN, host=shown)
    return found


def _length(version: str, once: dict[bytes, bytes]) -> int | None:
    """How long the body is. The parser has checked that the length is a number."""
    encoding, length = once.get(b"transfer-encoding"), once.get(b"content-length")
    if encoding is None:
        return int(length or 0)
    if length is not None:
        fail(refusals.REQUEST_MALFORMED, reason="it has both Content-Length and Transfer-Encoding")
    if version == "1.0" or encoding.lower() != b"chunked":
        fail(refusals.TRANSFER_ENCODING_UNSUPPORTED)
    return None


def _expects_continue(version: str, once: dict[bytes, bytes]) -> bool:
    expected = once.get(b"expect")
    if expected is None or version == "1.0":
        return False
    if expected.lower() != b"100-continue":
        fail(refusals.EXPECTATION_UNSUPPORTED)
    return True


def asks_for_websocket(method: bytes, version: str, once: dict[bytes, bytes]) -> bool:
    """Whether a head that offers an upgrade offers one that we know."""
    return (
        method == b"GET"
        and version == "1.1"
        and once.get(b"upgrade", b"").lower() == b"websocket"
        and b"transfer-encoding" not in once
        and int(once.get(b"content-length", b"0")) == 0
    )


def without_upgrade(method: bytes, target: bytes, version: str, fields: Fields) -> bytes:
    """The head again, without the offer to speak something else after it."""
    lines = [b"%s %s HTTP/%s" % (method, target, version.encode())]
    for name, value in fields:
        if name == b"connection":
            options = {option.strip().lower() for option in value.split(b",")}
            if b"close" in options:
                lines.append(b"connection: close")
        elif name not in NOT_KEPT_ON:
            lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join([*lines, b"", b""])


def scope_of(head: Head, kind: str, client: Any, server: Any) -> dict[str, Any]:
    """The ASGI scope of a request; ``base_url`` in it is an addition of ours."""
    secure = head.base_url.startswith("https:")
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": head.version,
        "method": head.method,
        "scheme": ("wss" if secure else "ws")
        if kind == "websocket"
        else ("https" if secure else "http"),
        "path": head.path,
        "raw_path": head.raw_path,
        "query_string": head.query,
        "root_path": "",
        "headers": head.fields,
        "client": client,
        "server": server,
        "base_url": head.base_url,
    }

"""Answers that are a blob instead of JSON, sent in pieces."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from cardwright.kernel.blobs import Blobs
from cardwright.wire.content import security

if TYPE_CHECKING:
    from litestar.types import ASGIApp

# Some are shown by browsers, which style them themselves.
GUARDS = security.raw(
    {
        **security.policy(style_src="'unsafe-inline'"),
        **security.GUARDED,
        "Cache-Control": "private, no-store",
    }
)


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler returns to answer with a blob; ``inline`` lets a browser show it."""

    digest: str
    size: int
    content_type: str
    filename: str
    inline: bool = False


def sending(
    download: Download, blobs: Blobs, headers: tuple[tuple[bytes, bytes], ...]
) -> "ASGIApp":
    """The ASGI application that sends the blob; it must exist."""
    place = "inline" if download.inline else "attachment"
    named = f"{place}; filename*=UTF-8''{quote(download.filename, safe='')}"
    sent = [
        (b"content-type", download.content_type.encode()),
        (b"content-length", str(download.size).encode()),
        (b"content-disposition", named.encode()),
        *GUARDS,
        *headers,
    ]

    async def send_blob(_scope: Any, _receive: Any, send: Any) -> None:
        pieces = blobs.read(download.digest)
        # Nothing is said before there is something: what cannot be read is an error of the server.
        piece = await anext(pieces, b"")
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        left = download.size
        while left > 0:
            assert piece, f"blob {download.digest} is shorter than its row says"
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
            piece = await anext(pieces, b"")

    return send_blob

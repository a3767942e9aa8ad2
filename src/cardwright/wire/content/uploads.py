"""Forms that bring a file: the bytes go to the blob directory in pieces, the rest is parameters.

The file is the part ``file``; every other part is a parameter, named as in any form.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from cardwright.kernel.blobs import Blobs
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals
from cardwright.wire.content import brackets
from cardwright.wire.content.reading import Request
from cardwright.wire.resource import Upload

PART = "file"
# What the parts beside the file may hold together, and how many there may be.
TEXT_MAX = 64 * 1024
PARTS_MAX = 100
# Delimiters and part headers, beside what the parts hold.
ENVELOPE_MAX = 512 * 1024
FILENAME_MAX = 255
# Controls, ends of lines, and what turns the direction of a text around to hide how it ends.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class Form:
    """A form while it arrives; ``upload`` is the file, as soon as it begins."""

    def __init__(self, unread: AsyncIterator[bytes], blobs: Blobs, longest: int) -> None:
        self.unread = unread
        self.blobs = blobs
        self.longest = longest
        self.upload: Upload | None = None
        self._tree: dict[str, Any] = {}
        self._part = ""
        self._in_file = False
        self._text = bytearray()
        self._text_size = 0

    async def read(self, request: Request) -> dict[str, Any]:
        """The parameters; the whole file is on disk when this returns.

        Refuses a malformed form, more than one file, and a file over ``longest`` bytes.
        """
        _, options = parse_options_header(request.headers["content-type"])
        if not options.get("boundary"):
            fail(refusals.MULTIPART_MALFORMED, reason="its Content-Type has no boundary")
        self._tree = brackets.read(request.query)
        whole = _bounded(self.unread, self.longest + TEXT_MAX + ENVELOPE_MAX)
        try:
            with PushMultipartParser(options["boundary"], max_segment_count=PARTS_MAX) as parser:
                async for chunk in whole:
                    for event in parser.parse(chunk):
                        await self._take(event)
        except (MultipartError, LookupError) as error:
            fail(
                refusals.MULTIPART_MALFORMED, reason=str(next(iter(error.args), "not a form"))[:200]
            )
        if self.upload is not None:
            await self.upload.incoming.finish()
        return self._tree

    async def _take(self, event: MultipartSegment | bytes | None) -> None:
        """A part begins, goes on, or ends."""
        if event is None:
            if not self._in_file:
                self._end_text()
        elif isinstance(event, MultipartSegment):
            self._part, self._in_file = event.name, event.filename is not None
            if self._in_file:
                await self._begin_file(event.filename)
        elif not self._in_file:
            self._text_size += len(event)
            if self._text_size > TEXT_MAX:
                fail(refusals.BODY_TOO_LARGE, limit=TEXT_MAX)
            self._text += event
        elif self.upload is not None:
            await self.upload.incoming.write(event)
            if self.upload.size > self.longest:
                fail(refusals.UPLOAD_TOO_LARGE, param=PART, limit=self.longest)

    async def _begin_file(self, filename: str) -> None:
        if self._part != PART:
            fail(refusals.PARAMETER_UNKNOWN, param=self._part[:200])
        if self.upload is not None:
            fail(refusals.UPLOAD_REPEATED, param=PART)
        self.upload = Upload(bare_name(filename), await self.blobs.receive())
        brackets.place(self._tree, PART, self.upload)

    def _end_text(self) -> None:
        text, self._text = self._text, bytearray()
        try:
            value = text.decode("utf-8")
        except UnicodeDecodeError:
            fail(refusals.BODY_NOT_UTF8)
        if self._part == PART and self.upload is not None:
            fail(refusals.UPLOAD_REPEATED, param=PART)
        brackets.place(self._tree, self._part, value)


async def _bounded(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """The chunks that are not empty; refuses more than ``limit`` bytes."""
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            fail(refusals.BODY_TOO_LARGE, limit=limit)
        if chunk:
            yield chunk


def bare_name(filename: str) -> str | None:
    """The last step of what may be a path on any system, or None where that is no name."""
    name = _UNPRINTABLE.sub("", re.split(r"[/\\]", filename)[-1]).strip()
    return name[-FILENAME_MAX:] if name.strip(".") else None

"""Files of every kind, and the ways to send them."""

import io
from typing import Any

import aiohttp

from tests.support.server import Platform

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
PDF = b"%PDF-1.7\n" + b"\x00" * 40
GIF = b"GIF89a" + b"\x00" * 40


def named(content: bytes, name: str) -> io.BytesIO:
    """An open file, as the SDK takes it."""
    file = io.BytesIO(content)
    file.name = name
    return file


def form(
    content: bytes | None = PNG,
    purpose: str | None = "identity_document",
    filename: str = "passport.png",
    fields: dict[str, str] | None = None,
) -> aiohttp.FormData:
    """A multipart form; a part that is None is left out."""
    data = aiohttp.FormData(default_to_multipart=True)
    if purpose is not None:
        data.add_field("purpose", purpose)
    if content is not None:
        data.add_field("file", io.BytesIO(content), filename=filename)
    for name, value in (fields or {}).items():
        data.add_field(name, value)
    return data


async def upload(
    platform: Platform, sent: aiohttp.FormData, *, key: str | None = None, **headers: str
) -> tuple[int, Any]:
    """POST /v1/files; the answer is (status, decoded body)."""
    headers["Authorization"] = f"Bearer {key or platform.keys.secret}"
    async with platform.live.http.post(
        f"{platform.base}/v1/files", data=sent, headers=headers
    ) as response:
        return response.status, await response.json()


async def uploaded(platform: Platform, account: str | None = None, **more: Any) -> Any:
    """A file that was taken."""
    headers = {"Stripe-Account": account} if account is not None else {}
    status, body = await upload(platform, form(**more), **headers)
    assert status == 200, body
    return body

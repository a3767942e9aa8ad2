"""Bodies are taken from those who may send them, and only so much of them is kept."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from cardwright.kernel.refusal import Failure
from cardwright.wire.content.bodies import BODIES, BODY_MAX, Bodies
from tests.support.server import Platform
from tests.wire.serving.driving import Client

CARDHOLDERS = "/v1/issuing/cardholders"


async def announced(platform: Platform, path: str, *fields: str) -> tuple[int, bytes]:
    """What is answered to half a megabyte that is announced and does not come."""
    port = urlsplit(platform.base).port
    assert port is not None
    client = await Client.connect(port)
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Length: 500000", *fields, "", ""]
    await client.say("\r\n".join(lines).encode())
    status, head, body = await asyncio.wait_for(client.answer(), 8)
    assert head[b"connection"] == b"close"
    client.close()
    return status, body


@pytest.mark.parametrize("path", [CARDHOLDERS, "/v1/files", "/v2/core/accounts"])
async def test_nobody_without_a_key_is_asked_for_a_body(platform: Platform, path: str) -> None:
    form = "Content-Type: multipart/form-data; boundary=b"
    assert (await announced(platform, path, form))[0] == 401
    unknown = "Authorization: Bearer sk_test_unknown"
    assert (await announced(platform, path, form, unknown))[0] == 401
    theirs = f"Authorization: Bearer {platform.keys.secret}"
    status, body = await announced(platform, path, form, theirs, "Stripe-Account: acct_unknown")
    assert (status, b"account" in body) == (403, True)


async def test_a_key_that_may_not_is_not_asked_for_a_body(platform: Platform) -> None:
    key = f"Authorization: Bearer {platform.keys.publishable}"
    status, body = await announced(platform, CARDHOLDERS, key)
    assert (status, b"secret_key_required" in body) == (403, True)


async def test_an_address_that_is_none_takes_no_body(platform: Platform) -> None:
    assert (await announced(platform, "/v1/nothing"))[0] == 404


async def test_a_body_that_is_too_long_is_refused_and_let_go(platform: Platform) -> None:
    status, body = await platform.call("POST", CARDHOLDERS, data=b"name=" + b"x" * BODY_MAX)
    assert (status, body["error"]["code"]) == (413, "request_too_large")
    assert BODIES.held == 0


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_bodies_together_have_a_limit() -> None:
    bodies = Bodies(limit=10)
    assert await bodies.read(in_pieces(b"abc", b"def")) == b"abcdef"
    with pytest.raises(Failure, match="Too many large requests"):
        await bodies.read(in_pieces(b"gh", b"ijk"))
    assert bodies.held == 6
    bodies.release(6)
    assert await bodies.read(in_pieces(b"0123456789")) == b"0123456789"

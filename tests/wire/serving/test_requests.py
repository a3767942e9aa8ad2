"""What is a request and what is none: each case whole, in pieces of seven, and byte by byte."""

from typing import Any

import pytest

from tests.wire.serving.driving import chunked, echoed, get, post, statuses, told

HEAD = b"POST /a HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = get("/smuggled")


def ways(data: bytes) -> list[list[bytes]]:
    """Three ways in which the same bytes arrive."""
    return [
        [data],
        [data[at : at + 7] for at in range(0, len(data), 7)],
        [data[at : at + 1] for at in range(len(data))],
    ]


async def answers(data: bytes) -> bytes:
    """What is answered, which does not depend on how the bytes arrive."""
    found = [await told(way) for way in ways(data)]
    assert found[0] == found[1] == found[2]
    return found[0]


REFUSED = {
    # Framing: nothing that two readers could read differently.
    "length and chunks": (HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "chunks and length": (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", 400),
    "two lengths": (HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n", 400),
    "one length twice": (HEAD + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\n", 400),
    "a list of lengths": (HEAD + b"Content-Length: 4, 4\r\n\r\n", 400),
    "a signed length": (HEAD + b"Content-Length: +4\r\n\r\n", 400),
    "a negative length": (HEAD + b"Content-Length: -4\r\n\r\n", 400),
    "a length in hexadecimal": (HEAD + b"Content-Length: 0x4\r\n\r\n", 400),
    "an enormous length": (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "an empty length": (HEAD + b"Content-Length: \r\n\r\n", 400),
    "another encoding": (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    "another encoding before chunks": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 400),
    "chunks twice": (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    "two encodings": (
        HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    "identity": (HEAD + b"Transfer-Encoding: identity\r\n\r\n", 400),
    "an encoding that hides": (HEAD + b"Transfer-Encoding: xchunked\r\n\r\n", 400),
    "an encoding after a tab": (HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n", 400),
    "a space before the colon": (HEAD + b"Transfer-Encoding : chunked\r\n\r\n", 400),
    "chunks in HTTP/1.0": (
        b"POST /a HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a chunk that is no number": (CHUNKED + b"z\r\n", 400),
    "a chunk of 0x4": (CHUNKED + b"0x4\r\nabcd\r\n0\r\n\r\n", 400),
    "a signed chunk": (CHUNKED + b"+4\r\nabcd\r\n0\r\n\r\n", 400),
    "a chunk of 2^64": (CHUNKED + b"10000000000000000\r\n", 400),
    "a chunk with a bare line feed": (CHUNKED + b"4\nabcd\r\n0\r\n\r\n", 400),
    "a chunk that is longer than it says": (CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n", 400),
    "a chunk and spaces": (CHUNKED + b"4 \r\nabcd\r\n0\r\n\r\n", 400),
    "a bare line feed": (b"GET / HTTP/1.1\nHost: localhost\n\n", 400),
    "a bare carriage return": (b"GET / HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n", 400),
    "a folded line": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400),
    "a null": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 400),
    "a field without a name": (b"GET / HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n", 400),
    "a line that is no field": (b"GET / HTTP/1.1\r\nHost: localhost\r\nnothing\r\n\r\n", 400),
    # Fields that decide something.
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "no host in HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", 400),
    "two hosts": (get("/", "Host: localhost"), 400),
    "two hosts in other letters": (get("/", "HOST: 127.0.0.1"), 400),
    "an empty host": (get(host=""), 400),
    "a host with a path": (get(host="localhost/a"), 400),
    "a host with a user": (get(host="a@localhost"), 400),
    "two names": (get(host="localhost, localhost"), 400),
    "a host of somebody else": (get(host="attacker.example.com"), 400),
    "a host that begins like ours": (get(host="localhost.example.com"), 400),
    "a port that is none": (get(host="localhost:99999"), 400),
    "two authorizations": (get("/", "Authorization: Bearer a", "Authorization: Bearer a"), 400),
    "two keys of idempotency": (get("/", "Idempotency-Key: a", "Idempotency-Key: b"), 400),
    "two accounts": (get("/", "Stripe-Account: a", "Stripe-Account: b"), 400),
    "two content types": (get("/", "Content-Type: a/b", "Content-Type: a/b"), 400),
    "an expectation": (get("/", "Expect: 200-ok"), 417),
    # Targets.
    "an escaped slash": (get("/v1/a%2fb"), 400),
    "an escaped slash in capitals": (get("/v1/a%2Fb"), 400),
    "an escaped backslash": (get("/v1/a%5cb"), 400),
    "half an escape": (get("/v1/a%2"), 400),
    "an escape of no digits": (get("/v1/a%zz"), 400),
    "a path that is not UTF-8": (get("/v1/%ff"), 400),
    "an overlong slash": (get("/v1/a%c0%afb"), 400),
    "raw bytes in a path": (get("/v1/\xe9"), 400),
    "a fragment": (get("/v1/a#b"), 400),
    "a target that is no path": (get("v1/a"), 400),
    "an asterisk": (get("*"), 400),
    "another host in the target": (get("http://example.com/v1/a"), 400),
    "a tunnel": (b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "a path that is too long": (get("/" + "a" * 16_384), 414),
    # Size.
    "a field that is too long": (get("/", "X: " + "a" * 16_384), 431),
    "a field that does not end": (get("/", "X: " + "a" * 60_000)[:-4], 431),
    "too much in all": (get("/", *(f"X{n}: {'a' * 4_000}" for n in range(9))), 431),
    "too many fields": (get("/", *(f"X{n}: a" for n in range(100))), 431),
    "a name that does not end": (get()[:-2] + b"a" * 60_000, 431),
    "a trailer that does not end": (CHUNKED + b"0\r\nX: " + b"a" * 60_000, 400),
    "an extension that does not end": (CHUNKED + b"4;" + b"a" * 60_000, 400),
    # No HTTP/1.1.
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/2 by its version": (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
    "HTTP/1.2": (b"GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 505),
    "TLS": (bytes.fromhex("160301020001"), 400),
    "a method that is none": (b"GETS / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "a method in small letters": (b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    # WebSockets.
    "a WebSocket without a key": (
        get("/s", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        400,
    ),
    "an old WebSocket": (
        get(
            "/s",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 8",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ),
        400,
    ),
}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
async def test_refused_in_words_and_nothing_after_it_is_served(data: bytes, status: int) -> None:
    got = await answers(data + SMUGGLED)
    assert statuses(got) == [status]
    assert b"connection: close\r\n" in got
    assert b'{"error":{"type":"invalid_request_error","message":"' in got
    assert b"smuggled" not in got


SERVED: dict[str, tuple[bytes, list[tuple[str, str, bytes]]]] = {
    "one": (get("/a"), [("GET", "/a", b"")]),
    "three at once": (
        get("/a") + post("/b", b"body") + get("/c"),
        [("GET", "/a", b""), ("POST", "/b", b"body"), ("GET", "/c", b"")],
    ),
    "a hundred at once": (get("/a") * 100, [("GET", "/a", b"")] * 100),
    "long bodies at once": (
        post("/a", b"x" * 100_000) + post("/b", b"y" * 9_000),
        [("POST", "/a", b"x" * 100_000), ("POST", "/b", b"y" * 9_000)],
    ),
    "chunks": (
        CHUNKED + chunked(b"a" * 100, 7) + get("/b"),
        [("POST", "/a", b"a" * 100), ("GET", "/b", b"")],
    ),
    "chunks of a byte": (CHUNKED + chunked(b"a" * 9_000, 1), [("POST", "/a", b"a" * 9_000)]),
    "extensions and trailers": (
        CHUNKED + b'4;a=b;c="d"\r\nabcd\r\n0\r\nHost: example.com\r\nX: y\r\n\r\n' + get("/b"),
        [("POST", "/a", b"abcd"), ("GET", "/b", b"")],
    ),
    "empty lines before": (b"\r\n\r\n" + get("/a"), [("GET", "/a", b"")]),
    "an escaped path": (get("/%C3%A9%20%252f"), [("GET", "/\u00e9 %2f", b"")]),
    "our name in the target": (
        b"GET http://localhost/a?b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        [("GET", "/a", b"")],
    ),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", [("OPTIONS", "*", b"")]),
    "a body that waits to be asked": (
        post("/a", b"body", "Expect: 100-continue") + get("/b"),
        [("POST", "/a", b"body"), ("GET", "/b", b"")],
    ),
    "an offer of HTTP/2": (
        post("/a", b"body", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c") + get("/b"),
        [("POST", "/a", b"body"), ("GET", "/b", b"")],
    ),
    "an offer of HTTP/2 with chunks": (
        CHUNKED[:-2] + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" + chunked(b"ab" * 500, 9),
        [("POST", "/a", b"ab" * 500)],
    ),
    "ninety-nine fields": (
        get("/a", *(f"X{n}: {'a' * 200}" for n in range(99))),
        [("GET", "/a", b"")],
    ),
    "the longest path": (get("/" + "a" * 16_383), [("GET", "/" + "a" * 16_383, b"")]),
    "a name that ends with a dot": (get("/a", host="LOCALHOST.:80"), [("GET", "/a", b"")]),
    "the end that was asked for": (
        get("/a", "Connection: close") + get("/b"),
        [("GET", "/a", b"")],
    ),
    "HTTP/1.0": (
        b"GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n" + get("/b"),
        [("GET", "/a", b"")],
    ),
    "HTTP/1.0 that goes on": (
        b"GET /a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n" + get("/b"),
        [("GET", "/a", b""), ("GET", "/b", b"")],
    ),
}


@pytest.mark.parametrize(("data", "expected"), SERVED.values(), ids=SERVED)
async def test_served_in_order(data: bytes, expected: list[tuple[str, str, bytes]]) -> None:
    got = await answers(data)
    assert statuses(got) == [200] * len(expected)
    for one in expected:
        body = echoed(*one)
        before, found, got = got.partition(b"\r\n\r\n" + body)
        assert found, (one, before)


async def test_a_refusal_waits_for_the_answers_before_it() -> None:
    got = await answers(get("/a") + post("/b", b"body") + b"nonsense\r\n\r\n")
    assert statuses(got) == [200, 200, 400]


async def test_what_the_parser_says_is_passed_on() -> None:
    got = await answers(CHUNKED + b"z\r\n")
    assert b"This is not a request in HTTP/1.1: Invalid character in chunk size." in got


async def test_a_v2_path_is_refused_in_the_words_of_v2() -> None:
    got = await answers(get("/v2/core/accounts%2f"))
    assert b'{"error":{"code":"path_invalid","message":' in got


async def test_an_answer_cannot_be_split() -> None:
    async def splitting(_scope: Any, _receive: Any, send: Any) -> None:
        fields = [(b"location", b"/a\r\nset-cookie: a=b")]
        await send({"type": "http.response.start", "status": 303, "headers": fields})
        await send({"type": "http.response.body", "body": b""})

    got = await told([get()], splitting)
    assert statuses(got) == [500]
    assert b"set-cookie" not in got


@pytest.mark.parametrize("announced", [b"3", b"5"])
async def test_an_answer_of_another_length_is_cut(announced: bytes) -> None:
    async def lying(_scope: Any, _receive: Any, send: Any) -> None:
        fields = [(b"content-length", announced)]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": b"body"})

    assert statuses(await told([get(), get()], lying)) != [200, 200]


async def test_the_kinds_of_answers() -> None:
    async def streaming(scope: Any, _receive: Any, send: Any) -> None:
        status = 204 if scope["path"] == "/none" else 200
        await send({"type": "http.response.start", "status": status})
        for piece in (b"ab", b"", b"cde"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    got = await told([get("/a")], streaming)
    assert got.endswith(b"transfer-encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
    assert (await told([get("/none")], streaming)).endswith(b"\r\n\r\n")
    head = b"HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert (await told([head], streaming)).endswith(b"\r\n\r\n")
    old = await told([get("/a").replace(b"1.1", b"1.0")], streaming)
    assert old.endswith(b"connection: close\r\n\r\nabcde")


async def test_an_application_that_fails_is_a_500_and_one_that_is_silent_too() -> None:
    async def failing(scope: Any, _receive: Any, _send: Any) -> None:
        if scope["path"] == "/a":
            raise LookupError("a defect")

    got = await told([get("/a"), get("/b")], failing)
    assert statuses(got) == [500, 500]
    assert b"a defect" not in got

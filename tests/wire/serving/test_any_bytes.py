"""Rows of requests, sound and broken: what is answered depends on the bytes alone."""

import asyncio
import re
from collections.abc import Iterator
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given, settings

from tests.wire.serving.driving import chunked, echoed, statuses, told

WORDS = st.text("abcxyz09-_.~", min_size=1, max_size=12)
BODIES = st.binary(max_size=300) | st.integers(4_000, 70_000).map(lambda size: b"x" * size)
FIELDS = st.lists(st.tuples(WORDS.map(lambda name: f"X-{name}"), WORDS), max_size=5)
# What does harm somewhere in a request, or none at all.
HARM = st.sampled_from(
    [
        b"\r",
        b"\n",
        b"\r\n",
        b"\r\n\r\n",
        b"\0",
        b" ",
        b":",
        b"0\r\n\r\n",
        b"Host: localhost\r\n",
        b"Host: example.com\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"Connection: upgrade\r\nUpgrade: h2c\r\n",
        b"Expect: 100-continue\r\n",
        b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"%2f",
        b"\xff",
        b"HTTP/1.0",
        b"f" * 40,
    ]
)


class Asked:
    """A sound request and what it is."""

    def __init__(
        self,
        method: str,
        path: str,
        fields: list[tuple[str, str]],
        body: bytes | None,
        chunk: int | None,
    ) -> None:
        self.expected = echoed(method, path, body or b"")
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost:1"]
        lines += [f"{name}: {value}" for name, value in fields]
        rest = b""
        if body is not None and chunk is not None:
            lines.append("Transfer-Encoding: chunked")
            rest = chunked(body, chunk)
        elif body is not None:
            lines.append(f"Content-Length: {len(body)}")
            rest = body
        self.bytes = "\r\n".join([*lines, "", ""]).encode() + rest


ASKED = st.builds(
    Asked,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
    path=WORDS.map(lambda word: f"/{word}"),
    fields=FIELDS,
    body=st.none() | BODIES,
    chunk=st.none() | st.integers(1, 9_000),
)
ROWS = st.lists(ASKED, min_size=1, max_size=6)


def cut(data: bytes, places: list[float]) -> list[bytes]:
    """The bytes in pieces; a place is a share of the whole."""
    at = sorted({0, *(int(place * len(data)) for place in places), len(data)})
    return [data[start:end] for start, end in pairwise(at)]


PLACES = st.lists(st.floats(0, 1, exclude_max=True), max_size=12)


def bodies_of(answers: bytes) -> Iterator[bytes]:
    """The answers in a row, each whole: a sequence of anything else fails."""
    while answers:
        found = re.match(rb"HTTP/1\.1 ([0-9]{3}) [^\r\n]*\r\n(.*?\r\n)\r\n", answers, re.DOTALL)
        assert found is not None, answers[:200]
        length = re.search(rb"content-length: ([0-9]+)\r\n", found[2])
        assert length is not None
        end = found.end() + int(length[1])
        assert len(answers) >= end, "an answer is cut"
        yield answers[found.end() : end]
        answers = answers[end:]


def outcome(answers: bytes) -> list[bytes]:
    """What was said, and what was refused: of two faults in one request either may be named."""
    said = zip(bodies_of(answers), statuses(answers), strict=True)
    return [body if status == 200 else b"refused" for body, status in said]


@settings(max_examples=150, deadline=None)
@given(row=ROWS, places=PLACES, at_once=st.booleans())
def test_sound_requests_are_answered_each_and_in_order(
    row: list[Asked], places: list[float], at_once: bool
) -> None:
    whole = b"".join(asked.bytes for asked in row)
    got = asyncio.run(told(cut(whole, places), at_once=at_once))
    assert list(bodies_of(got)) == [asked.expected for asked in row]


@settings(max_examples=300, deadline=None)
@given(
    row=ROWS,
    harm=st.lists(st.tuples(st.floats(0, 1), HARM, st.booleans()), min_size=1, max_size=3),
    places=PLACES,
    at_once=st.booleans(),
)
def test_broken_requests_are_answered_alike_however_they_arrive(
    row: list[Asked], harm: list[tuple[float, bytes, bool]], places: list[float], at_once: bool
) -> None:
    whole = b"".join(asked.bytes for asked in row)[:4_000]
    for share, bad, replaces in harm:
        at = int(share * len(whole))
        whole = whole[:at] + bad + whole[at + (len(bad) if replaces else 0) :]
    expected = outcome(asyncio.run(told([whole])))
    each = [whole[at : at + 1] for at in range(len(whole))]
    assert outcome(asyncio.run(told(cut(whole, places), at_once=at_once))) == expected
    assert outcome(asyncio.run(told(each))) == expected
    # Nothing follows a refusal.
    assert b"refused" not in expected[:-1]


@settings(max_examples=150, deadline=None)
@given(noise=st.binary(min_size=1, max_size=400), places=PLACES)
def test_noise_is_refused_or_waited_for(noise: bytes, places: list[float]) -> None:
    got = asyncio.run(told(cut(noise, places)))
    assert got == asyncio.run(told([noise]))
    assert set(statuses(got)) <= {200, 400, 505}

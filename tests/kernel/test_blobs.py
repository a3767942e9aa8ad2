"""Blobs on disk: whole or not there, through crashes and beside other servers."""

import hashlib
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from cardwright.kernel.blobs import PIECE_BYTES, Blobs
from cardwright.kernel.startup import StartError


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    opened = Blobs(tmp_path / "blobs")
    opened.open()
    return opened


def waiting(blobs: Blobs) -> list[Path]:
    return list(blobs.incoming.iterdir())


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, 3 * PIECE_BYTES + 17])
async def test_what_is_kept_is_what_was_written(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    incoming = await blobs.receive()
    for start in range(0, size, 100_000):
        await incoming.write(content[start : start + 100_000])
    await incoming.finish()
    assert (incoming.size, incoming.head) == (size, content[:16])
    assert incoming.digest == hashlib.sha256(content).hexdigest()
    await incoming.keep()
    await incoming.keep()
    await incoming.discard()
    kept = blobs.path(incoming.digest)
    assert kept.read_bytes() == content
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for directory in (blobs.directory, blobs.incoming, kept.parent):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert waiting(blobs) == []


async def test_what_is_discarded_leaves_nothing(blobs: Blobs) -> None:
    incoming = await blobs.receive()
    await incoming.write(b"x" * PIECE_BYTES)
    assert len(waiting(blobs)) == 1
    await incoming.discard()
    await incoming.discard()
    assert waiting(blobs) == []


async def test_the_same_content_is_kept_once(blobs: Blobs) -> None:
    for _ in range(2):
        incoming = await blobs.receive()
        await incoming.write(b"same")
        await incoming.finish()
        await incoming.keep()
    kept = [path for path in blobs.directory.rglob("*") if path.is_file()]
    assert kept == [blobs.path(hashlib.sha256(b"same").hexdigest())]


async def test_a_start_leaves_what_others_are_writing(blobs: Blobs) -> None:
    incoming = await blobs.receive()
    assert Blobs(blobs.directory).open() == 0
    await incoming.write(b"still here")
    await incoming.finish()
    await incoming.keep()
    assert blobs.path(incoming.digest).read_bytes() == b"still here"


def write_and_die(directory: Path, begun: Any) -> None:
    import asyncio

    async def write() -> None:
        incoming = await Blobs(directory).receive()
        await incoming.write(b"x" * PIECE_BYTES)
        begun.set()
        os._exit(9)

    asyncio.run(write())


async def test_a_start_removes_what_a_crash_left(blobs: Blobs) -> None:
    spawn = multiprocessing.get_context("spawn")
    begun = spawn.Event()
    process = spawn.Process(target=write_and_die, args=(blobs.directory, begun))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    assert len(waiting(blobs)) == 1
    assert blobs.open() == 1
    assert waiting(blobs) == []


def test_a_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StartError, match="--blob-dir"):
        Blobs(tmp_path / "taken" / "blobs").open()

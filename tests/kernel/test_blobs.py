"""Blobs: whole or not there, sealed at rest, through crashes and beside other servers."""

import hashlib
import multiprocessing
import os
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cardwright.kernel.blob_stores import Bucket, Directory
from cardwright.kernel.blobs import PIECE_BYTES, Blobs
from cardwright.kernel.sealed_stream import LENGTH_BYTES, MAGIC, MARK_BYTES
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault, VaultError, new_key
from tests.support.server import free_port

KEY = new_key()


def opened(directory: Path) -> Blobs:
    """The blobs of a directory."""
    found = Blobs(directory, Vault.open(KEY))
    found.open()
    return found


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return opened(tmp_path / "blobs")


def place(blobs: Blobs, digest: str) -> Path:
    """Where a kept blob lies."""
    assert isinstance(blobs.store, Directory)
    return blobs.store.place(digest)


async def content_of(blobs: Blobs, digest: str) -> bytes:
    """A blob, read whole."""
    return b"".join([piece async for piece in blobs.read(digest)])


async def kept(blobs: Blobs, content: bytes) -> str:
    """The hash of a content that was kept."""
    incoming = await blobs.receive()
    await incoming.write(content)
    await incoming.finish()
    await incoming.keep()
    return incoming.digest


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
    assert await blobs.has(incoming.digest)
    assert await content_of(blobs, incoming.digest) == content
    file = place(blobs, incoming.digest)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for directory in (blobs.directory, blobs.incoming, file.parent):
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
        await kept(blobs, b"same")
    files = [path for path in blobs.directory.rglob("*") if path.is_file()]
    assert files == [place(blobs, hashlib.sha256(b"same").hexdigest())]


async def test_nothing_lies_on_disk_in_the_clear(blobs: Blobs) -> None:
    content = b"PASSPORT 123456789 " * 40_000
    incoming = await blobs.receive()
    await incoming.write(content)
    [half] = waiting(blobs)
    assert b"PASSPORT" not in half.read_bytes()
    await incoming.finish()
    await incoming.keep()
    sealed = place(blobs, incoming.digest).read_bytes()
    assert sealed.startswith(MAGIC)
    assert b"PASSPORT" not in sealed
    other = Blobs(blobs.directory, Vault.open(new_key()))
    with pytest.raises(VaultError):
        await content_of(other, incoming.digest)


async def test_what_was_kept_before_files_were_sealed_is_still_read(blobs: Blobs) -> None:
    for content in (b"", b"short", b"\x89PNG\r\n\x1a\n" + b"\x00" * PIECE_BYTES * 2):
        digest = hashlib.sha256(content).hexdigest()
        file = place(blobs, digest)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        assert await content_of(blobs, digest) == content


def frames(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """The head of a sealed content and its frames."""
    at = len(MAGIC) + MARK_BYTES
    found = []
    while at < len(sealed):
        end = at + LENGTH_BYTES + int.from_bytes(sealed[at : at + LENGTH_BYTES], "big")
        found.append(sealed[at:end])
        at = end
    return sealed[: len(MAGIC) + MARK_BYTES], found


async def test_a_blob_that_was_altered_does_not_open(blobs: Blobs) -> None:
    incoming = await blobs.receive()
    for letter in (b"a", b"b", b"c"):
        await incoming.write(letter * PIECE_BYTES)
    await incoming.finish()
    await incoming.keep()
    file = place(blobs, incoming.digest)
    whole = file.read_bytes()
    head, parts = frames(whole)
    other, others = frames(place(blobs, await kept(blobs, b"z" * 3 * PIECE_BYTES)).read_bytes())
    assert len(parts) == 4
    for altered in (
        head + b"".join(parts[:-1]),
        head + parts[1] + parts[0] + b"".join(parts[2:]),
        head + others[0] + b"".join(parts[1:]),
        other + b"".join(parts),
        whole[:-1],
        whole + b"\x00",
        head,
        head[:-3],
        head + b"\xff" * 8,
    ):
        file.write_bytes(altered)
        with pytest.raises(VaultError):
            await content_of(blobs, incoming.digest)
    file.write_bytes(whole)
    assert len(await content_of(blobs, incoming.digest)) == 3 * PIECE_BYTES


async def test_a_blob_that_is_not_here(blobs: Blobs) -> None:
    assert not await blobs.has("0" * 64)
    with pytest.raises(FileNotFoundError):
        await content_of(blobs, "0" * 64)


async def test_a_start_leaves_what_others_are_writing(blobs: Blobs) -> None:
    incoming = await blobs.receive()
    assert Blobs(blobs.directory, blobs.vault).open() == 0
    await incoming.write(b"still here")
    await incoming.finish()
    await incoming.keep()
    assert await content_of(blobs, incoming.digest) == b"still here"


def write_and_die(directory: Path, begun: Any) -> None:
    import asyncio

    async def write() -> None:
        incoming = await Blobs(directory, Vault.open(KEY)).receive()
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
        opened(tmp_path / "taken" / "blobs")


@pytest.fixture(scope="module")
def object_storage() -> Iterator[str]:
    """The address of a real object storage server on this machine."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                create = urllib.request.Request(f"{endpoint}/files", method="PUT")
                urllib.request.urlopen(create, timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        yield endpoint
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def credentials(object_storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables by which the storage is reached."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_storage)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("size", [0, 1, 3 * PIECE_BYTES + 17])
async def test_a_bucket_keeps_what_was_written(tmp_path: Path, size: int) -> None:
    found = Blobs(tmp_path / "blobs", Vault.open(KEY), Bucket("s3://files/prefix"))
    found.open()
    content = os.urandom(size)
    digest = await kept(found, content)
    assert await found.has(digest)
    assert await content_of(found, digest) == content
    assert await kept(found, content) == digest
    assert waiting(found) == []
    assert [path for path in found.directory.rglob("*") if path.is_file()] == []
    assert not await found.has("0" * 64)
    with pytest.raises(FileNotFoundError):
        await content_of(found, "0" * 64)
    sealed = b"".join([chunk async for chunk in found.store.read(digest)])
    assert sealed.startswith(MAGIC)


@pytest.mark.usefixtures("credentials")
def test_a_bucket_that_cannot_be_used_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault.open(KEY)
    with pytest.raises(StartError, match="s3://nobody"):
        Blobs(tmp_path / "blobs", vault, Bucket("s3://nobody")).open()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:9000")
    with pytest.raises(StartError, match="s3://files"):
        Blobs(tmp_path / "blobs", vault, Bucket("s3://files")).open()

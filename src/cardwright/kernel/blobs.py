"""Blobs: bytes on disk under the hash of their content, there whole or not at all.

Bytes arrive in ``incoming`` while they are hashed. Once they are whole and on disk they are renamed
to their hash, before the transaction that writes of them. Whoever receives holds a lock on the
file, so that a start knows what a crash left behind, also where servers share the directory.
"""

import asyncio
import fcntl
import hashlib
import os
import secrets
import threading
from contextlib import suppress
from io import FileIO
from pathlib import Path

from cardwright.kernel.startup import StartError

# Bytes are hashed and written in pieces of this size, each by a thread.
PIECE_BYTES = 256 * 1024
# How much of the beginning is kept at hand, to tell what kind of file it is.
HEAD_BYTES = 16


class Blobs:
    """A directory of blobs; only the owner may look into it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.incoming = directory / "incoming"

    def open(self) -> int:
        """Make the directory and remove what a crash left half received; returns how many files.

        A StartError says why the directory cannot be used.
        """
        removed = 0
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.incoming.mkdir(mode=0o700, exist_ok=True)
            for path in self.incoming.iterdir():
                removed += _remove_abandoned(path)
        except OSError as error:
            raise StartError(
                f"The blob directory {self.directory} cannot be used: {error.strerror}. "
                "Choose another with --blob-dir."
            ) from None
        return removed

    def path(self, digest: str) -> Path:
        """Where the blob of a hash is, if there is one."""
        return self.directory / digest[:2] / digest

    async def receive(self) -> "Incoming":
        """A new blob to write to; whoever asked for it must keep or discard it."""
        return await asyncio.to_thread(self._receive)

    def _receive(self) -> "Incoming":
        while True:
            path = self.incoming / secrets.token_hex(16)
            file = FileIO(path, "x")
            os.fchmod(file.fileno(), 0o600)
            if _lock(file) and path.exists():
                return Incoming(self, path, file)
            # A starting server took the new file for an abandoned one.
            file.close()


class Incoming:
    """A blob on its way in. ``size``, ``digest`` and ``head`` are of what was written so far."""

    def __init__(self, blobs: Blobs, path: Path, file: FileIO) -> None:
        self.size = 0
        self.head = b""
        self._blobs = blobs
        self._path = path
        self._file = file
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        # A caller that is cancelled leaves its thread at work.
        self._at_work = threading.Lock()

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, once it is ``finish``ed."""
        return self._hash.hexdigest()

    async def write(self, piece: bytes) -> None:
        """Add to the content."""
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + piece)[:HEAD_BYTES]
        self.size += len(piece)
        self._waiting += piece
        if len(self._waiting) >= PIECE_BYTES:
            await asyncio.to_thread(self._flush)

    async def finish(self) -> None:
        """The content is whole: have it on disk."""
        await asyncio.to_thread(self._finish)

    def content(self) -> bytes:
        """All of it, once it is ``finish``ed; also after it was kept."""
        with self._at_work:
            return (self._blobs.path(self.digest) if self._file.closed else self._path).read_bytes()

    async def keep(self) -> None:
        """Give the blob its place; afterwards ``discard`` does nothing. Safe to repeat."""
        await asyncio.to_thread(self._keep)

    async def discard(self) -> None:
        """Remove the blob, unless it was kept. Safe to repeat."""
        await asyncio.to_thread(self._discard)

    def _flush(self) -> None:
        with self._at_work:
            piece, self._waiting = self._waiting, bytearray()
            self._hash.update(piece)
            rest = memoryview(piece)
            while rest:
                rest = rest[self._file.write(rest) :]

    def _finish(self) -> None:
        self._flush()
        with self._at_work:
            os.fsync(self._file.fileno())

    def _keep(self) -> None:
        with self._at_work:
            if self._file.closed:
                return
            target = self._blobs.path(self.digest)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            self._path.replace(target)
            self._file.close()
            for directory in (target.parent, self._blobs.directory):
                _sync_directory(directory)

    def _discard(self) -> None:
        with self._at_work:
            if not self._file.closed:
                self._path.unlink(missing_ok=True)
                self._file.close()


def _lock(file: FileIO) -> bool:
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_abandoned(path: Path) -> bool:
    """Remove an incoming file unless somebody is writing it."""
    with suppress(FileNotFoundError), FileIO(path, "r+") as file:
        if _lock(file):
            path.unlink(missing_ok=True)
            return True
    return False


def _sync_directory(directory: Path) -> None:
    """Have the names in a directory on disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

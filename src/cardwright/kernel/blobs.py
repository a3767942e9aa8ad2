"""Blobs: bytes kept under the hash of their content, there whole or not at all, sealed at rest.

Bytes arrive in ``incoming`` on this machine's disk while they are hashed and sealed; nothing is
ever written in the clear. Once they are whole and on disk the store takes them (``blob_stores``),
before the transaction that writes of them. Whoever receives holds a lock on the file, so that a
start knows what a crash left behind, also where servers share the directory.
"""

import asyncio
import fcntl
import hashlib
import os
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

from cardwright.kernel.blob_stores import Directory, Store
from cardwright.kernel.sealed_stream import Sealer, unsealed
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault

# Bytes are hashed, sealed and written in pieces of this size, each by a thread.
PIECE_BYTES = 256 * 1024
# How much of the beginning is kept at hand, to tell what kind of file it is.
HEAD_BYTES = 16
# What a caller may have whole, in the clear, while it is received.
CONTENT_BYTES_MAX = 2 * 1024 * 1024


class Blobs:
    """The blobs of an installation: received in a directory, kept in it or in another store."""

    def __init__(self, directory: Path, vault: Vault, store: Store | None = None) -> None:
        self.directory = directory
        self.vault = vault
        self.incoming = directory / "incoming"
        self.store = store or Directory(directory)

    def open(self) -> int:
        """Make the directory and remove what a crash left half received; returns how many files.

        A StartError says why directory or store cannot be used.
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
        self.store.open()
        return removed

    async def has(self, digest: str) -> bool:
        """Whether the blob of a hash is here."""
        return await self.store.has(digest)

    def read(self, digest: str) -> AsyncIterator[bytes]:
        """The content of a blob in the clear, in pieces.

        FileNotFoundError when it is not here; VaultError when it was altered.
        """
        return unsealed(self.vault, self.store.read(digest))

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
        self._store = blobs.store
        self._sealer = Sealer(blobs.vault)
        self._path = path
        self._file = file
        self._hash = hashlib.sha256()
        self._begun = False
        self._waiting = bytearray()
        self._content = bytearray()
        # A caller that is cancelled leaves its thread at work.
        self._at_work = threading.Lock()

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, once it is ``finish``ed."""
        return self._hash.hexdigest()

    def content(self) -> bytes:
        """All that was written, in the clear; asserts that it is no more than 2 MiB."""
        assert self.size <= CONTENT_BYTES_MAX, "what is large is read piece by piece"
        return bytes(self._content)

    async def write(self, piece: bytes) -> None:
        """Add to the content."""
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + piece)[:HEAD_BYTES]
        self.size += len(piece)
        if self.size <= CONTENT_BYTES_MAX:
            self._content += piece
        else:
            self._content.clear()
        self._waiting += piece
        if len(self._waiting) >= PIECE_BYTES:
            await asyncio.to_thread(self._flush)

    async def finish(self) -> None:
        """The content is whole: have it on disk."""
        await asyncio.to_thread(self._finish)

    async def keep(self) -> None:
        """Give the blob to the store; afterwards ``discard`` does nothing. Safe to repeat."""
        if self._file.closed:
            return
        await self._store.keep(self._path, self.digest)
        with self._at_work:
            self._file.close()

    async def discard(self) -> None:
        """Remove the blob, unless it was kept. Safe to repeat."""
        await asyncio.to_thread(self._discard)

    def _flush(self, *, last: bool = False) -> None:
        with self._at_work:
            piece, self._waiting = bytes(self._waiting), bytearray()
            self._hash.update(piece)
            sealed = self._sealer.frame(piece, last=last)
            rest = memoryview(sealed if self._begun else self._sealer.head + sealed)
            self._begun = True
            while rest:
                rest = rest[self._file.write(rest) :]

    def _finish(self) -> None:
        self._flush(last=True)
        with self._at_work:
            os.fsync(self._file.fileno())

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

"""Where finished blobs are: a directory, or a bucket of object storage that speaks S3.

Either has a blob whole or not at all, under the hash of its content.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from cardwright.kernel.startup import StartError

CHUNK_BYTES = 256 * 1024
SCHEME = "s3://"
RETRIES = 3
PATIENCE = timedelta(seconds=30)


class Store(Protocol):
    """Keeps finished blobs."""

    def open(self) -> None:
        """Make ready; a StartError says why it cannot be used."""

    async def keep(self, file: Path, digest: str) -> None:
        """Take a whole file as the blob of a hash; it is safe when this returns."""

    async def has(self, digest: str) -> bool:
        """Whether the blob of a hash is here."""

    def read(self, digest: str) -> AsyncIterator[bytes]:
        """The bytes of a blob, in chunks; FileNotFoundError when it is not here."""


class Directory:
    """Blobs on a disk, which servers may share; only the owner may look into it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> None:
        """Make the directory."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def place(self, digest: str) -> Path:
        """Where the blob of a hash is, if there is one."""
        return self.path / digest[:2] / digest

    async def keep(self, file: Path, digest: str) -> None:
        """Rename the file to its hash, and have the names on disk."""
        await asyncio.to_thread(self._keep, file, digest)

    def _keep(self, file: Path, digest: str) -> None:
        target = self.place(digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        file.replace(target)
        for directory in (target.parent, self.path):
            _sync_directory(directory)

    async def has(self, digest: str) -> bool:
        """Whether the file is there."""
        return await asyncio.to_thread(self.place(digest).exists)

    async def read(self, digest: str) -> AsyncIterator[bytes]:
        """The file in chunks."""
        with await asyncio.to_thread(self.place(digest).open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk


class Bucket:
    """Blobs in object storage, named by a URL such as ``s3://bucket/prefix``.

    Credentials, region and endpoint come from the variables that the storage's own tools read
    (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``). A plain HTTP endpoint is taken on this machine
    alone.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._store: Any = None

    def open(self) -> None:
        """Find the library and the bucket."""
        try:
            from obstore.store import S3Store
        except ImportError:
            raise StartError(
                f"Files in {self.url} need the library obstore: pip install "
                "'cardwright[object-storage]'."
            ) from None
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        near = endpoint.startswith(("http://127.0.0.1:", "http://localhost:"))
        try:
            self._store = S3Store.from_url(
                self.url,
                client_options={"allow_http": near, "connect_timeout": "5s", "timeout": "30s"},
                retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
            )
            self._probe()
        except Exception as error:
            raise StartError(f"Files cannot be kept in {self.url}: {error}") from None

    def _probe(self) -> None:
        """Ask for what is not there: an answer says that the bucket can be read."""
        with suppress(FileNotFoundError):
            self._store.head("probe")
        next(iter(self._store.list(chunk_size=1)), None)

    async def keep(self, file: Path, digest: str) -> None:
        """Put the file into the bucket and remove it here."""
        await self._store.put_async(digest, file)
        await asyncio.to_thread(file.unlink)

    async def has(self, digest: str) -> bool:
        """Whether the object is there."""
        try:
            await self._store.head_async(digest)
        except FileNotFoundError:
            return False
        return True

    async def read(self, digest: str) -> AsyncIterator[bytes]:
        """The object in chunks."""
        found = await self._store.get_async(digest)
        async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)


def _sync_directory(directory: Path) -> None:
    """Have the names in a directory on disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

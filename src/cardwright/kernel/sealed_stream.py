"""Long contents sealed piece by piece, so that they are never in memory or on disk whole and clear.

A sealed content opens with ``MAGIC`` and 16 random bytes; then come frames, each its length (4
bytes) and a piece sealed by the vault. The context of a piece holds the random bytes, its place and
whether it is the last: pieces cannot be moved, left out, or taken from another content.
"""

import os
from collections.abc import AsyncIterator

from cardwright.kernel.vault import Vault, VaultError

MAGIC = b"CWSEAL1\n"
MARK_BYTES = 16
LENGTH_BYTES = 4
FRAME_MAX = 8 * 1024 * 1024


def _context(mark: bytes, index: int, *, last: bool) -> str:
    return f"stream/{mark.hex()}/{index}/{'last' if last else 'more'}"


class Sealer:
    """Seals the pieces of one content, in order."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._mark = os.urandom(MARK_BYTES)
        self._index = 0

    @property
    def head(self) -> bytes:
        """What the sealed content opens with."""
        return MAGIC + self._mark

    def frame(self, piece: bytes, *, last: bool) -> bytes:
        """The next piece, sealed; the last one may be empty."""
        sealed = self._vault.seal(piece, _context(self._mark, self._index, last=last))
        self._index += 1
        return len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed


async def unsealed(vault: Vault, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces of a sealed content; one that is not sealed passes as it is.

    Raises VaultError when a piece does not open or the content ends early.
    """
    reader = _Reader(chunks)
    head = await reader.take(len(MAGIC))
    if head != MAGIC:
        yield head
        async for chunk in reader.rest():
            yield chunk
        return
    mark = await reader.take(MARK_BYTES)
    index, last = 0, False
    while not last:
        length = int.from_bytes(await reader.take(LENGTH_BYTES), "big")
        if not 0 < length <= FRAME_MAX:
            raise VaultError("the sealed content ends early or was altered")
        sealed = await reader.take(length)
        last = await reader.at_end()
        piece = vault.unseal(sealed, _context(mark, index, last=last))
        index += 1
        if piece:
            yield piece


class _Reader:
    """Exact amounts of a content that arrives in chunks of any size."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._waiting = bytearray()

    async def _fill(self, size: int) -> None:
        while len(self._waiting) < size:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                return
            self._waiting += chunk

    async def take(self, size: int) -> bytes:
        """The next bytes; fewer at the end."""
        await self._fill(size)
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    async def at_end(self) -> bool:
        """Whether nothing follows."""
        await self._fill(1)
        return not self._waiting

    async def rest(self) -> AsyncIterator[bytes]:
        """What follows, in chunks."""
        if self._waiting:
            yield bytes(self._waiting)
        async for chunk in self._chunks:
            yield chunk

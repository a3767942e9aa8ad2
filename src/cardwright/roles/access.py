"""The database of an installation, for commands that work beside a server or without one."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from cardwright.kernel.data_directory import DataDirectory, InUseError
from cardwright.kernel.database import Connection
from cardwright.kernel.postgres import Cluster
from cardwright.kernel.startup import StartError


@asynccontextmanager
async def installation(
    directory: Path, database_url: str | None, say: Callable[[str], None]
) -> AsyncIterator[dict[str, Any]]:
    """Connection arguments for the database of a URL, or of a data directory.

    While a server uses the directory its PostgreSQL answers; otherwise one is started until the
    context ends.
    """
    if database_url is not None:
        yield {"dsn": database_url}
        return
    data = DataDirectory(directory)
    if not (data.path / "postgres").exists():
        raise StartError(f"There is no database in {data.path}: no server was started there yet.")
    try:
        data.acquire()
    except InUseError:
        yield data.published()["database"]
        return
    cluster = Cluster(data.path, say=say)
    try:
        cluster.start()
        yield cluster.connect
    finally:
        cluster.stop()
        data.release()


@contextmanager
def refusals() -> Iterator[None]:
    """A database that does not answer, or whose address makes no sense, is a StartError."""
    try:
        yield
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartError(f"The database cannot be reached: {error}") from None


@asynccontextmanager
async def connected(connect: dict[str, Any]) -> AsyncIterator[Connection]:
    """One connection; a database that does not answer is a StartError."""
    with refusals():
        opened: Connection = await asyncpg.connect(**connect)
    try:
        yield opened
    finally:
        await opened.close()

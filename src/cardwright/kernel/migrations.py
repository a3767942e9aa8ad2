"""Numbered SQL files, applied once each, in order, and never edited afterwards."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from cardwright.kernel.clock import machine_ms
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.kernel.startup import StartError

DIRECTORY = Path(__file__).parent.parent / "migrations"

# The advisory lock of everything that sets up the database.
LOCK_KEY = 0x6361726477


class Applied(NamedTuple):
    """A row of schema_migrations."""

    name: str
    checksum: str


class Migration(NamedTuple):
    """A file that changes the schema."""

    name: str
    checksum: str
    sql: str


QUERIES = load(__file__, "installation.sql")
_SCHEMA_TABLE = QUERIES.value("schema_table", bool)
_APPLIED = QUERIES.many("applied_migrations", Applied)
_RECORD = QUERIES.run("record_migration")
LOCK = QUERIES.run("lock_installation")


def read(directory: Path = DIRECTORY) -> list[Migration]:
    """The files ``NNNN_name.sql`` of the directory, in order."""
    found = []
    for file in sorted(directory.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        text = file.read_text()
        found.append(Migration(file.name, hashlib.sha256(text.encode()).hexdigest(), text))
    numbers = [migration.name[:4] for migration in found]
    assert len(set(numbers)) == len(numbers), f"two migrations share a number in {directory}"
    return found


def pending(migrations: list[Migration], applied: list[Applied]) -> list[Migration]:
    """What is left to apply; a StartError when the database and the files disagree."""
    known = {migration.name: migration for migration in migrations}
    for row in applied:
        if row.name not in known:
            raise StartError(
                f"The database has had the migration {row.name}, which this version does not "
                "know: it was written by a newer version of cardwright. Install that version."
            )
        if known[row.name].checksum != row.checksum:
            raise StartError(
                f"The migration {row.name} was changed after it was applied to this database. "
                "Restore the file, or start with an empty data directory."
            )
    done = {row.name for row in applied}
    left = [migration for migration in migrations if migration.name not in done]
    if left and applied and left[0].name < applied[-1].name:
        raise StartError(
            f"The migration {left[0].name} comes before {applied[-1].name}, which is applied "
            "already. Give the new file the next number."
        )
    return left


async def migrate(connection: Connection, directory: Path = DIRECTORY) -> list[str]:
    """Apply what is missing, all in one transaction; the answer names the files applied.

    Several processes may call this at once: one works, the others wait and find nothing to do.
    """
    migrations = read(directory)
    async with connection.transaction():
        await LOCK(connection, key=LOCK_KEY)
        applied = await _APPLIED(connection) if await _SCHEMA_TABLE(connection) else []
        left = pending(migrations, applied)
        for migration in left:
            await connection.execute(migration.sql)
            await _RECORD(
                connection,
                name=migration.name,
                checksum=migration.checksum,
                applied_ms=machine_ms(),
            )
    return [migration.name for migration in left]

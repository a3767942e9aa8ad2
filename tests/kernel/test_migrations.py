"""Migrations: applied once, in order, by one process, and refused when a file was changed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cardwright.kernel.installation import check_vault
from cardwright.kernel.migrations import migrate, read
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault, new_key
from tests.support.database import administration

FIRST = Path(read.__globals__["DIRECTORY"]) / "0001_installation.sql"


@pytest.fixture
async def empty(server: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Connection arguments of a database without any table."""
    name = f"{server['database']}_empty"
    async with administration(server) as connection:
        await connection.execute(f"create database {name}")
        yield server | {"database": name}
        await connection.execute(f"drop database {name}")


@pytest.fixture
async def connection(empty: dict[str, Any]) -> AsyncIterator[Any]:
    opened = await asyncpg.connect(**empty)
    yield opened
    await opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory with the first migration and one more."""
    (tmp_path / FIRST.name).write_text(FIRST.read_text())
    (tmp_path / "0002_second.sql").write_text("create table second (id text primary key);")
    return tmp_path


async def test_each_file_is_applied_once(connection: Any, files: Path) -> None:
    assert await migrate(connection, files) == ["0001_installation.sql", "0002_second.sql"]
    assert await migrate(connection, files) == []
    (files / "0003_third.sql").write_text("alter table second add column name text;")
    assert await migrate(connection, files) == ["0003_third.sql"]


async def test_the_shipped_files_apply_to_an_empty_database(connection: Any) -> None:
    assert await migrate(connection) == [migration.name for migration in read()]


async def test_a_changed_file_is_refused(connection: Any, files: Path) -> None:
    await migrate(connection, files)
    (files / "0002_second.sql").write_text("create table second (id text);")
    with pytest.raises(StartError, match=r"0002_second\.sql was changed"):
        await migrate(connection, files)


async def test_a_database_of_a_newer_version_is_refused(connection: Any, files: Path) -> None:
    await migrate(connection, files)
    (files / "0002_second.sql").unlink()
    with pytest.raises(StartError, match="newer version"):
        await migrate(connection, files)


async def test_a_file_out_of_order_is_refused(connection: Any, files: Path) -> None:
    (files / "0002_second.sql").rename(files / "0003_second.sql")
    await migrate(connection, files)
    (files / "0002_late.sql").write_text("create table late (id text);")
    with pytest.raises(StartError, match="next number"):
        await migrate(connection, files)


async def test_a_failing_file_leaves_nothing(connection: Any, files: Path) -> None:
    (files / "0003_wrong.sql").write_text("create table third (id text); select 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(connection, files)
    assert not await connection.fetchval("select to_regclass('schema_migrations') is not null")


async def test_two_processes_share_the_work(empty: dict[str, Any], files: Path) -> None:
    async def one() -> list[str]:
        opened = await asyncpg.connect(**empty)
        try:
            return await migrate(opened, files)
        finally:
            await opened.close()

    done = sorted(await asyncio.gather(one(), one()), key=len)
    assert done == [[], ["0001_installation.sql", "0002_second.sql"]]


async def test_the_vault_key_is_recognised(connection: Any, files: Path) -> None:
    await migrate(connection, files)
    first, second = new_key(), new_key()
    await check_vault(connection, Vault.open(first))
    await check_vault(connection, Vault.open(first))
    with pytest.raises(StartError, match="not the vault key"):
        await check_vault(connection, Vault.open(second))
    rotated = f"{first} 2:{second.removeprefix('1:')}"
    await check_vault(connection, Vault.open(rotated))
    with pytest.raises(StartError, match="version 2 has the fingerprint none"):
        await check_vault(connection, Vault.open(first))

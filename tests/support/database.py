"""One PostgreSQL for the whole test run, one database for each worker.

The server is not durable. Without workers it starts with the first test that asks for it; with
workers their controller owns it, because it outlives them all. A database that was migrated once
is the template of the workers' databases.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cardwright.kernel import migrations
from cardwright.kernel.database import open_pool
from cardwright.kernel.postgres import Cluster
from cardwright.kernel.vault import Vault

TEMPLATE = "cardwright_template"
LOCK_KEY = 1

CLUSTER = pytest.StashKey[Cluster]()


def private_directory() -> Path:
    """A new directory that PostgreSQL can reach even when the tests run as root.

    pytest's own temporary directories lie below one that only root may enter.
    """
    directory = Path(tempfile.mkdtemp(prefix="cardwright-test-"))
    if os.geteuid() == 0:
        directory.chmod(0o711)
    return directory


def running_cluster(config: pytest.Config) -> Cluster:
    """The run's cluster, started when this is the first to ask."""
    if CLUSTER not in config.stash:
        cluster = Cluster(private_directory(), durable=False)
        cluster.start()
        config.stash[CLUSTER] = cluster
    return config.stash[CLUSTER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker how to reach the controller's server."""
    node.workerinput["database"] = running_cluster(node.config).connect


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server with the run."""
    if CLUSTER in config.stash:
        cluster = config.stash[CLUSTER]
        cluster.stop()
        shutil.rmtree(cluster.data_directory, ignore_errors=True)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Connection arguments of the run's server; its database is for administration alone."""
    workerinput: dict[str, Any] | None = getattr(request.config, "workerinput", None)
    if workerinput is not None:
        found: dict[str, Any] = workerinput["database"]
        return found
    return running_cluster(request.config).connect


@asynccontextmanager
async def administration(server: dict[str, Any]) -> AsyncIterator[Any]:
    """A connection that holds the lock under which databases are made."""
    connection = await asyncpg.connect(**server)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK_KEY)
        yield connection
    finally:
        await connection.close()


async def make_template(server: dict[str, Any], connection: Any) -> None:
    """Migrate the template, unless another worker has done so."""
    if await connection.fetchval("select 1 from pg_database where datname = $1", TEMPLATE):
        return
    unfinished = f"{TEMPLATE}_new"
    await connection.execute(f"drop database if exists {unfinished}")
    await connection.execute(f"create database {unfinished}")
    migrated = await asyncpg.connect(**server | {"database": unfinished})
    try:
        await migrations.migrate(migrated)
    finally:
        await migrated.close()
    await connection.execute(f"alter database {unfinished} rename to {TEMPLATE}")


async def make_database(server: dict[str, Any], name: str) -> dict[str, Any]:
    """A freshly migrated database; the answer is its connection arguments."""
    async with administration(server) as connection:
        await make_template(server, connection)
        await connection.execute(f'drop database if exists "{name}" with (force)')
        await connection.execute(f'create database "{name}" template {TEMPLATE}')
    return server | {"database": name}


@pytest.fixture(scope="session")
async def database(server: dict[str, Any]) -> dict[str, Any]:
    """Connection arguments of this worker's database."""
    return await make_database(server, f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")


@pytest.fixture(scope="session")
async def pool(
    database: dict[str, Any], vault: Vault
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """A pool on this worker's database, as the server opens it."""
    opened = await open_pool(database, vault)
    yield opened
    await opened.close()

"""The embedded PostgreSQL, and the traps of running one as a child."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cardwright.kernel import postmaster
from cardwright.kernel.postgres import Cluster
from cardwright.kernel.startup import StartError
from tests.support.database import private_directory

PARENT = """
import sys, time
from pathlib import Path
from cardwright.kernel.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid, flush=True)
time.sleep(60)
"""

KEEP = (
    "drop table if exists kept",
    "create table kept (id text)",
    "insert into kept values ('x')",
)


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the condition becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


async def execute(connect: dict[str, Any], *statements: str) -> Any:
    """Run the statements; the answer is the value of the last one."""
    connection = await asyncpg.connect(**connect)
    try:
        value = None
        for statement in statements:
            value = await connection.fetchval(statement)
        return value
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A data directory whose cluster is stopped; each test leaves it sound."""
    made = private_directory()
    cluster = Cluster(made, durable=False)
    cluster.start()
    cluster.stop()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def cluster(directory: Path) -> Iterator[Cluster]:
    """A cluster that is running."""
    started = Cluster(directory, durable=False)
    started.start()
    yield started
    started.stop()


async def test_it_listens_on_a_private_socket_alone(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.directory.stat().st_mode) == 0o700
    assert await execute(cluster.connect, "show listen_addresses") == ""
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await execute(cluster.connect | {"user": "postgres"}, "select 1")
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", cluster.connect["port"]))


async def test_it_never_runs_as_root_and_never_in_our_session(cluster: Cluster) -> None:
    assert cluster.pid is not None
    assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0
    assert os.getsid(cluster.pid) == cluster.pid


async def test_it_is_durable_unless_told_otherwise(directory: Path) -> None:
    durable = Cluster(directory)
    durable.start()
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await execute(durable.connect, f"show {setting}") == "on"
    finally:
        durable.stop()


async def test_data_outlives_a_stop(cluster: Cluster) -> None:
    await execute(cluster.connect, *KEEP)
    pid = cluster.pid
    cluster.stop()
    assert pid is not None
    assert not postmaster.alive(pid)
    cluster.start()
    assert await execute(cluster.connect, "select id from kept") == "x"


async def test_a_pid_file_that_names_a_stranger_is_removed(directory: Path) -> None:
    (directory / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert not postmaster.serves(os.getpid(), directory / "postgres")
    cluster = Cluster(directory, durable=False)
    cluster.start()
    assert await execute(cluster.connect, "select 1") == 1
    cluster.stop()


async def test_a_pid_file_of_a_dead_process_does_not_matter(directory: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    (directory / "postgres" / "postmaster.pid").write_text(f"{ended.pid}\n{directory}\n")
    cluster = Cluster(directory, durable=False)
    cluster.start()
    cluster.stop()


async def test_a_server_that_survived_is_stopped_first(cluster: Cluster) -> None:
    said: list[str] = []
    second = Cluster(cluster.data_directory, durable=False, say=said.append)
    second.start()
    try:
        assert not cluster.running
        assert said == [said[0]]
        assert said[0].startswith("Stopping the PostgreSQL of an earlier run")
        assert await execute(second.connect, "select 1") == 1
    finally:
        second.stop()


async def test_killing_the_parent_stops_it_and_the_next_start_recovers(directory: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(directory)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    cluster = Cluster(directory)
    await execute(cluster.connect, *KEEP)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: not postmaster.alive(pid))
    cluster.start()
    assert await execute(cluster.connect, "select id from kept") == "x"
    cluster.stop()


async def test_killing_the_server_itself_loses_nothing(directory: Path) -> None:
    cluster = Cluster(directory)
    cluster.start()
    await execute(cluster.connect, *KEEP)
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    assert eventually(lambda: not cluster.running)
    cluster.start()
    assert await execute(cluster.connect, "select id from kept") == "x"
    cluster.stop()


async def test_half_a_cluster_is_thrown_away() -> None:
    directory = private_directory()
    (directory / "postgres.new").mkdir()
    (directory / "postgres.new" / "PG_VERSION").write_text("18\n")
    cluster = Cluster(directory, durable=False)
    cluster.start()
    assert not (directory / "postgres.new").exists()
    cluster.stop()
    shutil.rmtree(directory)


def test_another_major_version_is_refused(directory: Path) -> None:
    version = directory / "postgres" / "PG_VERSION"
    written = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(StartError, match="written by PostgreSQL 14"):
            Cluster(directory).start()
    finally:
        version.write_text(written)


def test_a_damaged_cluster_is_refused_with_its_own_words(directory: Path) -> None:
    control = directory / "postgres" / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    try:
        with pytest.raises(StartError, match=r"(?s)did not start.*pg_control"):
            Cluster(directory).start()
    finally:
        control.with_suffix(".away").rename(control)


async def test_a_long_path_gets_a_short_socket(directory: Path) -> None:
    deep = directory.with_name(directory.name + "d" * 100)
    directory.rename(deep)
    try:
        cluster = Cluster(deep, durable=False)
        cluster.start()
        assert len(str(cluster.socket_directory)) < 60
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        assert await execute(cluster.connect, "select 1") == 1
        cluster.stop()
        assert not cluster.socket_directory.exists()
    finally:
        deep.rename(directory)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL to another user")
def test_a_directory_that_the_database_user_cannot_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(StartError, match=r"may not enter .*chmod o\+x"):
        Cluster(tmp_path).start()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700

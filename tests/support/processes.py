"""Servers as processes of their own, beside an application object that reads their database."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from cardwright.kernel import postmaster
from cardwright.kernel.database import open_pool
from cardwright.kernel.vault import Vault
from cardwright.roles.application import Application
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy.platforms import Keys
from tests.support.server import Live, Platform

CARDWRIGHT = Path(sys.executable).with_name("cardwright")
VARIABLES = {name: value for name, value in os.environ.items() if "CARDWRIGHT" not in name}
START_SECONDS = 60.0


@dataclass
class Process:
    """A running ``cardwright serve``."""

    process: subprocess.Popen[bytes]
    data: Path

    @property
    def published(self) -> dict[str, Any]:
        """What this process wrote for the commands beside it, once it has."""
        try:
            found: dict[str, Any] = json.loads((self.data / "server.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found if found["pid"] == self.process.pid else {}

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.published['port']}"

    def database_pid(self) -> int:
        """The process id of its PostgreSQL."""
        found = postmaster.read_pid_file(self.data / "postgres")
        assert found is not None
        return found.pid

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)


async def start(data: Path, *arguments: str, **variables: str) -> Process:
    """A server on a free port; ready when this returns."""
    process = subprocess.Popen(
        [CARDWRIGHT, "serve", "--port", "0", "--data-dir", str(data), *arguments],
        env=VARIABLES | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started = Process(process, data)
    for _ in range(int(START_SECONDS / 0.05)):
        if started.published or process.poll() is not None:
            break
        await asyncio.sleep(0.05)
    assert started.published, "the server did not start"
    return started


@asynccontextmanager
async def beside(connect: dict[str, Any], vault: Vault, base: str) -> AsyncIterator[Platform]:
    """A fresh platform on the database of a server that answers at ``base``."""
    pool = await open_pool(connect, vault)
    try:
        application = Application(pool, vault)
        keys: Keys = await create_platform(application.database)
        async with aiohttp.ClientSession() as http:
            yield Platform(Live(application, base, http), keys)
    finally:
        # The server may have been killed, and its database with it.
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await pool.close()

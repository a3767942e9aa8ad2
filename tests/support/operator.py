"""An operator who works with commands beside a running server, and the platform it serves."""

import contextlib
import io
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cardwright.cli.main import app
from cardwright.kernel.startup import StartError
from cardwright.tenancy.platforms import Keys
from tests.support import processes
from tests.support.database import private_directory
from tests.support.server import Live, Platform


def command(data: Path, *words: str) -> str:
    """What a command prints, or its refusal; in this process, which is quicker. It runs a loop of
    its own: call it in a thread."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            tokens = [*words, "--data-dir", str(data)]
            app(tokens, result_action="return_value", exit_on_error=False)
    except StartError as refusal:
        return f"refused: {refusal}"
    return printed.getvalue()


@pytest.fixture
def data() -> Iterator[Path]:
    """The data directory of a server that is not started yet."""
    directory = private_directory()
    yield directory / "data"
    shutil.rmtree(directory)


@pytest.fixture
async def served(data: Path) -> AsyncIterator[Platform]:
    """The test platform of a server of its own, for commands beside it."""
    server = await processes.start(data)
    try:
        async with platform_of(server) as platform:
            yield platform
    finally:
        server.stop()


@asynccontextmanager
async def platform_of(server: processes.Process) -> AsyncIterator[Platform]:
    """The test platform that a server made at its start."""
    presets = (server.data / "keys.env").read_text()
    secret = presets.partition("CARDWRIGHT_SECRET_KEY=")[2].split()[0]
    application: Any = None
    async with aiohttp.ClientSession() as http:
        yield Platform(Live(application, server.base, http), Keys("", secret, ""))

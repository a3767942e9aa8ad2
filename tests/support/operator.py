"""An operator who works with commands beside a running server, and the platform it serves."""

import contextlib
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

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


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Path, Platform]]:
    """A server of its own: its data directory, and the test platform that it made."""
    directory = private_directory()
    server = await processes.start(directory / "data")
    try:
        presets = (server.data / "keys.env").read_text()
        secret = presets.partition("CARDWRIGHT_SECRET_KEY=")[2].split()[0]
        application: Any = None
        async with aiohttp.ClientSession() as http:
            keys = Keys("", secret, "")
            yield server.data, Platform(Live(application, server.base, http), keys)
    finally:
        server.stop()
        shutil.rmtree(directory)

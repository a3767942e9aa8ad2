"""The guide to one's webhooks: its two commands, run as printed on a machine without a server."""

import asyncio
import os
import re
import shlex
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from tests.journeys.test_readme import ROOT, blocks
from tests.support import processes
from tests.support.database import private_directory

PAGE = ROOT / "docs" / "how-to" / "see-my-webhooks.md"
PATIENCE_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


async def test_two_commands_end_in_a_printed_event() -> None:
    first, second = (shlex.split(block) for block in blocks(PAGE, "sh"))
    assert (first[0], second[0]) == ("cardwright", "cardwright")
    directory = private_directory()
    variables = {
        **processes.VARIABLES,
        "CARDWRIGHT_DATA_DIR": str(directory / "data"),
        "CARDWRIGHT_PORT": str(free_port()),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    pipes: Any = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    listening = await asyncio.create_subprocess_exec(*first, env=variables, **pipes)
    assert listening.stdout is not None
    lines: list[str] = []

    async def until(pattern: str) -> None:
        assert listening.stdout is not None
        async for raw in listening.stdout:
            lines.append(raw.decode().rstrip())
            if re.search(pattern, lines[-1]):
                return
        raise AssertionError(f"{pattern!r} was not printed: {lines}")

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await until("^Ready. Events are signed with whsec_")
            triggering = await asyncio.create_subprocess_exec(*second, env=variables, **pipes)
            made, _ = await triggering.communicate()
            assert triggering.returncode == 0, made.decode()
            await until(r"--> issuing_authorization\.created \[evt_\w+\] acct_\w+$")
    finally:
        listening.terminate()
        await asyncio.wait_for(listening.wait(), PATIENCE_SECONDS)
    assert re.search(r"^issuing_authorization\.created happened: evt_\w+$", made.decode(), re.M)
    assert not (directory / "data" / "server.json").exists(), "the server ended with the command"
    shutil.rmtree(directory)

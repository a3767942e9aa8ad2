"""The whole journey through the official SDK, in its stable and in its preview release."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.support.server import Platform

ROOT = Path(__file__).parent.parent.parent
# `make setup` puts the preview release, which cannot share an environment with the stable one,
# into a folder of its own.
PREVIEW = ROOT / ".venv" / "preview"


@pytest.mark.parametrize("release", ["stable", "preview"])
async def test_the_whole_journey(platform: Platform, release: str) -> None:
    path = [str(ROOT)]
    if release == "preview":
        assert (PREVIEW / "stripe").is_dir(), "run make setup: the preview SDK is not installed"
        path.insert(0, str(PREVIEW))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "demo", "--base", platform.base, "--key", platform.keys.secret),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    assert f"SDK {release}" in printed.decode()

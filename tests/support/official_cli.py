"""The official command line, as a process that knows no other server than the one it is given."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.server import Platform

ROOT = Path(__file__).parent.parent.parent
BINARY = ROOT / ".venv/clients/node_modules/@stripe/cli-linux-x64/bin/stripe"
WAIT_SECONDS = 30.0
COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Running:
    """A command that goes on, with what it printed so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    _printed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        """Take what it prints until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._printed:
                self.lines.append(COLOR.sub("", line.decode()).rstrip())
                self._printed.notify_all()

    async def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait for a line that has the pattern somewhere."""

        def found() -> re.Match[str] | None:
            return next(filter(None, (re.search(pattern, line) for line in self.lines)), None)

        async with self._printed:
            try:
                await asyncio.wait_for(
                    self._printed.wait_for(lambda: found() is not None), WAIT_SECONDS
                )
            except TimeoutError:
                printed = "\n".join(self.lines)
                raise AssertionError(f"{pattern!r} did not come:\n{printed}") from None
        match = found()
        assert match is not None
        return match


@dataclass
class OfficialCommandLine:
    """The official command line with a platform's key."""

    platform: Platform
    home: Path

    @property
    def _environment(self) -> dict[str, str]:
        assert BINARY.exists(), f"{BINARY} is missing: make test installs it"
        # Nothing but this machine is within its reach: the proxy for everything else is a port
        # that nothing listens on.
        return {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def _arguments(self, arguments: tuple[str, ...]) -> list[str]:
        server = ["--api-base", self.platform.base, "--api-key", self.platform.keys.secret]
        return [str(BINARY), *arguments, *server, "--color", "off"]

    async def run(self, *arguments: str) -> str:
        """What a command printed that succeeds."""
        process = await asyncio.create_subprocess_exec(
            *self._arguments(arguments),
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
        assert process.returncode == 0, printed.decode()
        return COLOR.sub("", printed.decode())

    @asynccontextmanager
    async def running(self, *arguments: str) -> AsyncIterator[Running]:
        """A command that goes on until the block ends; it is ready when this begins."""
        process = await asyncio.create_subprocess_exec(
            *self._arguments(arguments),
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        running = Running(process)
        reading = asyncio.create_task(running.read())
        try:
            await running.wait_for("Ready!")
            yield running
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            await reading

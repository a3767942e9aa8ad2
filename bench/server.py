"""The server that is measured: started on an empty directory, stopped by its process id."""

import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from bench.measurement import Wrong

COMMAND = Path(sys.executable).with_name("cardwright")
START_SECONDS = 60
STOP_SECONDS = 30
POLL_SECONDS = 0.01


class Published(msgspec.Struct):
    """What a running server says of itself in ``server.json``."""

    pid: int
    port: int
    database: dict[str, Any]


class Server:
    """A server on a temporary data directory, durable as in daily use."""

    def __init__(self) -> None:
        self._parent = Path(tempfile.mkdtemp(prefix="cardwright-bench-"))
        if os.geteuid() == 0:
            # The user who runs PostgreSQL for root may pass through.
            self._parent.chmod(0o711)
        self.data_directory = self._parent / "data"
        self.scratch = self._parent / "scratch"
        self.scratch.mkdir()
        self.key = f"sk_test_{secrets.token_hex(16)}"
        self._log = self._parent / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def published(self) -> Published:
        """Process, port and database of the running server."""
        return msgspec.json.decode(
            (self.data_directory / "server.json").read_bytes(), type=Published
        )

    def start(self) -> float:
        """Start it; the answer is how many seconds passed until its first 200."""
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [COMMAND, "serve", "--port", "0", "--data-dir", self.data_directory],
                env={**os.environ, "CARDWRIGHT_SECRET_KEY": self.key},
                stdout=log,
                stderr=log,
            )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise Wrong(f"the server did not start:\n{self._log.read_text()[-2000:]}")
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began

    def _answers(self) -> bool:
        try:
            port = self.published.port
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, msgspec.DecodeError, http.client.HTTPException):
            return False

    def memory_mb(self) -> float:
        """The resident memory of the server's process, without PostgreSQL."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.published.pid)],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return int(told) / 1024

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop it and wait until it has gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def remove(self) -> None:
        """Stop it and remove what it wrote."""
        self.stop()
        shutil.rmtree(self._parent, ignore_errors=True)

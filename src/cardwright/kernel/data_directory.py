"""The data directory: whose it is, who uses it now, and how commands beside a server find it."""

import fcntl
import json
import os
import sys
from pathlib import Path
from typing import Any

from cardwright.kernel import binaries
from cardwright.kernel.startup import StartError


def default() -> Path:
    """Where data goes unless the operator says otherwise."""
    if os.geteuid() == 0:
        return binaries.SYSTEM_DIRECTORY
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "cardwright"
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "cardwright"


class InUseError(StartError):
    """Another process holds the data directory."""


class DataDirectory:
    """A data directory that this process has locked until ``release`` or its end."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: int | None = None

    @property
    def server_file(self) -> Path:
        """How to reach the running server and its database; there while one runs."""
        return self.path / "server.json"

    def acquire(self) -> None:
        """Create the directory if it is missing and lock it, or say which process uses it."""
        try:
            binaries.create_directory(self.path)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StartError(
                f"The data directory {self.path} cannot be used: {error.strerror}. "
                "Choose another with --data-dir."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 20).decode().strip() or "unknown"
            os.close(lock)
            raise InUseError(
                f"The data directory {self.path} is in use by pid {holder}. Stop that server, or "
                "choose another directory with --data-dir."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock
        self.server_file.unlink(missing_ok=True)

    def release(self) -> None:
        """Forget the server and unlock the directory."""
        if self._lock is None:
            return
        self.server_file.unlink(missing_ok=True)
        os.close(self._lock)
        self._lock = None

    def publish(self, *, host: str, port: int, database: dict[str, Any]) -> None:
        """Write ``server.json``, readable by the owner alone."""
        unfinished = self.server_file.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"pid": os.getpid(), "host": host, "port": port, "database": database}, file)
        unfinished.replace(self.server_file)

    def published(self) -> dict[str, Any]:
        """What the running server wrote: ``pid``, ``host``, ``port``, ``database``."""
        try:
            found: dict[str, Any] = json.loads(self.server_file.read_text())
        except FileNotFoundError:
            raise StartError(f"The server of {self.path} is still starting.") from None
        return found

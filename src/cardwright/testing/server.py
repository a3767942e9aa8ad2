"""The server of a test run: one that is there already, or one that is kept for the run.

All workers of a run share a directory. Each holds a shared lock on a file in it; the first starts a
keeper, which starts the server and stops it when nobody holds the file any more. The locks of a
process end with it, so a run that is killed leaves no server behind.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

# The first start after an installation compiles what it imports, perhaps on a busy machine.
START_SECONDS = 180.0
LOOK_SECONDS = 0.05
PUBLISHED, USERS, STARTING, LOG = "server.json", "users", "starting", "server.log"


class ServerError(Exception):
    """There is no server; the message says why."""


class Server(NamedTuple):
    """A server and the secret key of its default platform in test mode, which makes
    environments."""

    url: str
    secret_key: str


@contextmanager
def running(directory: Path) -> Iterator[Server]:
    """The server of the run, until the block ends."""
    url = os.environ.get("CARDWRIGHT_URL")
    if url:
        key = os.environ.get("CARDWRIGHT_SECRET_KEY")
        if not key:
            raise ServerError(
                "CARDWRIGHT_URL names a server: set CARDWRIGHT_SECRET_KEY to the secret key of "
                "test mode that it printed at its first start."
            )
        yield Server(url.rstrip("/"), key)
        return
    directory.mkdir(exist_ok=True)
    with (directory / USERS).open("w") as users:
        # A keeper that is just ending holds it alone.
        fcntl.flock(users, fcntl.LOCK_SH)
        yield _kept(directory)


def _kept(directory: Path) -> Server:
    published = directory / PUBLISHED
    with (directory / STARTING).open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not published.exists():
            _start(directory)
    return msgspec.json.decode(published.read_bytes(), type=Server)


def _start(directory: Path) -> None:
    with (directory / LOG).open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "cardwright.testing.keeper", str(directory)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # An interrupt from the terminal is pytest's; the keeper ends when pytest has.
            start_new_session=True,
        )
    for _ in range(int(START_SECONDS / LOOK_SECONDS)):
        if (directory / PUBLISHED).exists():
            # The keeper outlives this process on purpose.
            keeper.returncode = 0
            return
        if keeper.poll() is not None:
            break
        time.sleep(LOOK_SECONDS)
    else:
        keeper.terminate()
        keeper.wait()
    said = (directory / LOG).read_text().strip()
    raise ServerError(f"The cardwright server for this test run did not start: {said}")

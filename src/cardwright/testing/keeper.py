"""``python -m cardwright.testing.keeper DIRECTORY``: starts the server of a test run, and stops it
when no worker of the run holds the directory any more."""

import fcntl
import os
import secrets
import subprocess
import sys
from pathlib import Path

import msgspec

from cardwright.testing.server import PUBLISHED, USERS, Server

COMMAND = "from cardwright.cli.main import main; main()"
ARGUMENTS = ("serve", "--ephemeral", "--port", "0", "--webhook-retries", "fast")
ANSWERS = "cardwright answers on "
STOP_SECONDS = 30


def main(directory: Path) -> int:
    """Keep a server; the exit code is that of one that did not start."""
    key = "sk_test_" + secrets.token_hex(16)
    # What is set for another server of the user's does not reach this one.
    variables = {name: value for name, value in os.environ.items() if "CARDWRIGHT_" not in name}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *ARGUMENTS],
        env={**variables, "CARDWRIGHT_SECRET_KEY": key},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith(ANSWERS):
                break
        else:
            return process.wait() or 1
        published = directory / PUBLISHED
        unfinished = published.with_suffix(".new")
        server = Server(line.removeprefix(ANSWERS).strip(), key)
        unfinished.write_bytes(msgspec.json.encode(server))
        unfinished.replace(published)
        with (directory / USERS).open("r+") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            # Whoever comes now waits for the lock, and then starts another.
            published.unlink()
            _stop(process)
    finally:
        _stop(process)
    return 0


def _stop(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=STOP_SECONDS)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

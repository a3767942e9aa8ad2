"""What PostgreSQL's own pid file tells, and whether its process is really there.

A pid outlives nothing: after a crash the number may belong to anybody. A process counts as the
server of a directory only if it is a ``postgres`` that works in that directory.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cardwright.kernel.clock import monotonic

STOP_SECONDS = 10
POLL_SECONDS = 0.01


class PidFile(NamedTuple):
    """The lines of ``postmaster.pid`` that matter."""

    pid: int
    socket_directory: str
    status: str


def read_pid_file(cluster: Path) -> PidFile | None:
    """The cluster's pid file; None when there is none, or only part of one."""
    try:
        lines = (cluster / "postmaster.pid").read_text().split("\n")
        pid = int(lines[0])
    except (OSError, ValueError):
        return None
    lines += [""] * 8
    return PidFile(pid, lines[4].strip(), lines[7].strip())


def alive(pid: int) -> bool:
    """Whether any process has this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a ``postgres`` working in the cluster's directory."""
    if pid <= 0:
        return False
    if sys.platform == "linux":
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            return name == "postgres" and Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
        except OSError:
            return False
    listing = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "args="], check=False, capture_output=True, text=True
    ).stdout
    return "postgres" in listing and str(cluster) in listing


def stop(pid: int, ended: Callable[[], bool]) -> None:
    """Stop a server by its process id: INT, after ten seconds QUIT, at the very last KILL."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        until = monotonic() + STOP_SECONDS
        while monotonic() < until:
            if ended():
                return
            time.sleep(POLL_SECONDS)

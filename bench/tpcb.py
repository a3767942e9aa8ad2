"""pgbench, TPC-B-like, on a database of its own in the server's PostgreSQL."""

import os
import subprocess
from pathlib import Path
from typing import Any

from bench.measurement import WARM_UP_SECONDS, Measurement, Wrong, measurement
from cardwright.kernel.binaries import installed

DATABASE = "pgbench"
SCALE = 10
CLIENTS = 16
THREADS = 2
PATIENCE_SECONDS = 120


def prepare(connect: dict[str, Any]) -> None:
    """Make the tables of pgbench."""
    _run(connect, Path("/"), "--initialize", "--quiet", f"--scale={SCALE}", database=DATABASE)


def measure(connect: dict[str, Any], seconds: float, scratch: Path) -> Measurement:
    """Run it; throughput and latencies come from its log of transactions."""
    duration = round(seconds + WARM_UP_SECONDS)
    _run(
        connect,
        scratch,
        *(f"--client={CLIENTS}", f"--jobs={THREADS}", f"--time={duration}"),
        *("--protocol=prepared", "--no-vacuum", "--log", "--log-prefix=transactions"),
        database=DATABASE,
    )
    ended: list[float] = []
    latencies: list[float] = []
    for log in scratch.glob("transactions.*"):
        for line in log.read_text().splitlines():
            words = line.split()
            latencies.append(int(words[2]) / 1e6)
            ended.append(int(words[4]) + int(words[5]) / 1e6)
        log.unlink()
    first, last = min(ended), max(ended)
    since = first + WARM_UP_SECONDS
    counted = [one for one, end in zip(latencies, ended, strict=True) if end >= since]
    return measurement(counted, last - since)


def _run(connect: dict[str, Any], directory: Path, *options: str, database: str) -> None:
    address = (f"--host={connect['host']}", f"--port={connect['port']}")
    finished = subprocess.run(
        [
            str(installed() / "bin" / "pgbench"),
            *address,
            f"--username={connect['user']}",
            *options,
            database,
        ],
        cwd=directory,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    if finished.returncode != 0:
        raise Wrong(f"pgbench failed:\n{finished.stderr.strip()[-2000:]}")

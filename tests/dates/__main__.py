"""Run the tests that are marked ``calendar`` on days and in places where calendars are difficult;
arguments of pytest, when there are any, choose other tests."""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

AHEAD = Path(__file__).with_name("ahead")
# When it begins, and where the machine stands.
MOMENTS = (
    # A leap day.
    ("2028-02-29T12:00:00Z", "America/St_Johns"),
    # The end of a year; where the machine stands the next one is 14 hours old.
    ("2029-12-31T23:58:00Z", "Pacific/Kiritimati"),
    # The last of a month, a Sunday, and the clocks go forward within the minute.
    ("2030-03-31T00:59:30Z", "Europe/Berlin"),
    # The first of a month, a Sunday, and the clocks go back within the minute.
    ("2037-11-01T05:59:30Z", "America/New_York"),
)


def run(moment: str, zone: str, arguments: list[str]) -> int:
    """Run pytest there; the answer is its exit code."""
    print(f"{moment}, {zone}", flush=True)  # noqa: T201
    ahead_seconds = int(datetime.fromisoformat(moment).timestamp() - time.time())
    path = os.pathsep.join(filter(None, (str(AHEAD), os.environ.get("PYTHONPATH"))))
    there = {"AHEAD_SECONDS": str(ahead_seconds), "PYTHONPATH": path, "TZ": zone}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env=os.environ | there, check=False).returncode


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["-m", "calendar", "-n", "2"]
    sys.exit(max(run(moment, zone, chosen) for moment, zone in MOMENTS))

"""Run the tests that are marked ``calendar`` on days and in places where calendars are difficult;
arguments of pytest, when there are any, choose other tests."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent.parent
AHEAD = Path(__file__).with_name("ahead")
MARK = re.compile(r"^(@|pytestmark = )pytest\.mark\.calendar$", re.M)


class Moment(NamedTuple):
    """When the tests begin, and where the machine stands."""

    instant: str
    zone: str


MOMENTS = (
    # A leap day.
    Moment("2028-02-29T12:00:00Z", "America/St_Johns"),
    # The end of a year; where the machine stands the next one is 14 hours old.
    Moment("2029-12-31T23:58:00Z", "Pacific/Kiritimati"),
    # The last of a month, a Sunday, and the clocks go forward within the minute.
    Moment("2030-03-31T00:59:30Z", "Europe/Berlin"),
    # The first of a month, a Sunday, and the clocks go back within the minute.
    Moment("2037-11-01T05:59:30Z", "America/New_York"),
)


def marked() -> list[str]:
    """Arguments of pytest for the marked tests; other files are not even imported."""
    files = [file for file in TESTS.rglob("test_*.py") if MARK.search(file.read_text())]
    return ["-m", "calendar", *sorted(map(str, files))]


def run(moment: Moment, arguments: list[str]) -> int:
    """Run pytest there and show what it said; the answer is its exit code."""
    ahead_seconds = int(datetime.fromisoformat(moment.instant).timestamp() - time.time())
    path = os.pathsep.join(filter(None, (str(AHEAD), os.environ.get("PYTHONPATH"))))
    there = {"AHEAD_SECONDS": str(ahead_seconds), "PYTHONPATH": path, "TZ": moment.zone}
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        env=os.environ | there,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"{moment.instant}, {moment.zone}\n{finished.stdout}", flush=True)  # noqa: T201
    return finished.returncode


if __name__ == "__main__":
    chosen = sys.argv[1:] or marked()
    with ThreadPoolExecutor(2) as pool:
        sys.exit(max(pool.map(lambda moment: run(moment, chosen), MOMENTS)))

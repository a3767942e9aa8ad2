"""Load comes from processes of their own, so that it does not run on the loop it measures."""

import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.measurement import Wrong

ROOT = Path(__file__).parent.parent
# What a load may take besides the seconds that it measures.
PATIENCE_SECONDS = 60

OrderT = TypeVar("OrderT", bound=msgspec.Struct)
MeasurementT = TypeVar("MeasurementT", bound=msgspec.Struct)


def run(
    module: str, order: msgspec.Struct, seconds: float, measurement: type[MeasurementT]
) -> MeasurementT:
    """Run a load of the bench as a process and read what it measured."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        written, complaint = process.communicate(
            msgspec.json.encode(order), timeout=seconds + PATIENCE_SECONDS
        )
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise Wrong(f"{module} failed:\n{complaint.decode(errors='replace').strip()[-2000:]}")
    return msgspec.json.decode(written, type=measurement)


def ordered(kind: type[OrderT]) -> OrderT:
    """In the process: what it was told to do."""
    return msgspec.json.decode(sys.stdin.buffer.read(), type=kind)


def report(measured: msgspec.Struct) -> None:
    """In the process: answer."""
    sys.stdout.buffer.write(msgspec.json.encode(measured))

"""``keys.env``: the test keys, left by the first start for the owner of the data directory."""

import os
from pathlib import Path
from typing import NamedTuple

SECRET = "CARDWRIGHT_SECRET_KEY"  # noqa: S105  # the name of a variable
PUBLISHABLE = "CARDWRIGHT_PUBLISHABLE_KEY"


class PlatformKeys(NamedTuple):
    """The keys of the test platform."""

    secret: str
    publishable: str


def path_in(data_directory: Path) -> Path:
    """Where the first start leaves the test keys."""
    return data_directory / "keys.env"


def read(path: Path) -> PlatformKeys | None:
    """The keys that the first start left in the file, or None."""
    try:
        lines = path.read_text().split("\n")
    except FileNotFoundError:
        return None
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    return PlatformKeys(found[SECRET], found[PUBLISHABLE])


def write(path: Path, written: PlatformKeys) -> None:
    """Leave the keys in a file for its owner alone."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{SECRET}={written.secret}\n{PUBLISHABLE}={written.publishable}\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)

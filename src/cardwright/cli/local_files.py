"""Files that a command reads and writes, each trouble with them in one sentence."""

import os
from pathlib import Path

from cardwright.kernel.startup import StartError


def read(path: Path) -> bytes:
    """What is in a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}.") from None


def read_text(path: Path) -> str:
    """The text in a file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{path} cannot be read: {error}") from None


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file."""
    if path.exists():
        raise StartError(f"{path} exists already.")


def write_new(path: Path, text: str, *, otherwise: str) -> None:
    """Write a new file that only its owner may read; ``otherwise`` says what to do when that
    fails."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as error:
        raise StartError(f"{error}. {otherwise}") from None

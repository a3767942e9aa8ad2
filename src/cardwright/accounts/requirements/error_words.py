"""What the codes of requirement errors mean, in words (source of the codes: Accounts v2 API)."""

import csv
from pathlib import Path


def _read() -> dict[str, str]:
    with Path(__file__).with_name("error_codes.csv").open(newline="") as file:
        return {row["code"]: row["words"] for row in csv.DictReader(file)}


ERROR_WORDS = _read()

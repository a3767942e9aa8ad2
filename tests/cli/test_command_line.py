"""The command line explains itself, and bad input is one sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cyclopts import MissingArgumentError

from cardwright.cli.main import app

README = (Path(__file__).parents[2] / "README.md").read_text()
COMMANDS = [name for name in app if not name.startswith("-")]
SEVERAL = [
    *[("designs", verb) for verb in ("activate", "deactivate")],
    *[("shipping", verb) for verb in ("submitted", "delivered", "returned", "failed")],
    *[("tokens", verb) for verb in ("activate", "suspend", "delete")],
    ("verifications", "approve"),
]


def called(*words: str, vault_key: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from cardwright.cli.main import main; main()", *words],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "CARDWRIGHT_VAULT_KEY": vault_key, "COLUMNS": "120"},
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_tables_of_the_readme(name: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `cardwright ")]

    assert any(re.search(rf"`(cardwright )?{name}[` ]", row) for row in rows)


def test_each_command_has_a_group() -> None:
    printed = called("--help").stdout

    without = printed.split("Commands ", 1)[1].split("╰", 1)[0]
    assert re.findall(r"^│ (\S+)", without, re.MULTILINE) == ["--help", "--version"]
    assert "To start" in printed


@pytest.mark.parametrize("words", SEVERAL, ids=" ".join)
def test_a_command_for_several_ids_asks_for_one(words: tuple[str, str]) -> None:
    with pytest.raises(MissingArgumentError):
        app(words, exit_on_error=False, print_error=False)


def test_a_database_url_that_makes_no_sense_is_one_sentence() -> None:
    key = called("keys", "vault").stdout.split()[-1]

    ended = called("agreements", "acct_x", "--database-url", "nonsense", vault_key=key)

    assert ended.returncode == 1
    assert ended.stderr.startswith("cardwright: The database cannot be reached")
    assert "Traceback" not in ended.stderr


def test_a_pin_that_is_not_given_is_one_sentence() -> None:
    ended = called("cards", "verify-pin", "acct_x", "ic_x")

    assert ended.returncode == 1
    assert "cardwright: No PIN was given." in ended.stderr
    assert "Traceback" not in ended.stderr

"""The command line explains itself, and bad input is one sentence."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import MissingArgumentError

from cardwright.cli.main import app

README = (Path(__file__).parents[2] / "README.md").read_text()
CLI = Path(__file__).parents[2] / "src" / "cardwright" / "cli"
COMMANDS = [name for name in app if not name.startswith("-")]
SEVERAL = [
    *[("designs", verb) for verb in ("activate", "deactivate")],
    *[("shipping", verb) for verb in ("submitted", "delivered", "returned", "failed")],
    *[("tokens", verb) for verb in ("activate", "suspend", "delete")],
    ("verifications", "approve"),
]


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the command line, with the file that it is in."""
    for file in sorted(CLI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file.relative_to(CLI)}: {node.name}", node


def named(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The parameters of a function."""
    return {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def calls(node: ast.AST) -> set[str]:
    """The names of what it calls, without their modules."""
    targets = (call.func for call in ast.walk(node) if isinstance(call, ast.Call))
    return {
        one.attr if isinstance(one, ast.Attribute) else one.id
        for one in targets
        if isinstance(one, ast.Attribute | ast.Name)
    }


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


def test_where_the_data_is_is_an_option_of_one_group() -> None:
    """Who takes the folder or the database by itself retypes what ``Installation`` says."""
    # What starts a server, what only reads its keys, and what makes a group of the folder.
    own = {"starting/serve.py: serve", "starting/keys.py: show"}
    retyped = {place for place, node in functions() if named(node) & {"data_dir", "database_url"}}
    assert retyped == own


def test_a_list_has_heads_and_a_sentence_and_json() -> None:
    """Whoever reads a page prints it as a table, which a program may have as JSON."""
    # What is read to be worked on is no list.
    others = {
        "calling.py: call_all",
        "developing/clock.py: _named",
        "developing/faults.py: remove",
    }
    listing = {
        place: node
        for place, node in functions()
        if calls(node) & {"list_page", "list_all", "call_all", "table"} and place not in others
    }
    assert len(listing) > 20
    wrong = [
        place
        for place, node in listing.items()
        if "table" not in calls(node) or "json" not in named(node)
    ]
    assert not wrong, wrong


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

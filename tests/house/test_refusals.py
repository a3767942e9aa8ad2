"""The closed table of refusals: each row is said once, in its room, and raised as it is said."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.rooms import LINE

from cardwright.kernel.refusal import Refusal
from tests.support.refusals import modules, rows_of
from tests.test_house import ROOT, SOURCE, parsed, python_files

RAISING = {"fail", "Failure", "RecordedFailure", "refuse"}
# What is said beside the words of a row.
BESIDE = {"param", "hint"}
MODULES = {module.__name__: module for module in modules()}


class Site(NamedTuple):
    """A place that refuses: the rows that it may raise, and the words that it gives to them."""

    place: str
    rows: list[Refusal]
    given: set[str]


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    """The files that raise rows and do not say them."""
    return [file for file in python_files(SOURCE) if file.name != "refusals.py"]


@cache
def tables_of(file: Path) -> dict[str, str]:
    """The names under which a file has the modules of rows."""
    found = {}
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                if module in MODULES:
                    found[alias.asname or alias.name] = module
                elif node.module in MODULES:
                    raise AssertionError(f"{file}: import the module {node.module}, not its rows")
    return found


def mentions(file: Path, node: ast.AST) -> Iterator[tuple[ast.Attribute, str, list[Refusal]]]:
    """The rows that a node mentions, with the module that says them."""
    tables = tables_of(file)
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Attribute) or not isinstance(inner.value, ast.Name):
            continue
        module = tables.get(inner.value.id)
        if module is not None:
            said = getattr(MODULES[module], inner.attr)
            yield inner, module, [said] if isinstance(said, Refusal) else [*said.values()]


def is_raising(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not node.args:
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
    return name in RAISING


def sites(file: Path) -> Iterator[Site]:
    """The places of a file that refuse; one that passes on what another was given is not looked at,
    and one that takes its row from a table may raise each row of the file's tables."""
    calls = [node for node in ast.walk(parsed(file)) if is_raising(node)]
    if not tables_of(file):
        return
    named = {inner for call in calls for inner, _, _ in mentions(file, call)}
    kept = [
        row for inner, _, rows in mentions(file, parsed(file)) if inner not in named for row in rows
    ]
    for call in calls:
        assert isinstance(call, ast.Call)
        given = {word.arg for word in call.keywords if word.arg is not None}
        if len(given) < len(call.keywords):
            continue
        if getattr(call.func, "id", "") == "refuse":
            # The path and the reason of v2 come by position.
            given.add("param")
        rows = [row for _, _, rows in mentions(file, call.args[0]) for row in rows]
        yield Site(f"{file.relative_to(ROOT)}:{call.lineno}", rows or kept, given)


def words_of(row: Refusal) -> set[str]:
    """The words that a row needs."""
    named = {name for _, name, _, _ in string.Formatter().parse(row.message) if name is not None}
    return named | set(row.members)


def test_every_row_is_said_once_under_its_name() -> None:
    said = Counter(row.name for module in MODULES.values() for row in rows_of(module))
    twice = sorted(name for name, count in said.items() if count > 1)
    assert not twice, twice
    other = [
        f"{module.__name__}.{name} is named {row.name}"
        for module in MODULES.values()
        for name, row in vars(module).items()
        if isinstance(row, Refusal) and name != row.name.upper()
    ]
    assert not other, "\n".join(other)


def test_rows_are_said_in_the_modules_of_refusals() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources()
        if file != SOURCE / "kernel" / "refusal.py"
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refusal"
        and (node.args or node.keywords)
    ]
    assert not wrong, wrong


def test_every_site_gives_the_words_of_its_row() -> None:
    wrong = []
    for file in sources():
        for site in sites(file):
            if not site.rows:
                wrong.append(f"{site.place}: the rows that it may raise stand in no table here")
            needed = [words_of(row) for row in site.rows]
            for row, words in zip(site.rows, needed, strict=True):
                if words - site.given:
                    wrong.append(f"{site.place}: {row.name} needs {sorted(words - site.given)}")
            if unused := site.given - BESIDE - set().union(*needed):
                wrong.append(f"{site.place}: gives {sorted(unused)}, which is not said")
    assert not wrong, "\n".join(wrong)


def test_every_row_is_raised_in_its_room_or_above() -> None:
    raised: set[str] = set()
    wrong = []
    for file in sources():
        for node, module, rows in mentions(file, parsed(file)):
            raised.update(row.name for row in rows)
            if LINE.index(module.split(".")[1]) > LINE.index(room_of(file)):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} raises a row of {module}")
    assert not wrong, "\n".join(wrong)
    dead = [
        f"{name}: {row.name}"
        for name, module in MODULES.items()
        for row in rows_of(module)
        if row.name not in raised
    ]
    assert not dead, f"nobody raises {dead}"


def test_no_row_leaves_its_sentence_to_its_sites() -> None:
    """A row that is one placeholder says nothing that a caller could tell from another refusal."""
    free = [
        row.name
        for module in MODULES.values()
        for row in rows_of(module)
        if re.fullmatch(r"\{\w+\}", row.message)
    ]
    assert not free, free

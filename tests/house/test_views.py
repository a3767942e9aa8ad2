"""Flows and rules decide on records, never on what a version shows of them."""

from pathlib import Path

from tests.test_house import ROOT, SOURCE, imported, python_files

# Rooms that show what others decided.
SHOWING_ROOMS = {"cli", "events", "wire"}
# Where a room shows: its operations, its views, and its events, which tell of what was decided.
SHOWING_FOLDERS = {"operations", "views"}
SHOWING_FILES = {"announce.py", "api.py", "operator.py", "rendering.py", "v1.py", "v2.py"}
RENDER = "cardwright.wire.render"


def shows(file: Path) -> bool:
    """Whether a file may look at views."""
    parts = file.relative_to(SOURCE).parts
    return (
        parts[0] in SHOWING_ROOMS
        or bool(SHOWING_FOLDERS & set(parts))
        or parts[-1] in SHOWING_FILES
    )


def is_view(module: str) -> bool:
    """Whether a module renders; one that announces is called by flows, and answers nothing."""
    steps = module.split(".")
    if "views" in steps:
        return "announce" not in steps
    return module.startswith(f"{RENDER}.")


def test_whoever_decides_imports_no_view() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in python_files(SOURCE)
        if not shows(file)
        for module in imported(file)
        if is_view(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_there_are_views_to_look_at() -> None:
    """The rule is about modules that are there."""
    found = {module for file in python_files(SOURCE) for module in imported(file)}
    assert any(is_view(module) for module in found if "views" in module)
    assert f"{RENDER}.render" in found

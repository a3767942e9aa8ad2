"""The line of rooms: each may know what stands before it, none what stands behind."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "cardwright"
LINE = (
    "kernel tenancy wire features request_log currencies ledger events files accounts notices "
    "funding financial_accounts programs designs credit cardholders cards tokens bureau "
    "authorizations transactions disputes bookkeeping compliance hosted environments faults "
    "simulator local_development gateway issuing_elements dashboard settings app roles cli testing"
).split()


def room_of(file: Path) -> str:
    """The room of a source file."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def files_of(room: str) -> list[Path]:
    """The modules of a room; none of one that is not built yet."""
    single = SOURCE / f"{room}.py"
    return [single] if single.exists() else sorted((SOURCE / room).rglob("*.py"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of ours that a file imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "cardwright":
                yield from (f"cardwright.{alias.name}" for alias in node.names)
            elif node.module.startswith("cardwright."):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("cardwright."))


@cache
def arrows() -> list[tuple[str, str]]:
    """Which room imports which other, in the order of the line."""
    return [
        (room, target)
        for room in LINE
        for target in sorted(
            {
                name.split(".")[1]
                for file in files_of(room)
                for name in imported(ast.parse(file.read_text()))
            }
            - {room}
        )
    ]

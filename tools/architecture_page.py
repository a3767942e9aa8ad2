"""Write the rooms into docs/reference/architecture.md: each with the sentence that its package says
of itself. What stands around them on the page is written by hand.

``python -m tools.architecture_page`` writes the page.
"""

import ast
import sys
from pathlib import Path

from tools.rooms import LINE, SOURCE, files_of

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "architecture.md"
FROM, TO = "<!-- The rooms, written by make docs. -->\n", "<!-- The end of the rooms. -->\n"


def sentence_of(room: str) -> str:
    """The first sentence of what a room says of itself."""
    single = SOURCE / f"{room}.py"
    file = single if single.exists() else SOURCE / room / "__init__.py"
    said = " ".join((ast.get_docstring(ast.parse(file.read_text())) or "").split())
    first = said.partition(". ")[0].removesuffix(".") + "."
    return first.replace("``", "`")


def table() -> str:
    """A row for each room that is built, in the order of the line."""
    rows = [f"| `{room}` | {sentence_of(room)} |" for room in LINE if files_of(room)]
    return "\n".join(("| room | what it is |", "|---|---|", *rows)) + "\n"


def page() -> str:
    """The page with its rooms as they are now."""
    before, _, rest = PAGE.read_text().partition(FROM)
    after = rest.partition(TO)[2]
    return f"{before}{FROM}\n{table()}\n{TO}{after}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())

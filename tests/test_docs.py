"""The generated pages of the documentation are those of this tree, and links lead somewhere."""

import re
from pathlib import Path

from tools import coverage_page

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_the_coverage_page_is_up_to_date() -> None:
    assert coverage_page.PAGE.read_text() == coverage_page.page(), "run make docs"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_every_page_is_linked() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    linked = {
        (page.parent / target).resolve()
        for page in pages
        for target in LINK.findall(page.read_text())
    }
    lost = [str(page.relative_to(ROOT)) for page in pages[1:] if page.resolve() not in linked]
    assert not lost, lost

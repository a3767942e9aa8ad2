"""The generated pages of the documentation are those of this tree, and links lead somewhere."""

import importlib
import re
from itertools import chain
from pathlib import Path
from typing import Any

from tools import (
    architecture_page,
    architecture_picture,
    coverage_page,
    operator_verbs,
    requirements_page,
)

from cardwright.accounts.requirements import checks
from cardwright.accounts.verification import test_values

ROOT = Path(__file__).parent.parent
# A function, as a page names it: its file below the source, and its name.
FUNCTION = re.compile(r"`([a-z0-9_/]+)\.py:([A-Za-z0-9_.]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_the_coverage_page_is_up_to_date() -> None:
    assert coverage_page.PAGE.read_text() == coverage_page.page(), "run make docs"


def test_the_page_of_requirements_is_up_to_date() -> None:
    assert requirements_page.PAGE.read_text() == requirements_page.page(), "run make docs"


def test_the_picture_of_the_rooms_is_up_to_date() -> None:
    drawn = architecture_picture.picture()
    assert architecture_picture.PICTURE.read_text() == drawn, "run make docs"


def test_the_page_of_the_rooms_is_up_to_date() -> None:
    assert architecture_page.PAGE.read_text() == architecture_page.page(), "run make docs"


def test_every_function_that_a_page_names_exists() -> None:
    named = {
        (file, name)
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for file, name in FUNCTION.findall(page.read_text())
    }
    assert ("ledger/flows", "spend") in named
    missing = []
    for file, name in sorted(named):
        found: Any = importlib.import_module(f"cardwright.{file.replace('/', '.')}")
        for part in name.split("."):
            found = getattr(found, part, None)
        if not callable(found):
            missing.append(f"{file}.py:{name}")
    assert not missing, missing


def test_the_page_of_operator_verbs_is_up_to_date() -> None:
    assert operator_verbs.PAGE.read_text() == operator_verbs.page(), "run make docs"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


QUOTED = re.compile(
    r"(?:above the (?:line|decorators of)|below the line that begins with)\s+(`+)(.+?)\1", re.S
)
FILE = re.compile(r"`([\w./-]+\.(?:py|sql|md))`")


def test_what_a_guide_builds_on_is_there() -> None:
    """A line that a reader is told to look for stands in the file that was named before it."""
    page = (ROOT / "docs" / "how-to" / "add-an-operator-verb.md").read_text()
    quoted = list(QUOTED.finditer(page))
    missing = []
    for match in quoted:
        named = [one for one in FILE.findall(page[: match.start()]) if (ROOT / one).exists()]
        line = match[2].strip()
        if (ROOT / named[-1]).read_text().count(line) != 1:
            missing.append(f"{named[-1]}: {line}")
    assert len(quoted) > 4
    assert not missing, missing


def test_every_page_is_linked() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    linked = {
        (page.parent / target).resolve()
        for page in pages
        for target in LINK.findall(page.read_text())
    }
    lost = [str(page.relative_to(ROOT)) for page in pages[1:] if page.resolve() not in linked]
    assert not lost, lost


def test_every_test_value_is_on_its_page_with_its_outcome() -> None:
    """One row names both; a birth is written as a date, an outcome as its code."""
    page = (ROOT / "docs" / "reference" / "test-values.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("|")]
    words = {
        checks.VERIFIED: "verified",
        checks.LISTED: "sanctions",
        checks.DORMANT: "dormant",
        None: "stays in verification",
    }
    decisions = {
        value: (decision.outcome, decision.immediate)
        for table in (test_values.BIRTHS, test_values.BUSINESS_NUMBERS, test_values.DOCUMENTS)
        for value, decision in table.items()
    }
    texts = chain.from_iterable(
        table.items()
        for table in (
            test_values.COMPANY_NAMES,
            test_values.DIRECTOR_NAMES,
            test_values.TRADE_NAMES,
            test_values.DESCRIPTIONS,
            test_values.STATEMENT_DESCRIPTORS,
            test_values.WEBSITES,
        )
    )
    people = ((value, decision.outcome) for value, decision in test_values.PERSON_NUMBERS.items())
    named = [(value, outcome) for value, (outcome, _) in decisions.items()]
    wrong = [
        value
        for value, outcome in chain(named, texts, people)
        if not any(
            f"`{value}`" in row and words.get(outcome, f"`{outcome}`") in row for row in rows
        )
    ]
    assert not wrong, wrong
    immediate = [value for value, (_, at_once) in decisions.items() if at_once]
    slow = [
        value
        for value in immediate
        if not any(f"`{value}`" in row and "at once" in row for row in rows)
    ]
    assert not slow, slow

"""Words that mean one thing, and names that say what they name."""

import ast
import re
from pathlib import Path

from tests.test_house import ROOT, SOURCE, parsed, python_files

# In card payments settlement is the clearing of money between the card network and the issuer.
SETTLEMENT = re.compile(r"\w*settl\w*", re.I)
# Names of the API, of a book of the ledger, and of what is stored already.
SETTLEMENT_NAMES = {
    "SETTLEMENT_CURRENCIES",
    "dispute_settlement_detail",
    "dispute_settlement_details",
    "gross_settlement",
    "issuing_dispute_settlement_detail",
    "issuing_settlement",
    "legal_settlement",
    "network_settlement",
    "settlement_currency",
    "topup_settlement",
}
# Where the word stands in sentences, and why it may.
SETTLEMENT_FILES = {
    # The network clears what merchants captured.
    "docs/reference/card-payments.md",
    "docs/reference/ledger.md",
    "docs/why/honesty.md",
    "docs/why/ledger.md",
    "src/cardwright/authorizations/lifetime.py",
    "src/cardwright/ledger/transfers.py",
    "src/cardwright/simulator/model.py",
    "src/cardwright/transactions/flows.py",
    "src/cardwright/transactions/posting.py",
    "src/cardwright/transactions/presentments.py",
    "tests/accounts/requirements/test_added.py",
    "tests/authorizations/test_lifetime.py",
    "tests/credit/test_credit.py",
    "tests/financial_accounts/test_cards.py",
    "tests/ledger/test_conservation.py",
    # An object of the public API that does not exist here.
    "docs/reference/expansion.md",
    "src/cardwright/transactions/model.py",
    "src/cardwright/wire/expand.py",
    # The types of events and the addresses of their objects.
    "src/cardwright/events/catalogue.py",
    # A column keeps the name that rows and snapshots of environments were written under.
    "src/cardwright/accounts/verification/queries.sql",
    # The text of a refusal.
    "src/cardwright/funding/refusals.py",
    "tests/funding/statements/test_statements.py",
}
# Words that were four classes each and said nothing alone: a class adds what it is of.
VAGUE = {"Asked", "Outcome", "Place", "Told"}
TEXTS = (".md", ".py", ".sql", ".toml", ".html", ".js")
WHERE = ("bench", "demo", "docs", "src", "tests", "tools")


def texts() -> list[Path]:
    """What people read, but for the migrations, which stay as they were applied."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    found += [file for folder in WHERE for file in sorted((ROOT / folder).rglob("*"))]
    return [
        file
        for file in found
        if file.suffix in TEXTS and file.parent.name != "migrations" and file != Path(__file__)
    ]


def test_settlement_is_between_network_and_issuer() -> None:
    """An answer is taken, an account evaluated, a line booked, an amount allotted."""
    used = {
        str(file.relative_to(ROOT)): words
        for file in texts()
        if (words := set(SETTLEMENT.findall(file.read_text())) - SETTLEMENT_NAMES)
    }
    wrong = {file: words for file, words in used.items() if file not in SETTLEMENT_FILES}
    assert not wrong, wrong
    assert not SETTLEMENT_FILES - used.keys(), SETTLEMENT_FILES - used.keys()


def test_a_class_says_what_it_is_of() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file in python_files(SOURCE)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ClassDef) and node.name in VAGUE
    ]
    assert not wrong, wrong


def test_a_type_variable_is_known_by_its_name() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {node.args[0].value!r}"
        for file in python_files(SOURCE, ROOT / "tests", ROOT / "bench")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "TypeVar"
        and isinstance(node.args[0], ast.Constant)
        and not str(node.args[0].value).endswith("T")
    ]
    assert not wrong, wrong


def test_what_browsers_are_forbidden_is_said_once() -> None:
    headers = re.compile(
        r"content-security-policy|referrer-policy|x-content-type-options|[\"']no-store[\"']", re.I
    )
    said = [file for file in python_files(SOURCE) if headers.search(file.read_text())]
    assert said == [SOURCE / "wire" / "content" / "security.py"]

"""Every operation of the contract takes a valid call, refuses an invalid one, and answers with what
the public document promises, and with nothing else.

What was seen is kept in ``tools/conformance.csv``, which the coverage page shows: it may say less
than is so, never more. ``CARDWRIGHT_WRITE_CONFORMANCE=1`` writes it anew.
"""

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import accounts, funding, issuing, messages, storage
from tests.conformance.document import document, plain
from tests.conformance.walk import Seen, Walk
from tests.financial_accounts.support import keeper
from tests.support.issuing import issuing_account
from tests.support.receiver import Receiver
from tests.support.server import Platform

TOOLS = Path(__file__).parents[2] / "tools"
CONTRACT, SEEN = TOOLS / "contract_operations.csv", TOOLS / "conformance.csv"
COLUMNS = ("method", "path", "valid", "invalid", "schema")
NOT_IN_DOCUMENT = "not in the document"


def contract() -> list[tuple[str, str]]:
    """The operations that the contract marks as part of the product."""
    with CONTRACT.open(newline="") as file:
        return [(row["method"], row["path"]) for row in csv.DictReader(file)]


def row_of(method: str, path: str, seen: Seen) -> dict[str, str]:
    """What the coverage page says of an operation."""
    schema = "yes" if not seen.amiss else "no"
    return {
        "method": method,
        "path": path,
        "valid": "yes" if seen.valid else "no",
        "invalid": "yes" if seen.invalid else "no",
        "schema": schema if document().has(method, path) else NOT_IN_DOCUMENT,
    }


async def test_every_operation_of_the_contract(platform: Platform, receiver: Receiver) -> None:
    walk = Walk(platform)
    account = await issuing_account(platform, program=False)
    await issuing.walk(walk, receiver, account)
    await accounts.notices(walk, {"account": account})
    await funding.walk(walk, account)
    await accounts.walk(walk, account)
    await messages.walk(walk)
    await storage.walk(walk, await keeper(platform, "us"), await keeper(platform, "us"))
    rows, amiss = [], []
    for method, path in contract():
        if not walk.answers(method, path.replace("{", "").replace("}", "")):
            continue
        seen = walk.seen.get((method, plain(path)), Seen())
        rows.append(row_of(method, path, seen))
        amiss += [f"{method} {path} {words}" for words in seen.amiss]
        amiss += [f"{method} {path}: no valid call"] if not seen.valid else []
        amiss += [f"{method} {path}: no invalid call"] if not seen.invalid else []
    if os.environ.get("CARDWRIGHT_WRITE_CONFORMANCE"):
        with SEEN.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    assert not amiss, "\n".join(amiss)
    with SEEN.open(newline="") as file:
        claimed = list(csv.DictReader(file))
    assert [row for row in claimed if row not in rows] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"made_up": 1}, "'made_up' was unexpected"),
        ({"status": "asleep"}, "'asleep' is not one of"),
        ({"livemode": None}, "None is not of type 'boolean'"),
        ({"evidence": {"reason": "other", "other": None}}, "None is not of type 'object'"),
        ({"amount": "1"}, "'1' is not of type 'integer'"),
    ],
)
def test_what_the_document_refuses(change: dict[str, Any], words: str | None) -> None:
    """The document is a judge that can say no."""
    dispute: dict[str, Any] = {
        "id": "idp_1",
        "object": "issuing.dispute",
        "amount": 1,
        "created": 1,
        "currency": "gbp",
        "evidence": {"reason": "other"},
        "livemode": False,
        "metadata": {},
        "status": "won",
        "transaction": "ipi_1",
        **change,
    }
    found = document().amiss("GET", "/v1/issuing/disputes/{id}", dispute)
    assert found is None if words is None else words in str(found)
    del dispute["amount"]
    assert document().amiss("GET", "/v1/issuing/disputes/{id}", dispute) is not None

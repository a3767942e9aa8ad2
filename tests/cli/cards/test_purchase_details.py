"""``cardwright purchase-details``, beside a running server."""

import json
from pathlib import Path

import pytest

from tests.cli.money.test_financial_address import command
from tests.support.server import Platform
from tests.support.spending import HELPERS, spender


async def test_a_receipt_from_a_file(
    served: Platform, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the file says, the server shows; a bad file changes nothing."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"receipt": [{"description": "Bread", "total": 250}]}))
    bad.write_text(json.dumps({"receipt": [{"description": "Bread", "weight": 1}]}))
    one = await spender(served, funds=500)
    made = await one.authorize(250)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    transaction = done["transactions"][0]["id"]
    called = ("purchase-details", one.account, transaction)
    code, said = await command(data, capsys, *called, str(good))
    assert (code, said) == (0, f"{transaction}: 1 lines of receipt\n")
    code, said = await command(data, capsys, *called, str(bad))
    assert (code, "weight" in said) == (1, True)
    code, said = await command(data, capsys, *called, str(tmp_path / "no.json"))
    assert (code, "cannot be read" in said) == (1, True)
    shown = await one.done("GET", f"/v1/issuing/transactions/{transaction}")
    assert shown["purchase_details"]["receipt"][0]["total"] == 250

"""``cardwright disputes``, beside a running server."""

from pathlib import Path

import pytest

from tests.cli.money.test_financial_address import command
from tests.disputes.support import DISPUTES, payer, submitted
from tests.support.server import Platform


async def test_the_operator_closes_disputes(
    served: Platform, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Listed, credited, lost, won; the server shows it at once."""
    one = await payer(served)
    code, said = await command(data, capsys, "disputes", "list")
    assert (code, said) == (0, "No dispute has the status submitted.\n")
    first, second = [(await submitted(one))["id"] for _ in range(2)]
    code, said = await command(data, capsys, "disputes", "list")
    assert [line.split()[0] for line in said.splitlines()] == ["id", second, first]
    assert "10.00 gbp  fraudulent" in said
    code, said = await command(data, capsys, "disputes", "credit", first)
    assert (code, said.split()[:2]) == (0, [first, "submitted"])
    assert await one.available() == 9000
    close = ("disputes", "close", first, "lost", "--loss-reason=refund_issued")
    code, said = await command(data, capsys, *close)
    assert (code, said.split()[:2]) == (0, [first, "lost"])
    assert await one.available() == 8000
    code, said = await command(data, capsys, *close)
    assert (code, "cannot become lost" in said) == (1, True)
    code, said = await command(data, capsys, "disputes", "close", second, "won")
    assert (code, said.split()[:2]) == (0, [second, "won"])
    assert (await one.done("GET", f"{DISPUTES}/{second}"))["status"] == "won"
    assert await one.available() == 9000
    code, said = await command(data, capsys, "disputes", "close", "idp_no", "won")
    assert (code, "No such dispute" in said) == (1, True)

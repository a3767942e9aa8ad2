"""The guide that funds an account by each route: its commands run as printed, and add up."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from cardwright.ledger import audit
from tests.journeys.test_onboarding_guide import printed_by
from tests.journeys.test_readme import blocks
from tests.support.server import Platform

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "fund-an-account.md"


async def test_the_guide_runs_as_printed(
    platform: Platform,
    database: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    # The commands are beside this Python, and the database is where the server has it.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    url = "postgresql://{user}@/{database}?host={host}&port={port}".format(**database)
    monkeypatch.setenv("CARDWRIGHT_DATABASE_URL", url)
    script = re.sub(r"^export .*$", "", "\n".join(blocks(PAGE, "sh")), flags=re.M)
    *printed, reconciled = await printed_by(platform, script)
    assert printed == [
        "issuing 12500 gbp",
        "issuing 15000 gbp",
        "succeeded",
        "issuing 16000 gbp",
        "pending",
        "succeeded",
        "issuing 16000 gbp",
        "issuing 5000 usd",
        "succeeded",
        "transfer",
        "balance_transfer",
        "issuing 20000 gbp",
        "issuing 5000 usd",
        "succeeded",
        "topup issuing 12500 gbp available",
        "topup issuing 2500 gbp available",
        "topup issuing 1000 gbp available",
        "topup issuing 5000 usd available",
        "payment payments 4000 gbp available",
        "transfer payments -4000 gbp available",
        "transfer issuing 4000 gbp available",
        "4",
        "issuing 200.00",
        "issuing 50.00",
        "financial account 60.00",
        "The ledger is clean: every transfer sums to zero and every balance to its entries.",
    ]
    assert re.fullmatch(r"[0-9-]{10}: 0 differences\.", reconciled)
    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, platform.keys.account_id) == []

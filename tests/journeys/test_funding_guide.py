"""The guide that funds an account by each route: its commands run as printed, and add up."""

import re
from pathlib import Path

import pytest

from cardwright.ledger import audit
from tests.journeys.test_onboarding_guide import printed_by
from tests.journeys.test_readme import blocks
from tests.support.server import Platform

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "fund-an-account.md"


async def test_the_guide_runs_as_printed(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = re.sub(r"^export .*$", "", "\n".join(blocks(PAGE, "sh")), flags=re.M)
    printed = await printed_by(platform, script)
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
        "topup issuing 12500 gbp available",
        "topup issuing 2500 gbp available",
        "topup issuing 1000 gbp available",
        "topup issuing 5000 usd available",
        "payment payments 4000 gbp available",
        "transfer payments -4000 gbp available",
        "transfer issuing 4000 gbp available",
    ]
    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, platform.keys.account_id) == []

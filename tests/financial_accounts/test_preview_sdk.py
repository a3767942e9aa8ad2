"""Money management through the preview release of the official SDK on a live port, and events."""

import asyncio
import json
import os
import sys
from typing import Any

from tests.financial_accounts.support import V2, keeper
from tests.support.server import Platform
from tests.test_shapes import PREVIEW_SDK, ROOT


async def test_a_journey_with_the_sdk(platform: Platform) -> None:
    owner = await keeper(platform, "us")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.financial_accounts.preview_journey"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PREVIEW_SDK), str(ROOT)])},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    given = {"base": platform.base, "key": platform.keys.secret, "account": owner.account}
    printed, _ = await process.communicate(json.dumps(given).encode())
    seen: dict[str, Any] = json.loads(printed)
    assert "a" in seen.pop("release")
    assert seen == {
        "simulated": "accepted",
        "sent": ["posted", "processing"],
        "from": 300,
        "canceled": "canceled",
        "refusal": "NonZeroBalanceError",
        "available": 700,
        "told": [
            ["outbound_transfer", "void", -200],
            ["outbound_transfer", "posted", -300],
            ["received_credit", "posted", 1000],
        ],
        "listed": [seen["target"]],
        "target": seen["target"],
    }


async def test_events_name_their_objects(platform: Platform) -> None:
    owner = await keeper(platform)
    account = await owner.funded(5)
    listed = await owner.done("GET", "/v2/core/events?limit=100", version=V2)
    told = {one["type"]: one for one in listed["data"]}
    kind = "v2.money_management"
    assert set(told) >= {
        f"{kind}.financial_account.created",
        f"{kind}.financial_address.activated",
        f"{kind}.received_credit.succeeded",
        f"{kind}.received_credit.available",
        f"{kind}.transaction.created",
    }
    assert told[f"{kind}.financial_account.created"]["related_object"]["id"] == account
    transaction = told[f"{kind}.transaction.created"]["related_object"]
    shown = await owner.done("GET", transaction["url"])
    assert (shown["id"], shown["amount"]["value"]) == (transaction["id"], 5)
    credit = told[f"{kind}.received_credit.available"]
    assert credit["data"] == {"transaction_id": transaction["id"]}


async def test_the_stable_release_knows_them_too(platform: Platform) -> None:
    owner = await keeper(platform)
    account = await owner.funded(5)
    money: Any = platform.sdk.v2.money_management
    options: Any = {"stripe_account": owner.account}
    found = await asyncio.to_thread(money.financial_accounts.retrieve, account, {}, options)
    assert found.balance.available["gbp"].value == 5
    listed = await asyncio.to_thread(money.transactions.list, {"limit": 1}, options)
    assert [one.amount.value for one in listed.data] == [5]

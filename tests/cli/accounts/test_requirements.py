"""``cardwright requirements``, beside a running server."""

import asyncio
import json
from pathlib import Path

from tests.support import processes
from tests.test_serve import keys_in, run


async def test_an_account_is_asked_for_more(data: Path) -> None:
    server = await processes.start(data)
    try:
        key = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
        await asyncio.to_thread(walk, server.base, key, data)
    finally:
        server.stop()


def walk(base: str, key: str, data: Path) -> None:
    import stripe

    client = stripe.StripeClient(key, base_addresses={"api": base})
    account = client.v1.accounts.create(
        {
            "country": "US",
            "type": "custom",
            "business_type": "individual",
            "capabilities": {
                "card_issuing": {"requested": True},
                "transfers": {"requested": True},
            },
        }
    ).id

    def command(*words: str) -> str:
        done = run("requirements", *words, "--data-dir", data)
        return done.stdout if done.returncode == 0 else done.stderr

    path = "identity.business_details.registration_date"
    made = command("add", account, path, "--deadline", "2000-01-01", "--restricts", "payouts")
    assert made.split()[1:3] == ["past_due", f"{path},"], made
    assert "or payouts stops" in made
    refused = command("add", account, "identity.shoes", "--deadline", "2000-01-01")
    assert "Invalid requirement: identity.shoes" in refused
    [listed] = json.loads(command("list", account, "--json"))["data"]
    assert (listed["id"], listed["requirement"]) == (made.split()[0], path)
    assert (listed["status"], listed["restricts"]) == ("past_due", ["payouts"])
    found = client.v2.core.accounts.retrieve(account, {"include": ["requirements"]}).requirements
    assert found is not None
    assert path in [entry.description for entry in found.entries or []]
    identifier = made.split()[0]
    assert command("withdraw", account, identifier) == f"{identifier}  withdrawn\n"
    found = client.v2.core.accounts.retrieve(account, {"include": ["requirements"]}).requirements
    assert found is not None
    assert path not in [entry.description for entry in found.entries or []]

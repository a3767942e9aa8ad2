"""Every list of the command line, where there is nothing to list yet, and some where there is."""

import asyncio
import json
from pathlib import Path

from tests.support.operator import command
from tests.support.server import Platform
from tests.support.spending import spender

NOTHING = {
    "authorizations challenges": "No fraud challenge waits for an answer.",
    "bureau list": "No file was made yet.",
    "cardholders screenings": "No screening has the status under_review.",
    "clock list": "There is no clock yet.",
    "compliance cases": "No case has the status open.",
    "designs list": "No design has the status review.",
    "disputes list": "No dispute has the status submitted.",
    "environments list": "There is no environment.",
    "events failing": "No destination fails.",
    "faults list": "There is no fault.",
    "notices list": "Every notice is sent.",
    "notices list --every": "There is no notice yet.",
    "payments bank": "You have no bank account yet.",
    "statements unmatched": "No line of a bank statement waits for you.",
    "terms list": "No terms were published.",
    "verifications list": "No case has the status needs_review.",
    "agreements ACCOUNT": "Nothing was accepted.",
    "requirements list ACCOUNT": "Nothing was added to the requirements of this account.",
}


async def test_nothing_is_one_sentence_or_an_empty_list(served: Platform, data: Path) -> None:
    _, account = await served.call("POST", "/v1/accounts", form={"type": "custom"})

    def walk() -> None:
        for words, sentence in NOTHING.items():
            tokens = words.replace("ACCOUNT", account["id"]).split()
            assert command(data, *tokens) == f"{sentence}\n"
            told = json.loads(command(data, *tokens, "--json"))
            assert told == {"data": [], "has_more": False}, words

    await asyncio.to_thread(walk)


async def test_what_there_is_stands_under_heads(served: Platform, data: Path) -> None:
    async def run(*words: str) -> list[list[str]]:
        said = await asyncio.to_thread(command, data, *words)
        return [line.split() for line in said.splitlines()]

    one = await spender(served, funds=500)
    made = await one.authorize(250)
    heads, first, *_ = await run("rates", "show")
    assert heads == ["currency", "per_euro", "source"]
    assert first[2:] == ["built", "in"]
    now, heads, *due = await run("deadlines", one.account)
    assert now[:3] == [f"{one.account}:", "it", "is"]
    assert heads == ["due_at", "what", "subject", "failed", "next_try"]
    assert due[0][1:4] == ["End", "the", "holds"]
    await run("clock", "create", "2030-01-01")
    heads, clock = await run("clock", "list")
    assert heads[:3] == ["id", "now", "status"]
    assert clock[1:3] == ["2030-01-01T00:00:00.000Z", "ready"]
    said = await run("explain", made["id"])
    assert said[0][:2] == ["2.50", one.currency.upper()]
    event = (await one.done("GET", "/v1/events?type=issuing_authorization.created"))["data"][0]
    [nobody] = await run("events", "attempts", event["id"])
    assert nobody == ["No", "destination", "hears", "of", f"{event['id']}."]

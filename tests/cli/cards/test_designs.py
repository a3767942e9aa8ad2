"""``cardwright designs`` and ``cardwright shipping``, beside a running server."""

import asyncio
from pathlib import Path

from tests.support.operator import command
from tests.support.physical import Issuer
from tests.support.server import Platform


async def test_an_operator_reviews_and_ships_with_commands(served: Platform, data: Path) -> None:
    async def run(*words: str) -> str:
        return await asyncio.to_thread(command, data, *words)

    issuer = await Issuer.of(served)
    design = await issuer.design(name="Rocket")
    card = await issuer.card(personalization_design=design["id"])
    heads, listed = (await run("designs", "list")).splitlines()
    assert heads.split() == ["id", "status", "account", "physical_bundle", "name"]
    assert listed.split() == [
        *(design["id"], "review", issuer.account_id, design["physical_bundle"], "Rocket")
    ]
    assert "refused" in await run("shipping", "submitted", card["id"])
    assert "active" in await run("designs", "activate", design["id"])
    assert await run("designs", "list") == "No design has the status review.\n"
    assert await run("shipping", "submitted", card["id"]) == f"{card['id']}  submitted\n"
    told = ("--carrier", "usps", "--tracking-number", "9400 1", "--eta", "2000000000")
    shipped = f"{card['id']}  shipped  usps  9400 1\n"
    assert await run("shipping", "shipped", card["id"], *told) == shipped
    assert await run("shipping", "shipped", card["id"], *told) == shipped
    assert "delivered" in await run("shipping", "delivered", card["id"])
    assert "refused" in await run("shipping", "returned", card["id"])
    assert "refused" in await run("shipping", "failed", "ic_none")
    wrong = await run("shipping", "shipped", card["id"], "--carrier", "pigeon")
    assert wrong.startswith("refused: ")
    seen = await issuer.done("GET", f"/v1/issuing/cards/{card['id']}")
    assert (seen["shipping"]["status"], seen["shipping"]["eta"]) == ("delivered", 2000000000)

    assert "refused" in await run("designs", "reject", design["id"])
    assert "refused" in await run("designs", "reject", design["id"], "--card-logo", "ugly")
    rejected = await run("designs", "reject", design["id"], "--card-logo", "network_name")
    assert "rejected" in rejected
    assert "refused" in await run("designs", "deactivate", design["id"])
    assert "refused" in await run("designs", "activate", design["id"], "ipd_none")
    kept = await run("designs", "list", "--status", "rejected")
    assert design["id"] in kept

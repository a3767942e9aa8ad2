"""``cardwright environments`` beside a running server."""

from tests.cli.developing.test_faults import Command, command
from tests.environments.steps import environment
from tests.support.server import Platform

__all__ = ["command"]


async def test_a_life(platform: Platform, command: Command) -> None:
    made = await command("environments", "create", "--name", "checkout", "--clock", "2026-01-01")
    first, secret, publishable = made.splitlines()
    name, account = first.split()[:2]
    assert "from 2026-01-01T00:00:00" in first
    assert first.endswith("checkout")
    key = secret.removeprefix("CARDWRIGHT_SECRET_KEY=")
    assert publishable.startswith("CARDWRIGHT_PUBLISHABLE_KEY=pk_test_")
    _, found = await platform.call("GET", "/v1/account", key=key)
    assert found["id"] == account
    heads, listed = (await command("environments", "list")).splitlines()
    assert heads.split()[:3] == ["id", "account", "test_clock"]
    assert listed.split()[:2] == [name, account]
    taken = await command("environments", "snapshot", name, "--name", "empty")
    snapshot = taken.split()[0]
    assert taken.endswith("rows  empty")
    _, listed = (await command("environments", "snapshots", name)).splitlines()
    assert (listed.split()[0], listed.split()[-1]) == (snapshot, "empty")
    assert await command("environments", "restore", name, snapshot) == first
    assert await command("environments", "reset", name) == first
    assert await command("environments", "delete", name, snapshot) == f"{snapshot} is removed"
    assert await command("environments", "snapshots", name) == "There is no snapshot."
    assert await command("environments", "delete", name) == f"{name} is removed"
    assert await command("environments", "list") == "There is no environment."
    assert (await platform.call("GET", "/v1/account", key=key))[0] == 401


async def test_refusals(platform: Platform, command: Command) -> None:
    made, _ = await environment(platform)
    assert "No such environment" in await command("environments", "reset", "env_1")
    refused = await command("environments", "restore", made["id"], "envs_1")
    assert "No such environment snapshot" in refused
    assert "no instant" in await command("environments", "create", "--clock", "noon")

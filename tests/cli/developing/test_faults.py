"""``cardwright faults`` beside a running server."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from cardwright.cli import main as commands
from cardwright.kernel.startup import StartError
from tests.support.server import Platform

Command = Callable[..., Awaitable[str]]


@pytest.fixture
def command(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs a command with the platform's key; the answer is what it prints, or why it refuses."""
    monkeypatch.setenv("CARDWRIGHT_SECRET_KEY", platform.keys.secret)
    monkeypatch.setenv("CARDWRIGHT_SERVER", platform.base)

    async def run(*tokens: str) -> str:
        called, given, _ = commands.app.parse_args(tokens, exit_on_error=False, print_error=False)
        try:
            await asyncio.to_thread(called, *given.args, **given.kwargs)
        except StartError as refused:
            return f"refused: {refused}"
        return capsys.readouterr().out.strip()

    return run


async def test_add_list_remove(platform: Platform, command: Command) -> None:
    made = await command(
        *("faults", "add", "status", "--status", "503", "--path", "/v1/bal*", "--count", "2")
    )
    assert made.startswith("fault_")
    assert "status 503  path /v1/bal*  struck 0 of 2" in made
    assert (await platform.call("GET", "/v1/balance"))[0] == 503
    [listed] = json.loads(await command("faults", "list", "--json"))["data"]
    assert (listed["id"], listed["strikes"]) == (made.split()[0], "1 of 2")
    other = await command("faults", "add", "rate_limit", "--share", "10")
    assert "in 10 of 100" in other
    name = made.split()[0]
    assert await command("faults", "remove", name) == f"{name} is off"
    assert (await command("faults", "remove", "--all")).count("is off") == 1
    assert await command("faults", "list") == "There is no fault."
    assert (await platform.call("GET", "/v1/balance"))[0] == 200


async def test_what_is_refused(command: Command) -> None:
    assert await command("faults", "remove") == "refused: Name a fault, or say --all."
    assert "No such fault: 'fault_1'" in await command("faults", "remove", "fault_1")
    assert "Missing required param: latency_ms" in await command("faults", "add", "latency")


async def test_no_server(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDWRIGHT_SERVER", "http://127.0.0.1:9")
    assert "does not answer" in await command("faults", "list")

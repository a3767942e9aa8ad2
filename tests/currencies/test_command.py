"""``cardwright rates``, beside a running server."""

import asyncio
import subprocess
from pathlib import Path

import aiohttp

from tests.support import processes


async def rates(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What the command answers."""
    return await asyncio.to_thread(
        subprocess.run,
        [processes.CARDWRIGHT, "rates", *arguments, "--data-dir", data],
        env=processes.VARIABLES,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_a_file_is_loaded_beside_the_server(data: Path, tmp_path: Path) -> None:
    """What the command loaded, the server converts with; a bad file changes nothing."""
    server = await processes.start(data)
    try:
        good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
        good.write_text("Date, USD, JPY,\n18 June 2025, 1.1508, 167.02,\n")
        bad.write_text("Date,USD\n2025-06-19,9.99\n2025-06-20,nothing\n")
        loaded = await rates(data, "load", good)
        assert loaded.stdout == "2 exchange rates loaded.\n", loaded.stderr
        for file, words in ((bad, "not a rate of usd"), (tmp_path / "no.csv", "cannot be read")):
            refused = await rates(data, "load", file)
            assert (refused.returncode, refused.stdout) == (1, "")
            assert words in refused.stderr
        shown = [" ".join(line.split()) for line in (await rates(data, "show")).stdout.splitlines()]
        assert "usd 1.1508 of 2025-06-18" in shown
        assert any(line.startswith("gbp") and line.endswith("built in") for line in shown)
        lines = dict(line.split("=", 1) for line in (data / "keys.env").read_text().splitlines())
        key = lines["CARDWRIGHT_SECRET_KEY"]
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http,
            http.get(f"{server.base}/_cardwright/exchange_rates") as response,
        ):
            found = {each["currency"]: each for each in (await response.json())["rates"]}
        assert (found["usd"]["per_euro"], found["usd"]["source"]) == ("1.1508", "loaded")
    finally:
        server.stop()

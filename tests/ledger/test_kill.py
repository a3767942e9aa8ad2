"""Server and PostgreSQL die while money moves: what was acknowledged is there, what was not has one
effect when it is asked for again, and the books are right."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from cardwright.kernel.vault import installed_vault
from tests.funding.steps import payable_account, top_up
from tests.support import processes
from tests.support.database import private_directory
from tests.support.processes import CARDWRIGHT, VARIABLES
from tests.support.server import Platform

CALLERS = 6
FUNDS = 1_000_000
PREVIEW = "2025-09-30.preview"
TABLES = {
    "/v1/topups": "topups",
    "/v1/transfers": "transfers",
    "/v1/payouts": "payouts",
    "/v1/balance_transfers": "balance_transfers",
}


@dataclass
class Load:
    """Callers that move money without rest; ``acknowledged`` is what they were told."""

    platform: Platform
    account: str
    asked: dict[str, tuple[str, dict[str, str], str | None]] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    stopped: bool = False

    def wishes(self) -> list[tuple[str, dict[str, str], str | None]]:
        """One of each: path, form, and the account that is acted on."""
        money = {"amount": "7", "currency": "gbp"}
        ends = {"source_balance[type]": "payments", "destination_balance[type]": "issuing"}
        return [
            ("/v1/topups", money, None),
            ("/v1/transfers", {**money, "destination": self.account}, None),
            ("/v1/payouts", money, self.account),
            ("/v1/balance_transfers", {**money, **ends}, self.account),
        ]

    async def caller(self, number: int) -> None:
        """Ask for one thing after the other, each under a new key, until the server is gone."""
        count = 0
        while not self.stopped:
            for path, form, account in self.wishes():
                count += 1
                await self.ask(f"{number}-{count}", path, form, account)

    async def ask(self, key: str, path: str, form: dict[str, str], account: str | None) -> None:
        """One call; no answer is an answer too."""
        if self.stopped:
            return
        self.asked[key] = (path, form, account)
        try:
            status, body = await self.platform.call(
                "POST", path, form=form, account=account, version=PREVIEW, idempotency_key=key
            )
        except (aiohttp.ClientError, OSError):
            self.stopped = True
            return
        if status == 200:
            assert self.acknowledged.setdefault(key, body["id"]) == body["id"]
        else:
            assert status in (409, 429, 500, 503), body

    async def ask_again(self) -> None:
        """Repeat every call that was ever made, under its key, until each is acknowledged."""
        self.stopped = False
        for _ in range(20):
            for key in [key for key in self.asked if key not in self.acknowledged]:
                await self.ask(key, *self.asked[key])
        for key in list(self.acknowledged)[:40]:
            await self.ask(key, *self.asked[key])


async def stored(platform: Platform, account: str) -> dict[str, set[str]]:
    """The ids of what moved money, by the path that made it."""
    pool = platform.live.application.database.pool
    accounts = [account, platform.keys.account_id]
    return {
        path: {
            row["id"]
            for row in await pool.fetch(
                f"select id from {table} where account_id = any($1)",
                accounts,
            )
        }
        for path, table in TABLES.items()
    }


def verify(data: Path) -> None:
    """The command that proves the books, beside the server."""
    done = subprocess.run(
        [CARDWRIGHT, "ledger", "verify", "--data-dir", str(data)],
        env=VARIABLES,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


async def test_kill_9_while_money_moves() -> None:
    directory = private_directory()
    data: Path = directory / "data"
    server = await processes.start(data)
    try:
        vault = installed_vault(data, None)
        async with processes.beside(server.published["database"], vault, server.base) as platform:
            account = await payable_account(platform)
            await top_up(platform, None, "gbp", FUNDS)
            await top_up(platform, account, "gbp", FUNDS)
            before = await stored(platform, account)
            load = Load(platform, account)
            running = [asyncio.create_task(load.caller(number)) for number in range(CALLERS)]
            while len(load.acknowledged) < 6 * CALLERS:
                await asyncio.sleep(0.05)
            os.kill(server.database_pid(), signal.SIGKILL)
            server.process.kill()
            server.process.wait()
            await asyncio.gather(*running)
            keys: Any = platform.keys
        server = await processes.start(data)
        verify(data)
        connect = server.published["database"]
        async with processes.beside(connect, vault, server.base) as platform:
            again = replace(platform, keys=keys)
            assert all(
                load.acknowledged[key] in found
                for found in [set().union(*(await stored(again, account)).values())]
                for key in load.acknowledged
            )
            load.platform = again
            await load.ask_again()
            assert set(load.acknowledged) == set(load.asked)
            after = await stored(again, account)
            made = {path: ids - before[path] for path, ids in after.items()}
            wished = Counter(path for path, _, _ in load.asked.values())
            assert {path: len(ids) for path, ids in made.items()} == wished
            assert set().union(*made.values()) == set(load.acknowledged.values())
        verify(data)
    finally:
        server.stop()
        shutil.rmtree(directory)

"""A server that dies between a deadline's claim and its commit, or between an email and its mark:
each effect happens once, each email is sent at least once and marked."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cardwright.kernel.vault import installed_vault
from tests.compliance.stories import (
    HOUR,
    START,
    applicant,
    deadlines,
    done,
    event_types,
    new_clock,
    notices,
)
from tests.simulator.clocks import PATH, advance, ready
from tests.support import processes
from tests.support.database import private_directory
from tests.support.mailbox import Mailbox, open_mailbox
from tests.support.server import Platform

RECIPIENT = "jenny.rosen@example.com"
BLOCKED = (
    "select count(*) from pg_locks where not granted and relation = 'account_notices'::regclass"
)


@dataclass
class Scene:
    """A server as a process of its own, with a mail server; it can be killed and started again."""

    data: Path
    mailbox: Mailbox
    server: processes.Process

    @property
    def connect(self) -> dict[str, Any]:
        """Its database."""
        found: dict[str, Any] = self.server.published["database"]
        return found

    def kill(self) -> None:
        """End it at once."""
        self.server.process.kill()
        self.server.process.wait()

    async def restart(self) -> None:
        """Start it again on the same data."""
        self.server = await processes.start(self.data, CARDWRIGHT_SMTP_URL=self.mailbox.url)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    directory = private_directory()
    async with open_mailbox() as mailbox:
        data = directory / "data"
        server = await processes.start(data, CARDWRIGHT_SMTP_URL=mailbox.url)
        made = Scene(data, mailbox, server)
        yield made
        made.server.stop()
    shutil.rmtree(directory)


async def prepared(platform: Platform) -> tuple[str, str]:
    """A clock, and an applicant on it who is going to be rejected by email."""
    form = {"sender": "operator"}
    await done(platform, "POST", "/_cardwright/notice_settings", form=form)
    clock = await new_clock(platform)
    return clock, await applicant(platform, clock, email=RECIPIENT)


async def sent(platform: Platform, account: str) -> Any:
    """The only notice of the account, once it is marked as sent."""
    for _ in range(600):
        (notice,) = await notices(platform, account)
        if notice["sent_at"] is not None:
            return notice
        await asyncio.sleep(0.05)
    raise AssertionError("the notice was never marked as sent")


async def test_killed_between_claim_and_commit(scene: Scene) -> None:
    vault = installed_vault(scene.data, None)
    async with processes.beside(scene.connect, vault, scene.server.base) as platform:
        clock, account = await prepared(platform)
        # Nobody can write a notice, so the handler waits with the deadline claimed.
        blocker = await asyncpg.connect(**scene.connect)
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("lock table account_notices in exclusive mode")
        form = {"frozen_time": str(START + 2 * HOUR)}
        await done(platform, "POST", f"{PATH}/{clock}/advance", form=form)
        watcher = await asyncpg.connect(**scene.connect)
        for _ in range(400):
            if await watcher.fetchval(BLOCKED):
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError("the handler never came to the notice")
        scene.kill()
        blocker.terminate()
        watcher.terminate()
        keys = platform.keys
    await scene.restart()
    async with processes.beside(scene.connect, vault, scene.server.base) as beside:
        platform = Platform(beside.live, keys)
        await ready(platform, clock)
        notice = await sent(platform, account)
        assert notice["created"] == START + HOUR
        assert "application_unverified" not in await deadlines(platform, account)
        types = await event_types(platform, account)
        assert types.count("account_notice.created") == 1
        assert types.count("account_notice.updated") == 1
        assert len(await scene.mailbox.wait_for(1, RECIPIENT)) == 1
        found = await done(platform, "GET", f"/_cardwright/accounts/{account}/agreements")
        cleared = [one for one in found["data"] if one["kind"] == "cleared"]
        assert len(cleared) == 1


async def test_killed_between_the_email_and_its_mark(scene: Scene) -> None:
    vault = installed_vault(scene.data, None)
    scene.mailbox.answering.clear()
    async with processes.beside(scene.connect, vault, scene.server.base) as platform:
        clock, account = await prepared(platform)
        await advance(platform, clock, START + 2 * HOUR)
        # The mail server has the message, and the server waits for it to say so.
        await scene.mailbox.wait_for(1, RECIPIENT)
        scene.kill()
        keys = platform.keys
    scene.mailbox.answering.set()
    await scene.restart()
    async with processes.beside(scene.connect, vault, scene.server.base) as beside:
        platform = Platform(beside.live, keys)
        # Nobody waits a minute here for the time of the one who died to be over.
        await beside.live.application.database.pool.execute(
            "update account_emails set due_ms = 0 where status = 'queued'"
        )
        notice = await sent(platform, account)
        first, *others = await scene.mailbox.wait_for(2, RECIPIENT)
        assert [letter.message["Message-ID"] for letter in others] == [first.message["Message-ID"]]
        assert notice["email"]["subject"] == first.subject
        path = f"/_cardwright/accounts/{account}/emails"
        (email,) = (await done(platform, "GET", path))["data"]
        assert (email["status"], email["attempts"]) == ("sent", 2)
        types = await event_types(platform, account)
        assert types.count("account_notice.created") == 1
        assert types.count("account_notice.updated") == 1

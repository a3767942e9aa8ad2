"""The plugin as a project uses it: its tests run in a process of their own."""

import asyncio
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cardwright.testing.server import ServerError, running
from tests.journeys.test_readme import blocks
from tests.support.server import Platform

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "test-your-application.md"

PROJECT = """
from datetime import datetime

import pytest
import stripe


def test_a_payment_and_its_events(cardwright):
    account = cardwright.accounts.active("GB", funds=10_000)
    card = cardwright.cards.create(account)
    payment = cardwright.cards.spend(
        card, 1_000, capture=True, merchant_data={"category": "book_stores"}
    )
    assert payment.approved and payment.status == "closed"
    created = cardwright.webhooks.wait_for("issuing_authorization.created", account=account.id)
    assert created.data.object["merchant_data"]["category"] == "book_stores"
    booked = cardwright.webhooks.wait_for(
        "issuing_transaction.created", where=lambda event: event.data.object["amount"] == -1_000
    )
    assert booked.account == account.id
    with pytest.raises(AssertionError, match="No issuing_transaction.created"):
        cardwright.webhooks.wait_for("issuing_transaction.created", seconds=0.1)


def test_alone(cardwright):
    listed = cardwright.client.v1.accounts.list()
    assert listed.data == []
    assert cardwright.webhooks.events == []


@pytest.mark.parametrize("country", ["IE", "US"])
def test_other_countries(cardwright, country):
    card = cardwright.cards.create(cardwright.accounts.active(country, funds=500))
    assert cardwright.cards.spend(card, 500).approved
    assert not cardwright.cards.spend(card, 1).approved


def test_there_and_back(cardwright):
    account = cardwright.accounts.active("GB", funds=1_000)
    card = cardwright.cards.create(account)
    paid = cardwright.snapshot("ready to pay")
    for _ in range(3):
        assert cardwright.cards.spend(card, 1_000).approved
        assert not cardwright.cards.spend(card, 1_000).approved
        cardwright.restore(paid)
    cardwright.reset()
    assert cardwright.client.v1.accounts.list().data == []
    card = cardwright.cards.create(cardwright.accounts.active("GB"))
    assert cardwright.cards.spend(card, 5).approved
    cardwright.webhooks.wait_for("issuing_authorization.created")


def test_a_receiver_that_fails(cardwright):
    account = cardwright.accounts.active("GB")
    card = cardwright.cards.create(account)
    cardwright.webhooks.wait_for("issuing_card.created")
    cardwright.webhooks.refuse_next(1)
    payment = cardwright.cards.spend(card, 100)
    event = cardwright.webhooks.wait_for("issuing_authorization.created")
    assert event.data.object["id"] == payment.id


def test_faults(cardwright):
    fault = cardwright.faults.add("rate_limit", count=1)
    with pytest.raises(stripe.RateLimitError):
        cardwright.client.v1.balance.retrieve()
    cardwright.client.v1.balance.retrieve()
    assert cardwright.faults.strikes(fault) == 1
    cardwright.faults.add("status", status=503)
    cardwright.faults.clear()
    cardwright.client.v1.balance.retrieve()


def test_no_clock(cardwright):
    with pytest.raises(AssertionError, match="machine time"):
        cardwright.clock.advance(days=1)


@pytest.mark.cardwright(clock="2012-02-29")
def test_a_clock(cardwright):
    assert cardwright.clock.now.isoformat() == "2012-02-29T00:00:00+00:00"
    assert cardwright.clock.advance(days=1, hours=2).isoformat() == "2012-03-01T02:00:00+00:00"
    # Without a zone it is UTC, wherever the machine stands.
    assert cardwright.clock.advance(datetime(2012, 3, 5)).isoformat() == "2012-03-05T00:00:00+00:00"
    card = cardwright.cards.create(cardwright.accounts.active("GB", funds=500))
    assert (card.exp_month, card.exp_year) == (3, 2015)
    assert cardwright.cards.spend(card, 500).approved


@pytest.mark.cardwright(clock="2026-01-01")
def test_signatures(cardwright):
    import urllib.error
    import urllib.request

    forged = urllib.request.Request(cardwright.webhooks.url + "/platform", data=b"{}")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(forged)
    with pytest.raises(AssertionError, match="signature is wrong"):
        cardwright.webhooks.events
"""
COUNT = 10
LAZY = """
import sys



def test_nothing_is_imported():
    loaded = {name for name in sys.modules if name.startswith("cardwright")}
    assert loaded <= {"cardwright", "cardwright.testing", "cardwright.testing.plugin"}, loaded
    assert "stripe" not in sys.modules and "msgspec" not in sys.modules
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project on a machine in Newfoundland, whose pytest hears nothing of ours."""
    for name in [name for name in os.environ if "CARDWRIGHT" in name or "PYTEST_" in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "America/St_Johns")
    return pytester


def keepers(project: pytest.Pytester) -> int:
    """How many keepers of the project still run after a moment."""
    command = ["pgrep", "-f", f"cardwright.testing.keeper {project.path}"]
    for _ in range(300):
        found = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout.split()
        if not found:
            break
        time.sleep(0.1)
    return len(found)


def test_a_project(project: pytest.Pytester) -> None:
    project.makepyfile(PROJECT)
    result = project.runpytest_subprocess("-q", "-p", "no:xdist", f"--basetemp={project.path}/tmp")
    result.assert_outcomes(passed=COUNT)
    assert keepers(project) == 0


def test_a_project_in_parallel(project: pytest.Pytester) -> None:
    """The workers share one server."""
    project.makepyfile(test_one=PROJECT, test_two=PROJECT)
    result = project.runpytest_subprocess("-q", "-n", "2", f"--basetemp={project.path}/tmp")
    result.assert_outcomes(passed=2 * COUNT)
    assert len(list(project.path.glob("tmp/cardwright/server.log"))) == 1
    assert list(project.path.glob("tmp/popen-*/cardwright")) == []
    assert keepers(project) == 0


def test_a_project_that_has_nothing_to_do_with_us(project: pytest.Pytester) -> None:
    project.makepyfile(LAZY)
    project.runpytest_subprocess("-q", "-p", "no:xdist").assert_outcomes(passed=1)


def test_a_server_that_is_there(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDWRIGHT_URL", "http://127.0.0.1:9")
    project.makepyfile("def test_it(cardwright): pass")
    result = project.runpytest_subprocess("-q", "-p", "no:xdist")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*set CARDWRIGHT_SECRET_KEY to the secret key*"])


def test_a_server_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said is told, and the next one may try again."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.delenv("CARDWRIGHT_URL", raising=False)
    for _ in range(2):
        with (
            pytest.raises(ServerError, match="did not start: the disk is full"),
            running(tmp_path / "run"),
        ):
            raise AssertionError("there is no server")


async def test_the_guide_runs_as_printed(project: pytest.Pytester) -> None:
    python = "\n".join(blocks(PAGE, "python"))
    project.makepyfile(test_cards=python)
    result = project.runpytest_subprocess("-q", "-p", "no:xdist", f"--basetemp={project.path}/tmp")
    result.assert_outcomes(passed=len(re.findall(r"^def test_", python, re.M)))


async def test_the_guide_for_node(platform: Platform, tmp_path: Path) -> None:
    (script,) = blocks(PAGE, "javascript")
    (tmp_path / "guide.test.mjs").write_text(script)
    process = await asyncio.create_subprocess_exec(
        *("node", "--test", str(tmp_path / "guide.test.mjs")),
        env={
            "PATH": os.environ["PATH"],
            "CARDWRIGHT_URL": platform.base,
            "CARDWRIGHT_SECRET_KEY": platform.keys.secret,
        },
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert "pass 2" in said.decode()

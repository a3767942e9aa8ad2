"""The guide that onboards five accounts: its commands run as printed and end in active cards."""

import asyncio
import os
import re
from pathlib import Path

from tests.journeys.test_readme import blocks
from tests.support.server import Platform

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "onboard-an-account.md"
PROVIDED = "past_due user identity.attestations.persons_provided"


async def printed_by(platform: Platform, script: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        env={**os.environ, "CARDWRIGHT": platform.base, "KEY": platform.keys.secret},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 180)
    assert process.returncode == 0, printed.decode()
    return printed.decode().splitlines()


def parts(lines: list[str]) -> list[list[str]]:
    """What was printed, cut after each line that says how the cards are."""
    found: list[list[str]] = [[]]
    for line in lines:
        found[-1].append(line)
        if line.startswith("cards are"):
            found.append([])
    assert not found[-1], "the guide ends with how the cards are"
    return found[:-1]


async def test_the_guide_runs_as_printed(platform: Platform) -> None:
    found = blocks(PAGE, "sh")
    assert "export CARDWRIGHT=http://127.0.0.1:12111\nexport KEY=sk_test_...\n" in found[0]
    script = re.sub(r"^export .*$", "", "\n".join(found), flags=re.M)
    shown = parts(await printed_by(platform, script))

    individual, done, *shown = shown
    assert len(individual) == 16
    assert individual[0] == "past_due user identity.individual.given_name"
    assert individual[-1] == "cards are restricted"
    assert done == ["cards are active"]

    company, listed, done, *shown = shown
    assert len(company) == 27
    assert listed == [
        f"{PROVIDED}.directors",
        f"{PROVIDED}.executives",
        f"{PROVIDED}.owners",
        "past_due user identity.attestations.ownership_declaration",
        "cards are restricted",
    ]
    assert done == ["cards are active"]

    blank, owner, done, *shown = shown
    assert blank[0].startswith("past due: company.name company.address.line1 ")
    assert "representative.ssn_last_4" in blank[0]
    assert re.fullmatch(r"past due: person_\w+\.ssn_last_4", owner[0])
    assert re.fullmatch(r"eventually due: person_\w+\.ssn_last_4 person_\w+\.id_number", owner[1])
    assert done == ["past due:", "eventually due:", "cards are active"]

    looking, done, *shown = shown
    # Whoever is slow finds that it has been answered.
    assert looking in (
        [
            "currently_due stripe identity.business_details.id_numbers.us_ein",
            "cards are pending",
        ],
        ["cards are active"],
    )
    assert done == ["cards are active"]

    refused, done, *shown = shown
    assert refused == [
        "past_due user representative.documents.primary_verification "
        "verification_failed_keyed_identity",
        "cards are restricted",
    ]
    assert done == ["cards are active"]

    later, done = shown
    assert later[1:] == [
        "currently_due 2100-01-01T00:00:00.000Z user identity.business_details.registration_date",
        "cards are active",
    ]
    assert done == ["cards are active"]

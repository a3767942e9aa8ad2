"""The guide to what happens after weeks and months: its commands run as printed."""

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

from tests.journeys.test_readme import blocks
from tests.support import processes
from tests.support.database import private_directory
from tests.support.mailbox import open_mailbox
from tests.test_serve import keys_in

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "three-stories.md"
RECIPIENT = "jenny.rosen@example.com"


async def test_the_guide_runs_as_printed() -> None:
    found = blocks(PAGE, "sh")
    assert "export CARDWRIGHT=http://127.0.0.1:12111\nexport KEY=sk_test_...\n" in found[0]
    script = re.sub(r"^export .*$", "", "\n".join(found), flags=re.M)
    commands = re.findall(r"^(?:cardwright|[A-Z]+=\$)", script, re.M)
    assert len(commands) < 10
    directory = private_directory()
    data = directory / "data"
    async with open_mailbox() as mailbox:
        server = await processes.start(
            data, "--clock", "2040-01-01", CARDWRIGHT_SMTP_URL=mailbox.url
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *("bash", "-euo", "pipefail", "-c", script),
                env={
                    **processes.VARIABLES,
                    "CARDWRIGHT": server.base,
                    "CARDWRIGHT_DATA_DIR": str(data),
                    "KEY": keys_in(data)["CARDWRIGHT_SECRET_KEY"],
                    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                    "COLUMNS": "200",
                },
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await asyncio.wait_for(process.communicate(), 180)
            printed = output.decode()
            assert process.returncode == 0, printed
            letters = await mailbox.wait_for(3, RECIPIENT)
        finally:
            server.stop()
    shutil.rmtree(directory)
    assert "sender: operator" in printed
    assert "issuing.application_rejected_for_failure_to_verify" in printed
    assert re.search(r"closure_\w+  closed  acct_\w+  terms_of_service, 0 cards", printed)
    assert re.search(r"closure_\w+  lifted  acct_\w+", printed)
    assert re.search(
        r"^restricted,acct_\w+,closure_\w+,.*rejected_other inactivity$", printed, re.M
    )
    subjects = [letter.subject for letter in letters]
    assert subjects == [
        "We could not verify your identity, and cannot give you cards",
        "Your cards were switched off for a violation of the terms",
        "Your cards were switched off because they were not used",
    ]
    assert "2040-01-01" in letters[0].plain_text
    assert "Payments at a casino" in letters[1].plain_text
    assert all(letter.message["Reply-To"] == "support@example.com" for letter in letters)

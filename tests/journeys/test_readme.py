"""The commands that a newcomer copies, from the README and the page on the SDK, as printed."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from tests.support.server import Platform

ROOT = Path(__file__).parent.parent.parent
PYTHON_PAGE = ROOT / "docs" / "how-to" / "with-the-python-sdk.md"


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.M | re.S)


async def run(platform: Platform, *command: str) -> list[str]:
    """Run a command with the platform's address and key; the answer is what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "CARDWRIGHT": platform.base, "KEY": platform.keys.secret},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, printed.decode()
    return printed.decode().splitlines()


async def test_the_commands_of_the_readme_end_in_an_approved_payment(platform: Platform) -> None:
    (block,) = (found for found in blocks(ROOT / "README.md", "sh") if "curl" in found)
    assert "export CARDWRIGHT=http://127.0.0.1:12111\nexport KEY=sk_test_...\n" in block
    script = re.sub(r"^export .*$", "", block, flags=re.M)
    missing, *answers = await run(platform, "bash", "-euo", "pipefail", "-c", script)
    assert "individual" in missing or "identity" in missing
    program, account, funded, payment = map(json.loads, answers)
    assert program["object"] == "issuing.program"
    assert account["capabilities"]["card_issuing"] == "active"
    assert funded["currency"] == "gbp"
    assert payment["object"] == "issuing.authorization"
    assert payment["approved"] is True


async def test_the_program_of_the_sdk_page_runs_as_printed(platform: Platform) -> None:
    program = "\n".join(blocks(PYTHON_PAGE, "python"))
    printed = await run(platform, sys.executable, "-c", program)
    assert printed[0].startswith("missing: ")
    assert printed[1:3] == ["active", "approved: True held: 3000"]
    assert printed[3].startswith("event: issuing_authorization.created on acct_")

"""``cardwright programs`` beside a running server."""

import asyncio
import contextlib
import io
from pathlib import Path

from cardwright.cli.main import app
from cardwright.kernel.startup import StartError
from cardwright.programs.offerings import OFFERINGS
from tests.support import processes


async def test_an_operator_defines_programs_with_commands(data: Path) -> None:
    server = await processes.start(data)
    try:
        await asyncio.to_thread(walk, data)
    finally:
        server.stop()


def walk(data: Path) -> None:
    def command(*words: str) -> str:
        """What a command prints, or its refusal; in this process, which is quicker."""
        printed = io.StringIO()
        tokens = ["programs", *words, "--data-dir", str(data)]
        try:
            with contextlib.redirect_stdout(printed):
                app(tokens, result_action="return_value", exit_on_error=False)
        except StartError as refusal:
            return f"refused: {refusal}"
        return printed.getvalue()

    assert len(command("list").splitlines()) == 1 + len(OFFERINGS)
    wanted = ("define", "Fleet", "--offering", "eu_charge_card", "--brand", "Mastercard")
    kinds = ("--country", "de", "--country", "FR", "--card-type", "virtual")
    made = command(*wanted, "--bin", "52123456", *kinds).split()
    terms = ["open", "eu_charge_card", "Mastercard", "52123456", "eur", "credit"]
    assert made[1:] == [*terms, "virtual", "DE,FR"]
    assert command(*wanted, "--bin", "52123456", "--country", "GB").startswith("refused: A program")
    assert command(*wanted, "--bin", "5212").startswith("refused: The leading digits")
    assert command(*wanted, "--bin", "42123456").startswith("refused: No Mastercard number")
    assert command("close", made[0]).split()[1] == "closed"
    assert command("reopen", made[0]).split()[1] == "open"
    assert command("close", "iprg_none").startswith("refused: The platform has no program")
    assert len(command("list").splitlines()) == 1 + len(OFFERINGS) + 1

"""``cardwright cardholders`` beside a running server."""

import asyncio
import contextlib
import io
from pathlib import Path

import stripe

from cardwright.cli.main import app
from cardwright.kernel.startup import StartError
from tests.support import processes
from tests.test_serve import keys_in

ADDRESS = {
    "line1": "123 Main Street",
    "city": "London",
    "postal_code": "SW1A 1AA",
    "country": "GB",
}


async def test_an_operator_answers_and_blocks_with_commands(data: Path) -> None:
    server = await processes.start(data)
    try:
        key = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
        await asyncio.to_thread(walk, server.base, key, data)
    finally:
        server.stop()


def walk(base: str, key: str, data: Path) -> None:
    client = stripe.StripeClient(key, base_addresses={"api": base})

    def command(*words: str) -> str:
        """What a command prints, or its refusal; in this process, which is quicker."""
        printed = io.StringIO()
        tokens = ["cardholders", *words, "--data-dir", str(data)]
        try:
            with contextlib.redirect_stdout(printed):
                app(tokens, result_action="return_value", exit_on_error=False)
        except StartError as refusal:
            return f"refused: {refusal}"
        return printed.getvalue()

    assert command("screenings") == "No screening has the status under_review.\n"
    holder = client.v1.issuing.cardholders.create(
        {
            "name": "Watchlist Review",
            "billing": {"address": ADDRESS},  # type: ignore[typeddict-item]
            # The platform's own account is in the United States, where people accept terms.
            "individual": {
                "first_name": "Watchlist",
                "last_name": "Review",
                "card_issuing": {"user_terms_acceptance": {"date": 1767225600, "ip": "192.0.2.7"}},
            },
        }
    )
    heads, listed = (line.split() for line in command("screenings").splitlines())
    assert heads == ["id", "status", "cardholder", "account", "created"]
    screening, account = listed[0], listed[3]
    assert listed[1:3] == ["under_review", holder.id]
    assert "values.name: Watchlist Review" in command("show", screening)
    assert command("answer", screening, "rejected", "--note", "the same").split()[1] == "rejected"
    assert "note: the same" in command("show", screening)
    found = client.v1.issuing.cardholders.retrieve(holder.id)
    assert found.requirements.disabled_reason == "rejected.listed"
    command("answer", screening, "cleared")
    assert command("answer", "chscr_none", "cleared").startswith("refused: No such")

    named = ("--account", account)
    assert command("block", holder.id, *named).split() == [holder.id, "blocked"]
    unblocked = command("unblock", holder.id, *named, "--status", "inactive")
    assert unblocked.split() == [holder.id, "inactive"]
    assert command("unblock", holder.id, *named).startswith("refused: The cardholder")
    refused = command("block", holder.id, "--account", "acct_none")
    assert refused == "refused: There is no account acct_none."
    found = client.v1.issuing.cardholders.retrieve(holder.id)
    assert (found.status, found.requirements.disabled_reason) == ("inactive", None)

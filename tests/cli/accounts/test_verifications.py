"""``cardwright verifications``, ``verification-provider``, ``agreements`` and ``terms``, beside a
running server."""

import asyncio
import contextlib
import io
import json
from pathlib import Path

import stripe

from cardwright.cli.main import app
from cardwright.kernel.startup import StartError
from tests.support import processes
from tests.test_serve import keys_in

SSN = "915273846"


async def test_an_operator_verifies_with_commands(data: Path) -> None:
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
        tokens = [*words, "--data-dir", str(data)]
        try:
            with contextlib.redirect_stdout(printed):
                app(tokens, result_action="return_value", exit_on_error=False)
        except StartError as refusal:
            return f"refused: {refusal}"
        return printed.getvalue()

    assert command("verification-provider") == "provider: test_values\nurl: none\n"
    assert "refused" in command("verification-provider", "--provider", "http")
    url = ("--url", "http://127.0.0.1:1/cases")
    hired = command("verification-provider", "--provider", "http", *url)
    assert "signing secret: whsec_" in hired
    assert command("verification-provider", "--provider", "manual").startswith("provider: manual")

    published = command(
        "terms", "publish", "terms_of_service", "first", "--published", "2020-01-01T00:00:00Z"
    )
    assert published == "2020-01-01T00:00:00.000Z  terms_of_service  first\n"
    assert "refused" in command("terms", "publish", "terms_of_service", "first")
    assert "refused" in command("terms", "publish", "Terms", "first")
    heads, listed = command("terms", "list").splitlines()
    assert heads.split() == ["published", "agreement", "version", "url"]
    assert listed.split() == [*published.split(), "-"]

    account = client.v1.accounts.create(
        {
            "country": "US",
            "type": "custom",
            "business_type": "individual",
            "individual": {
                "first_name": "Jenny",
                "last_name": "Rosen",
                "dob": {"day": 12, "month": 11, "year": 1978},
                "id_number": SSN,
            },
            "tos_acceptance": {"date": 1767323045, "ip": "192.0.2.7"},
        }
    )
    assert account.individual is not None
    agreed = command("agreements", account.id)
    assert "terms_of_service.account" in agreed
    [agreement] = json.loads(command("agreements", account.id, "--json"))["data"]
    assert (agreement["version"], agreement["ip"]) == ("first", "192.0.2.7")
    assert key not in agreed
    assert "refused" in command("agreements", "acct_none")

    cases = json.loads(command("verifications", "list", "--json"))["data"]
    found = {case["kind"]: case["id"] for case in cases}
    assert set(found) == {"id_number", "identity"}
    number, identity = found["id_number"], found["identity"]
    assert SSN not in command("verifications", "show", number)
    assert "*****3846" in command("verifications", "show", number)
    assert SSN in command("verifications", "show", number, "--reveal")
    assert "refused" in command("verifications", "reject", identity, "no_code")
    assert "refused" in command("verifications", "approve", identity, "vcase_none")
    assert len(command("verifications", "list").splitlines()) == 1 + 2
    assert "approved" in command("verifications", "approve", identity)
    code = "verification_failed_id_number_match"
    assert code in command("verifications", "reject", number, code)
    assert "document_requested" in command("verifications", "request-document", number)
    assert command("verifications", "list") == "No case has the status needs_review.\n"
    assert identity in command("verifications", "list", "--status", "approved")

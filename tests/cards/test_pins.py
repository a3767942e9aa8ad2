"""PINs: how they come in, who may compare them, and what three wrong ones do."""

import asyncio
import contextlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from cardwright.cards import pins
from cardwright.cards.model import Card
from cardwright.cards.pin_encryption import ALGORITHMS
from cardwright.cli.main import app as commands
from cardwright.kernel.startup import StartError
from cardwright.request_log.recording import Recorder
from cardwright.tenancy import registry
from cardwright.tenancy.platforms import Keys
from cardwright.wire import rows
from tests.cards.test_cards_sdk import Issuer
from tests.support import processes
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform
from tests.support.spending import spender
from tests.test_serve import keys_in

CARDS = "/v1/issuing/cards"


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return Issuer(platform, await issuing_account(platform))


async def public_key(platform: Platform) -> dict[str, Any]:
    """As a page asks for it: without any API key."""
    async with platform.live.http.get(f"{platform.base}/v1/keys") as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        found: dict[str, Any] = await response.json()
        return found


async def encrypted(platform: Platform, pin: str, **header: str) -> str:
    """A PIN as a client encrypts it."""
    found = await public_key(platform)
    protected = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256", "kid": found["key_id"], **header}
    algorithms = [*ALGORITHMS, protected["alg"], protected["enc"]]
    key = RSAKey.import_key(found["jwk"] if not header else found["pkcs8"])
    return jwe.encrypt_compact(protected, pin, key, algorithms=algorithms)


async def stored_pin(platform: Platform, account_id: str, card_id: str) -> str | None:
    database = platform.live.application.database
    async with database.connection() as connection:
        found = await pins.clear(connection, database.vault, account_id, card_id)
    return None if found is None else str(found.number)


async def verify(issuer: Issuer, card_id: str, pin: str) -> tuple[str, int]:
    path = f"/_cardwright/issuing/cards/{card_id}/pin/verify"
    status, body = await issuer.call("POST", path, form={"pin": pin})
    assert status == 200, body
    assert body["object"] == "issuing.pin_verification"
    return body["result"], body["tries_left"]


async def test_the_public_key_has_two_forms_of_one_key(platform: Platform) -> None:
    first = await public_key(platform)
    assert await public_key(platform) == first
    assert first.keys() == {"key_id", "jwk", "pkcs8"}
    jwk = RSAKey.import_key(first["jwk"])
    pem = RSAKey.import_key(first["pkcs8"])
    assert jwk.as_dict(private=False)["n"] == pem.as_dict(private=False)["n"]
    assert first["jwk"]["kid"] == first["key_id"]
    assert "d" not in first["jwk"]
    assert "PRIVATE" not in first["pkcs8"]


async def test_a_test_card_has_the_documented_pin_and_a_live_one_a_random_one(
    issuer: Issuer,
) -> None:
    made = await issuer.card()
    assert await stored_pin(issuer.platform, issuer.account_id, made.id) == "0000"

    given: set[str] = set()
    database = issuer.platform.live.application.database
    async with registry.transaction(database, issuer.account_id) as tx:
        card = await rows.get(tx, Card, made.id)
        live = replace(tx, livemode=True)
        for _ in range(10):
            await pins.set_first(live, card, "4000001234567899", None)
            found = await pins.clear(tx.connection, tx.vault, tx.account_id, made.id)
            assert found is not None
            given.add(str(found.number))
    assert len(given) > 5


async def test_a_pin_set_with_the_card_and_changed_later_shows_nowhere(issuer: Issuer) -> None:
    platform = issuer.platform
    made = await issuer.card(pin={"encrypted_number": await encrypted(platform, "4711")})
    assert "pin" not in made.to_dict()
    assert await stored_pin(platform, issuer.account_id, made.id) == "4711"

    changed = await issuer.update(
        made.id, pin={"encrypted_number": await encrypted(platform, "90817", alg="RSA-OAEP")}
    )
    assert "pin" not in changed.to_dict()
    assert await stored_pin(platform, issuer.account_id, made.id) == "90817"
    assert "pin" not in await issuer.retrieve(made.id)
    for _, snapshot, previous in await issuer.events():
        assert "pin" not in snapshot
        assert previous is None
    for secret in ("4711", "90817"):
        assert await verify(issuer, made.id, secret) == (
            ("match", 3) if secret == "90817" else ("mismatch", 2)
        )


async def test_what_is_no_encrypted_pin_is_refused_and_changes_nothing(issuer: Issuer) -> None:
    platform = issuer.platform
    made = await issuer.card()
    stranger = jwe.encrypt_compact(
        {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"}, "1234", RSAKey.generate_key(2048)
    )
    whole = await encrypted(platform, "1234")
    wrong = [
        "1234",
        "a.b.c.d.e",
        stranger,
        whole[:-4] + "AAAA",
        await encrypted(platform, "1234", alg="RSA-OAEP-256"),
        await encrypted(platform, "1234", enc="A256GCM"),
        await encrypted(platform, "123"),
        await encrypted(platform, "1" * 13),
        await encrypted(platform, "12a4"),
        await encrypted(platform, "١٢٣٤"),
    ]
    for token in wrong:
        status, body = await issuer.call(
            "POST", f"{CARDS}/{made.id}", form={"pin[encrypted_number]": token}
        )
        assert (status, body["error"]["param"]) == (400, "pin[encrypted_number]"), body
        assert token not in str(body) or token == "1234"
    form = {
        "cardholder": made.cardholder.id,
        "currency": "gbp",
        "type": "virtual",
        "pin[encrypted_number]": wrong[2],
    }
    status, _ = await issuer.call("POST", CARDS, form=form)
    assert status == 400
    assert len((await issuer.call("GET", CARDS))[1]["data"]) == 1
    assert await stored_pin(platform, issuer.account_id, made.id) == "0000"
    await issuer.update(made.id, status="canceled")
    status, body = await issuer.call(
        "POST", f"{CARDS}/{made.id}", form={"pin[encrypted_number]": whole}
    )
    assert (status, body["error"]["param"]) == (400, "pin")


async def test_a_replacement_has_a_pin_of_its_own(issuer: Issuer) -> None:
    platform = issuer.platform
    old = await issuer.card(
        status="active", pin={"encrypted_number": await encrypted(platform, "4711")}
    )
    new = await issuer.card(
        cardholder=old.cardholder.id, replacement_for=old.id, replacement_reason="damaged"
    )
    assert await stored_pin(platform, issuer.account_id, new.id) == "0000"
    assert await stored_pin(platform, issuer.account_id, old.id) == "4711"


async def test_three_wrong_pins_block_the_card_until_it_is_activated(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    issuer = Issuer(platform, payer.account)
    card = payer.card
    assert await verify(issuer, card, "1111") == ("mismatch", 2)
    assert await verify(issuer, card, "0000") == ("match", 3), "in a row"
    for left in (2, 1, 0):
        assert (await issuer.retrieve(card))["status"] == "active"
        assert await verify(issuer, card, "1111") == ("mismatch", left)
    assert (await issuer.retrieve(card))["status"] == "inactive"
    assert await verify(issuer, card, "0000") == ("blocked", 0), "nothing is compared any more"
    declined = await payer.authorize(100)
    assert declined["request_history"][0]["reason"] == "pin_blocked"
    events = await issuer.events()
    assert [(kind, previous) for kind, _, previous in events] == [
        ("issuing_card.created", None),
        ("issuing_card.updated", {"status": "active"}),
    ]
    assert not any("pin_failures" in str(snapshot) for _, snapshot, _ in events)

    await issuer.update(card, status="active")
    assert await verify(issuer, card, "1111") == ("mismatch", 2)
    assert (await payer.authorize(100))["approved"]


async def test_a_pin_is_typed_at_the_terminal(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)

    async def typed(pin: str, key: str | None = None) -> Any:
        form = {"card": payer.card, "amount": "100", "authorization_method": "chip", "pin": pin}
        path = "/v1/test_helpers/issuing/authorizations"
        made = await payer.done("POST", path, form, idempotency_key=key)
        assert "pin" not in made
        return made["approved"], made["request_history"][0]["reason"]

    assert await typed("0000") == (True, "card_active")
    wrong = (False, "verification_failed")
    assert await typed("1111") == wrong
    assert await typed("1111", key="once") == wrong
    assert await typed("1111", key="once") == wrong, "a repeat is not counted"
    assert (await payer.authorize(100))["approved"], "without a PIN it goes on"
    # The third one blocks it, for whatever comes.
    blocked = (False, "pin_blocked")
    assert await typed("1111") == blocked
    assert await typed("0000") == blocked
    assert (await payer.authorize(100))["request_history"][0]["reason"] == "pin_blocked"
    status, body = await payer.call(
        "POST",
        "/v1/test_helpers/issuing/authorizations",
        {"card": "ic_none", "amount": "100", "pin": "1234"},
    )
    assert (status, body["error"]["param"]) == (404, "card")


async def test_one_request_counts_once_however_often_it_comes(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    path = "/v1/test_helpers/issuing/authorizations"
    form = {"card": payer.card, "amount": "100", "pin": "1111"}

    async def typed(key: str, pin: str = "1111") -> Any:
        made = await payer.done("POST", path, {**form, "pin": pin}, idempotency_key=key)
        return made["request_history"][0]["reason"]

    for key in ("first", "second"):
        reasons = await asyncio.gather(*(typed(key) for _ in range(8)))
        assert set(reasons) == {"verification_failed"}
    # The third wrong PIN blocks it: the sixteen requests before were two.
    assert (await payer.authorize(100))["approved"]
    assert await typed("third") == "pin_blocked"


async def test_a_key_that_is_used_again_after_its_time_proves_no_pin(platform: Platform) -> None:
    payer = await spender(platform, funds=10_000)
    path = "/v1/test_helpers/issuing/authorizations"

    async def typed(pin: str) -> Any:
        form = {"card": payer.card, "amount": "100", "pin": pin}
        made = await payer.done("POST", path, form, idempotency_key="again")
        return made["request_history"][0]["reason"]

    assert await typed("0000") == "card_active"
    await platform.live.application.database.pool.execute(
        "update idempotency_keys set created_ms = created_ms - $1 where account_id = $2",
        25 * 60 * 60 * 1000,
        payer.account,
    )
    assert await typed("1111") == "verification_failed"


async def test_an_operator_unblocks(issuer: Issuer) -> None:
    made = await issuer.card(status="active")
    path = f"/_cardwright/issuing/cards/{made.id}/pin/unblock"
    status, body = await issuer.call("POST", path)
    assert (status, body["error"]["message"]) == (400, "The PIN of this card is not blocked.")
    await asyncio.gather(*(verify(issuer, made.id, "9999") for _ in range(3)))
    assert (await issuer.retrieve(made.id))["status"] == "inactive"
    answers = await asyncio.gather(*(issuer.call("POST", path) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200, *[400] * 7]
    assert (await issuer.retrieve(made.id))["status"] == "active"
    assert await verify(issuer, made.id, "0000") == ("match", 3)

    await asyncio.gather(*(verify(issuer, made.id, "9999") for _ in range(3)))
    await issuer.update(made.id, status="canceled")
    status, _ = await issuer.call("POST", path)
    assert status == 400


async def test_a_presented_pin_is_kept_out_of_the_log_of_requests(issuer: Issuer) -> None:
    made = await issuer.card()
    await verify(issuer, made.id, "8642")
    recorder = issuer.platform.live.application.part(Recorder)
    while recorder.waiting:
        await asyncio.sleep(0.02)
    status, listed = await issuer.platform.call("GET", "/_cardwright/requests?limit=100")
    assert status == 200
    paths = [one["path"] for one in listed["data"]]
    assert any(path.endswith("/pin/verify") for path in paths)
    assert "8642" not in str(listed)
    status, _ = await issuer.call(
        "POST", f"/_cardwright/issuing/cards/{made.id}/pin/verify", form={"pin": "12"}
    )
    assert status == 400


async def test_an_operator_verifies_and_unblocks_with_commands(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await processes.start(data)
    try:
        keys = keys_in(data)
        async with aiohttp.ClientSession() as http:
            known = Keys("", keys["CARDWRIGHT_SECRET_KEY"], keys["CARDWRIGHT_PUBLISHABLE_KEY"])
            live = Live(None, server.base, http)  # type: ignore[arg-type]
            payer = await spender(Platform(live, known))
        typed = "0000"
        monkeypatch.setattr("cardwright.cli.cards.cards.getpass", lambda _: typed)

        async def command(*words: str) -> str:
            return await asyncio.to_thread(printed, *words, payer.account, payer.card, data=data)

        assert await command("verify-pin") == f"{payer.card}: match, tries left: 3\n"
        assert "is not blocked" in await command("unblock-pin")
        typed = "1111"
        for left in (2, 1, 0):
            assert f"mismatch, tries left: {left}" in await command("verify-pin")
        assert "blocked, tries left: 0" in await command("verify-pin")
        assert await command("unblock-pin") == f"{payer.card}: active, the PIN is unblocked\n"
        typed = "12"
        assert await command("verify-pin") == "refused: A PIN is 4 to 12 digits."
    finally:
        server.stop()


def printed(*words: str, data: Path) -> str:
    """What a command prints, or its refusal; in this process, which is quicker."""
    output = io.StringIO()
    tokens = ["cards", *words, "--data-dir", str(data)]
    try:
        with contextlib.redirect_stdout(output):
            commands(tokens, result_action="return_value", exit_on_error=False)
    except StartError as refusal:
        return f"refused: {refusal}"
    return output.getvalue()

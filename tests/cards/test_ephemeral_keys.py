"""Ephemeral keys on the wire: what they open, and what they do not."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.cards import ephemeral_keys
from cardwright.kernel import clock
from cardwright.request_log.recording import Recorder
from tests.cards.test_cards_sdk import ADDRESS, Issuer
from tests.support.issuing import issuing_account
from tests.support.server import Platform

VERSION = "2025-03-31.basil"
NONCES, KEYS = "/v1/ephemeral_key_nonces", "/v1/ephemeral_keys"
EXPANDED = "expand[]=number&expand[]=cvc&expand[]=pin.number&safe_expands=true"


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return Issuer(platform, await issuing_account(platform))


async def nonce(issuer: Issuer) -> tuple[str, str]:
    """As a browser gets it: public and private half."""
    status, made = await issuer.call("POST", NONCES, key=issuer.platform.keys.publishable)
    assert status == 200, made
    assert made["object"] == "ephemeral_key_nonce"
    return made["public_nonce"], made["private_nonce"]


async def key(issuer: Issuer, card: str, public: str | None) -> Any:
    """As a server makes it, with the official SDK."""
    params: Any = {"issuing_card": card} | ({"nonce": public} if public else {})
    options: Any = {**issuer.options, "stripe_version": VERSION}
    create = issuer.platform.sdk.v1.ephemeral_keys.create
    return await asyncio.to_thread(create, params, options)


async def read(
    issuer: Issuer, secret: str, card: str, private: str | None, query: str = EXPANDED
) -> tuple[int, Any]:
    """The card as a browser reads it, without naming an account."""
    if private is not None:
        query += f"&ephemeral_key_private_nonce={private}"
    return await issuer.platform.call("GET", f"/v1/issuing/cards/{card}?{query}", key=secret)


async def test_a_browser_reads_a_card(issuer: Issuer) -> None:
    card = (await issuer.card(status="active")).id
    public, private = await nonce(issuer)
    made = await key(issuer, card, public)
    assert made.id.startswith("ephkey_")
    assert (made.object, made.livemode) == ("ephemeral_key", False)
    assert made.expires - made.created == 3600
    assert made.secret.startswith("ek_test_")
    assert made.to_dict()["associated_objects"] == [{"id": card, "type": "issuing.card"}]
    assert "private_digest" not in made.to_dict()

    status, shown = await read(issuer, made.secret, card, private)
    assert status == 200, shown
    server_side = await issuer.retrieve(card, "number", "cvc")
    assert (shown["number"], shown["cvc"]) == (server_side["number"], server_side["cvc"])
    assert shown["pin"] == {"number": "0000"}
    # As often as it likes, within the hour, and with the account named too.
    status, again = await issuer.call(
        "GET",
        f"/v1/issuing/cards/{card}?ephemeral_key_private_nonce={private}&expand[]=cvc",
        key=made.secret,
    )
    assert (status, again["cvc"]) == (200, shown["cvc"])
    assert "number" not in again


async def test_a_physical_card_shows_its_secrets_to_an_ephemeral_key_alone(issuer: Issuer) -> None:
    made = await issuer.card(type="physical", shipping={"name": "Jenny", "address": ADDRESS})
    public, private = await nonce(issuer)
    secret = (await key(issuer, made.id, public)).secret
    status, shown = await read(issuer, secret, made.id, private)
    assert status == 200
    assert shown["number"].endswith(made.last4)
    assert "number" not in await issuer.retrieve(made.id, "number")


async def test_a_pin_needs_an_ephemeral_key(issuer: Issuer) -> None:
    card = (await issuer.card()).id
    path = f"/v1/issuing/cards/{card}?expand[]=pin.number"
    status, body = await issuer.call("GET", path)
    assert (status, body["error"]["param"]) == (400, "pin.number")
    status, shown = await issuer.call("GET", f"{path}&safe_expands=true")
    assert status == 200
    assert "pin" not in shown


async def test_it_opens_nothing_else(issuer: Issuer) -> None:
    card, other = (await issuer.card()).id, (await issuer.card()).id
    public, private = await nonce(issuer)
    _, stranger = await nonce(issuer)
    secret = (await key(issuer, card, public)).secret
    for given in (None, "", "wrong", stranger, public):
        status, body = await read(issuer, secret, card, given)
        assert status == 400, body
        assert "ephemeral_key_private_nonce" in body["error"]["message"]
    for target in (other, "ic_none"):
        status, body = await read(issuer, secret, target, private)
        assert status == 403
        assert target not in str(body)
    for method, path in (
        ("POST", f"/v1/issuing/cards/{card}"),
        ("GET", "/v1/issuing/cards"),
        ("GET", "/v1/balance"),
        ("POST", KEYS),
        ("POST", NONCES),
        ("GET", "/v1/account"),
    ):
        form: dict[str, str] | None = {} if method == "POST" else None
        status, body = await issuer.platform.call(method, path, form=form, key=secret)
        assert (status, body["error"]["code"]) == (403, "secret_key_required"), path
    account = await issuing_account(issuer.platform)
    status, _ = await issuer.platform.call(
        "GET", f"/v1/issuing/cards/{card}", key=secret, account=account
    )
    assert status == 403


async def test_a_nonce_makes_one_key_on_its_account(issuer: Issuer) -> None:
    card = (await issuer.card()).id
    public, private = await nonce(issuer)
    stranger = Issuer(issuer.platform, await issuing_account(issuer.platform))
    theirs = (await stranger.card()).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await key(stranger, theirs, public)
    assert caught.value.param == "nonce"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await key(issuer, "ic_none", public)
    assert caught.value.param == "issuing_card"
    made = await asyncio.gather(
        *(key(issuer, card, public) for _ in range(6)), return_exceptions=True
    )
    [good] = [one for one in made if not isinstance(one, BaseException)]
    assert (await read(issuer, good.secret, card, private))[0] == 200
    for wrong in (private, "ephkn_pub_nothing"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await key(issuer, card, wrong)
        assert caught.value.param == "nonce"


async def test_a_key_without_a_nonce_shows_nothing_secret(issuer: Issuer) -> None:
    card = (await issuer.card()).id
    secret = (await key(issuer, card, None)).secret
    status, shown = await read(issuer, secret, card, None)
    assert status == 200
    assert shown["id"] == card
    assert not {"number", "cvc", "pin"} & shown.keys()
    status, _ = await read(issuer, secret, card, "invented")
    assert status == 400


async def test_the_version_is_given_with_the_call(issuer: Issuer) -> None:
    card = (await issuer.card()).id
    status, body = await issuer.call("POST", KEYS, form={"issuing_card": card})
    assert (status, body["error"]["code"]) == (400, "api_version_required")
    for form in ({}, {"issuing_card": ""}, {"issuing_card": card, "customer": "cus_1"}):
        status, _ = await issuer.call("POST", KEYS, form=form, version=VERSION)
        assert status == 400


@pytest.mark.calendar
async def test_a_deleted_key_and_one_whose_hour_is_over_open_nothing(issuer: Issuer) -> None:
    pool = issuer.platform.live.application.database.pool
    card = (await issuer.card()).id
    public, private = await nonce(issuer)
    made = await key(issuer, card, public)
    delete = issuer.platform.sdk.v1.ephemeral_keys.delete
    gone = await asyncio.to_thread(delete, made.id, {}, issuer.options)
    assert gone.id == made.id
    assert "secret" not in gone.to_dict()
    assert (await read(issuer, made.secret, card, private))[0] == 401
    with pytest.raises(stripe.InvalidRequestError):
        await asyncio.to_thread(delete, made.id, {}, issuer.options)

    public, private = await nonce(issuer)
    made = await key(issuer, card, public)
    unused, _ = await nonce(issuer)
    past = clock.machine_ms() - 1
    await pool.execute("update api_keys set expires_ms = $1 where subject = $2", past, made.id)
    status, body = await read(issuer, made.secret, card, private)
    assert (status, body["error"]["code"]) == (401, "api_key_expired")
    await pool.execute(
        "update ephemeral_key_nonces set expires_ms = $1 where public_nonce = $2", past, unused
    )
    with pytest.raises(stripe.InvalidRequestError):
        await key(issuer, card, unused)

    await pool.execute("update ephemeral_keys set expires = 1 where id = $1", made.id)
    async with issuer.platform.live.application.database.connection() as connection:
        assert await ephemeral_keys.purge(connection) >= 1
    for table, column, value in (
        ("api_keys", "subject", made.id),
        ("ephemeral_keys", "id", made.id),
        ("ephemeral_key_nonces", "public_nonce", unused),
    ):
        query = f"select count(*) from {table} where {column} = $1"
        assert await pool.fetchval(query, value) == 0


async def test_no_half_of_it_is_kept_or_logged(issuer: Issuer) -> None:
    card = (await issuer.card()).id
    public, private = await nonce(issuer)
    made = await key(issuer, card, public)
    status, shown = await read(issuer, made.secret, card, private)
    assert status == 200
    await read(issuer, made.secret, card, "wrong")
    recorder = issuer.platform.live.application.part(Recorder)
    while recorder.waiting:
        await asyncio.sleep(0.02)
    pool = issuer.platform.live.application.database.pool
    tables = await pool.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    for table in tables:
        for secret in (private, made.secret, shown["number"]):
            found = await pool.fetchval(
                f"select count(*) from {table['table_name']} as every where every::text like $1",
                f"%{secret}%",
            )
            assert found == 0, table["table_name"]
    _, logged = await issuer.platform.call("GET", "/_cardwright/requests?limit=100")
    for one in logged["data"]:
        _, whole = await issuer.platform.call("GET", f"/_cardwright/requests/{one['id']}")
        for secret in (private, made.secret, shown["number"]):
            assert secret not in str(whole)

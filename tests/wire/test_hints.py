"""What an error says beyond what is wrong: what its caller probably forgot."""

import asyncio
from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.support.server import Live, Platform
from tests.support.spending import HELPERS, spender
from tests.wire.test_pipe import FORM

GENERAL = "2026-10-28.endive"
PREVIEWS = "It exists in preview versions: send Stripe-Version 2025-09-30.preview."
PROGRAMS = "Programs need a preview version with the flag issuing_program_beta=v2."
ACCOUNT = "If it belongs to a connected account, send its id in the Stripe-Account header."
NOBODY = "0" * 26


@pytest.mark.parametrize(
    ("wanted", "previewed"),
    [
        ({"configuration": {"card_creator": {}}}, True),
        ({"include": ["configuration.card_creator"]}, True),
        ({"defaults": {"responsibilities": {"requirements_collector": "application"}}}, True),
        ({"configuration": {"card_maker": {}}}, False),
        ({"include": ["configuration.card_maker"]}, False),
    ],
)
async def test_what_only_previews_have(
    platform: Platform, wanted: dict[str, Any], previewed: bool
) -> None:
    status, body = await platform.call("POST", "/v2/core/accounts", json=wanted, version=GENERAL)
    assert (status, body["error"]["code"]) == (400, "invalid_fields")
    assert body["error"]["message"].endswith(PREVIEWS) == previewed


async def test_programs_without_their_flag(platform: Platform) -> None:
    status, body = await platform.call(
        "GET", "/v1/issuing/programs/iprg_1", version="2026-05-27.preview"
    )
    assert (status, body["error"]["code"]) == (404, "url_invalid")
    assert body["error"]["message"].endswith(PROGRAMS)


async def test_a_forgotten_account_header(live: Live, platform: Platform) -> None:
    """The same words whether the object exists or not; none for whom the header would not help."""
    one = await spender(platform, funds=1000)
    made = await one.authorize(100)
    card = made["card"]["id"]
    for kind, known in (
        ("cards", card),
        ("cardholders", one.holder),
        ("authorizations", made["id"]),
        ("transactions", f"ipi_{NOBODY}"),
    ):
        for called in (known, "x_" + NOBODY):
            status, body = await platform.call("GET", f"/v1/issuing/{kind}/{called}")
            assert (status, body["error"]["code"]) == (404, "resource_missing")
            assert body["error"]["message"] == f"No such {kind[:-1]}: '{called}'. {ACCOUNT}"
    form = {"card": card, "amount": "1"}
    status, body = await platform.call("POST", HELPERS, form=form)
    assert body["error"]["message"] == f"No such card: '{card}'. {ACCOUNT}"
    for account in (one.account, platform.keys.account_id):
        _, body = await platform.call("GET", f"/v1/issuing/cards/x_{NOBODY}", account=account)
        assert ACCOUNT not in body["error"]["message"]
    stranger = Platform(live, await create_platform(live.application.database))
    _, body = await stranger.call("GET", f"/v1/issuing/cards/{card}")
    assert body["error"]["message"] == f"No such card: '{card}'. {ACCOUNT}"
    _, body = await platform.call("GET", "/v1/events/evt_1")
    assert ACCOUNT not in body["error"]["message"]


async def test_a_kept_refusal_keeps_its_hint(platform: Platform) -> None:
    """A repeated key is answered with the same words."""
    form = {"cardholder": f"ich_{NOBODY}", "currency": "gbp", "type": "virtual"}
    first, second = [
        await platform.call("POST", "/v1/issuing/cards", form=form, idempotency_key="card")
        for _ in range(2)
    ]
    assert first == second
    assert first[0] in (400, 404)


@pytest.mark.parametrize("country", ["XX", "ZZ", "UK", "GBR", "xx"])
async def test_a_country_that_is_none(platform: Platform, country: str) -> None:
    form = {**FORM, "billing[address][country]": country}
    answers = await asyncio.gather(
        platform.call("POST", "/v1/issuing/cardholders", form=form),
        platform.call("POST", "/v1/accounts", form={"country": country}),
    )
    assert [status for status, _ in answers] == [400, 400]
    assert [body["error"]["param"] for _, body in answers] == [
        "billing[address][country]",
        "country",
    ]


async def test_a_currency_that_is_none(platform: Platform) -> None:
    form = {"amount": "100", "currency": "xyz"}
    status, body = await platform.call("POST", "/v1/topups", form=form)
    assert (status, body["error"]["param"]) == (400, "currency")

"""Purchases that look like fraud: declined, confirmed by the cardholder, and let through."""

import json
from typing import Any

import pytest

from cardwright.authorizations import fraud
from tests.authorizations.real_time.test_asking import answer, asked
from tests.authorizations.test_authorizations import check_books
from tests.support.receiver import Receiver
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

SETTINGS = "/_cardwright/issuing/authorization_settings"
CHALLENGES = "/_cardwright/issuing/fraud_challenges"
RISKY = {"risk_assessment[fraud_risk][level]": "highest"}
ASKING = {"approved": False, "send_fraud_challenges": ["sms"]}


async def challenging(platform: Platform, **more: Any) -> Spender:
    """A spender whose platform has cardholders asked."""
    status, body = await platform.call("POST", SETTINGS, form={"fraud_challenges": "true"})
    assert (status, body["fraud_challenges"]) == (200, True)
    return await spender(platform, funds=10_000, **more)


async def respond(one: Spender, made: Any, confirmed: str) -> tuple[int, Any]:
    """The cardholder's answer, by the test helper."""
    path = f"{HELPERS}/{made['id']}/fraud_challenges/respond"
    return await one.call("POST", path, {"confirmed": confirmed})


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        ("+18008675309", "pending", None),
        ("+447700900123", "pending", None),
        ("+33612345678", "undeliverable", "unsupported_phone_number"),
        (None, "undeliverable", "no_phone_number"),
        ("", "undeliverable", "no_phone_number"),
    ],
)
def test_where_messages_go(number: str | None, status: str, reason: str | None) -> None:
    """To numbers of two countries."""
    sent = fraud.challenge_of(number)
    assert (sent.channel, sent.status, sent.undeliverable_reason) == ("sms", status, reason)


@pytest.mark.parametrize(
    ("form", "declined"),
    [
        (RISKY, True),
        ({"risk_assessment[fraud_risk][level]": "elevated"}, False),
        ({"risk_level": "high"}, True),
        ({"risk_level": "elevated", "fraud_score": "60"}, False),
        ({"risk_assessment[card_testing_risk][level]": "highest"}, False),
    ],
)
async def test_levels(platform: Platform, form: dict[str, str], declined: bool) -> None:
    """The highest risk of fraud declines, in either form of asking; nobody is asked by default."""
    one = await spender(platform, funds=10_000)
    made = await one.authorize(1000, **form)
    assert made["request_history"][0]["reason"] == (
        "suspected_fraud" if declined else "card_active"
    )
    assert made["fraud_challenges"] is None
    assert (await respond(one, made, "true"))[0] == 400


async def test_a_confirmed_purchase_is_let_through(platform: Platform) -> None:
    """A retry at the merchant, of no more, with the card: not another merchant, amount or card."""
    one = await challenging(platform)
    made = await one.authorize(1000, **RISKY)
    assert (made["approved"], made["status"]) == (False, "closed")
    pending = {"channel": "sms", "status": "pending", "undeliverable_reason": None}
    assert made["fraud_challenges"] == [pending]
    status, told = await respond(one, made, "true")
    assert status == 200
    assert told["fraud_challenges"] == [{**pending, "status": "verified"}]
    assert (await one.events())[-1] == "issuing_authorization.updated"
    assert (await respond(one, made, "true"))[0] == 400
    again = await one.authorize(1000, **RISKY)
    assert (again["approved"], again["verified_by_fraud_challenge"]) == (True, True)
    for differs in (
        await one.authorize(1001, **RISKY),
        await one.authorize(1000, **RISKY, **{"merchant_data[network_id]": "another"}),
    ):
        assert differs["request_history"][0]["reason"] == "suspected_fraud"
        assert differs["verified_by_fraud_challenge"] is None
    one.card = await one.new_card()
    other = await one.authorize(1000, **RISKY)
    assert other["request_history"][0]["reason"] == "suspected_fraud"
    told = await one.done("GET", f"/v1/issuing/authorizations/{again['id']}/explain")
    [rule] = [rule for rule in told["decisions"][0]["rules"] if rule["rule"] == "fraud_risk"]
    assert rule["saw"] == {"level": "highest", "verified_by_fraud_challenge": True}
    await check_books(one)


async def test_a_denied_purchase_stays_declined(platform: Platform) -> None:
    """The cardholder says that it was not them."""
    one = await challenging(platform)
    made = await one.authorize(1000, **RISKY)
    _, told = await respond(one, made, "false")
    assert told["fraud_challenges"][0]["status"] == "rejected"
    again = await one.authorize(1000, **RISKY)
    assert again["request_history"][0]["reason"] == "suspected_fraud"
    path = f"{HELPERS}/{made['id']}/fraud_challenges/respond"
    status, body = await one.call("POST", path)
    assert (status, body["error"]["param"]) == (400, "confirmed")


async def test_a_message_that_cannot_be_delivered(platform: Platform) -> None:
    """Nobody can answer it."""
    one = await challenging(platform, holder={"phone_number": "+33612345678"})
    made = await one.authorize(1000, **RISKY)
    [sent] = made["fraud_challenges"]
    assert (sent["status"], sent["undeliverable_reason"]) == (
        "undeliverable",
        "unsupported_phone_number",
    )
    assert (await respond(one, made, "true"))[0] == 400


async def test_the_platform_asks_for_a_challenge(platform: Platform, receiver: Receiver) -> None:
    """The webhook declines and has the cardholder asked; the retry's question says it is known."""
    one, _ = await asked(platform, receiver, answer(json.dumps(ASKING).encode()))
    made = await one.authorize(1000)
    assert made["request_history"][0]["reason"] == "webhook_declined"
    assert made["fraud_challenges"][0]["status"] == "pending"
    assert (await respond(one, made, "true"))[0] == 200
    receiver.script["/ask"] = [answer(b'{"approved": true, "send_fraud_challenges": ["sms"]}')]
    again = await one.authorize(900)
    question = receiver.at("/ask")[1].json["data"]["object"]
    assert question["verified_by_fraud_challenge"] is True
    assert (again["approved"], again["fraud_challenges"]) == (True, None)
    receiver.script["/ask"] = [answer(b'{"approved": false, "send_fraud_challenges": ["post"]}')]
    refused = await one.authorize(900)
    assert refused["request_history"][0]["reason"] == "webhook_error"


async def test_a_challenge_expires(platform: Platform) -> None:
    """Ten minutes of the account's clock, and a confirmation lasts a day."""
    clocks = "/v1/test_helpers/test_clocks"
    status, made = await platform.call("POST", clocks, form={"frozen_time": "2209032000"})
    assert status == 200, made

    async def advance(seconds: int) -> None:
        form = {"frozen_time": str(2209032000 + seconds)}
        status, body = await platform.call("POST", f"{clocks}/{made['id']}/advance", form=form)
        assert status == 200, body
        for _ in range(200):
            if (await platform.call("GET", f"{clocks}/{made['id']}"))[1]["status"] == "ready":
                return

    one = await challenging(platform, test_clock=made["id"])
    first, second = [await one.authorize(1000, **RISKY) for _ in range(2)]
    assert (await respond(one, second, "true"))[0] == 200
    await advance(600)
    told = await one.done("GET", f"/v1/issuing/authorizations/{first['id']}")
    assert told["fraud_challenges"][0]["status"] == "expired"
    assert (await respond(one, first, "true"))[0] == 400
    assert (await one.authorize(500, **RISKY))["approved"]
    await advance(86_400)
    late = await one.authorize(500, **RISKY)
    assert late["request_history"][0]["reason"] == "suspected_fraud"


async def test_the_live_door(platform: Platform) -> None:
    """Whoever sends messages reads them, and says what was answered."""
    one = await challenging(platform)
    made = await one.authorize(1050, **RISKY)
    status, listed = await platform.call("GET", CHALLENGES)
    [message] = listed["data"]
    assert (status, message["authorization"], message["account"]) == (200, made["id"], one.account)
    assert message["phone_number"] == "+18008675309"
    assert message["text"] == "Did you try to pay 10.50 GBP at Rocket Rides? Reply YES or NO."
    told = await one.done("POST", f"{CHALLENGES}/{made['id']}/respond", {"confirmed": "true"})
    assert told["fraud_challenges"][0]["status"] == "verified"
    assert (await platform.call("GET", CHALLENGES))[1]["data"] == []
    status, _ = await one.call("GET", CHALLENGES)
    assert status == 400


@pytest.mark.parametrize(
    ("setting", "form", "reason"),
    [
        ("magnetic_stripe", {"authorization_method": "swipe"}, "insecure_authorization_method"),
        (
            "cash_withdrawals",
            {"merchant_data[category]": "automated_cash_disburse"},
            "not_allowed",
        ),
        ("cash_withdrawals", {"amount_details[cashback_amount]": "100"}, "not_allowed"),
    ],
)
async def test_what_a_platform_lets_cards_do(
    platform: Platform, setting: str, form: dict[str, str], reason: str
) -> None:
    """Cash and the magnetic stripe, allowed unless the platform says otherwise."""
    one = await spender(platform, funds=10_000)
    assert (await one.authorize(1000, **form))["approved"]
    status, body = await platform.call("POST", SETTINGS, form={setting: "not_allowed"})
    assert (status, body[setting]) == (200, "not_allowed")
    assert (await platform.call("GET", SETTINGS))[1] == body
    refused = await one.authorize(1000, **form)
    assert refused["request_history"][0]["reason"] == reason
    assert (await one.authorize(1000))["approved"]
    status, body = await platform.call("POST", SETTINGS, form={setting: "perhaps"})
    assert (status, body["error"]["param"]) == (400, setting)

"""Why an authorization was decided as it was: recorded with the decision, over live HTTP."""

import asyncio
from typing import Any

import pytest

from cardwright.authorizations.decision import explanation, rules
from tests.authorizations.real_time.test_asking import answer, asked, pending
from tests.authorizations.test_authorizations import AUTHORIZATIONS
from tests.simulator.clocks import new_clock
from tests.support.receiver import Receiver, Step
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

DAILY = {
    "spending_controls[spending_limits][0][amount]": "5000",
    "spending_controls[spending_limits][0][interval]": "daily",
}


async def explained(one: Spender, made: Any) -> Any:
    """The explanation of an authorization."""
    return await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}/explain")


def rule_of(decision: Any, name: str) -> Any:
    """One rule of a decision."""
    return next(rule for rule in decision["rules"] if rule["rule"] == name)


def test_every_rule_can_be_explained() -> None:
    """Each rule of each order has a sentence and says what it saw."""
    names = {name for order in rules.ORDERS.values() for name in order}
    assert names == set(explanation.SAW) == set(explanation.SENTENCES)
    assert rules.ORDERS[rules.ORDER] == tuple(rule.name for rule in rules.RULES)
    assert all(explanation.SENTENCES.values())


async def test_an_approval_rule_by_rule(platform: Platform) -> None:
    """Every rule in order, what it saw, how long it took, and what the ledger did."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=10_000, card=DAILY, test_clock=clock)
    await one.authorize(1000)
    made = await one.authorize(700)
    await one.done("POST", f"{HELPERS}/{made['id']}/capture", {"capture_amount": "600"})
    told = await explained(one, made)
    assert (told["object"], told["authorization"], told["approved"], told["status"]) == (
        "issuing.authorization_explanation",
        made["id"],
        True,
        "closed",
    )
    [decision] = told["decisions"]
    assert (decision["occasion"], decision["reason"], decision["amount"]) == (
        "request",
        "card_active",
        700,
    )
    assert [rule["rule"] for rule in decision["rules"]] == [rule.name for rule in rules.RULES]
    assert {rule["verdict"] for rule in decision["rules"]} == {"passed"}
    assert all(rule["took_us"] >= 0 for rule in decision["rules"])
    assert decision["took_us"] == pytest.approx(sum(r["took_us"] for r in decision["rules"]))
    assert rule_of(decision, "card_limits")["saw"] == {
        "amount": 700,
        "limits": [{"amount": 5000, "interval": "daily", "categories": [], "spent": 1000}],
    }
    assert rule_of(decision, "funds")["saw"] == {
        "book": "issuing",
        "available": 9000,
        "amount": 700,
    }
    assert told["answers"] == []
    assert [
        (moved["reason"], [(entry["part"], entry["amount"]) for entry in moved["entries"]])
        for moved in told["ledger_transfers"]
    ] == [
        ("issuing_authorization_hold", [("available", -700), ("held", 700)]),
        ("issuing_authorization_release", [("available", 700), ("held", -700)]),
        ("issuing_transaction", [("available", -600), ("available", 600)]),
    ]


async def test_a_refusal_ends_at_its_rule(platform: Platform) -> None:
    """The rule that refuses is the last one that was reached; nothing followed in the ledger."""
    blocked = {"spending_controls[blocked_categories][]": "taxicabs_limousines"}
    one = await spender(platform, funds=500, card=blocked)
    told = await explained(one, await one.authorize(1000))
    [decision] = told["decisions"]
    verdicts = {rule["rule"]: rule["verdict"] for rule in decision["rules"]}
    assert verdicts["largest_amount"] == "passed"
    assert verdicts["card_controls"] == "refused"
    assert verdicts["funds"] == "not_reached"
    refused = rule_of(decision, "card_controls")
    assert refused["saw"]["blocked_categories"] == ["taxicabs_limousines"]
    assert refused["saw"]["category"] == "taxicabs_limousines"
    assert rule_of(decision, "funds")["took_us"] is None
    assert told["ledger_transfers"] == []


async def test_a_wrong_pin_is_shown(platform: Platform) -> None:
    """Everything the merchant sent was right but the PIN."""
    one = await spender(platform, funds=10_000)
    told = await explained(one, await one.authorize(700, pin="1111"))
    [decision] = told["decisions"]
    assert decision["reason"] == "verification_failed"
    assert rule_of(decision, "verification")["saw"]["pin_check"] == "mismatch"


async def test_it_stays_the_same(platform: Platform) -> None:
    """Card, cardholder, limits, balance and settings change; the explanation does not."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=10_000, card=DAILY, test_clock=clock)
    made = await one.authorize(700)
    grown = await one.done("POST", f"{HELPERS}/{made['id']}/increment", {"increment_amount": "50"})
    before = await explained(one, made)
    assert [told["occasion"] for told in before["decisions"]] == ["request", "increment"]
    assert rule_of(before["decisions"][1], "card_limits")["saw"]["limits"][0]["spent"] == 700
    assert rule_of(before["decisions"][1], "largest_amount")["saw"]["approved_before"] == 700
    assert len(grown["request_history"]) == 2
    changes = {
        "spending_controls[spending_limits][0][amount]": "1",
        "spending_controls[spending_limits][0][interval]": "weekly",
        "spending_controls[blocked_categories][]": "taxicabs_limousines",
    }
    await one.done("POST", f"/v1/issuing/cards/{one.card}", changes)
    await one.done("POST", f"/v1/issuing/cardholders/{one.holder}", {"status": "inactive"})
    await one.done("POST", f"/v1/issuing/cards/{one.card}", {"status": "canceled"})
    await one.fund(50_000)
    assert await explained(one, made) == before


async def test_answers_are_shown_also_late_ones(platform: Platform, receiver: Receiver) -> None:
    """Who answered what and when; an answer after two seconds changes nothing and is shown."""
    step = Step(
        headers={"Stripe-Version": "2026-05-27.dahlia"},
        body=b'{"approved": true}',
        wait_seconds=2.6,
    )
    one, _ = await asked(platform, receiver, step, "decline")
    running = asyncio.create_task(one.authorize(700))
    waiting = await pending(one)
    told = await explained(one, waiting)
    assert told["question"]["endpoint"] == receiver.url("/ask")
    assert [moved["reason"] for moved in told["ledger_transfers"]] == ["issuing_authorization_hold"]
    made = await running
    assert made["request_history"][0]["reason"] == "webhook_timeout"
    told = await explained(one, made)
    for _ in range(100):
        if len(told["answers"]) == 2:
            break
        await asyncio.sleep(0.05)
        told = await explained(one, made)
    first, second = told["answers"]
    assert (first["verdict"], first["late"], first["endpoint"]) == (
        "timeout",
        False,
        receiver.url("/ask"),
    )
    assert first["took_ms"] >= 2000
    assert (second["verdict"], second["late"], second["http_status"]) == ("approved", True, 200)
    assert second["took_ms"] >= 2500
    assert told["question"] is None
    assert [moved["reason"] for moved in told["ledger_transfers"]] == [
        "issuing_authorization_hold",
        "issuing_authorization_release",
    ]
    assert await one.movements() == [("topup", 10_000)]
    assert await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}") == made


async def test_the_second_look_is_shown(platform: Platform, receiver: Receiver) -> None:
    """What was looked at again when the platform approved."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true}'))
    told = await explained(one, await one.authorize(700))
    first, second = told["decisions"]
    assert (first["occasion"], second["occasion"]) == ("request", "answer")
    assert [rule["rule"] for rule in second["rules"]] == [rule.name for rule in rules.STANDING]
    [heard] = told["answers"]
    assert (heard["source"], heard["verdict"], heard["http_status"]) == ("webhook", "approved", 200)


async def test_walls(platform: Platform) -> None:
    """Another account's authorization cannot be explained."""
    one = await spender(platform, funds=500)
    other = await spender(platform, funds=500)
    made = await other.authorize(1)
    status, body = await one.call("GET", f"{AUTHORIZATIONS}/{made['id']}/explain")
    assert (status, body["error"]["code"]) == (404, "resource_missing")

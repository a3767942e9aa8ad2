"""What could break a lane, each tried once."""

import asyncio
from typing import Any

import pytest

from cardwright.authorizations.decision import rules
from cardwright.authorizations.lane import answers
from cardwright.authorizations.lane.lanes import Lane, Lanes
from cardwright.authorizations.lane.work import Attempt, LaneOutcome
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders import categories
from cardwright.kernel import ids
from cardwright.kernel.refusal import Failure
from cardwright.ledger import audit
from cardwright.simulator import api as simulator
from cardwright.simulator.model import TestMerchant
from cardwright.tenancy.registry import Tenant
from cardwright.wire.idempotency import Claim
from tests.simulator.clocks import DAY, START, new_clock
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

MERCHANT = simulator.merchant_of(TestMerchant())


def attempt(one: Spender, amount: int, *, key: str | None = None, **more: Any) -> Attempt:
    """A request of the spender's card, as a door hands it over."""
    claim = Claim(one.account, "v1", key, "fingerprint") if key is not None else None
    return Attempt(
        id=ids.new_id("iauth_"),
        tenant=Tenant(one.account, one.platform.keys.account_id, False, None, None),
        request=AuthorizationRequest(
            card=more.pop("card", one.card),
            amount_minor=amount,
            merchant_data=MERCHANT,
            network_ref=more.pop("network_ref", None),
        ),
        claim=claim,
        **more,
    )


@pytest.fixture
def lanes(platform: Platform) -> Lanes:
    """The lanes of the running product."""
    return platform.live.application.part(Lanes)


async def clean(one: Spender) -> bool:
    """Whether the books are right."""
    async with one.platform.live.application.database.connection() as connection:
        return await audit.verify(connection, one.account) == []


async def made(one: Spender) -> list[Any]:
    """The account's authorizations."""
    listed: list[Any] = (await one.done("GET", "/v1/issuing/authorizations?limit=100"))["data"]
    return listed


async def test_last_cent(platform: Platform) -> None:
    """Twenty at once on what is enough for one."""
    one = await spender(platform, funds=100)
    found = await asyncio.gather(*[one.authorize(100) for _ in range(20)])
    assert sum(body["approved"] for body in found) == 1
    reasons = {body["request_history"][0]["reason"] for body in found if not body["approved"]}
    assert reasons == {"insufficient_funds"}
    assert await one.available() == 0
    assert await clean(one)


async def test_one_key_many_times(platform: Platform) -> None:
    """One effect; every answer is its body, or says that the key is in use."""
    one = await spender(platform, funds=100_000)
    form = {"card": one.card, "amount": "100"}
    found = await asyncio.gather(
        *[one.call("POST", HELPERS, form, idempotency_key="same") for _ in range(64)]
    )
    bodies = [body for status, body in found if status == 200]
    assert bodies
    assert all(body == bodies[0] for body in bodies)
    for status, body in found:
        assert status in (200, 409), body
        assert status == 200 or body["error"]["code"] == "idempotency_key_in_use"
    assert len(await made(one)) == 1
    assert await one.available() == 99_900
    assert await one.call("POST", HELPERS, form, idempotency_key="same") == (200, bodies[0])
    status, body = await one.call("POST", HELPERS, form | {"amount": "101"}, idempotency_key="same")
    assert (status, body["error"]["type"]) == (400, "idempotency_error")


async def test_replay_in_another_version(platform: Platform) -> None:
    """The answer is kept with its event and comes back byte for byte, expanded or not."""
    one = await spender(platform, funds=1000)
    sent = {"Authorization": f"Bearer {platform.keys.secret}", "Stripe-Account": one.account}
    sent |= {"Idempotency-Key": "twice", "Stripe-Version": "2024-06-20"}
    answers_ = []
    for _ in range(2):
        async with platform.live.http.post(
            platform.base + HELPERS, data={"card": one.card, "amount": "1"}, headers=sent
        ) as response:
            answers_.append(await response.read())
            replayed = response.headers.get("Idempotent-Replayed")
    assert answers_[0] == answers_[1]
    assert replayed == "true"


async def test_cancelled_caller(platform: Platform, lanes: Lanes) -> None:
    """Callers that go away, before and during their batch, take nobody with them."""
    one = await spender(platform, funds=100_000)
    gone = [asyncio.create_task(lanes.decide(attempt(one, 1))) for _ in range(20)]
    await asyncio.sleep(0)
    for task in gone[::2]:
        task.cancel()
    during = asyncio.create_task(lanes.decide(attempt(one, 1)))
    await asyncio.sleep(0.002)
    during.cancel()
    found = await asyncio.gather(*gone, during, return_exceptions=True)
    assert sum(isinstance(outcome, LaneOutcome) for outcome in found) >= 10
    assert (await one.authorize(1))["approved"]
    assert lanes.alive
    assert await clean(one)


async def test_an_item_that_raises(
    platform: Platform, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in one decision fails that one, and keeps nothing of it."""
    one = await spender(platform, funds=1000)
    decide = rules.decide

    def broken(case: rules.Case) -> rules.Decision:
        if case.amount_minor == 13:
            raise ZeroDivisionError
        return decide(case)

    monkeypatch.setattr(rules, "decide", broken)
    found = await asyncio.gather(
        *[lanes.decide(attempt(one, amount)) for amount in (1, 13, 2)], return_exceptions=True
    )
    assert [type(outcome) for outcome in found] == [LaneOutcome, ZeroDivisionError, LaneOutcome]
    assert await one.available() == 997
    assert await clean(one)


async def test_poisoned_batch(
    platform: Platform, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that PostgreSQL refuses fails its own item; the others of the batch are decided."""
    one = await spender(platform, funds=1000)
    hold = answers.hold_of

    def poisonous(authorization: Any, amount: int, now_ms: int) -> Any:
        if amount == 13:
            authorization.status = "impossible"
        return hold(authorization, amount, now_ms)

    monkeypatch.setattr(answers, "hold_of", poisonous)
    found = await asyncio.gather(
        *[lanes.decide(attempt(one, amount)) for amount in (1, 13, 2)], return_exceptions=True
    )
    assert [isinstance(outcome, LaneOutcome) for outcome in found] == [True, False, True]
    assert await one.available() == 997
    assert lanes.alive
    assert await clean(one)


async def test_lane_that_ends(
    platform: Platform, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits in a lane that ends is told to retry; the next one is served."""
    one = await spender(platform, funds=1000)

    async def ends(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Lane, "_carry_out", ends)
        status, body = await one.call("POST", HELPERS, {"card": one.card, "amount": "1"})
    assert (status, body["error"]["code"]) == (503, "service_unavailable")
    await asyncio.sleep(0.1)
    assert (await one.authorize(1))["approved"]
    assert lanes.alive


async def test_late_items_are_dropped(platform: Platform, lanes: Lanes) -> None:
    """An item whose time has passed is refused and not decided."""
    one = await spender(platform, funds=1000)
    with pytest.raises(Failure, match="retry"):
        await lanes.decide(attempt(one, 1, deadline=0.0))
    assert await made(one) == []


async def test_same_network_reference(platform: Platform, lanes: Lanes) -> None:
    """A repeat of the network is answered with what came of the first, and has no effect."""
    one = await spender(platform, funds=1000)
    first, second = await asyncio.gather(
        *[lanes.decide(attempt(one, 5, network_ref="042")) for _ in range(2)]
    )
    third = await lanes.decide(attempt(one, 5, network_ref="042"))
    assert {first.authorization_id} == {second.authorization_id, third.authorization_id}
    assert [first.replayed, second.replayed, third.replayed] == [False, True, True]
    assert await one.available() == 995


async def test_busy_gate_does_not_stop_others(platform: Platform, lanes: Lanes) -> None:
    """While somebody holds an account's gate, other accounts of its lane are served."""
    busy = await spender(platform, funds=1000)
    other = await spender(platform, funds=1000)
    while lanes.lane_of(other.account) is not lanes.lane_of(busy.account):
        other = await spender(platform, funds=1000)
    database = platform.live.application.database
    async with database.connection() as connection, connection.transaction():
        await connection.execute(
            "select 1 from gates where account_id = $1 for no key update", busy.account
        )
        waiting = asyncio.create_task(busy.authorize(1))
        await asyncio.sleep(0.05)
        assert (await asyncio.wait_for(other.authorize(1), 3))["approved"]
        assert not waiting.done()
    assert (await waiting)["approved"]


@pytest.mark.parametrize("at", [START, START + 13 * DAY], ids=["first-of-a-month", "later"])
async def test_counters_are_read_after_the_gate(platform: Platform, at: int) -> None:
    """A limit that another transaction uses up while we wait for the gate is seen."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "100",
        "spending_controls[spending_limits][0][interval]": "daily",
    }
    clock = await new_clock(platform, at)
    one = await spender(platform, funds=1000, card=limit, test_clock=clock)
    made_ = await one.authorize(60)
    database = platform.live.application.database
    async with database.connection() as connection, connection.transaction():
        await connection.execute(
            "select 1 from gates where account_id = $1 for no key update", one.account
        )
        waiting = asyncio.create_task(one.authorize(40))
        await asyncio.sleep(0.05)
        await connection.execute(
            "update spending_totals set amount_minor = 61, days[day] = 61 where account_id = $1",
            one.account,
        )
    assert made_["approved"]
    assert (await waiting)["request_history"][0]["reason"] == "spending_controls"


async def test_many_cards_under_one_limit(platform: Platform) -> None:
    """All cards of a cardholder at once: only what fits their common limit is approved."""
    limit = {
        "spending_controls[spending_limits][0][amount]": "100",
        "spending_controls[spending_limits][0][interval]": "daily",
        "spending_controls[spending_limits_currency]": "gbp",
    }
    clock = await new_clock(platform)
    one = await spender(platform, funds=1000, holder=limit, test_clock=clock)
    cards = [one.card, await one.new_card(), await one.new_card()]
    found = await asyncio.gather(
        *[one.authorize(60, card=card) for card in cards for _ in range(3)]
    )
    assert sum(body["approved"] for body in found) == 1
    assert await clean(one)


def test_every_merchant_category_has_a_code() -> None:
    """A request can name any category that a merchant may have."""
    for category in categories.MERCHANT_CATEGORIES:
        assert len(simulator.merchant_of(TestMerchant(category=category)).category_code) == 4

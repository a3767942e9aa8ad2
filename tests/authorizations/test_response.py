"""What a door is told that does not show the object: approved or not, how much, and why."""

import asyncio
from typing import Any, get_args

import pytest

from cardwright.authorizations.authorizer import Authorizer
from cardwright.authorizations.lane.work import Sender
from cardwright.authorizations.model import Reason, RequestRecord
from cardwright.authorizations.rendering import StoredAnswer
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.response import ADVICE, AuthorizationResponse
from cardwright.simulator.api import merchant_of
from cardwright.simulator.model import TestMerchant
from cardwright.tenancy.registry import Tenant
from cardwright.wire.resource import Currency, Timestamp
from tests.authorizations.real_time.test_asking import answer, asked, pending
from tests.authorizations.real_time.test_overtaking import SLOW
from tests.authorizations.test_increments import approved_then
from tests.support.receiver import Receiver
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

GBP = Currency("gbp")


def authorizer_of(one: Spender) -> Authorizer:
    """The one of the running product."""
    authorizer: Authorizer = one.platform.live.application.process.pipe.authorizer
    return authorizer


def sender_of(one: Spender) -> Sender:
    """A door that keeps no answers under keys."""
    return Sender(tenant=Tenant(one.account, one.platform.keys.account_id, False, None, None))


def request_of(one: Spender, amount: int, **more: Any) -> AuthorizationRequest:
    """A request as a card network brings it."""
    merchant = merchant_of(TestMerchant())
    return AuthorizationRequest(card=one.card, amount_minor=amount, merchant_data=merchant, **more)


async def authorize(one: Spender, amount: int, **more: Any) -> AuthorizationResponse:
    """What the network is told."""
    request = request_of(one, amount, **more)
    return await authorizer_of(one).authorize(sender_of(one), request)


def said(response: AuthorizationResponse) -> tuple[bool, Any, int, str]:
    """All that a response code is made of."""
    return response.approved, response.reason, response.amount_minor, response.advice


async def test_an_approval_and_a_decline(platform: Platform) -> None:
    """The amount that is held, and why nothing is."""
    one = await spender(platform, funds=1000)
    response = await authorize(one, 400)
    assert said(response) == (True, "card_active", 400, "approved")
    assert response.record is not None
    assert response.record.authorization_code == response.authorization_id[-6:]
    assert (response.asked, response.replayed, await one.available()) == (False, False, 600)
    refused = await authorize(one, 700)
    assert said(refused) == (False, "insufficient_funds", 0, "funds_insufficient")
    shown = await one.done("GET", f"/v1/issuing/authorizations/{refused.authorization_id}")
    assert shown["request_history"][0]["reason"] == "insufficient_funds"


async def test_a_repeat_is_told_the_same(platform: Platform) -> None:
    """By its name in the network, also after more was asked for."""
    one = await spender(platform, funds=1000)
    first = await authorize(one, 400, network_ref="r1")
    more = await authorizer_of(one).increment(
        sender_of(one), first.authorization_id, 100, controllable=False
    )
    assert (*said(more), more.replayed) == (True, "card_active", 100, "approved", False)
    again = await authorize(one, 400, network_ref="r1")
    assert (*said(again), again.replayed) == (*said(first), True)
    assert again.authorization_id == first.authorization_id
    assert await one.available() == 500


async def test_the_balance_of_an_inquiry(platform: Platform) -> None:
    """It holds nothing."""
    one = await spender(platform, funds=1000)
    response = await authorize(one, 0, type="balance_inquiry")
    assert said(response) == (True, "card_active", 0, "approved")
    assert response.balance is not None
    assert (response.balance.available_balance, await one.available()) == (1000, 1000)


async def test_what_the_platform_answers(platform: Platform, receiver: Receiver) -> None:
    """An approval of a part, and a decline."""
    one, _ = await asked(platform, receiver, answer(b'{"approved": true, "amount": 300}'))
    response = await authorize(one, 500, is_amount_controllable=True, network_ref="part")
    assert said(response) == (True, "webhook_approved", 300, "approved_in_part")
    assert (response.asked, await one.available()) == (True, 9700)
    receiver.script["/ask"] = [answer(b'{"approved": false}')]
    refused = await authorize(one, 500)
    assert (*said(refused), refused.asked) == (False, "webhook_declined", 0, "do_not_honor", True)


async def test_a_repeat_of_what_is_being_asked(platform: Platform, receiver: Receiver) -> None:
    """Nothing is decided yet, and nobody is asked twice."""
    one, _ = await asked(platform, receiver, SLOW)
    running = asyncio.create_task(authorize(one, 500, network_ref="open"))
    await pending(one)
    again = await authorize(one, 500, network_ref="open")
    assert (*said(again), again.replayed) == (False, None, 0, "in_progress", True)
    assert said(await running) == (True, "webhook_approved", 500, "approved")
    assert len(receiver.at("/ask")) == 1


async def test_a_repeated_increment_is_expanded_too(platform: Platform, receiver: Receiver) -> None:
    """Under its key the same is shown, also what was expanded."""
    one, made = await approved_then(platform, receiver, answer(b'{"approved": true}'))
    path = f"{HELPERS}/{made['id']}/increment"
    form = {"increment_amount": "500", "expand[]": "cardholder"}
    first = await one.call("POST", path, form, idempotency_key="more")
    assert first[1]["cardholder"]["object"] == "issuing.cardholder"
    assert await one.call("POST", path, form, idempotency_key="more") == first


def test_every_decline_has_its_advice() -> None:
    """What a rule refuses with says more than that it is refused."""
    assert set(ADVICE) < set(get_args(Reason))
    assert set(get_args(Reason)) - set(ADVICE) == {
        *("card_active", "cardholder_verification_required", "network_fallback"),
        *("webhook_approved", "webhook_declined", "webhook_error", "webhook_timeout"),
    }


@pytest.mark.parametrize(
    ("approved", "amount", "reason", "advice"),
    [
        (True, 5, "webhook_approved", "approved"),
        (True, 4, "webhook_approved", "approved_in_part"),
        (False, 5, "pin_blocked", "pin_tries_exceeded"),
        (False, 5, "webhook_timeout", "do_not_honor"),
    ],
)
def test_advice(approved: bool, amount: int, reason: Reason, advice: str) -> None:
    """From the line of the history alone."""
    record = RequestRecord(
        amount=amount,
        approved=approved,
        created=Timestamp(0),
        currency=GBP,
        merchant_amount=amount,
        merchant_currency=GBP,
        reason=reason,
    )
    response = AuthorizationResponse(
        authorization_id="iauth_1", record=record, requested_minor=5, shown=StoredAnswer(b"{}")
    )
    assert response.advice == advice
    assert response.amount_minor == (amount if approved else 0)

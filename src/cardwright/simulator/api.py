"""``/v1/test_helpers/issuing``: what a card network would do, in test mode only.

Every helper calls the flows that any other door calls.
"""

import secrets
from typing import Any

import msgspec

from cardwright.authorizations import challenges, holds, rendering
from cardwright.authorizations.authorizer import Authorizer
from cardwright.authorizations.lane.work import Sender
from cardwright.authorizations.model import (
    Authorization,
    MerchantData,
    NetworkData,
    ShownAuthorization,
    VerificationData,
)
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.response import AuthorizationResponse
from cardwright.cardholders import categories
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.simulator import refusals
from cardwright.simulator.model import (
    OLDER_LEVELS,
    Capture,
    ChallengeResponse,
    FinalAmount,
    HeldAuthorization,
    Increment,
    Reversal,
    RiskLevel,
    TestAuthorization,
    TestMerchant,
)
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.registry import Tenant
from cardwright.transactions import flows as transactions
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation, Replay

AUTHORIZATIONS = "/v1/test_helpers/issuing/authorizations"
LEGACY = "/v1/issuing/cards/{id}/test/authorizations"

# The merchant of a test that names none (the public example values).
CATEGORY, NAME, NETWORK_ID = "taxicabs_limousines", "Rocket Rides", "1234567890"


async def asked_of(
    authorizer: Authorizer, tenant: Tenant, given: TestAuthorization
) -> TestAuthorization:
    """The test with both of its amounts: in the card's currency, and in the merchant's."""
    if given.amount is None and given.merchant_amount is None:
        fail(wire_refusals.PARAMETER_MISSING, param="amount")
    if given.merchant_currency is None:
        return given
    asked = await authorizer.converted(
        tenant,
        checked_id(given.card),
        given.merchant_currency,
        amount_minor=given.amount,
        merchant_amount_minor=given.merchant_amount,
    )
    return msgspec.structs.replace(
        given, amount=asked.amount_minor, merchant_amount=asked.merchant_amount_minor
    )


def request_of(given: TestAuthorization) -> AuthorizationRequest:
    """The network-neutral request of a test."""
    amount = given.merchant_amount if given.amount is None else given.amount
    assert amount is not None, "one of the two amounts is given"
    check_parts(given, amount)
    level, score = risk_of(given)
    return AuthorizationRequest(
        card=checked_id(given.card),
        amount_minor=amount,
        currency=given.currency,
        merchant_amount_minor=given.merchant_amount,
        merchant_currency=given.merchant_currency,
        method=given.authorization_method,
        merchant_data=merchant_of(given.merchant_data or TestMerchant()),
        verification_data=given.verification_data or VerificationData(),
        amount_details=given.amount_details,
        is_amount_controllable=given.is_amount_controllable,
        network_data=network_data_of(given),
        network_risk_score=score,
        fraud_risk=level,
        type=given.type,
        token=given.token,
        pin=given.pin,
        wallet=given.wallet,
        fleet=given.fleet,
        fuel=given.fuel,
    )


def network_data_of(given: TestAuthorization) -> NetworkData:
    """What a network would say of the test: every request has numbers of its own."""
    given_data = given.network_data
    return NetworkData(
        acquiring_institution_id=given_data.acquiring_institution_id
        if given_data is not None
        else None,
        system_trace_audit_number=f"{secrets.randbelow(10**6):06d}",
        transaction_id=f"{secrets.randbelow(10**15):015d}",
    )


def check_parts(given: TestAuthorization, amount: int) -> None:
    """Refuse parts that are more than the whole, and an inquiry that asks for money."""
    cashback = given.amount_details.cashback_amount if given.amount_details is not None else None
    if cashback is not None and cashback > amount:
        fail(refusals.CASHBACK_TOO_LARGE, param="amount_details[cashback_amount]", amount=amount)
    if given.type != "payment" and amount:
        fail(refusals.INQUIRY_WITH_AMOUNT, param="amount")


def risk_of(given: TestAuthorization) -> tuple[RiskLevel, int | None]:
    """Level and score of the risk of fraud, by either form of asking."""
    risk = given.risk_assessment.fraud_risk if given.risk_assessment is not None else None
    if risk is not None:
        return risk.level, risk.score
    if given.risk_level is None:
        return "not_assessed", given.fraud_score
    return OLDER_LEVELS[given.risk_level], given.fraud_score


def merchant_of(given: TestMerchant) -> MerchantData:
    """The merchant, with the code of its category."""
    category = given.category or CATEGORY
    return MerchantData(
        category=category,
        category_code=categories.codes()[category],
        city=given.city,
        country=given.country,
        name=given.name or NAME,
        network_id=given.network_id or NETWORK_ID,
        postal_code=given.postal_code,
        state=given.state,
        terminal_id=given.terminal_id,
        url=given.url,
    )


def checked_id(card: str) -> str:
    """The card's id; what cannot be one names no card."""
    if not card.replace("_", "").isalnum() or not card.isascii():
        fail(tenancy_refusals.RESOURCE_MISSING, param="card", object="card", id=card[:200])
    return card


async def capture(tx: Tx, call: Call[Capture]) -> ShownAuthorization:
    """Capture an authorization."""
    given = call.given.value()
    return await transactions.capture(
        tx,
        call.path["id"],
        amount_minor=given.capture_amount,
        close=given.close_authorization,
        purchase_details=given.purchase_details,
    )


async def reverse(tx: Tx, call: Call[Reversal]) -> ShownAuthorization:
    """Reverse an authorization, or a part of it."""
    given = call.given.value()
    return await holds.reverse(tx, call.path["id"], given.reverse_amount)


async def expire(tx: Tx, call: Call[Authorization]) -> ShownAuthorization:
    """Expire an authorization."""
    return await holds.expire(tx, call.path["id"])


async def finalize_amount(tx: Tx, call: Call[FinalAmount]) -> ShownAuthorization:
    """Say what an estimated purchase came to."""
    given = call.given.value()
    return await holds.finalize(
        tx, call.path["id"], given.final_amount, fleet=given.fleet, fuel=given.fuel
    )


async def respond(tx: Tx, call: Call[ChallengeResponse]) -> ShownAuthorization:
    """Answer a fraud challenge as the cardholder."""
    given = call.given.value()
    return await challenges.respond(tx, call.path["id"], confirmed=given.confirmed)


async def increment(authorizer: Authorizer, call: Call[Increment]) -> Any:
    """Ask for more on an authorization."""
    given = call.given.value()
    response = await authorizer.increment(
        sender_of(call),
        call.path["id"],
        given.increment_amount,
        controllable=given.is_amount_controllable,
    )
    return shown_to(call, response)


async def create(authorizer: Authorizer, call: Call[TestAuthorization]) -> Any:
    """Ask a card to pay."""
    asked = await asked_of(authorizer, call.actor.tenant, call.given.value())
    request = await authorizer.tokenized(call.actor.tenant, request_of(asked))
    return shown_to(call, await authorizer.authorize(sender_of(call), request))


async def create_held(authorizer: Authorizer, call: Call[HeldAuthorization]) -> Any:
    """Ask a card to pay, in the older form."""
    given = call.given.value()
    request = AuthorizationRequest(
        card=checked_id(call.path["id"]),
        amount_minor=given.held_amount,
        currency=given.held_currency,
        method=given.authorization_method,
        merchant_data=merchant_of(TestMerchant()),
    )
    return shown_to(call, await authorizer.authorize(sender_of(call), request))


def sender_of(call: Call[Any]) -> Sender:
    """Who asks, and under which key."""
    return Sender(
        tenant=call.actor.tenant,
        version=call.version,
        request_id=call.request_id,
        claim=call.claim,
    )


def shown_to(call: Call[Any], response: AuthorizationResponse) -> Any:
    """The authorization of a response; a network shows but a response code."""
    shown = rendering.in_version(response.shown, call.version)
    return Replay(shown) if response.replayed else shown


def _on_authorization(
    name: str, handler: object, takes: type[msgspec.Struct] | None, *, laned: bool = False
) -> Operation:
    return Operation(
        method="POST",
        path=f"{AUTHORIZATIONS}/{{id}}/{name}",
        handler=handler,  # type: ignore[arg-type]
        takes=takes,
        returns=ShownAuthorization,
        test_only=True,
        laned=laned,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path=AUTHORIZATIONS,
        handler=create,
        takes=TestAuthorization,
        returns=ShownAuthorization,
        test_only=True,
        laned=True,
    ),
    Operation(
        method="POST",
        path=LEGACY,
        handler=create_held,
        takes=HeldAuthorization,
        returns=ShownAuthorization,
        test_only=True,
        laned=True,
    ),
    _on_authorization("capture", capture, Capture),
    _on_authorization("reverse", reverse, Reversal),
    _on_authorization("expire", expire, None),
    _on_authorization("increment", increment, Increment, laned=True),
    _on_authorization("finalize_amount", finalize_amount, FinalAmount),
    _on_authorization("fraud_challenges/respond", respond, ChallengeResponse),
)

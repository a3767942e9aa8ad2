"""The operator's doors: what cardholders answered, and what the card network decided.

The public API has test helpers for the first; these work in both modes, with the form, answers and
errors of v1.
"""

from typing import Annotated, Any

from cardwright.authorizations import challenges, fraud, standing_in
from cardwright.authorizations.challenges import Waiting
from cardwright.authorizations.model import (
    MerchantData,
    Method,
    ShownAuthorization,
)
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders import categories
from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.cards import flows as cards
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX, decimal_text
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.parameters import parser
from cardwright.wire.resource import Country, Currency, Mark, Parameters, Shape
from cardwright.wire.versions import LATEST, Body

CHALLENGES = "/_cardwright/issuing/fraud_challenges"
DECISIONS = "/_cardwright/issuing/network_decisions"


class Response(Parameters):
    """What the cardholder answered."""

    confirmed: Annotated[bool, Mark(need="c")]


class Merchant(Shape):
    """Who was paid."""

    category: Annotated[str, Mark(need="c", choices=MERCHANT_CATEGORIES)]
    city: str | None = None
    country: Country | None = None
    name: str | None = None
    network_id: Annotated[str, Mark(need="c")]
    postal_code: str | None = None
    state: str | None = None
    terminal_id: str | None = None


class NetworkDecision(Parameters):
    """What the network approved or declined in our place. ``network_reference`` names it: the same
    decision may be told twice."""

    amount: Annotated[int, Mark(need="c", low=0, high=AMOUNT_MINOR_MAX)]
    approved: Annotated[bool, Mark(need="c")]
    authorization_method: Method = "online"
    card: Annotated[str, Mark(need="c")]
    merchant_amount: Annotated[int | None, Mark(low=0, high=AMOUNT_MINOR_MAX)] = None
    merchant_currency: Currency | None = None
    merchant_data: Annotated[Merchant, Mark(need="c")]
    network_reference: Annotated[str | None, Mark(longest=100)] = None


async def list_challenges(tx: Tx, _call: Call[Any]) -> Body:
    """List the challenges that wait for an answer, with the message to send and its number."""
    found = await challenges.waiting(tx.connection, tx.platform_id)
    return {"object": "list", "data": [await message_of(tx, one) for one in found]}


async def message_of(tx: Tx, one: Waiting) -> Body:
    """A challenge with the text message that asks the cardholder."""
    card = (await cards.load_shown(tx.connection, one.account_id, [one.card]))[one.card]
    amount = f"{decimal_text(one.amount_minor, one.currency)} {one.currency.upper()}"
    return {
        "object": "fraud_challenge",
        "account": one.account_id,
        "authorization": one.authorization_id,
        "card": one.card,
        "channel": "sms",
        "created": one.created_ms // clock.SECOND_MS,
        "phone_number": card.cardholder.phone_number,
        "text": fraud.text_of(one.merchant_name, amount),
    }


async def respond(tx: Tx, call: Call[Response]) -> ShownAuthorization:
    """Say what the cardholder answered; ``id`` is the authorization's."""
    return await challenges.respond(tx, call.path["id"], confirmed=call.given.value().confirmed)


async def decide(tx: Tx, call: Call[NetworkDecision]) -> ShownAuthorization:
    """Record what the network decided in our place."""
    return await standing_in.record(
        tx, request_of(given := call.given.value()), approved=given.approved
    )


def checked(raw: dict[str, Any]) -> NetworkDecision:
    """A decision of the network from the words of a form, refused as the API refuses it."""
    given = {name: value for name, value in raw.items() if value is not None}
    return parser(NetworkDecision, "c", "v1", LATEST, form=True)(given).value()


def request_of(given: NetworkDecision) -> AuthorizationRequest:
    """The network-neutral request of a decision that was made elsewhere."""
    who = given.merchant_data
    if given.merchant_currency is not None and given.merchant_amount is None:
        fail(wire_refusals.PARAMETER_MISSING, param="merchant_amount")
    return AuthorizationRequest(
        card=given.card,
        amount_minor=given.amount,
        merchant_amount_minor=given.merchant_amount,
        merchant_currency=given.merchant_currency,
        method=given.authorization_method,
        merchant_data=MerchantData(
            category=who.category,
            category_code=categories.codes()[who.category],
            city=who.city,
            country=who.country,
            name=who.name,
            network_id=who.network_id,
            postal_code=who.postal_code,
            state=who.state,
            terminal_id=who.terminal_id,
        ),
        network_ref=given.network_reference,
    )


OPERATIONS = (
    Operation(method="GET", path=CHALLENGES, handler=list_challenges, platform_only=True),
    Operation(
        method="POST",
        path=f"{CHALLENGES}/{{id}}/respond",
        handler=respond,
        takes=Response,
        returns=ShownAuthorization,
    ),
    Operation(
        method="POST",
        path=DECISIONS,
        handler=decide,
        takes=NetworkDecision,
        returns=ShownAuthorization,
    ),
)

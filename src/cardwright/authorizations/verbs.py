"""What an operator says of card payments: the answer of a cardholder, the decision of the network.

The acting account is the one whose card pays.
"""

from typing import Annotated

from cardwright.authorizations import challenges, standing_in
from cardwright.authorizations.model import MerchantData, Method, ShownAuthorization
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders import categories
from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.refusal import fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Country, Currency, Mark, Parameters, Shape


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


@operator_verb(kind="widens_risk")
async def respond_to_challenge(
    tx: Tx, authorization_id: str, *, confirmed: bool
) -> ShownAuthorization:
    """The cardholder's answer to a fraud challenge: confirmed, a similar purchase passes."""
    return await challenges.respond(tx, authorization_id, confirmed=confirmed)


@operator_verb(kind="moves_money")
async def record_network_decision(tx: Tx, decision: NetworkDecision) -> ShownAuthorization:
    """What the card network decided while we could not be reached."""
    return await standing_in.record(tx, _request_of(decision), approved=decision.approved)


def _request_of(decision: NetworkDecision) -> AuthorizationRequest:
    """The network-neutral request of a decision that was made elsewhere."""
    who = decision.merchant_data
    if decision.merchant_currency is not None and decision.merchant_amount is None:
        fail(wire_refusals.PARAMETER_MISSING, param="merchant_amount")
    return AuthorizationRequest(
        card=decision.card,
        amount_minor=decision.amount,
        merchant_amount_minor=decision.merchant_amount,
        merchant_currency=decision.merchant_currency,
        method=decision.authorization_method,
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
        network_ref=decision.network_reference,
    )

"""``/_cardwright/issuing``: what cardholders answered, and what the card network decided.

The public API has test helpers for the first; these work in both modes, with the form, answers and
errors of v1.
"""

from typing import Annotated, Any

from cardwright.authorizations import challenges, verbs
from cardwright.authorizations.model import ShownAuthorization
from cardwright.authorizations.verbs import NetworkDecision
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

CHALLENGES = "/_cardwright/issuing/fraud_challenges"
DECISIONS = "/_cardwright/issuing/network_decisions"


class Response(Parameters):
    """What the cardholder answered."""

    confirmed: Annotated[bool, Mark(need="c")]


async def list_challenges(tx: Tx, _call: Call[Any]) -> Body:
    """List the challenges that wait for an answer, with the message to send and its number."""
    return {"object": "list", "data": await challenges.messages(tx)}


async def respond(tx: Tx, call: Call[Response]) -> ShownAuthorization:
    """Say what the cardholder answered; ``id`` is the authorization's."""
    confirmed = call.given.value().confirmed
    return await verbs.respond_to_challenge(tx, call.path["id"], confirmed=confirmed)


async def decide(tx: Tx, call: Call[NetworkDecision]) -> ShownAuthorization:
    """Record what the network decided in our place."""
    return await verbs.record_network_decision(tx, call.given.value())


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

"""What a token may become, and what is known of a new one: pure decisions, no storage."""

import secrets
from collections.abc import Mapping

import msgspec

from cardwright.cards.model import Card
from cardwright.kernel.refusal import fail
from cardwright.tokens import refusals
from cardwright.tokens.model import (
    MastercardData,
    Network,
    NetworkData,
    Token,
    TokenRequest,
    TokenStatus,
    VisaData,
)
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Timestamp

# The one place that says which status may follow which.
NEXT: Mapping[TokenStatus, frozenset[TokenStatus]] = {
    "requested": frozenset({"active", "deleted"}),
    "active": frozenset({"suspended", "deleted"}),
    "suspended": frozenset({"active", "deleted"}),
    "deleted": frozenset(),
}
# Requestors of the test environment, by wallet; the networks give the real ones.
TEST_REQUESTORS = {"apple_pay": "40010030273", "google_pay": "40010075001"}
OTHER_REQUESTOR = "40010099999"


def check_step(token: Token, status: TokenStatus) -> None:
    """Refuse a status that does not follow."""
    if status not in NEXT[token.status]:
        steps = ", ".join(sorted(NEXT[token.status])) or "none"
        fail(refusals.TOKEN_STEP, param="status", status=token.status, steps=steps)


def check_card(card: Card) -> None:
    """Refuse a token of a card that cannot pay."""
    if card.status != "active":
        fail(refusals.TOKEN_CARD_NOT_ACTIVE, param="card", status=card.status)


def check_payment(token: Token, card_id: str) -> None:
    """Refuse a payment with a token that the network would not let pass."""
    if token.card != card_id:
        fail(refusals.TOKEN_OF_OTHER_CARD, param="token", token=token.id)
    if token.status != "active":
        fail(refusals.TOKEN_NOT_ACTIVE, param="token", status=token.status)


def following(token: Token, successor: str | None, now: int) -> Token:
    """A token whose card was canceled: one of the card that goes on with the number, as it was;
    without such a card it is deleted."""
    updated: Token = msgspec.structs.replace(token, network_updated_at=Timestamp(now))
    if successor is None:
        updated.status = "deleted"
    else:
        updated.card = successor
    return updated


def network_of(card: Card) -> Network:
    """The network of a card, as tokens name it."""
    return "mastercard" if card.brand == "Mastercard" else "visa"


def status_of(request: TokenRequest) -> TokenStatus:
    """The status of a new token: the one told, or requested unless the wallet approves or is
    silent."""
    if request.status is not None:
        return request.status
    data = request.network_data
    provider = data.wallet_provider if data is not None else None
    suggested = provider.suggested_decision if provider is not None else None
    return "active" if suggested in (None, "approve") else "requested"


def network_data_of(request: TokenRequest, network: Network, *, livemode: bool) -> NetworkData:
    """What the network knows of a new token; refuses the data of another network, and in the live
    environment a token that it does not name."""
    given = request.network_data
    other = "visa" if network == "mastercard" else "mastercard"
    if given is not None and getattr(given, other) is not None:
        fail(refusals.TOKEN_OF_OTHER_NETWORK, param=f"network_data[{other}]", network=network)
    named = getattr(given, network) if given is not None else None
    if named is None and livemode:
        fail(wire_refusals.PARAMETER_MISSING, param=f"network_data[{network}]")
    if named is None:
        named = _made_up(request, network)
    return NetworkData(
        device=given.device if given is not None else None,
        mastercard=named if isinstance(named, MastercardData) else None,
        type=network,
        visa=named if isinstance(named, VisaData) else None,
        wallet_provider=given.wallet_provider if given is not None else None,
    )


def _made_up(request: TokenRequest, network: Network) -> MastercardData | VisaData:
    kind = MastercardData if network == "mastercard" else VisaData
    requestor = TEST_REQUESTORS.get(request.wallet_provider or "", OTHER_REQUESTOR)
    return kind(
        card_reference_id=f"V-{secrets.token_hex(12)}",
        token_reference_id=f"DNITHE{secrets.token_hex(13).upper()}",
        token_requestor_id=requestor,
    )

"""What a token may become, and what is known of a new one: pure decisions, no storage."""

import secrets
from collections.abc import Mapping

import msgspec

from cardwright.cards.model import Card
from cardwright.kernel.refusal import fail
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
        reason = f"The token is {token.status}; the next statuses are: {steps}."
        fail(wire_refusals.STATE_INVALID, param="status", reason=reason)


def check_card(card: Card) -> None:
    """Refuse a token of a card that cannot pay."""
    if card.status != "active":
        reason = f"The card is {card.status}; only an active card is put into a wallet."
        fail(wire_refusals.STATE_INVALID, param="card", reason=reason)


def check_payment(token: Token, card_id: str) -> None:
    """Refuse a payment with a token that the network would not let pass."""
    if token.card != card_id:
        reason = f"The token {token.id} stands for another card."
        fail(wire_refusals.PARAMETER_CONFLICT, param="token", reason=reason)
    if token.status != "active":
        reason = f"The token is {token.status}; the network lets only active tokens pay."
        fail(wire_refusals.STATE_INVALID, param="token", reason=reason)


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
        reason = f"The card's network is {network}."
        fail(wire_refusals.PARAMETER_CONFLICT, param=f"network_data[{other}]", reason=reason)
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

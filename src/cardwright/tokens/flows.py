"""What happens to tokens: make, change, pay with."""

import secrets

import msgspec

from cardwright.cards.model import Card, CardCanceled
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.tokens import rules
from cardwright.tokens.model import Network, Token, TokenRequest, TokenStatus
from cardwright.wire import rows
from cardwright.wire.given import changed
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)


class Living(msgspec.Struct, frozen=True):
    """A token that is not deleted."""

    id: str


_OWNER = QUERIES.value("account_of_token", str)
_LIVING = QUERIES.many("living_tokens", Living)


async def create_token(tx: Tx, request: TokenRequest) -> Token:
    """A new token of an active card of the acting account, as its network brings it."""
    # Locked, so that a card which is canceled at the same time is left with no token.
    card = await rows.lock(tx, Card, request.card, param="card")
    rules.check_card(card)
    network = rules.network_of(card)
    data = rules.network_data_of(request, network, livemode=tx.livemode)
    of_device = data.device.device_fingerprint if data.device is not None else None
    made_up = None if tx.livemode else f"{secrets.randbelow(10_000):04d}"
    token = Token(
        id=ids.new_id(Token.prefix),
        card=card.id,
        created=Timestamp(tx.now),
        device_fingerprint=request.device_fingerprint or of_device,
        last4=request.last4 or made_up,
        livemode=tx.livemode,
        network=network,
        network_data=data,
        network_updated_at=Timestamp(tx.now),
        status=rules.status_of(request),
        wallet_provider=request.wallet_provider,
    )
    await rows.insert(tx, token)
    tx.emit("issuing_token.created", token)
    return token


async def update_token(tx: Tx, token_id: str, status: TokenStatus) -> Token:
    """The token in another status; the same again changes nothing."""
    before = await rows.lock(tx, Token, token_id)
    if before.status == status:
        return before
    rules.check_step(before, status)
    after = msgspec.structs.replace(before, status=status, network_updated_at=Timestamp(tx.now))
    await rows.save(tx, after)
    tx.emit("issuing_token.updated", after, previous=changed(before, after))
    return after


async def follow_card(tx: Tx, canceled: CardCanceled) -> None:
    """The tokens of a canceled card go over to the card that goes on with its number; without one
    the network deletes them. The card is locked."""
    for living in await _LIVING(tx.connection, account_id=tx.account_id, card=canceled.card_id):
        before = await rows.lock(tx, Token, living.id)
        if before.status == "deleted":
            continue
        after = rules.following(before, canceled.successor, tx.now)
        await rows.save(tx, after)
        tx.emit("issuing_token.updated", after, previous=changed(before, after))


async def token_for_payment(tx: Tx, token_id: str, card_id: str) -> Token:
    """The token that a payment with a card is made with; refuses one that cannot pay."""
    token = await rows.get(tx, Token, token_id, param="token")
    rules.check_payment(token, card_id)
    return token


async def network_of(tx: Tx, card_id: str) -> Network:
    """The network of a card of the acting account, as tokens name it."""
    return rules.network_of(await rows.get(tx, Card, card_id, param="card"))


async def account_of(connection: Connection, token_id: str) -> str | None:
    """The account that has the token, whichever it is: an operator knows the token alone."""
    return await _OWNER(connection, id=token_id)

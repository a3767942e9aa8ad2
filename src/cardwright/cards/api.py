"""``/v1/issuing/cards``: the operations on cards."""

from typing import Annotated

from cardwright.cards import ephemeral_keys, flows
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import expand, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Sealed

PATH = "/v1/issuing/cards"
LOADER = expand.Loader(IssuedCard, flows.load_shown)


class CardRetrieval(Parameters):
    """What comes with the retrieval by an ephemeral key: the private half of its nonce, and that
    expansions which are not allowed are left out instead of refused."""

    ephemeral_key_private_nonce: Annotated[Sealed | None, Mark(longest=255)] = None
    safe_expands: bool = False


async def create(tx: Tx, call: Call[Card]) -> IssuedCard:
    """Create a card."""
    return await flows.issue_card(tx, call.given)


async def retrieve(tx: Tx, call: Call[CardRetrieval]) -> IssuedCard:
    """Retrieve a card; ``number`` and ``cvc`` of a virtual card when they are expanded.

    Who holds an ephemeral key and its private nonce sees those of any card, and its PIN."""
    card_id, given = call.path["id"], call.given.value()
    asked = set(call.expand) & flows.SECRETS
    if "number" in call.expand.get("pin", {}):
        asked.add(flows.PIN)
    if call.actor.kind == "ephemeral":
        nonce = given.ephemeral_key_private_nonce
        private_nonce = nonce.reveal() if nonce is not None else None
        if not await ephemeral_keys.check(tx, call.actor.subject, card_id, private_nonce):
            asked.clear()
    elif flows.PIN in asked and not given.safe_expands:
        fail(wire_refusals.EXPAND_INVALID, param=flows.PIN)
    card = await rows.get(tx, Card, card_id)
    if call.actor.kind != "ephemeral":
        asked &= flows.SECRETS if card.type == "virtual" else set()
    [shown] = await flows.shown(tx.connection, tx.account_id, [card])
    return await flows.reveal(tx, shown, asked)


async def update(tx: Tx, call: Call[Card]) -> IssuedCard:
    """Update a card."""
    return await flows.update_card(tx, call.path["id"], call.given)


async def list_all(tx: Tx, call: Call[Card]) -> pages.Page[IssuedCard]:
    """List cards, newest first."""
    page = await pages.list_page(tx.connection, Card, tx.account_id, call.given, call.page)
    shown = await flows.shown(tx.connection, tx.account_id, page.data)
    return pages.Page(shown, page.has_more, page.request)


OPERATIONS = (
    Operation(method="POST", path=PATH, handler=create, takes=Card, letter="c", returns=IssuedCard),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=Card,
        letter="l",
        returns=IssuedCard,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=retrieve,
        takes=CardRetrieval,
        returns=IssuedCard,
        revealed=flows.SECRETS | {flows.PIN},
        ephemeral=True,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=Card,
        letter="u",
        returns=IssuedCard,
    ),
)

"""``/v1/issuing/cards``: the operations on cards."""

from cardwright.cards import flows
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.database import Tx
from cardwright.wire import expand, pages, rows
from cardwright.wire.operation import Call, Operation

PATH = "/v1/issuing/cards"
LOADER = expand.Loader(IssuedCard, flows.load_shown)


async def create(tx: Tx, call: Call[Card]) -> IssuedCard:
    """Create a card."""
    return await flows.issue_card(tx, call.given)


async def retrieve(tx: Tx, call: Call[Card]) -> IssuedCard:
    """Retrieve a card; ``number`` and ``cvc`` of a virtual card when they are expanded."""
    card = await rows.get(tx, Card, call.path["id"])
    [shown] = await flows.shown(tx.connection, tx.account_id, [card])
    asked = flows.SECRETS & set(call.expand) if shown.type == "virtual" else set()
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
        returns=IssuedCard,
        revealed=flows.SECRETS,
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

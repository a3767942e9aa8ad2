"""The number of a card: where it is kept, who has it, and whose it is when it is presented."""

import msgspec

from cardwright.cards import choosing, numbers, verification_values
from cardwright.cards.choosing import Candidate, Presented
from cardwright.cards.model import Card
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.vault import Vault
from cardwright.tenancy import secrets
from cardwright.wire import rows

QUERIES = load(__file__)
NUMBER = "number"
# Numbers of a program are ten million; finding twenty taken in a row means that it is full.
ATTEMPTS = 20


class CardId(msgspec.Struct, frozen=True):
    """A card's id alone."""

    id: str


class Found(msgspec.Struct, frozen=True):
    """The card that a number means, and the account it belongs to."""

    account_id: str
    candidate: Candidate


_ADD_ROUTE = QUERIES.run("add_route")
_ROUTE = QUERIES.value("find_route", str)
_SHARING = QUERIES.many("cards_with_number", CardId)


async def number_of(connection: Connection, vault: Vault, account_id: str, card_id: str) -> str:
    """The number of a card, in clear."""
    number = await secrets.get(connection, vault, account_id, card_id, NUMBER)
    assert number is not None, f"{card_id} has no number"
    return number


async def new_number(tx: Tx, card: Card, leading: str) -> tuple[str, str]:
    """A number that no card has, and its digest; it is routed to the acting account."""
    for _ in range(ATTEMPTS):
        number = numbers.new_number(leading)
        pan_index = numbers.number_index(tx.vault, number)
        added = await _ADD_ROUTE(
            tx.connection, pan_index=pan_index, account_id=tx.account_id, card_id=card.id
        )
        if added:
            return number, pan_index
    raise AssertionError(f"the range {leading} has no free numbers")


async def sharing(
    connection: Connection, vault: Vault, account_id: str, number: str, pan_index: str
) -> list[Candidate]:
    """The cards of an account that have the number, the oldest first."""
    found = await _SHARING(connection, account_id=account_id, pan_index=pan_index)
    cards = await rows.batch(connection, Card, account_id, [row.id for row in found])
    return [
        Candidate(card, at, verification_values.cvc(vault, number, card.exp_month, card.exp_year))
        for at, card in enumerate(cards[row.id] for row in found)
    ]


async def find(
    connection: Connection, vault: Vault, number: str, presented: Presented
) -> Found | None:
    """Whose the number is, and which of its cards is meant; None when nobody has it."""
    pan_index = numbers.number_index(vault, number)
    account_id = await _ROUTE(connection, pan_index=pan_index)
    if account_id is None:
        return None
    candidates = await sharing(connection, vault, account_id, number, pan_index)
    return Found(account_id, choosing.choose(candidates, presented))

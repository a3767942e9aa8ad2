"""From the rows of a card and its cardholder to what a decision and its answer need.

A pair of rows is decoded once and remembered by its whole content: rows that changed are other
keys, so nothing is ever decided on a remembered state.
"""

from functools import lru_cache
from typing import Any

import msgspec

from cardwright.authorizations.decision.rules import CardFacts, HolderFacts
from cardwright.authorizations.decision.trace import Parties, parties_of
from cardwright.cardholders.model import Cardholder
from cardwright.cards import flows as cards
from cardwright.cards import pins
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.vault import Vault
from cardwright.wire import sealing
from cardwright.wire.resource import Resource

# The columns that ``load_attempts`` selects, in its order.
CARD_COLUMNS = (
    "id",
    "created",
    "cardholder",
    "status",
    "type",
    "currency",
    "last4",
    "exp_month",
    "exp_year",
    "program",
    "personalization_design",
    "replacement_for",
    "financial_account",
)
HOLDER_COLUMNS = ("id", "created", "email", "phone_number", "status", "type")
SPEND_ROOT = len(CARD_COLUMNS)
CARD_WIDTH = len(CARD_COLUMNS) + 2
PAIR_WIDTH = CARD_WIDTH + len(HOLDER_COLUMNS) + 1

REMEMBERED_MAX = 4096


class Pair(msgspec.Struct):
    """A card with its cardholder, and the facts of both."""

    issued: IssuedCard
    card: CardFacts
    holder: HolderFacts
    # The date of birth as it stands in JSON, and as it is stored there.
    birth: tuple[bytes, bytes] | None
    # The facts as a decision keeps them.
    parties: Parties
    # The card as JSON, by the date of a version and whether it is a preview.
    shown: dict[tuple[str, bool], msgspec.Raw] = msgspec.field(default_factory=dict)

    def stored(self, body: bytes) -> bytes:
        """JSON text that holds the card, as it is stored: with what is personal in it sealed."""
        return body if self.birth is None else body.replace(*self.birth)


@lru_cache(maxsize=REMEMBERED_MAX)
def pair(vault: Vault, account_id: str, values: tuple[Any, ...]) -> Pair:
    """The pair of the first ``PAIR_WIDTH`` values of a row of the account.

    What is sealed in them is opened here, once, and its sealed form is remembered beside it: a
    decision neither seals nor unseals anything.
    """
    of_card, of_holder = (msgspec.json.decode(values[at]) for at in (CARD_WIDTH - 1, -1))
    card = _resource(Card, CARD_COLUMNS, values[: CARD_WIDTH - 2], of_card)
    sealing.unseal_body(Cardholder, of_holder, vault, account_id, values[CARD_WIDTH])
    holder = _resource(Cardholder, HOLDER_COLUMNS, values[CARD_WIDTH : PAIR_WIDTH - 1], of_holder)
    issued = cards.whole(card, holder)
    birth = _birth(vault, account_id, holder)
    facts = facts_of(issued, values[SPEND_ROOT])
    return Pair(issued, *facts, birth, parties_of(*facts))


def _birth(vault: Vault, account_id: str, holder: Cardholder) -> tuple[bytes, bytes] | None:
    if holder.individual is None or holder.individual.dob is None:
        return None
    text = '"dob":' + msgspec.json.encode(holder.individual.dob).decode()
    return text.encode(), sealing.seal_text(text, vault, account_id, holder.id).encode()


def facts_of(issued: IssuedCard, spend_root: str) -> tuple[CardFacts, HolderFacts]:
    """What a decision needs to know of a card and of its cardholder."""
    holder = issued.cardholder
    return (
        CardFacts(
            status=issued.status,
            currency=issued.currency,
            exp_month=issued.exp_month,
            exp_year=issued.exp_year,
            spend_root=spend_root,
            controls=issued.spending_controls,
            pin_blocked=pins.is_blocked(issued),
            expired=issued.is_expired,
        ),
        HolderFacts(
            id=holder.id,
            status=holder.status,
            disabled_reason=holder.requirements.disabled_reason,
            controls=holder.spending_controls,
        ),
    )


def _resource(
    shape: type[Any], names: tuple[str, ...], values: tuple[Any, ...], content: dict[str, Any]
) -> Any:
    content.update(zip(names, values, strict=True))
    assert issubclass(shape, Resource)
    return msgspec.convert(content, shape)

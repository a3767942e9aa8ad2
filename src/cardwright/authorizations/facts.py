"""From the rows of a card and its cardholder to what a decision and its answer need.

A pair of rows is decoded once and remembered by its whole content: rows that changed are other
keys, so nothing is ever decided on a remembered state.
"""

from functools import lru_cache
from typing import Any

import msgspec

from cardwright.authorizations.rules import CardFacts, HolderFacts
from cardwright.cardholders.model import Cardholder
from cardwright.cards import flows as cards
from cardwright.cards.model import Card, IssuedCard
from cardwright.wire.render import render
from cardwright.wire.resource import Resource
from cardwright.wire.versions import Version

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
    _shown: dict[tuple[str, bool], msgspec.Raw] = msgspec.field(default_factory=dict)

    def shown(self, version: Version) -> msgspec.Raw:
        """The card as JSON in the version's vocabulary."""
        key = (version.date, version.preview)
        found = self._shown.get(key)
        if found is None:
            found = msgspec.Raw(msgspec.json.encode(render(self.issued, version)))
            self._shown[key] = found
        return found


@lru_cache(maxsize=REMEMBERED_MAX)
def pair(values: tuple[Any, ...]) -> Pair:
    """The pair of a row's first ``PAIR_WIDTH`` values."""
    card = _resource(Card, CARD_COLUMNS, values[: CARD_WIDTH - 2], values[CARD_WIDTH - 1])
    holder = _resource(Cardholder, HOLDER_COLUMNS, values[CARD_WIDTH : PAIR_WIDTH - 1], values[-1])
    issued = cards.whole(card, holder)
    return Pair(issued, *facts_of(issued, values[SPEND_ROOT]))


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
        ),
        HolderFacts(
            id=holder.id,
            status=holder.status,
            disabled_reason=holder.requirements.disabled_reason,
            controls=holder.spending_controls,
        ),
    )


def _resource(shape: type[Any], names: tuple[str, ...], values: tuple[Any, ...], body: str) -> Any:
    content: dict[str, Any] = msgspec.json.decode(body)
    content.update(zip(names, values, strict=True))
    assert issubclass(shape, Resource)
    return msgspec.convert(content, shape)

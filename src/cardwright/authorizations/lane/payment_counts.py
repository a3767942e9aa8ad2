"""Cards that cancel themselves after a number of payments.

What counts is an approved authorization over more than nothing, whatever becomes of it, and a
capture without an authorization. While the platform is asked about a payment its place is taken.
A card whose payments are made is declined as canceled at once; a deadline cancels it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from cardwright.authorizations.decision.facts import Pair
from cardwright.authorizations.decision.rules import CardFacts
from cardwright.authorizations.lane.columns import as_column
from cardwright.authorizations.lane.work import Attempt
from cardwright.authorizations.lane.writing import DeadlineRow, DecisionWrites
from cardwright.cards import flows as cards
from cardwright.cards.model import Card, CardMembers
from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.registries import Ordered
from cardwright.tenancy import deadlines
from cardwright.wire import rows

QUERIES = load(__file__)
USED_UP = "card.used_up"


# An account and a card of it.
CardKey = tuple[str, str]
# Counts the payments with cards, in order, that no authorization came before. They are captured in
# a room above, which registers its counter.
Counter = Callable[[Connection, list[CardKey]], Awaitable[list[int]]]
UNAUTHORIZED: Ordered[Counter] = Ordered("counters of payments")


class Authorized(msgspec.Struct, frozen=True):
    """How many payments were authorized with a card."""

    payments: int


_COUNT = QUERIES.many("count_payments", Authorized)


async def count(connection: Connection, of_cards: list[CardKey], *, asked_too: bool) -> list[int]:
    """How many payments were made with cards, in order; with ``asked_too`` those that the platform
    is still asked about as well."""
    authorized = await _COUNT(
        connection,
        account_ids=as_column(account for account, _ in of_cards),
        cards=as_column(card for _, card in of_cards),
        asked_too=asked_too,
    )
    made = [row.payments for row in authorized]
    for further in UNAUTHORIZED:
        found = await further(connection, of_cards)
        made = [sum(both) for both in zip(made, found, strict=True)]
    return made


def most(card: CardMembers) -> int | None:
    """The number of payments after which the card cancels itself, if it does."""
    controls = card.lifecycle_controls
    return None if controls is None else controls.cancel_after.payment_count


@dataclass
class PaymentCounts:
    """How many payments the cards of a batch may still make; hardly any card has such an end."""

    _left: dict[CardKey, int] = field(default_factory=dict)

    async def load(
        self, connection: Connection, attempts: list[Attempt], pairs: list[Pair | None]
    ) -> None:
        """Count what was made with the cards that end after a number of payments."""
        ends: dict[CardKey, int] = {}
        for item, known in zip(attempts, pairs, strict=True):
            end = None if known is None else most(known.issued)
            if end is not None:
                ends[item.account_id, item.request.card] = end
        if not ends:
            return
        found = await count(connection, list(ends), asked_too=True)
        for (key, end), made in zip(ends.items(), found, strict=True):
            self._left[key] = end - made

    def facts(self, item: Attempt, known: Pair) -> CardFacts:
        """The card as it stands: canceled, for a payment, when its payments are made."""
        left = self._left.get((item.account_id, item.request.card))
        if left is None or left > 0 or not item.request.amount_minor:
            return known.card
        return msgspec.structs.replace(known.card, status="canceled")

    def note(self, item: Attempt, writes: DecisionWrites) -> None:
        """Count what was just decided, and have the card canceled after its last payment."""
        key = (item.account_id, item.request.card)
        if key not in self._left or not item.request.amount_minor:
            return
        one = writes.authorization
        if one.approved or one.pending_request is not None:
            self._left[key] -= 1
        if one.approved and self._left[key] <= 0:
            writes.deadlines.append(DeadlineRow(USED_UP, one.card, clock.machine_ms(), "machine"))


async def note_payment(tx: Tx, card_id: str) -> None:
    """A payment was made outside of a batch: have the card canceled if it was the last."""
    card = await rows.get(tx, Card, card_id)
    if most(card) is not None:
        await deadlines.schedule(
            tx, kind=USED_UP, subject=card_id, due_ms=clock.machine_ms(), timebase="machine"
        )


async def cancel_used_up(tx: Tx, card_id: str) -> None:
    """Cancel a card whose payments are made."""
    card = await rows.get(tx, Card, card_id)
    [made] = await count(tx.connection, [(tx.account_id, card_id)], asked_too=False)
    end = most(card)
    if end is not None and made >= end:
        await cards.cancel(tx, card_id)


HANDLERS: dict[str, deadlines.Handler] = {USED_UP: cancel_used_up}

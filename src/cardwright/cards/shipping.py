"""What happens to a physical card on its way to its holder: submit, ship, deliver, return, fail."""

from typing import Any

import msgspec

from cardwright.cardholders.model import Cardholder
from cardwright.cards import flows, shipping_rules
from cardwright.cards.model import Card, IssuedCard
from cardwright.cards.shipping_shapes import ShippingReport, ShippingStatus
from cardwright.designs import flows as designs
from cardwright.kernel.database import Connection, Tx
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows

_OWNER = flows.QUERIES.value("account_of_card", str)


@operator_verb(kind="none")
async def report(tx: Tx, card_id: str, news: ShippingReport) -> IssuedCard:
    """Take what the bureau or the carrier says of a card of the acting account.

    The same status again changes nothing but what is told about it, so a report may be repeated.
    """
    details = shipping_rules.details_of(news)
    card = await lock_card(tx, card_id)
    if card.shipping is None or card.shipping.status != news.status:
        return await _step(tx, card, news.status, details)
    holder = await rows.get(tx, Cardholder, card.cardholder)
    same = msgspec.structs.replace(card.shipping, **details)
    if same == card.shipping:
        return flows.whole(card, holder)
    return await flows.save(tx, card, shipping_rules.with_shipping(card, same), holder)


async def simulate(
    tx: Tx, card_id: str, status: ShippingStatus, *, unsubmitted: bool = False
) -> IssuedCard:
    """Move a card of the test environment one step on, as a carrier that is made up.

    ``unsubmitted`` ships a card straight from pending, as versions do that know no submission.
    """
    card = await lock_card(tx, card_id)
    details: dict[str, Any] = {}
    if status == "shipped" and card.shipping is not None:
        details = shipping_rules.simulated_details(card_id, card.shipping)
    return await _step(tx, card, status, details, unsubmitted=unsubmitted)


async def lock_card(tx: Tx, card_id: str) -> Card:
    """A card of the acting account, locked; before it the design that it is still to be made with,
    because a review locks a design first and its cards after it."""
    peeked = await rows.get(tx, Card, card_id)
    pending = peeked.shipping is not None and peeked.shipping.status == "pending"
    if pending and peeked.personalization_design is not None:
        await designs.hold(tx, peeked.personalization_design)
    return await rows.lock(tx, Card, card_id)


async def account_of(connection: Connection, card_id: str) -> str | None:
    """The account that has the card, whichever it is: an operator knows the card alone."""
    return await _OWNER(connection, id=card_id)


async def _step(
    tx: Tx,
    card: Card,
    status: ShippingStatus,
    details: dict[str, Any],
    *,
    unsubmitted: bool = False,
) -> IssuedCard:
    shipping = shipping_rules.check_step(card, status, unsubmitted=unsubmitted)
    if shipping.status == "pending" and card.personalization_design is not None:
        await designs.check_fulfillable(tx, card.personalization_design)
    moved = shipping_rules.stepped(shipping, status, tx.now, details)
    after = shipping_rules.with_shipping(card, moved)
    if (shipping.status, status) == ("submitted", "failure"):
        # A card that could not be made will not come: another one must be ordered.
        after = msgspec.structs.replace(
            after, status="canceled", cancellation_reason="fulfillment_error"
        )
    holder = await rows.get(tx, Cardholder, card.cardholder)
    return await flows.save(tx, card, after, holder)

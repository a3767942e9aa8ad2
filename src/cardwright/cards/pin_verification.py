"""Presenting a PIN: three wrong ones in a row block it, and with it the card.

A card whose PIN is blocked is inactive; setting it active again unblocks the PIN, as the public
documentation has it. Whoever presents a PIN - an operator, a test, a card network - calls this.
"""

from typing import Literal

import msgspec

from cardwright.cardholders.model import Cardholder
from cardwright.cards import flows, pins, refusals
from cardwright.cards.model import Card, IssuedCard
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.given import Given

Result = Literal["match", "mismatch", "blocked"]


class Verification(msgspec.Struct, frozen=True):
    """What became of a PIN that was presented; how many tries are left until it is blocked."""

    card: str
    result: Result
    tries_left: int


@operator_verb(kind="none")
async def verify_pin(
    tx: Tx,
    card_id: str,
    presented: str,
    *,
    param: str = "id",
    request: str | None = None,
    counts: bool = True,
) -> Verification:
    """Compare a PIN with the card's, and count it when it is wrong.

    A match starts the count anew. While the PIN is blocked nothing is compared. ``request`` names
    what brought the PIN, which counts once however often it comes; without ``counts`` it was
    answered before, and is compared alone."""
    before = await rows.lock(tx, Card, card_id, param=param)
    if pins.is_blocked(before):
        return Verification(card_id, "blocked", 0)
    matched = await pins.matches(tx, before, presented)
    after = before
    if counts:
        after = pins.counted(before, request, matched=matched)
    if after != before:
        holder = await rows.get(tx, Cardholder, before.cardholder)
        await flows.save(tx, before, after, holder)
    left = pins.FAILURES_MAX - after.pin_failures
    return Verification(card_id, "match" if matched else "mismatch", left)


@operator_verb(kind="widens_risk")
async def unblock_pin(tx: Tx, card_id: str) -> IssuedCard:
    """Let a blocked PIN be presented again, and activate the card; refuses when it is not blocked,
    or when the card cannot be active."""
    before = await flows.lock_to_activate(tx, card_id)
    if not pins.is_blocked(before):
        fail(refusals.PIN_NOT_BLOCKED)
    return await flows.update_card(tx, card_id, Given(Card, {"status": "active"}))

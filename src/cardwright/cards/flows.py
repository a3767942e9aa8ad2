"""What happens to cards: issue, update, show, reveal."""

from collections.abc import Set
from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.store import statuses_of
from cardwright.cardholders.model import Cardholder
from cardwright.cards import (
    card_numbers,
    pins,
    rules,
    shipping_rules,
    verification_values,
    wallets,
)
from cardwright.cards.model import Card, CardCanceled, IssuedCard
from cardwright.designs import flows as designs
from cardwright.designs.model import DesignRejected
from cardwright.features.happenings import dispatch
from cardwright.financial_accounts.moves import receiving
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.programs import flows as programs
from cardwright.programs.offerings import Offering
from cardwright.tenancy import deadlines, secrets
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

QUERIES = load(__file__)
_ACTIVE = QUERIES.many("active_cards", str)
# What a retrieve may show of a virtual card, and what the holder of an ephemeral key sees besides.
SECRETS = frozenset({"number", "cvc"})
PIN = "pin.number"
EXPIRY = "card.expire"


class Numbering(msgspec.Struct, frozen=True):
    """What a card has besides the object: its number's digest, and the first of its chain."""

    pan_index: str
    spend_root: str


class Waiting(msgspec.Struct, frozen=True):
    """A card that waits to be made."""

    account_id: str
    id: str


_INSERT = QUERIES.run("insert_card")
_NUMBERING = QUERIES.one("get_numbering", Numbering)
_OF_DESIGN = QUERIES.many("cards_of_design", Waiting)


async def issue_card(tx: Tx, given: Given[Card]) -> IssuedCard:
    """A new card of the acting account, under the program given or the account's default.

    It needs an active capability for the program, and to be active a cardholder who can use it.
    """
    holder = await rows.get(tx, Cardholder, given.get("cardholder"), param="cardholder")
    program = await programs.choose_program(tx, given.get("program"))
    capability = program.offering.capability
    statuses = await statuses_of(tx.connection, tx.account_id, [capability])
    rules.check_capability(statuses.get(capability), program.offering)
    encrypted_pin = pins.given_pin(given)
    exp_month, exp_year = rules.expiry(tx.now_ms, given.get("exp_month"), given.get("exp_year"))
    card = build(
        Card,
        given,
        id=ids.new_id(Card.prefix),
        brand=program.offering.brand,
        created=tx.now,
        exp_month=exp_month,
        exp_year=exp_year,
        last4="",
        livemode=tx.livemode,
        pin=UNSET,
        program=program.id,
        wallets=await wallets.of_platform(tx),
    )
    card = rules.with_limits(card, is_new=True)
    rules.check_offering(card, program.offering)
    rules.check_new(card, holder)
    rules.check_program_open(card, program.id, closed=program.closed)
    rules.check_reachable(None, card, holder, program.offering)
    card = shipping_rules.prepared(await _designed(tx, card), tx.now)
    original = await _original(tx, card)
    card = await _backed(tx, card, original)
    card, numbering = await _number(
        tx, card, original, program.offering, is_chosen="exp_month" in given
    )
    number = await card_numbers.number_of(tx.connection, tx.vault, tx.account_id, card.id)
    await pins.set_first(tx, card, number, encrypted_pin)
    values, body = rows.encode(card)
    await _INSERT(
        tx.connection,
        account_id=tx.account_id,
        id=card.id,
        spend_root=numbering.spend_root,
        pan_index=numbering.pan_index,
        body=body,
        **dict(zip(rows.layout(Card).columns, values, strict=True)),
    )
    due_ms = rules.expires_ms(card.exp_year, card.exp_month)
    await deadlines.schedule(tx, kind=EXPIRY, subject=card.id, due_ms=due_ms)
    if original is not None:
        await save(tx, original, msgspec.structs.replace(original, replaced_by=card.id), holder)
    if rules.takes_over(None, card):
        await _take_over(tx, card, holder)
    shown = whole(card, holder)
    tx.emit("issuing_card.created", shown)
    return shown


async def update_card(tx: Tx, card_id: str, given: Given[Card]) -> IssuedCard:
    """The card with the given members changed; nothing is written when nothing changes.

    A PIN is changed without an event, for it shows on no object; activating the card unblocks it.
    """
    if given.get("status") == "active":
        before = await lock_to_activate(tx, card_id)
    else:
        before = await rows.lock(tx, Card, card_id)
    holder = await rows.get(tx, Cardholder, before.cardholder)
    after = rules.with_limits(merge(before, given), is_new=False)
    after = msgspec.structs.replace(after, pin=UNSET)
    rules.check_update(before, after, holder)
    program = await programs.choose_program(tx, before.program)
    rules.check_reachable(before, after, holder, program.offering)
    after = await _shipped(tx, before, after)
    encrypted_pin = pins.given_pin(given)
    if encrypted_pin is not None:
        rules.check_alive(before, "pin")
        await pins.change(tx, before, encrypted_pin)
    if after.status == "active" and before.status != "active":
        after = msgspec.structs.replace(after, pin_failures=0, pin_failed_requests=[])
    if after == before:
        return whole(after, holder)
    if rules.takes_over(before, after):
        await _take_over(tx, after, holder)
    return await save(tx, before, after, holder)


async def lock_to_activate(tx: Tx, card_id: str) -> Card:
    """The card, locked after those whose number it inherited: rows are locked in the order of their
    ids, and those cards are older."""
    await _lock_line(tx, await rows.get(tx, Card, card_id))
    return await rows.lock(tx, Card, card_id)


async def cancel(tx: Tx, card_id: str, *, expired: bool = False) -> None:
    """Cancel a card for what has happened to it; one that is canceled stays as it is."""
    before = await rows.lock(tx, Card, card_id)
    if before.status == "canceled":
        return
    holder = await rows.get(tx, Cardholder, before.cardholder)
    after = msgspec.structs.replace(before, status="canceled", is_expired=expired)
    await save(tx, before, after, holder)


async def shown(connection: Connection, account_id: str, cards: list[Card]) -> list[IssuedCard]:
    """The cards with their cardholders whole, in the same order."""
    wanted = sorted({card.cardholder for card in cards})
    holders = await rows.batch(connection, Cardholder, account_id, wanted)
    return [whole(card, holders[card.cardholder]) for card in cards]


async def load_shown(
    connection: Connection, account_id: str, card_ids: list[str]
) -> dict[str, Any]:
    """The loader of expanded cards."""
    found = await rows.batch(connection, Card, account_id, card_ids)
    cards = await shown(connection, account_id, list(found.values()))
    return {card.id: card for card in cards}


async def reveal(tx: Tx, card: IssuedCard, names: Set[str]) -> IssuedCard:
    """The card with the named secret members in clear."""
    clear: dict[str, Any] = {}
    number = await card_numbers.number_of(tx.connection, tx.vault, tx.account_id, card.id)
    if "number" in names:
        clear["number"] = number
    if "cvc" in names:
        clear["cvc"] = verification_values.cvc(tx.vault, number, card.exp_month, card.exp_year)
    if PIN in names:
        pin = await pins.clear(tx.connection, tx.vault, tx.account_id, card.id)
        clear["pin"] = pin if pin is not None else UNSET
    return msgspec.structs.replace(card, **clear)


def whole(card: Card, holder: Cardholder) -> IssuedCard:
    """The card as it is shown."""
    members = msgspec.structs.asdict(card)
    members |= {"cardholder": holder, "wallets": wallets.shown_to(card, holder)}
    return IssuedCard(**members)


async def active_ids(tx: Tx) -> list[str]:
    """The cards of the acting account that can pay, in the order of locks."""
    return await _ACTIVE(tx.connection, account_id=tx.account_id)


async def save(
    tx: Tx, before: Card, after: Card, holder: Cardholder, successor: str | None = None
) -> IssuedCard:
    """Write a changed card, and tell of it unless only what nobody sees has changed; with the card
    ends a shipment that has not left.

    ``successor`` goes on with the number. An expired card waits for it: its end is not told."""
    after = shipping_rules.canceled_with(after)
    await rows.save(tx, after)
    shown = whole(after, holder)
    previous = changed(before, after)
    for name in rules.UNSEEN:
        previous.pop(name, None)
    if previous:
        tx.emit("issuing_card.updated", shown, previous=previous)
    if after.status == "canceled" and before.status != "canceled" and not after.is_expired:
        await dispatch(tx, CardCanceled(after.id, successor))
    return shown


async def cancel_unmade(tx: Tx, rejected: DesignRejected) -> None:
    """Cancel the cards that wait to be made with a rejected design of the acting account: its own
    and, when it is a platform, those of its accounts."""
    design_id = rejected.design_id
    for waiting in await _OF_DESIGN(tx.connection, account_id=tx.account_id, design=design_id):
        owner = await acting(tx, waiting.account_id)
        if owner is None:
            continue
        card = await rows.lock(owner, Card, waiting.id)
        holder = await rows.get(owner, Cardholder, card.cardholder)
        if not rules.waits_for(card, design_id):
            continue
        after = msgspec.structs.replace(
            card, status="canceled", cancellation_reason="design_rejected"
        )
        await save(owner, card, after, holder)


async def _designed(tx: Tx, card: Card) -> Card:
    """The card with the design it is made with: the one given, or the account's default."""
    if card.type != "physical":
        return card
    design = await designs.choose(tx, card.personalization_design, card.second_line)
    return msgspec.structs.replace(card, personalization_design=design and design.id)


async def _shipped(tx: Tx, before: Card, after: Card) -> Card:
    """The card after a change of its shipment or its design, which is checked."""
    design_changes = after.personalization_design != before.personalization_design
    if after.shipping == before.shipping and not design_changes:
        return after
    shipping_rules.check_update(before, after, design_changes=design_changes)
    if design_changes:
        after = await _designed(tx, after)
    return shipping_rules.prepared(after, tx.now)


async def _original(tx: Tx, card: Card) -> Card | None:
    """The card that the new one replaces, locked and checked."""
    if card.replacement_for is None:
        return None
    await _lock_line(tx, card)
    original = await rows.lock(tx, Card, card.replacement_for, param="replacement_for")
    rules.check_replacement(card, original)
    return original


async def _backed(tx: Tx, card: Card, original: Card | None) -> Card:
    """The card with the financial account that it spends, if any: the one given, or that of the
    card it replaces."""
    if original is not None:
        card = rules.backed_alike(card, original)
    if card.financial_account is not None:
        await receiving.check_card(tx, card.financial_account, card.currency)
    return card


async def _number(
    tx: Tx, card: Card, original: Card | None, offering: Offering, *, is_chosen: bool
) -> tuple[Card, Numbering]:
    """Give the card its number: one of the program's, or the number it inherits, and then an
    expiry (unless the caller chose it) with which it has a code of its own."""
    old = None
    if original is not None:
        old = await _NUMBERING(tx.connection, account_id=tx.account_id, id=original.id)
    spend_root = old.spend_root if old is not None else card.id
    if original is not None and old is not None and card.replacement_reason in rules.SAME_NUMBER:
        pan_index = old.pan_index
        number = await card_numbers.number_of(tx.connection, tx.vault, tx.account_id, original.id)
        card = await _with_own_expiry(tx, card, number, pan_index, is_chosen=is_chosen)
    else:
        number, pan_index = await card_numbers.new_number(tx, card, offering.bin)
    await secrets.put(tx, card.id, card_numbers.NUMBER, number)
    return msgspec.structs.replace(card, last4=number[-4:]), Numbering(pan_index, spend_root)


async def _with_own_expiry(
    tx: Tx, card: Card, number: str, pan_index: str, *, is_chosen: bool
) -> Card:
    """The card with another expiry and another code than the cards that have its number."""
    others = await card_numbers.sharing(tx.connection, tx.vault, tx.account_id, number, pan_index)
    if is_chosen:
        rules.check_expiry_free(card, [other.expiry for other in others])
        return card
    month, year = card.exp_month, card.exp_year
    while (month, year) in {other.expiry for other in others} or verification_values.cvc(
        tx.vault, number, month, year
    ) in {other.cvc for other in others}:
        month, year = month % 12 + 1, year + month // 12
    return msgspec.structs.replace(card, exp_month=month, exp_year=year)


async def _line(tx: Tx, card: Card) -> list[str]:
    """The cards that had the card's number before it, oldest first; what a card replaces, and why,
    never changes."""
    line: list[str] = []
    while card.replacement_for is not None and card.replacement_reason in rules.SAME_NUMBER:
        line.insert(0, card.replacement_for)
        card = await rows.get(tx, Card, card.replacement_for, param="replacement_for")
    return line


async def _lock_line(tx: Tx, card: Card) -> None:
    for older in await _line(tx, card):
        await rows.lock(tx, Card, older)


async def _take_over(tx: Tx, card: Card, holder: Cardholder) -> None:
    """Cancel every card whose number this one inherited."""
    for older in await _line(tx, card):
        before = await rows.lock(tx, Card, older)
        rules.check_number_safe(before)
        if before.status == "canceled":
            await dispatch(tx, CardCanceled(before.id, card.id))
            continue
        after = msgspec.structs.replace(before, status="canceled")
        await save(tx, before, after, holder, successor=card.id)

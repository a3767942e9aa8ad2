"""What happens to cards: issue, update, show, reveal."""

from typing import Any

import msgspec

from cardwright.accounts.acting import acting
from cardwright.cardholders.model import Cardholder
from cardwright.cards import numbers, rules, shipping_rules
from cardwright.cards.model import Card, IssuedCard
from cardwright.designs import flows as designs
from cardwright.financial_accounts import receiving
from cardwright.kernel import ids, secrets
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.programs import flows as programs
from cardwright.programs.offerings import Offering
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

QUERIES = load(__file__)
SECRETS = ("number", "cvc")
# Numbers of a program are ten million; finding twenty taken in a row means that it is full.
ATTEMPTS = 20


class Numbering(msgspec.Struct, frozen=True):
    """What a card has besides the object: its number's digest, and the first of its chain."""

    pan_index: str
    spend_root: str


class Waiting(msgspec.Struct, frozen=True):
    """A card that waits to be made."""

    account_id: str
    id: str


_CAPABILITY = QUERIES.value("capability_status", str)
_INSERT = QUERIES.run("insert_card")
_NUMBERING = QUERIES.one("get_numbering", Numbering)
_ADD_ROUTE = QUERIES.run("add_route")
_MOVE_ROUTE = QUERIES.run("move_route")
_OF_DESIGN = QUERIES.many("cards_of_design", Waiting)


async def issue_card(tx: Tx, given: Given[Card]) -> IssuedCard:
    """A new card of the acting account, under the program given or the account's default.

    It needs an active capability for the program, and to be active a cardholder who can use it.
    """
    holder = await rows.get(tx, Cardholder, given.get("cardholder"), param="cardholder")
    program = await programs.choose_program(tx, given.get("program"))
    capability = program.offering.capability
    status = await _CAPABILITY(tx.connection, account_id=tx.account_id, path=capability)
    rules.check_capability(status, program.offering)
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
        program=program.id,
    )
    card = rules.with_limits(card, is_new=True)
    rules.check_offering(card, program.offering)
    rules.check_new(card, holder)
    rules.check_reachable(None, card, holder, program.offering)
    card = shipping_rules.prepared(await _designed(tx, card), tx.now)
    original = await _original(tx, card)
    card = await _backed(tx, card, original)
    card, numbering = await _number(tx, card, original, program.offering)
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
    if original is not None:
        await save(tx, original, msgspec.structs.replace(original, replaced_by=card.id), holder)
    if rules.takes_over(None, card):
        await _take_over(tx, card, holder)
    shown = whole(card, holder)
    tx.emit("issuing_card.created", shown)
    return shown


async def update_card(tx: Tx, card_id: str, given: Given[Card]) -> IssuedCard:
    """The card with the given members changed; nothing is written when nothing changes."""
    peeked = await rows.get(tx, Card, card_id)
    if given.get("status") == "active":
        # Rows are locked in the order of their ids: the cards that are replaced are older.
        await _lock_line(tx, peeked)
    before = await rows.lock(tx, Card, card_id)
    holder = await rows.get(tx, Cardholder, before.cardholder)
    after = rules.with_limits(merge(before, given), is_new=False)
    rules.check_update(before, after, holder)
    program = await programs.choose_program(tx, before.program)
    rules.check_reachable(before, after, holder, program.offering)
    after = await _shipped(tx, before, after)
    if after == before:
        return whole(after, holder)
    if rules.takes_over(before, after):
        await _take_over(tx, after, holder)
    return await save(tx, before, after, holder)


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


async def reveal(tx: Tx, card: IssuedCard, names: set[str]) -> IssuedCard:
    """The card with the named secret members in clear; those of a physical card are not shown."""
    if card.type != "virtual":
        return card
    clear = {
        name: await secrets.get(tx.connection, tx.vault, tx.account_id, card.id, name)
        for name in SECRETS
        if name in names
    }
    return msgspec.structs.replace(card, **clear)


def whole(card: Card, holder: Cardholder) -> IssuedCard:
    """The card as it is shown."""
    return IssuedCard(**{**msgspec.structs.asdict(card), "cardholder": holder})


async def save(tx: Tx, before: Card, after: Card, holder: Cardholder) -> IssuedCard:
    """Write a changed card, and tell of it; with the card ends a shipment that has not left."""
    after = shipping_rules.canceled_with(after)
    await rows.save(tx, after)
    shown = whole(after, holder)
    tx.emit("issuing_card.updated", shown, previous=changed(before, after))
    return shown


async def cancel_unmade(tx: Tx, design_id: str) -> None:
    """Cancel the cards that wait to be made with a rejected design of the acting account: its own
    and, when it is a platform, those of its accounts."""
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
    tx: Tx, card: Card, original: Card | None, offering: Offering
) -> tuple[Card, Numbering]:
    """Give the card its number and code: those of the program, or the number it inherits."""
    old = None
    if original is not None:
        old = await _NUMBERING(tx.connection, account_id=tx.account_id, id=original.id)
    spend_root = old.spend_root if old is not None else card.id
    if original is not None and old is not None and card.replacement_reason in rules.SAME_NUMBER:
        kept = await secrets.get(tx.connection, tx.vault, tx.account_id, original.id, "number")
        assert kept is not None, f"{original.id} has no number"
        number, pan_index = kept, old.pan_index
    else:
        number, pan_index = await _new_number(tx, card, offering)
    await secrets.put(tx, card.id, "number", number)
    await secrets.put(tx, card.id, "cvc", numbers.new_cvc())
    return msgspec.structs.replace(card, last4=number[-4:]), Numbering(pan_index, spend_root)


async def _new_number(tx: Tx, card: Card, offering: Offering) -> tuple[str, str]:
    """A number that no card has, routed to the card."""
    for _ in range(ATTEMPTS):
        number = numbers.new_number(offering.bin)
        pan_index = numbers.number_index(tx.vault, number)
        added = await _ADD_ROUTE(
            tx.connection, pan_index=pan_index, account_id=tx.account_id, card_id=card.id
        )
        if added:
            return number, pan_index
    raise AssertionError(f"the range {offering.bin} has no free numbers")


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
    """Cancel every card whose number this one inherited, and route the number here."""
    for older in await _line(tx, card):
        before = await rows.lock(tx, Card, older)
        rules.check_number_safe(before)
        if before.status != "canceled":
            await save(tx, before, msgspec.structs.replace(before, status="canceled"), holder)
    numbering = await _NUMBERING(tx.connection, account_id=tx.account_id, id=card.id)
    assert numbering is not None, f"{card.id} has no row"
    await _MOVE_ROUTE(
        tx.connection,
        pan_index=numbering.pan_index,
        account_id=tx.account_id,
        card_id=card.id,
    )

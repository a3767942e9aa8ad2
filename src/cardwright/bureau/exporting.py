"""Cards leave for the bureau in files that are encrypted to its key, each card in one."""

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.bureau import encryption, personalization, refusals
from cardwright.bureau.model import BureauFile
from cardwright.cardholders.model import Cardholder
from cardwright.cards import card_numbers, shipping, shipping_rules
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import ShippingReport
from cardwright.designs import bundles
from cardwright.designs import flows as designs
from cardwright.designs.model import Design, PhysicalBundle
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates, platforms, secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
# How many cards one file takes; the rest waits for the next.
FILE_MAX = 500
CONTENT = "content"


class Waiting(msgspec.Struct, frozen=True):
    """A card that waits to be made."""

    account_id: str
    id: str


_WAITING = QUERIES.many("list_waiting", Waiting)
_ADD = QUERIES.run("add_card")


@operator_verb(kind="reveals")
async def set_key(tx: Tx, pem: str) -> str:
    """Encrypt to this key from now on; the answer is its name."""
    key = encryption.read_key(pem)
    settings = await platforms.settings_to_change(tx)
    await platforms.change(tx, settings, bureau_key=key.as_pem(private=False).decode())
    return encryption.key_id(key)


async def key_of(tx: Tx) -> str | None:
    """The key of the acting platform's bureau, in PEM."""
    settings = await platforms.settings(tx)
    return settings.bureau_key


@operator_verb(kind="reveals")
async def export(tx: Tx) -> BureauFile:
    """Put the cards that can be made into a new file: they are submitted from then on.

    The transaction acts as the platform. Refuses while there is no key, or nothing to make.
    """
    pem = await key_of(tx)
    if pem is None:
        fail(refusals.BUREAU_KEY_MISSING)
    key = encryption.read_key(pem)
    # Two exports at once take turns, so that the second sees what the first has left.
    await gates.lock(tx, tx.account_id)
    file_id = ids.new_id(BureauFile.prefix)
    waiting = await _WAITING(tx.connection, platform_id=tx.account_id, limit=FILE_MAX)
    in_order = sorted(waiting, key=lambda one: (one.account_id, one.id))
    found = [await _take(tx, one, file_id) for one in in_order]
    lines = [line for line in found if line is not None]
    if not lines:
        fail(refusals.BUREAU_FILE_EMPTY)
    clear = personalization.content(file_id, tx.now, tx.livemode, lines)
    made = BureauFile(
        id=file_id,
        cards=[line["card"] for line in lines],
        count=len(lines),
        created=Timestamp(tx.now),
        key_id=encryption.key_id(key),
        livemode=tx.livemode,
    )
    await secrets.put(tx, file_id, CONTENT, encryption.encrypted(clear, key))
    await rows.insert(tx, made)
    return made


@operator_verb(kind="reveals")
async def content_of(tx: Tx, file_id: str) -> str:
    """What the bureau is given, as it was encrypted when the file was made."""
    found = await rows.get(tx, BureauFile, file_id)
    text = await secrets.get(tx.connection, tx.vault, tx.account_id, found.id, CONTENT)
    assert text is not None, f"{file_id} has no content"
    return text


async def _take(tx: Tx, waiting: Waiting, file_id: str) -> personalization.Line | None:
    """The line of a card that is submitted now; None when it does not wait any more."""
    owner = await acting(tx, waiting.account_id)
    if owner is None:
        return None
    card = await shipping.lock_card(owner, waiting.id)
    design = await _design(owner, card)
    if not shipping_rules.can_be_made(card, design[0].status if design is not None else None):
        return None
    holder = await rows.get(owner, Cardholder, card.cardholder)
    number = await card_numbers.number_of(owner.connection, owner.vault, owner.account_id, card.id)
    await shipping.report(owner, card.id, ShippingReport(status="submitted"))
    await _ADD(
        owner.connection,
        account_id=owner.account_id,
        card=card.id,
        platform_id=owner.platform_id,
        file=file_id,
    )
    return personalization.line_of(owner.vault, owner.account_id, card, holder, number, design)


async def _design(owner: Tx, card: Card) -> tuple[Design, PhysicalBundle] | None:
    if card.personalization_design is None:
        return None
    design = await designs.find_design(owner, card.personalization_design)
    return design, await bundles.find_bundle(owner, design.physical_bundle)

"""What happens to cardholders: load, decide, write, emit."""

import msgspec
from msgspec import UNSET

from cardwright.cardholders import rules
from cardwright.cardholders.model import Cardholder
from cardwright.files.documents import check_documents
from cardwright.kernel import clock, ids, secrets
from cardwright.kernel.database import Tx
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge


async def create_cardholder(tx: Tx, given: Given[Cardholder]) -> Cardholder:
    """A new cardholder of the acting account."""
    cardholder = build(
        Cardholder,
        given,
        id=ids.new_id(Cardholder.prefix),
        created=tx.now,
        livemode=tx.livemode,
    )
    rules.check_new(cardholder)
    rules.check_past(cardholder, clock.latest_ms(tx.now_ms))
    await check_documents(tx, rules.documents_of(cardholder), absent="resource_missing")
    cardholder = await seal_tax_id(tx, cardholder)
    await rows.insert(tx, cardholder)
    tx.emit("issuing_cardholder.created", cardholder)
    return cardholder


async def update_cardholder(tx: Tx, cardholder_id: str, given: Given[Cardholder]) -> Cardholder:
    """The cardholder with the given members changed; nothing is written when nothing changes."""
    before = await rows.lock(tx, Cardholder, cardholder_id)
    after = merge(before, given)
    rules.check_update(before, after)
    rules.check_past(after, clock.latest_ms(tx.now_ms))
    await check_documents(tx, rules.documents_of(after, before), absent="resource_missing")
    after = await seal_tax_id(tx, after)
    if after == before:
        return after
    await rows.save(tx, after)
    tx.emit("issuing_cardholder.updated", after, previous=changed(before, after))
    return after


async def seal_tax_id(tx: Tx, cardholder: Cardholder) -> Cardholder:
    """Move a given tax id into the vault; the cardholder keeps only that there is one."""
    company = cardholder.company
    if company is None or company.tax_id is UNSET:
        return cardholder
    await secrets.put(tx, cardholder.id, "company.tax_id", company.tax_id.reveal())
    kept = msgspec.structs.replace(company, tax_id=UNSET, tax_id_provided=True)
    return msgspec.structs.replace(cardholder, company=kept)

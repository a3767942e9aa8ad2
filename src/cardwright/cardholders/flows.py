"""What happens to cardholders: load, decide, write, emit."""

import msgspec
from msgspec import UNSET

from cardwright.accounts.record.bank_details import currency_of
from cardwright.accounts.record.model import Account
from cardwright.cardholders import refusals, rules, screenings
from cardwright.cardholders.model import Cardholder, Status
from cardwright.currencies import flows as currencies
from cardwright.currencies import refusals as currencies_refusals
from cardwright.files.documents import check_documents
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

LIMITS_CURRENCY = "spending_controls[spending_limits_currency]"


async def create_cardholder(tx: Tx, given: Given[Cardholder]) -> Cardholder:
    """A new cardholder of the acting account; watchlists are searched for it."""
    cardholder = build(
        Cardholder,
        given,
        id=ids.new_id(Cardholder.prefix),
        created=tx.now,
        livemode=tx.livemode,
    )
    cardholder = rules.with_plain_phone(cardholder)
    rules.check_new(cardholder)
    rules.check_past(cardholder, clock.latest_ms(tx.now_ms))
    await check_documents(tx, rules.documents_of(cardholder), api="v1")
    cardholder = await _with_limits_currency(tx, cardholder)
    cardholder = await seal_tax_id(tx, cardholder)
    status = await screenings.begin(tx, cardholder)
    cardholder = await screenings.with_requirements(tx, cardholder, status)
    await rows.insert(tx, cardholder)
    tx.emit("issuing_cardholder.created", cardholder)
    return cardholder


async def update_cardholder(tx: Tx, cardholder_id: str, given: Given[Cardholder]) -> Cardholder:
    """The cardholder with the given members changed; nothing is written when nothing changes.

    Watchlists are searched again when the values changed that they are searched for.
    """
    before = await rows.lock(tx, Cardholder, cardholder_id)
    after = rules.with_plain_phone(merge(before, given))
    rules.check_update(before, after)
    rules.check_past(after, clock.latest_ms(tx.now_ms))
    await check_documents(tx, rules.documents_of(after, before), api="v1")
    if after.spending_controls != before.spending_controls:
        after = await _with_limits_currency(tx, after)
    has_new_tax_id = after.company is not None and after.company.tax_id is not UNSET
    after = await seal_tax_id(tx, after)
    if after == before and not has_new_tax_id:
        return after
    status = await screenings.screen(tx, before, after, has_new_tax_id=has_new_tax_id)
    after = await screenings.with_requirements(tx, after, status)
    return await _save(tx, before, after)


@operator_verb(kind="none")
async def block_cardholder(tx: Tx, cardholder_id: str) -> Cardholder:
    """The operator blocks a cardholder of the acting account: its cards are declined with
    ``cardholder_blocked``, and no call of the platform lifts that."""
    before = await rows.lock(tx, Cardholder, cardholder_id, param="cardholder")
    return await _save(tx, before, msgspec.structs.replace(before, status="blocked"))


@operator_verb(kind="widens_risk")
async def unblock_cardholder(tx: Tx, cardholder_id: str, status: Status) -> Cardholder:
    """The operator lifts a block; the cardholder has the status from now on."""
    before = await rows.lock(tx, Cardholder, cardholder_id, param="cardholder")
    if before.status != "blocked":
        fail(refusals.CARDHOLDER_NOT_BLOCKED, id=before.id, status=before.status)
    return await _save(tx, before, msgspec.structs.replace(before, status=status))


async def _save(tx: Tx, before: Cardholder, after: Cardholder) -> Cardholder:
    if after != before:
        await rows.save(tx, after)
        tx.emit("issuing_cardholder.updated", after, previous=changed(before, after))
    return after


async def _with_limits_currency(tx: Tx, cardholder: Cardholder) -> Cardholder:
    """The cardholder with its limits in a currency that there are rates for: the one given, or that
    of the account."""
    if not cardholder.spending_controls.spending_limits:
        return cardholder
    account = await rows.get(tx, Account, tx.account_id, param="account")
    own = account.defaults.currency or currency_of(account.identity.country)
    named = rules.with_limits_currency(cardholder, own)
    currency = named.spending_controls.spending_limits_currency
    if currency is None or own is None or currency == own:
        return named
    rate = await currencies.quote_at(tx.connection, tx.platform_id, currency, own, tx.now_ms)
    if rate is None:
        fail(currencies_refusals.EXCHANGE_RATE_MISSING, param=LIMITS_CURRENCY, currency=currency)
    return named


async def seal_tax_id(tx: Tx, cardholder: Cardholder) -> Cardholder:
    """Move a given tax id into the vault; the cardholder keeps only that there is one."""
    company = cardholder.company
    if company is None or company.tax_id is UNSET:
        return cardholder
    await secrets.put(tx, cardholder.id, "company.tax_id", company.tax_id.reveal())
    kept = msgspec.structs.replace(company, tax_id=UNSET, tax_id_provided=True)
    return msgspec.structs.replace(cardholder, company=kept)

"""Changes of an account's books by hand: each is a transfer, with a row that says why and who."""

from cardwright.bookkeeping import refusals
from cardwright.bookkeeping.model import Adjustment, NewAdjustment, NewPendingTransfer, NewWriteOff
from cardwright.funding.rules import check_currency
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import keys, pending, transfers
from cardwright.ledger.chart import is_cash
from cardwright.ledger.pending import PendingTransfer
from cardwright.tenancy import gates
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Currency, Timestamp

OWN_BALANCES = ("issuing", "payments")


@operator_verb(kind="moves_money")
async def adjust(
    tx: Tx, wanted: NewAdjustment, *, requested_by: str, key: str | None = None
) -> Adjustment:
    """Adjust a balance of the acting account by hand, or take an earlier transfer back.

    Refuses with ``balance_insufficient`` what would take the balance below zero, unless forced. A
    repeated ``key`` is answered with what it made.
    """
    await gates.lock(tx, tx.account_id)
    digest = keys.digest_of("adjust", wanted)
    before = await _made_before(tx, key, digest)
    if before is not None:
        return before
    if wanted.corrects is not None:
        made = await _correct(tx, wanted, wanted.corrects, requested_by)
    else:
        made = await _adjust(tx, wanted, requested_by)
    return await _record(tx, made, key, digest)


@operator_verb(kind="moves_money")
async def write_off(
    tx: Tx, wanted: NewWriteOff, *, requested_by: str, key: str | None = None
) -> Adjustment:
    """Bring a balance that is below zero back to zero: what it lacks is lost."""
    await gates.lock(tx, tx.account_id)
    digest = keys.digest_of("write_off", wanted)
    before = await _made_before(tx, key, digest)
    if before is not None:
        return before
    await _check_balance(tx, wanted.balance, wanted.currency)
    found = await ledger.balance_of(tx.connection, tx.account_id, wanted.balance, wanted.currency)
    lacking = -found.available_minor
    if lacking <= 0:
        fail(refusals.BALANCE_NOT_BELOW_ZERO, balance=wanted.balance)
    transfer = transfers.within(
        tx.account_id,
        "adjustment",
        wanted.currency,
        lacking,
        wanted.balance,
        "losses",
        description=wanted.description,
    )
    made = Adjustment(
        id=ids.new_id(Adjustment.prefix),
        against="losses",
        amount=lacking,
        balance=wanted.balance,
        balance_transaction=await ledger.post(tx, transfer),
        created=Timestamp(tx.now),
        currency=wanted.currency,
        description=wanted.description,
        livemode=tx.livemode,
        requested_by=requested_by,
        type="write_off",
    )
    return await _record(tx, made, key, digest)


@operator_verb(kind="moves_money")
async def set_aside(
    tx: Tx, wanted: NewPendingTransfer, *, key: str | None = None
) -> PendingTransfer:
    """Set money of a balance aside, for a claim that may or may not come."""
    await gates.lock(tx, tx.account_id)
    await _check_balance(tx, wanted.balance, wanted.currency)
    return await pending.open_pending(
        tx,
        wanted.currency,
        wanted.amount,
        wanted.balance,
        wanted.destination,
        description=wanted.description,
        expires_at=wanted.expires_at,
        key=key,
    )


@operator_verb(kind="moves_money")
async def take(
    tx: Tx,
    pending_id: str,
    amount_minor: int,
    *,
    final: bool = False,
    forced: bool = False,
    key: str | None = None,
) -> PendingTransfer:
    """Take part or all of what is set aside, or more; ``final`` gives the rest back."""
    return await pending.capture(tx, pending_id, amount_minor, final=final, forced=forced, key=key)


@operator_verb(kind="moves_money")
async def give_back(
    tx: Tx, pending_id: str, amount_minor: int | None = None, *, key: str | None = None
) -> PendingTransfer:
    """Give part or (None) the rest of what is set aside back."""
    return await pending.release(tx, pending_id, amount_minor, key=key)


async def _adjust(tx: Tx, wanted: NewAdjustment, requested_by: str) -> Adjustment:
    if wanted.amount is None:
        fail(wire_refusals.PARAMETER_MISSING, param="amount")
    if wanted.amount == 0:
        fail(wire_refusals.PARAMETER_INTEGER_RANGE, param="amount", rule="other than 0", value=0)
    if wanted.currency is None:
        fail(wire_refusals.PARAMETER_MISSING, param="currency")
    await _check_balance(tx, wanted.balance, wanted.currency)
    transfer = transfers.within(
        tx.account_id,
        "adjustment",
        wanted.currency,
        wanted.amount,
        wanted.balance,
        wanted.against,
        description=wanted.description,
        forced=wanted.force,
    )
    return Adjustment(
        id=ids.new_id(Adjustment.prefix),
        against=wanted.against,
        amount=wanted.amount,
        balance=wanted.balance,
        balance_transaction=await ledger.post(tx, transfer),
        created=Timestamp(tx.now),
        currency=wanted.currency,
        description=wanted.description,
        forced=wanted.force,
        livemode=tx.livemode,
        requested_by=requested_by,
        type="adjustment",
    )


async def _correct(
    tx: Tx, wanted: NewAdjustment, transfer_id: str, requested_by: str
) -> Adjustment:
    if wanted.amount is not None or wanted.currency is not None:
        fail(wire_refusals.PARAMETER_EXCLUSIVE, param="corrects", params="amount, corrects")
    made = await ledger.correct(tx, transfer_id, wanted.description, forced=wanted.force)
    [shown, *_others] = await ledger.lines_of(tx.connection, tx.account_id, made)
    return Adjustment(
        id=ids.new_id(Adjustment.prefix),
        amount=shown.amount_minor,
        balance=shown.book,
        balance_transaction=made,
        corrects=transfer_id,
        created=Timestamp(tx.now),
        currency=Currency(shown.currency),
        description=wanted.description,
        forced=wanted.force,
        livemode=tx.livemode,
        requested_by=requested_by,
        type="correction",
    )


async def _made_before(tx: Tx, key: str | None, digest: str) -> Adjustment | None:
    found = None if key is None else await keys.find(tx, tx.account_id, key, digest)
    return None if found is None else await rows.get(tx, Adjustment, found)


async def _record(tx: Tx, made: Adjustment, key: str | None, digest: str) -> Adjustment:
    await rows.insert(tx, made)
    if key is not None:
        await keys.keep(tx, tx.account_id, key, digest, made.id)
    return made


async def _check_balance(tx: Tx, balance: str, currency: str) -> None:
    """Refuse what is no balance of the account: its own two, in the currencies that balances have,
    and financial accounts it has."""
    if balance in OWN_BALANCES:
        check_currency(currency)
        return
    kept = await ledger.balances_of(tx.connection, tx.account_id)
    cash = [each.book for each in kept if is_cash(each.book) and each.currency == currency]
    if balance not in cash:
        values = ", ".join([*OWN_BALANCES, *cash])
        fail(wire_refusals.PARAMETER_ENUM, param="balance", values=values)

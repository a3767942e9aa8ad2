"""Pending transfers: money set aside with an id and an expiry of its own.

It is taken in part, in several steps, or beyond what was set aside, and what is left is given back
once: by release, with the last capture, or when it lapses. Every verb locks the account's gate.
"""

from typing import Annotated, ClassVar, Literal

import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows, keys, refusals, transfers
from cardwright.ledger.chart import Book, is_holding
from cardwright.tenancy import deadlines, gates
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Currency, Mark, Resource, Timestamp

EXPIRY = "pending_transfer_expiry"
RESERVE, RESERVE_RELEASE = "reserve_hold", "reserve_release"


class PendingTransfer(Resource, tag="pending_transfer"):
    """Money of one balance, set aside for where it will go. Amounts are minor units; what was
    captured beyond what was set aside is in ``amount_captured`` too."""

    prefix: ClassVar[str] = "ptr_"
    table: ClassVar[str] = "pending_transfers"

    amount: Annotated[int, Mark("", column=True)]
    amount_captured: Annotated[int, Mark("", column=True)] = 0
    amount_held: Annotated[int, Mark("", column=True)]
    amount_released: Annotated[int, Mark("", column=True)] = 0
    balance: Annotated[str, Mark("l", column=True)]
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("l", column=True)]
    description: str | None = None
    destination: str
    expires_at: Timestamp | None = None
    livemode: bool
    status: Annotated[
        Literal["pending", "captured", "released", "expired"], Mark("l", column=True)
    ] = "pending"
    transfers: list[str]


async def open_pending(
    tx: Tx,
    currency: str,
    amount_minor: int,
    balance: Book,
    destination: Book,
    *,
    description: str | None = None,
    expires_at: int | None = None,
    key: str | None = None,
) -> PendingTransfer:
    """Set money of a balance aside, for the book that it will go to.

    ``expires_at`` is in seconds, on the account's clock. Refuses with ``balance_insufficient``; a
    repeated ``key`` is answered with what it made.
    """
    assert is_holding(balance), f"{balance} holds nothing"
    await gates.lock(tx, tx.account_id)
    asked = keys.digest_of(currency, amount_minor, balance, destination, description, expires_at)
    if key is not None:
        before = await keys.find(tx, tx.account_id, key, asked)
        if before is not None:
            return await rows.get(tx, PendingTransfer, before)
    if expires_at is not None and expires_at <= tx.now:
        rule = f"after the present instant, {tx.now}"
        fail(wire_refusals.PARAMETER_INTEGER_RANGE, param="expires_at", rule=rule, value=expires_at)
    made_id = ids.new_id(PendingTransfer.prefix)
    held = transfers.hold(tx.account_id, made_id, currency, amount_minor, balance, RESERVE)
    pending = PendingTransfer(
        id=made_id,
        amount=amount_minor,
        amount_held=amount_minor,
        balance=balance,
        created=Timestamp(tx.now),
        currency=Currency(currency),
        description=description,
        destination=destination,
        expires_at=Timestamp(expires_at) if expires_at is not None else None,
        livemode=tx.livemode,
        transfers=[await flows.post(tx, held._replace(description=description))],
    )
    await rows.insert(tx, pending)
    if expires_at is not None:
        due_ms = expires_at * clock.SECOND_MS
        await deadlines.schedule(tx, kind=EXPIRY, subject=made_id, due_ms=due_ms)
    if key is not None:
        await keys.keep(tx, tx.account_id, key, asked, made_id)
    return pending


async def capture(
    tx: Tx,
    pending_id: str,
    amount_minor: int,
    *,
    final: bool = False,
    forced: bool = False,
    key: str | None = None,
) -> PendingTransfer:
    """Take part or all of it; ``final`` gives the rest back in the same transaction.

    What goes beyond what is still set aside is taken from the available balance: as far as that
    covers it, or ``forced`` below zero.
    """
    pending = await _locked(tx, pending_id)
    asked = keys.digest_of(pending_id, amount_minor, final)
    if key is not None and await keys.find(tx, tx.account_id, key, asked) is not None:
        return pending
    _check_pending(pending)
    freed = pending.amount_held if final else min(amount_minor, pending.amount_held)
    taken = transfers.within(
        tx.account_id,
        "adjustment",
        pending.currency,
        -amount_minor,
        pending.balance,
        pending.destination,
        source_id=pending.id,
        description=pending.description,
        forced=forced,
    )
    given_back = transfers.release(
        tx.account_id, pending.id, pending.currency, freed, pending.balance, RESERVE_RELEASE
    )
    made = await flows.post_together(tx, [given_back, taken])
    held = pending.amount_held - freed
    after = msgspec.structs.replace(
        pending,
        amount_captured=pending.amount_captured + amount_minor,
        amount_held=held,
        amount_released=pending.amount_released + max(0, freed - amount_minor),
        status="pending" if held else "captured",
        transfers=[*pending.transfers, *made],
    )
    await _save(tx, after)
    if key is not None:
        await keys.keep(tx, tx.account_id, key, asked, made[-1])
    return after


async def release(
    tx: Tx, pending_id: str, amount_minor: int | None = None, *, key: str | None = None
) -> PendingTransfer:
    """Give part or (None) the rest of it back."""
    pending = await _locked(tx, pending_id)
    asked = keys.digest_of(pending_id, "release", amount_minor)
    if key is not None and await keys.find(tx, tx.account_id, key, asked) is not None:
        return pending
    _check_pending(pending)
    amount = pending.amount_held if amount_minor is None else amount_minor
    if not 0 < amount <= pending.amount_held:
        rule = f"between 1 and {pending.amount_held}"
        fail(wire_refusals.PARAMETER_INTEGER_RANGE, param="amount", rule=rule, value=amount)
    after = await _released(tx, pending, amount, "released")
    if key is not None:
        await keys.keep(tx, tx.account_id, key, asked, after.transfers[-1])
    return after


async def expire(tx: Tx, pending_id: str) -> None:
    """Give back what nobody took in time, unless something ended it before."""
    pending = await _locked(tx, pending_id)
    if pending.status == "pending":
        await _released(tx, pending, pending.amount_held, "expired")


HANDLERS: dict[str, deadlines.Handler] = {EXPIRY: expire}


async def _locked(tx: Tx, pending_id: str) -> PendingTransfer:
    await gates.lock(tx, tx.account_id)
    return await rows.lock(tx, PendingTransfer, pending_id)


def _check_pending(pending: PendingTransfer) -> None:
    if pending.status != "pending":
        fail(refusals.TRANSFER_NOT_PENDING, status=pending.status)


async def _released(
    tx: Tx, pending: PendingTransfer, amount_minor: int, ended: Literal["released", "expired"]
) -> PendingTransfer:
    """The pending transfer with some of it given back; ``ended`` is how it ends with the rest."""
    made = await _give_back(tx, pending, amount_minor)
    held = pending.amount_held - amount_minor
    how = "captured" if pending.amount_captured and ended == "released" else ended
    after = msgspec.structs.replace(
        pending,
        amount_held=held,
        amount_released=pending.amount_released + amount_minor,
        status="pending" if held else how,
        transfers=[*pending.transfers, made],
    )
    await _save(tx, after)
    return after


async def _give_back(tx: Tx, pending: PendingTransfer, amount_minor: int) -> str:
    return await flows.release(
        tx, pending.id, pending.currency, amount_minor, pending.balance, RESERVE_RELEASE
    )


async def _save(tx: Tx, pending: PendingTransfer) -> None:
    await rows.save(tx, pending)
    if pending.status != "pending" and pending.expires_at is not None:
        await deadlines.cancel(tx, kind=EXPIRY, subject=pending.id)

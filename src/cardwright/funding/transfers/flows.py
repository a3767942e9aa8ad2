"""Money from a platform to a connected account, and back.

Both accounts' gates are locked, and the two sides of the move have one id: the platform's balance
transaction is a ``transfer``, the connected account's a ``payment``. The payments that the
connected account sees have an id (``py_``, ``pyr_``) and a balance transaction, and no object of
their own.
"""

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.store import capabilities_of
from cardwright.funding import refusals
from cardwright.funding.flows import read_balance
from cardwright.funding.rules import check_currency
from cardwright.funding.transfers.model import (
    REVERSALS_SHOWN,
    NewReversal,
    NewTransfer,
    Reversals,
    Transfer,
    TransferReversal,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import gates, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

CAPABILITY = "recipient.stripe_balance.stripe_transfers"
BOOK = "payments"
PAYMENT, REFUND = "py_", "pyr_"


async def create_transfer(tx: Tx, given: Given[NewTransfer]) -> Transfer:
    """Move money from the platform's payments balance into that of a connected account."""
    wanted = given.value()
    check_currency(wanted.currency)
    if wanted.source_transaction is not None:
        # The platform takes no card payments here, so there is none to transfer from.
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="source_transaction",
            object="charge",
            id=wanted.source_transaction,
        )
    receiver = await _receiver(tx, wanted.destination)
    await _check_receiver(receiver)
    transfer_id, payment = ids.new_id(Transfer.prefix), ids.new_id(PAYMENT)
    sides = wanted.currency, wanted.amount
    made = await ledger.move(
        tx,
        transfers.departure(tx.account_id, "transfer", BOOK, *sides, transfer_id),
        transfers.arrival(receiver.account_id, "payment", BOOK, *sides, payment),
        other=receiver,
    )
    transfer = build(
        Transfer,
        Given(Transfer, given.tree),
        id=transfer_id,
        balance_transaction=made,
        created=tx.now,
        destination_payment=payment,
        livemode=tx.livemode,
        reversals=Reversals(url=f"/v1/transfers/{transfer_id}/reversals"),
    )
    await rows.insert(tx, transfer)
    tx.emit("transfer.created", transfer)
    receiver.emit("balance.available", await read_balance(receiver))
    return transfer


async def update_transfer(tx: Tx, transfer_id: str, given: Given[Transfer]) -> Transfer:
    """The transfer with its description or metadata changed."""
    before = await rows.lock(tx, Transfer, transfer_id)
    after = merge(before, given)
    previous = changed(before, after)
    if previous:
        await rows.save(tx, after)
        tx.emit("transfer.updated", after, previous=previous)
    return after


async def reverse(tx: Tx, transfer_id: str, given: Given[NewReversal]) -> TransferReversal:
    """Take money of a transfer back, all that is left or part of it.

    Refuses with ``balance_insufficient`` what the connected account does not have any more.
    """
    found = await rows.get(tx, Transfer, transfer_id)
    giver = await acting(tx, found.destination) or await acting(tx, found.destination, closed=True)
    await gates.lock(tx, tx.account_id, found.destination)
    before = await rows.lock(tx, Transfer, transfer_id)
    if before.left == 0:
        fail(refusals.TRANSFER_REVERSED, transfer=transfer_id)
    amount = given.get("amount") or before.left
    if amount > before.left:
        asked, left = (decimal_text(each, before.currency) for each in (amount, before.left))
        fail(refusals.REVERSAL_TOO_LARGE, param="amount", amount=asked, left=left)
    reversal_id, refund = ids.new_id(TransferReversal.prefix), ids.new_id(REFUND)
    sides = before.currency, amount
    made = await ledger.move(
        tx,
        transfers.departure(before.destination, "payment_refund", BOOK, *sides, refund),
        transfers.arrival(tx.account_id, "transfer_refund", BOOK, *sides, reversal_id),
        other=giver,
    )
    reversal = build(
        TransferReversal,
        Given(TransferReversal, {name: given.get(name) for name in ("description", "metadata")}),
        id=reversal_id,
        amount=amount,
        balance_transaction=made,
        created=tx.now,
        currency=before.currency,
        destination_payment_refund=refund,
        transfer=transfer_id,
    )
    await rows.insert(tx, reversal)
    after = _with_reversal(before, reversal)
    await rows.save(tx, after)
    tx.emit("transfer.reversed", after)
    tx.emit("balance.available", await read_balance(tx))
    return reversal


async def update_reversal(
    tx: Tx, transfer_id: str, reversal_id: str, given: Given[TransferReversal]
) -> TransferReversal:
    """The reversal with other metadata, also where the transfer shows it."""
    transfer = await rows.lock(tx, Transfer, transfer_id)
    before = await reversal_of(tx, transfer_id, reversal_id)
    after = merge(before, given)
    if after != before:
        await rows.save(tx, after)
        shown = [after if one.id == after.id else one for one in transfer.reversals.data]
        reversals = msgspec.structs.replace(transfer.reversals, data=shown)
        await rows.save(tx, msgspec.structs.replace(transfer, reversals=reversals))
    return after


async def reversal_of(tx: Tx, transfer_id: str, reversal_id: str) -> TransferReversal:
    """A reversal of the transfer; refuses with ``resource_missing``."""
    found = await rows.get(tx, TransferReversal, reversal_id)
    return found if found.transfer == transfer_id else rows.missing(TransferReversal, reversal_id)


def _with_reversal(before: Transfer, reversal: TransferReversal) -> Transfer:
    taken = before.amount_reversed + reversal.amount
    count = before.reversals.total_count + 1
    shown = msgspec.structs.replace(
        before.reversals,
        data=[reversal, *before.reversals.data][:REVERSALS_SHOWN],
        has_more=count > REVERSALS_SHOWN,
        total_count=count,
    )
    return msgspec.structs.replace(
        before, amount_reversed=taken, reversed=taken == before.amount, reversals=shown
    )


async def _receiver(tx: Tx, account_id: str) -> Tx:
    """The transaction acting as the connected account, with both gates held."""
    receiver = await acting(tx, account_id)
    if receiver is None or receiver is tx:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="destination",
            object="destination",
            id=account_id,
        )
    await gates.lock(tx, tx.account_id, account_id)
    # Closed while the gates were waited for.
    tenant = await registry.find_tenant(tx.connection, account_id)
    if tenant is None or tenant.closed_ms is not None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="destination",
            object="destination",
            id=account_id,
        )
    return receiver


async def _check_receiver(receiver: Tx) -> None:
    """Refuse an account whose capability to receive transfers is not active."""
    found = await capabilities_of(receiver.connection, receiver.account_id)
    status = next((one.status for one in found if one.path == CAPABILITY), "not requested")
    if status != "active":
        fail(refusals.INSUFFICIENT_CAPABILITIES_FOR_TRANSFER, param="destination", status=status)

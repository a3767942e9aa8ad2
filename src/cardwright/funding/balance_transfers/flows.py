"""Money between the payments and the Issuing balance of an account.

It leaves at once. For accounts in the United States it is there at once too, elsewhere on the next
business day: by a deadline in the test environment, when the operator says so in live mode.
"""

import msgspec

from cardwright.accounts.record.model import Account
from cardwright.funding import days, refusals
from cardwright.funding.balance_transfers.model import (
    Arrived,
    BalanceTransfer,
    DestinationBalance,
    Left,
    NewBalanceTransfer,
    SourceBalance,
)
from cardwright.funding.flows import read_balance
from cardwright.funding.rules import check_currency
from cardwright.funding.statements import routes
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import deadlines, gates, registry
from cardwright.wire import rows
from cardwright.wire.given import Given, build

REASON = "transfer"
ARRIVING = "balance_transfer_arrival"
BUSINESS_DAYS = 1


async def create_balance_transfer(tx: Tx, given: Given[NewBalanceTransfer]) -> BalanceTransfer:
    """Move money of the acting account from one of its balances to the other."""
    wanted = given.value()
    check_currency(wanted.currency)
    source, destination = wanted.source_balance.type, wanted.destination_balance.type
    if source == destination:
        fail(refusals.BALANCES_ALIKE, param="destination_balance[type]")
    await registry.lock_open(tx)
    transfer_id = ids.new_id(BalanceTransfer.prefix)
    taken = await ledger.post(
        tx,
        transfers.within(
            tx.account_id,
            REASON,
            wanted.currency,
            -wanted.amount,
            source,
            "moves_in_transit",
            source_id=transfer_id,
        ),
    )
    left = (
        SourceBalance(type=source, payments=Left(balance_transaction=taken))
        if source == "payments"
        else SourceBalance(type=source, issuing=Arrived(balance_transaction=taken))
    )
    made = build(
        BalanceTransfer,
        Given(BalanceTransfer, {"metadata": given.get("metadata")}),
        id=transfer_id,
        amount=wanted.amount,
        created=tx.now,
        currency=wanted.currency,
        destination_balance=_destination(destination, None),
        livemode=tx.livemode,
        source_balance=left,
    )
    account = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    country = account.identity.country if account is not None else None
    if (country or "US").upper() == "US":
        made = await _arrive(tx, made)
        await rows.insert(tx, made)
        return made
    await rows.insert(tx, made)
    await routes.enter_payment(tx, made.id)
    if not tx.livemode:
        due_ms = days.after(tx.now_ms, BUSINESS_DAYS)
        await deadlines.schedule(tx, kind=ARRIVING, subject=made.id, due_ms=due_ms)
    return made


async def mark_arrived(tx: Tx, transfer_id: str) -> BalanceTransfer:
    """The money has arrived; saying so again changes nothing."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, BalanceTransfer, transfer_id)
    if before.has_arrived:
        return before
    await deadlines.cancel(tx, kind=ARRIVING, subject=transfer_id)
    after = await _arrive(tx, before)
    await rows.save(tx, after)
    return after


async def _arrive(tx: Tx, before: BalanceTransfer) -> BalanceTransfer:
    destination = before.destination_balance.type
    made = await ledger.post(
        tx,
        transfers.within(
            tx.account_id,
            REASON,
            before.currency,
            before.amount,
            destination,
            "moves_in_transit",
            source_id=before.id,
        ),
    )
    tx.emit("balance.available", await read_balance(tx))
    return msgspec.structs.replace(before, destination_balance=_destination(destination, made))


def _destination(name: str, made: str | None) -> DestinationBalance:
    arrived = Arrived(balance_transaction=made)
    if name == "issuing":
        return DestinationBalance(type="issuing", issuing=arrived)
    return DestinationBalance(type="payments", payments=arrived)


HANDLERS: dict[str, deadlines.Handler] = {ARRIVING: mark_arrived}

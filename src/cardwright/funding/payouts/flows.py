"""What happens to payouts.

In the test environment a payout leaves after a moment and arrives shortly after (on a clock with
live timers: on its day), or fails as the test number of its bank account says. In live mode it
leaves in a payment file, and the operator or a bank statement says how it ended.
"""

from typing import Literal

import msgspec

from cardwright.accounts import external_accounts
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.store import load_state
from cardwright.accounts.requirements.consequences import payouts_allowed
from cardwright.funding import days, refusals
from cardwright.funding.flows import read_balance
from cardwright.funding.payouts import rules
from cardwright.funding.payouts.model import NewPayout, Payout, PayoutReversal
from cardwright.funding.rules import check_currency
from cardwright.funding.statements import routes
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import terms
from cardwright.tenancy import clocks, deadlines, gates, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.resource import Timestamp

# When money arrives by the calendar, and how soon the test environment moves it.
STANDARD_DAYS = 2
LEAVES_MS, ARRIVES_MS = 5 * clock.SECOND_MS, 5 * clock.SECOND_MS
INSTANT_MS = clock.SECOND_MS
LEAVING, ARRIVING = "payout_departure", "payout_arrival"


async def create_payout(tx: Tx, given: Given[NewPayout]) -> Payout:
    """Send money of a balance to the account's own bank."""
    wanted = given.value()
    check_currency(wanted.currency)
    await registry.lock_open(tx)
    await _check_enabled(tx)
    bank = await _destination(tx, wanted.destination, wanted.currency)
    method = wanted.method or "standard"
    rules.check_destination(bank, wanted.currency, method)
    day_ms = tx.now_ms if method == "instant" else days.after(tx.now_ms, STANDARD_DAYS)
    payout = build(
        Payout,
        Given(Payout, given.tree),
        id=ids.new_id(Payout.prefix),
        arrival_date=Timestamp(day_ms // 1000),
        created=tx.now,
        destination=bank.id,
        livemode=tx.livemode,
    )
    made = await ledger.post(tx, rules.leaving(tx.account_id, payout))
    await terms.announce(tx, made, payout.arrival_date)
    payout = msgspec.structs.replace(payout, balance_transaction=made)
    await rows.insert(tx, payout)
    tx.emit("payout.created", payout)
    await _begin(tx, payout)
    return payout


async def update_payout(tx: Tx, payout_id: str, given: Given[Payout]) -> Payout:
    """The payout with other metadata."""
    before = await rows.lock(tx, Payout, payout_id)
    after = merge(before, given)
    previous = changed(before, after)
    if previous:
        await rows.save(tx, after)
        tx.emit("payout.updated", after, previous=previous)
    return after


async def cancel(tx: Tx, payout_id: str) -> Payout:
    """Call back a payout that has not left yet; its money is in its balance again."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, Payout, payout_id)
    after = rules.after(before, "canceled")
    after = await _give_back(tx, before, after, "payout_cancel")
    await rows.save(tx, after)
    tx.emit("payout.canceled", after)
    return after


async def reverse(tx: Tx, payout_id: str, given: Given[PayoutReversal]) -> Payout:
    """Call a paid payout back from the bank; the answer is the payout that brings it."""
    await registry.lock_open(tx)
    original = await rows.lock(tx, Payout, payout_id)
    bank = await rows.find(tx.connection, BankAccount, tx.account_id, original.destination or "")
    rules.check_reversible(original, bank)
    payout = Payout(
        id=ids.new_id(Payout.prefix),
        amount=-original.amount,
        arrival_date=Timestamp(days.after(tx.now_ms, STANDARD_DAYS) // 1000),
        created=Timestamp(tx.now),
        currency=original.currency,
        destination=original.destination,
        livemode=tx.livemode,
        metadata={name: text for name, text in (given.get("metadata") or {}).items() if text},
        original_payout=original.id,
        source_balance=original.source_balance,
    )
    await rows.insert(tx, payout)
    after = msgspec.structs.replace(original, reversed_by=payout.id)
    await rows.save(tx, after)
    tx.emit("payout.created", payout)
    tx.emit("payout.updated", after, previous=changed(original, after))
    await _begin(tx, payout)
    return payout


async def depart(tx: Tx, payout_id: str, *, payment_file: str | None = None) -> Payout:
    """The payout is on its way to the bank."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Payout, payout_id)
    after = msgspec.structs.replace(rules.after(before, "in_transit"), payment_file=payment_file)
    await rows.save(tx, after)
    tx.emit("payout.updated", after, previous={"status": before.status})
    return after


async def conclude(tx: Tx, payout_id: str, outcome: Literal["paid"] | str = "paid") -> Payout:
    """How a payout ended, by the bank: ``paid``, or the code of its failure.

    The acting account is the payout's. Again the same outcome changes nothing; a payout that was
    paid may still fail, when the bank sends the money back.
    """
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Payout, payout_id)
    if outcome == "paid":
        return before if before.status == "paid" else await _pay(tx, before)
    if before.status == "failed":
        return before
    after = rules.after(before, "failed", failure_code=outcome)
    if before.reversed_by is not None:
        await _end_return(tx, before, before.reversed_by, outcome)
    after = await _give_back(tx, before, after, "payout_failure")
    await rows.save(tx, after)
    tx.emit("payout.failed", after)
    if after.destination is not None and not after.is_return:
        await external_accounts.mark_errored(tx, after.destination)
    return after


# Deadlines of the test environment.


async def depart_due(tx: Tx, payout_id: str) -> None:
    """The moment in which a payout could be canceled is over."""
    payout = await rows.lock(tx, Payout, payout_id)
    if payout.status == "pending":
        await depart(tx, payout_id)
        due_ms = tx.now_ms + (INSTANT_MS if payout.method == "instant" else ARRIVES_MS)
        if await clocks.live_timers(tx):
            due_ms = max(due_ms, payout.arrival_date * clock.SECOND_MS)
        await deadlines.schedule(tx, kind=ARRIVING, subject=payout_id, due_ms=due_ms)


async def arrive_due(tx: Tx, payout_id: str) -> None:
    """The bank has answered."""
    payout = await rows.lock(tx, Payout, payout_id)
    if payout.status == "in_transit":
        bank = await rows.find(tx.connection, BankAccount, tx.account_id, payout.destination or "")
        code = bank.payout_failure_code if bank is not None and not payout.is_return else None
        await conclude(tx, payout_id, code or "paid")


HANDLERS: dict[str, deadlines.Handler] = {LEAVING: depart_due, ARRIVING: arrive_due}


# Small steps.


async def _begin(tx: Tx, payout: Payout) -> None:
    """Have the payout found by its reference; in the test environment it leaves by itself."""
    await routes.enter_payment(tx, payout.id)
    if tx.livemode:
        return
    wait_ms = INSTANT_MS if payout.method == "instant" else LEAVES_MS
    await deadlines.schedule(tx, kind=LEAVING, subject=payout.id, due_ms=tx.now_ms + wait_ms)


async def _pay(tx: Tx, before: Payout) -> Payout:
    after = rules.after(before, "paid")
    if after.is_return:
        made = await ledger.post(tx, rules.brought_back(tx.account_id, after))
        after = msgspec.structs.replace(after, balance_transaction=made)
        tx.emit("balance.available", await read_balance(tx))
    else:
        await ledger.post(tx, rules.delivered(tx.account_id, before), shown=False)
        assert before.balance_transaction is not None, "what has left has a transaction"
        await terms.make_available(tx, before.balance_transaction)
    await _forget_deadlines(tx, before.id)
    await rows.save(tx, after)
    tx.emit("payout.paid", after)
    return after


async def _give_back(tx: Tx, before: Payout, after: Payout, reason: str) -> Payout:
    """The payout with its money back where it was; one that was to bring money has moved none
    before it was paid."""
    await _forget_deadlines(tx, before.id)
    if before.is_return:
        await _free_original(tx, before)
        if before.status != "paid":
            return after
        made = await ledger.post(tx, rules.taken_back(tx.account_id, before))
        return msgspec.structs.replace(after, failure_balance_transaction=made)
    made = await ledger.post(tx, rules.returned(tx.account_id, before, reason))
    assert before.balance_transaction is not None, "what has left has a transaction"
    await terms.make_available(tx, before.balance_transaction)
    tx.emit("balance.available", await read_balance(tx))
    return msgspec.structs.replace(after, failure_balance_transaction=made)


async def _end_return(tx: Tx, original: Payout, return_id: str, code: str) -> None:
    """The bank sends a payout back that was called back too: its money comes once."""
    before = await rows.lock(tx, Payout, return_id)
    if before.status == "paid":
        fail(refusals.PAYOUT_CALLED_BACK, payout=original.id, reversal=return_id)
    if before.status in ("failed", "canceled"):
        return
    await _forget_deadlines(tx, return_id)
    after = rules.after(before, "failed", failure_code=code)
    await rows.save(tx, after)
    tx.emit("payout.failed", after)


async def _free_original(tx: Tx, payout: Payout) -> None:
    """The payout that was called back may be called back again."""
    assert payout.original_payout is not None, "what brings money back reverses a payout"
    original = await rows.lock(tx, Payout, payout.original_payout)
    after = msgspec.structs.replace(original, reversed_by=None)
    await rows.save(tx, after)
    tx.emit("payout.updated", after, previous=changed(original, after))


async def _forget_deadlines(tx: Tx, payout_id: str) -> None:
    for kind in (LEAVING, ARRIVING):
        await deadlines.cancel(tx, kind=kind, subject=payout_id)


async def _check_enabled(tx: Tx) -> None:
    """Refuse while the account may not be paid out; a platform always may."""
    if tx.account_id == tx.platform_id:
        return
    if not payouts_allowed(await load_state(tx)):
        fail(refusals.PAYOUTS_NOT_ALLOWED)


async def _destination(tx: Tx, named: str | None, currency: str) -> BankAccount:
    """The bank account that was named, or the default for the currency."""
    if named is not None:
        found = await rows.find(tx.connection, BankAccount, tx.account_id, named)
        if found is None:
            fail(
                tenancy_refusals.RESOURCE_MISSING,
                param="destination",
                object="external account",
                id=named,
            )
        return found
    default = await external_accounts.default_for(tx.connection, tx.account_id, currency)
    if default is None:
        fail(refusals.EXTERNAL_ACCOUNT_MISSING, param="currency", currency=currency)
    return default

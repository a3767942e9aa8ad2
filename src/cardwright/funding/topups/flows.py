"""What happens to top-ups.

Without a source the test environment has the money at once. One that is pulled from a bank account
is pending until its day, or fails shortly after. In live mode a bank statement or the operator
says how it ended.
"""

import msgspec

from cardwright.funding import days
from cardwright.funding.bank_sources import flows as bank_sources
from cardwright.funding.flows import read_balance
from cardwright.funding.rules import check_currency
from cardwright.funding.statements import routes
from cardwright.funding.topups import rules
from cardwright.funding.topups.model import NewTopup, Topup
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.ledger import flows as ledger
from cardwright.ledger import terms
from cardwright.tenancy import deadlines, gates, registry
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

# A pulled top-up arrives after so many business days, and fails after so long.
PULL_DAYS = 5
FAILS_MS = clock.SECOND_MS
ARRIVING = "topup_settlement"


async def create_topup(tx: Tx, given: Given[NewTopup]) -> Topup:
    """A new top-up, there at once or on its way."""
    check_currency(given.get("currency"))
    await registry.lock_open(tx)
    named = given.get("source")
    source = await bank_sources.usable(tx, named, given.get("currency")) if named else None
    topup = build(
        Topup,
        Given(Topup, {name: value for name, value in given.tree.items() if name != "source"}),
        id=ids.new_id(Topup.prefix),
        created=tx.now,
        livemode=tx.livemode,
        source=source,
    )
    if source is None and not tx.livemode:
        tx.emit("topup.created", topup)
        topup = await _receive(tx, topup, was_announced=False)
        await rows.insert(tx, topup)
        await routes.enter_payment(tx, topup.id)
        return topup
    topup = await _announce(tx, topup)
    await rows.insert(tx, topup)
    await routes.enter_payment(tx, topup.id)
    tx.emit("topup.created", topup)
    if tx.livemode:
        return topup
    failing = source is not None and source.debit_failure_code is not None
    due_ms = tx.now_ms + FAILS_MS if failing else days.after(tx.now_ms, PULL_DAYS)
    await deadlines.schedule(tx, kind=ARRIVING, subject=topup.id, due_ms=due_ms)
    return topup


async def update_topup(tx: Tx, topup_id: str, given: Given[Topup]) -> Topup:
    """The top-up with its description or metadata changed."""
    before = await rows.lock(tx, Topup, topup_id)
    after = merge(before, given)
    if changed(before, after):
        await rows.save(tx, after)
    return after


async def cancel(tx: Tx, topup_id: str) -> Topup:
    """Call a pending top-up back."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, Topup, topup_id)
    after = rules.after(before, "canceled")
    await _withdraw(tx, after)
    await rows.save(tx, after)
    tx.emit("topup.canceled", after)
    return after


async def conclude(tx: Tx, topup_id: str, failure_code: str | None = None) -> Topup:
    """A pending top-up has arrived, or (``failure_code``) it will not."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Topup, topup_id)
    if failure_code is None:
        rules.after(before, "succeeded")
        after = await _receive(tx, before)
        await deadlines.cancel(tx, kind=ARRIVING, subject=topup_id)
    else:
        after = rules.after(before, "failed", failure_code=failure_code)
        await _withdraw(tx, after)
        tx.emit("topup.failed", after)
    await rows.save(tx, after)
    return after


async def reverse(tx: Tx, topup_id: str, failure_code: str | None = None) -> Topup:
    """The bank has taken a top-up back that had arrived; the balance may be below zero by it."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Topup, topup_id)
    after = rules.after(before, "reversed", failure_code=failure_code)
    await ledger.post(tx, rules.returned(tx.account_id, after))
    await rows.save(tx, after)
    tx.emit("topup.reversed", after)
    return after


async def conclude_due(tx: Tx, topup_id: str) -> None:
    """The day of a pulled top-up has come."""
    topup = await rows.lock(tx, Topup, topup_id)
    if topup.status == "pending":
        source = topup.source
        await conclude(tx, topup_id, source.debit_failure_code if source is not None else None)


async def _announce(tx: Tx, topup: Topup) -> Topup:
    """The top-up with its amount shown as pending, where the balance has such a part."""
    day = rules.expected(days.after(tx.now_ms, PULL_DAYS))
    shown = topup.book == "payments"
    made = await ledger.post(tx, rules.announced(tx.account_id, topup), shown=shown)
    if shown:
        await terms.announce(tx, made, day)
    return msgspec.structs.replace(
        topup, balance_transaction=made if shown else None, expected_availability_date=day
    )


async def _receive(tx: Tx, before: Topup, *, was_announced: bool = True) -> Topup:
    """The top-up with its money in the balance that it names, and everybody told."""
    known = before.balance_transaction
    transfer = rules.arrived(tx.account_id, before, was_announced=was_announced)
    made = await ledger.post(tx, transfer, shown=known is None)
    if known is not None:
        await terms.make_available(tx, known)
    after = msgspec.structs.replace(
        rules.after(before, "succeeded"),
        balance_transaction=known or made,
        expected_availability_date=tx.now,
    )
    tx.emit("topup.succeeded", after)
    tx.emit("balance.available", await read_balance(tx))
    return after


async def _withdraw(tx: Tx, topup: Topup) -> None:
    """Take back what was announced."""
    await deadlines.cancel(tx, kind=ARRIVING, subject=topup.id)
    known = topup.balance_transaction
    await ledger.post(tx, rules.withdrawn(tx.account_id, topup), shown=known is not None)
    if known is not None:
        await terms.make_available(tx, known)


HANDLERS: dict[str, deadlines.Handler] = {ARRIVING: conclude_due}

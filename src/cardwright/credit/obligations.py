"""What an account owes for what its cards spent on credit, and how it pays back.

The ``owed`` book has the sum of it beside the objects: every cent owed is an entry.
"""

import msgspec

from cardwright.credit import allotment, rules
from cardwright.credit.model import (
    CreditPolicy,
    FundingObligation,
    Payment,
    Repayment,
)
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import CREDIT_REPAYMENT
from cardwright.tenancy import deadlines, gates
from cardwright.wire import rows
from cardwright.wire.given import changed
from cardwright.wire.resource import Currency, Timestamp

QUERIES = load(__file__)
PERIOD_END, DUE = "credit.period_end", "credit.due"
CREATED, UPDATED = "issuing_funding_obligation.created", "issuing_funding_obligation.updated"

_OPEN_PERIOD = QUERIES.value("open_period", str)
_OUTSTANDING = QUERIES.many("outstanding_obligations", str)


async def record(tx: Tx, currency: Currency, amount_minor: int, source_id: str) -> None:
    """A card transaction took ``amount_minor`` of the acting account's credit, or (negative) gave
    it back.

    What it took is owed. What comes back lessens what is owed, newest period first; what was paid
    back before is the account's own, and goes to its Issuing balance.
    """
    assert gates.held(tx, tx.account_id), "what is owed changes under the account's gate"
    if amount_minor > 0:
        await _owe(tx, currency, amount_minor, source_id)
        await _add_to_period(tx, currency, amount_minor)
        return
    left = -amount_minor
    for obligation_id in await _OUTSTANDING(
        tx.connection, account_id=tx.account_id, currency=currency
    ):
        before = await rows.lock(tx, FundingObligation, obligation_id)
        lessened = min(left, before.amount_outstanding)
        if lessened:
            await _save(tx, before, rules.with_spend(before, -lessened, tx.now))
            left -= lessened
    if left + amount_minor:
        await _owe(tx, currency, left + amount_minor, source_id)
    if left:
        await ledger.post(
            tx,
            transfers.within(
                tx.account_id,
                CREDIT_REPAYMENT,
                currency,
                left,
                "issuing",
                "credit",
                source_id=source_id,
                description="Refund of a purchase whose credit was paid back",
                forced=True,
            ),
        )


async def pay(tx: Tx, obligation_id: str, payment: Payment) -> FundingObligation:
    """Pay back part or all of what is outstanding, to the platform, whose money it was.

    Refuses with ``balance_insufficient``. What is paid back can be spent again at once.
    """
    await allotment.lock(tx)
    before = await rows.lock(tx, FundingObligation, obligation_id)
    amount = rules.check_payment(before, payment.amount)
    currency = before.currency
    source = transfers.departure(
        tx.account_id, CREDIT_REPAYMENT, payment.source, currency, amount, before.id
    )
    target = transfers.arrival(
        tx.platform_id, CREDIT_REPAYMENT, "issuing", currency, amount, before.id
    )
    words = f"Credit paid back by {tx.account_id}"
    made = await ledger.move(tx, source, target._replace(source_id=None, description=words))
    await _owe(tx, currency, -amount, before.id)
    paid = rules.with_payment(before, amount, tx.now)
    after: FundingObligation = msgspec.structs.replace(
        paid,
        repayments=[
            *before.repayments,
            Repayment(
                amount=amount,
                balance_transaction=made,
                created=Timestamp(tx.now),
                source=payment.source,
            ),
        ],
    )
    await _save(tx, before, after)
    await allotment.allot(tx, tx.account_id, currency)
    return after


async def end_period(tx: Tx, obligation_id: str) -> None:
    """The period is over: what is outstanding is to be paid until its due date."""
    before = await rows.lock(tx, FundingObligation, obligation_id)
    if before.status != "pending":
        return
    after = rules.ended(before, tx.now)
    await _save(tx, before, after)
    if after.status == "unpaid":
        due_ms = after.due_at * clock.SECOND_MS
        await deadlines.schedule(tx, kind=DUE, subject=after.id, due_ms=due_ms)


async def fall_due(tx: Tx, obligation_id: str) -> None:
    """The due date has come."""
    before = await rows.lock(tx, FundingObligation, obligation_id)
    if before.status == "unpaid":
        await _save(tx, before, msgspec.structs.replace(before, status="past_due"))


async def _owe(tx: Tx, currency: str, amount_minor: int, source_id: str) -> None:
    """Enter what is owed more (less, when negative); it is expected from outside."""
    entered = transfers.within(
        tx.account_id,
        CREDIT_REPAYMENT,
        currency,
        amount_minor,
        "owed",
        "outside",
        source_id=source_id,
    )
    await ledger.post(tx, entered, shown=False)


async def _add_to_period(tx: Tx, currency: Currency, amount_minor: int) -> None:
    found = await _OPEN_PERIOD(
        tx.connection, account_id=tx.account_id, currency=currency, now=tx.now
    )
    if found is not None:
        before = await rows.lock(tx, FundingObligation, found)
        await _save(tx, before, rules.with_spend(before, amount_minor, tx.now))
        return
    terms = await allotment.find_terms(tx, currency)
    assert terms is not None, f"{tx.account_id} spends on credit that nobody gave"
    policy = await rows.get(tx, CreditPolicy, terms.id)
    starts, ends = rules.period(
        policy.credit_period_interval, policy.credit_period_interval_count, tx.now_ms
    )
    due = ends + policy.days_until_due * (clock.DAY_MS // clock.SECOND_MS)
    made = FundingObligation(
        id=ids.new_id(FundingObligation.prefix),
        amount_outstanding=amount_minor,
        amount_total=amount_minor,
        created=Timestamp(tx.now),
        credit_period_ends_at=Timestamp(ends),
        credit_period_starts_at=Timestamp(starts),
        credit_policy=policy.id,
        currency=currency,
        due_at=Timestamp(due),
        livemode=tx.livemode,
    )
    await rows.insert(tx, made)
    await deadlines.schedule(tx, kind=PERIOD_END, subject=made.id, due_ms=ends * clock.SECOND_MS)
    tx.emit(CREATED, made)


async def _save(tx: Tx, before: FundingObligation, after: FundingObligation) -> None:
    await rows.save(tx, after)
    tx.emit(UPDATED, after, previous=changed(before, after))

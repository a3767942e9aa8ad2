"""Money that the owner of a financial account sends: to own accounts (transfers), to others
(payments). It is set aside at once and leaves when it is posted; money for another financial
account on the platform is there at once.

In the test environment bank payments move on by themselves, as the number they go to says; in live
mode when the operator says what the bank did.
"""

from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.flows import STEP, check_capability, now, schedule_step
from cardwright.financial_accounts.moves import payout_methods, receiving
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.model import (
    BalanceTransfer,
    FinancialAccount,
    Reason,
    StatusDetails,
)
from cardwright.financial_accounts.record.movements import (
    DESCRIPTOR,
    OutboundFrom,
    OutboundPayment,
    OutboundTo,
    OutboundTransfer,
    PayoutMethod,
    TraceId,
    TreasuryOutbound,
)
from cardwright.financial_accounts.record.sources import transaction_id
from cardwright.financial_accounts.views import announce
from cardwright.funding.statements import routes
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import FINANCIAL_ACCOUNT
from cardwright.tenancy import deadlines, gates, registry
from cardwright.wire import rows
from cardwright.wire.faces.trees import Tree
from cardwright.wire.given import Given, build, changed
from cardwright.wire.resource import Currency, Moment

# How long a bank payment takes in the test environment, and how long a returned one stays away.
ARRIVAL_MS = 2 * clock.SECOND_MS

Out = OutboundTransfer | OutboundPayment
OutboundT = TypeVar("OutboundT", OutboundTransfer, OutboundPayment)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, checked as far as its form goes; ``given`` are members of the record as
    they were given, the amount among them."""

    financial_account: str
    given: Tree
    payout_method: str | None = None
    to_currency: Currency | None = None
    recipient: str | None = None
    payout_method_options: dict[str, Any] | None = None
    treasury: TreasuryOutbound | None = None

    @property
    def currency(self) -> Currency:
        """The currency of the amount."""
        currency: Currency = self.given["amount"]["currency"]
        return currency


async def create_transfer(tx: Tx, order: Order) -> OutboundTransfer:
    """Money to a bank account of the owner, or to another of its financial accounts."""
    await registry.lock_open(tx)
    source = await _source(tx, order)
    assert order.payout_method is not None, "a transfer says where it goes"
    if order.payout_method.startswith(FINANCIAL_ACCOUNT):
        await _check_enabled(tx, source, rules.OUTBOUND_TRANSFERS_WITHIN)
        target = await _own_target(tx, source, order)
        made = _made(tx, OutboundTransfer, order, cancelable=False)
        return await _send_within(tx, source, target, made)
    method = await payout_methods.usable(tx, order.payout_method, order.currency, "transfers")
    await _check_enabled(tx, source, rules.OUTBOUND_TRANSFERS)
    made = _made(tx, OutboundTransfer, order, method=method)
    return await _send_out(tx, source, made)


async def create_payment(tx: Tx, order: Order) -> OutboundPayment:
    """Money to a recipient: an account of the platform, at a place that it has."""
    assert order.recipient is not None, "a payment says who is paid"
    recipient = await _recipient(tx, order.recipient)
    # Both gates at once, ascending, before anything is read.
    await gates.lock(tx, tx.account_id, recipient.account_id)
    await registry.lock_open(tx)
    source = await _source(tx, order)
    place = order.payout_method or await payout_methods.default_of(recipient)
    order = msgspec.structs.replace(order, payout_method=place)
    if place.startswith(FINANCIAL_ACCOUNT):
        await _check_enabled(tx, source, rules.OUTBOUND_PAYMENTS_WITHIN)
        target = await _target(recipient, order)
        made = _made(tx, OutboundPayment, order, cancelable=False)
        return await _send_across(tx, recipient, source, target, made)
    owner = recipient if await payout_methods.has(recipient, place) else tx
    method = await payout_methods.usable(owner, place, order.currency, "payments")
    to_card = method.type == "card"
    needed = rules.OUTBOUND_PAYMENTS_TO_CARDS if to_card else rules.OUTBOUND_PAYMENTS
    await _check_enabled(tx, source, needed)
    made = _made(tx, OutboundPayment, order, method=method)
    return await _send_out(tx, source, made)


async def create_treasury(tx: Tx, order: Order, shape: type[OutboundT]) -> OutboundT:
    """The same by v1: the destination was given whole, and statuses wait for a test helper."""
    await registry.lock_open(tx)
    source = await _source(tx, order)
    made = _made(tx, shape, order)
    return await _send_out(tx, source, made, moves_on=False)


async def create_treasury_within(tx: Tx, order: Order, shape: type[OutboundT]) -> OutboundT:
    """The same by v1 to another financial account of the acting account."""
    await registry.lock_open(tx)
    source = await _source(tx, order)
    target = await _own_target(tx, source, order)
    return await _send_within(tx, source, target, _made(tx, shape, order, cancelable=False))


async def _source(tx: Tx, order: Order) -> FinancialAccount:
    source = await rows.lock(
        tx, FinancialAccount, order.financial_account, param="from.financial_account"
    )
    rules.check_open(source)
    rules.check_flows(source, "outbound_flows")
    rules.check_holds(source, order.currency, "amount.currency")
    if order.to_currency not in (None, order.currency):
        fail(refusals.CURRENCY_NOT_CONVERTED, param="to.currency", currency=order.currency)
    return source


async def _check_enabled(tx: Tx, source: FinancialAccount, capability: str) -> None:
    """Treasury accounts go by their features, which v1 has looked at."""
    if source.treasury is None:
        await check_capability(tx, capability)


async def _recipient(tx: Tx, account_id: str) -> Tx:
    """The recipient's side of the transaction: another account of the same platform."""
    tenant = await registry.find_tenant(tx.connection, account_id)
    known = (
        tenant is not None
        and account_id != tx.account_id
        and tenant.platform_id == tx.platform_id
        and tenant.livemode == tx.livemode
        and tenant.closed_ms is None
    )
    if not known or tenant is None:
        fail(refusals.RECIPIENT_MISSING, param="to.recipient", id=account_id[:200])
    now_ms = await registry.instant(tx.connection, tenant, holding=True)
    return replace(tx, account_id=account_id, now_ms=now_ms, clock_id=tenant.clock_id)


async def _own_target(tx: Tx, source: FinancialAccount, order: Order) -> FinancialAccount:
    if order.payout_method == source.id:
        fail(refusals.PAYOUT_METHOD_IS_SOURCE, param="to.payout_method")
    return await _target(tx, order)


async def _target(tx: Tx, order: Order) -> FinancialAccount:
    """The financial account that is paid, in the books of ``tx``'s account."""
    assert order.payout_method is not None, "the caller has it"
    target = await rows.lock(tx, FinancialAccount, order.payout_method, param="to.payout_method")
    rules.check_open(target)
    rules.check_flows(target, "inbound_flows")
    rules.check_holds(target, order.currency, "to.currency")
    return target


def _made(
    tx: Tx,
    shape: type[OutboundT],
    order: Order,
    *,
    method: PayoutMethod | None = None,
    cancelable: bool = True,
) -> OutboundT:
    """The object as it is before any money moves."""
    amount = rules.money(order.given["amount"]["value"], order.currency)
    more: dict[str, Any] = {}
    to = OutboundTo(
        credited=amount,
        payout_method=order.payout_method,
        payout_method_options=order.payout_method_options,
    )
    if shape is OutboundPayment:
        if order.recipient is not None:
            to.recipient = order.recipient
        more = {"recipient": order.recipient}
    if method is not None and not tx.livemode:
        more |= {"outcome": method.outcome, "outcome_reason": method.outcome_reason}
    wait_ms = ARRIVAL_MS if not tx.livemode else clock.DAY_MS
    return build(
        shape,
        Given(shape, order.given),
        id=ids.new_id(shape.prefix),
        amount=amount,
        cancelable=cancelable,
        created=now(tx),
        expected_arrival_date=Moment(clock.rfc3339(tx.now_ms + (wait_ms if cancelable else 0))),
        from_=OutboundFrom(debited=amount, financial_account=order.financial_account),
        livemode=tx.livemode,
        # An empty one is none.
        statement_descriptor=order.given.get("statement_descriptor") or DESCRIPTOR,
        to=to,
        financial_account=order.financial_account,
        treasury=order.treasury,
        **more,
    )


# Moving.


def reason_of(record: Out) -> str:
    """Why its money moves, as the entries say it."""
    return "outbound_payment" if isinstance(record, OutboundPayment) else "outbound_transfer"


async def _send_out(
    tx: Tx, source: FinancialAccount, made: OutboundT, *, moves_on: bool = True
) -> OutboundT:
    """Set the money aside until the bank has it."""
    await money.set_aside(
        tx,
        source.id,
        made.amount.currency,
        made.amount.value,
        reason=reason_of(made),
        source_id=made.id,
    )
    await rows.insert(tx, made)
    await routes.enter_payment(tx, made.id)
    announce.outbound(tx, source, made, "created")
    announce.transaction(tx, made.id, "created")
    if moves_on:
        await schedule_step(tx, made.id, ARRIVAL_MS)
    return made


def _posted(tx: Tx, made: OutboundT) -> OutboundT:
    """The object, its money there already."""
    made.status = "posted"
    made.status_transitions.posted_at = now(tx)
    made.trace_id = TraceId(status="unsupported")
    return made


def _origin(made: Out) -> BalanceTransfer:
    if isinstance(made, OutboundPayment):
        return BalanceTransfer(outbound_payment=made.id, type="outbound_payment")
    return BalanceTransfer(outbound_transfer=made.id, type="outbound_transfer")


async def _send_within(
    tx: Tx, source: FinancialAccount, target: FinancialAccount, made: OutboundT
) -> OutboundT:
    """Move the money to another financial account of the owner."""
    currency, amount = made.amount.currency, made.amount.value
    kept = await ledger.balance_of(tx.connection, tx.account_id, source.id, currency)
    rules.check_funds(source.id, kept, amount)
    await money.put(
        tx,
        source.id,
        currency,
        -amount,
        reason=reason_of(made),
        source_id=made.id,
        against=money.BETWEEN,
    )
    credit = await receiving.receive_within(
        tx,
        target,
        amount,
        currency,
        source=_origin(made),
        against=money.BETWEEN,
        description=made.description,
    )
    made.received_credit = credit.id
    return await _announced(tx, source, _posted(tx, made))


async def _send_across(
    tx: Tx, recipient: Tx, source: FinancialAccount, target: FinancialAccount, made: OutboundT
) -> OutboundT:
    """Move the money to a financial account of another account."""
    currency, amount = made.amount.currency, made.amount.value
    kept = await ledger.balance_of(tx.connection, tx.account_id, source.id, currency)
    rules.check_funds(source.id, kept, amount)
    origin = msgspec.structs.replace(_origin(made), from_account=tx.account_id)
    credit = await receiving.receive_within(
        recipient, target, amount, currency, source=origin, description=made.description
    )
    await ledger.move(
        tx,
        transfers.departure(tx.account_id, reason_of(made), source.id, currency, amount, made.id),
        transfers.arrival(
            recipient.account_id, "received_credit", target.id, currency, amount, credit.id
        ),
    )
    made.received_credit = credit.id
    return await _announced(tx, source, _posted(tx, made))


async def _announced(tx: Tx, source: FinancialAccount, made: OutboundT) -> OutboundT:
    await rows.insert(tx, made)
    announce.outbound(tx, source, made, "created")
    announce.transaction(tx, made.id, "created")
    announce.outbound(tx, source, made, "posted")
    return made


# What becomes of it.


async def _opened(tx: Tx, shape: type[OutboundT], record_id: str) -> OutboundT:
    await gates.lock(tx, tx.account_id)
    return await rows.lock(tx, shape, record_id)


def _check(record: Out, status: str, verb: str) -> None:
    if record.status != status:
        words = reason_of(record).replace("_", " ")
        fail(refusals.MONEY_STEP, object=words, id=record.id, status=record.status, verb=verb)


async def _save(tx: Tx, before: OutboundT, after: OutboundT, verb: str) -> OutboundT:
    await rows.save(tx, after)
    source = await rows.get(tx, FinancialAccount, after.financial_account)
    previous = changed(before, after) if verb == "updated" else None
    announce.outbound(tx, source, after, verb, previous)
    return after


def _with(record: OutboundT, tx: Tx, status: str, why: str | None = None) -> OutboundT:
    """The record in another status, with when and why."""
    moments = {f"{status}_at": now(tx)}
    details = StatusDetails(**{status: Reason(reason=why)}) if why is not None else None
    return msgspec.structs.replace(
        record,
        cancelable=False,
        status=status,
        status_details=details,
        status_transitions=msgspec.structs.replace(record.status_transitions, **moments),
    )


async def post(tx: Tx, shape: type[OutboundT], record_id: str) -> OutboundT:
    """The bank has the money."""
    before = await _opened(tx, shape, record_id)
    _check(before, "processing", "posted")
    amount = before.amount
    await money.leave(
        tx,
        before.financial_account,
        amount.currency,
        amount.value,
        reason=f"{reason_of(before)}_posting",
        source_id=before.id,
    )
    after = _with(before, tx, "posted")
    after.trace_id = TraceId(status="supported", value=before.id[-15:])
    announce.transaction(tx, before.id, "updated")
    await deadlines.cancel(tx, kind=STEP, subject=before.id)
    if before.outcome == "returned" and before.treasury is None:
        await schedule_step(tx, before.id, ARRIVAL_MS)
    return await _save(tx, before, after, "posted")


async def fail_sending(
    tx: Tx, shape: type[OutboundT], record_id: str, why: str = "unknown_failure"
) -> OutboundT:
    """The bank did not take the money, which is given back."""
    before = await _opened(tx, shape, record_id)
    _check(before, "processing", "failed")
    await _give_back(tx, before, "failure")
    return await _save(tx, before, _with(before, tx, "failed", why), "failed")


async def cancel(tx: Tx, shape: type[OutboundT], record_id: str) -> OutboundT:
    """The owner does not want to send the money after all."""
    before = await _opened(tx, shape, record_id)
    words = reason_of(before).replace("_", " ")
    if before.status == "canceled":
        fail(refusals.ALREADY_CANCELED, object=words, id=before.id)
    if before.status != "processing" or not before.cancelable:
        fail(refusals.NOT_CANCELABLE, object=words, id=before.id, status=before.status)
    await _give_back(tx, before, "cancellation")
    return await _save(tx, before, _with(before, tx, "canceled"), "canceled")


async def _give_back(tx: Tx, before: Out, ending: str) -> None:
    await money.give_back(
        tx,
        before.financial_account,
        before.amount.currency,
        before.amount.value,
        reason=f"{reason_of(before)}_{ending}",
        source_id=before.id,
    )
    announce.transaction(tx, before.id, "updated")
    await deadlines.cancel(tx, kind=STEP, subject=before.id)


async def return_sent(
    tx: Tx, shape: type[OutboundT], record_id: str, why: str = "unknown_failure"
) -> OutboundT:
    """The money came back from the bank."""
    before = await _opened(tx, shape, record_id)
    _check(before, "posted", "returned")
    if before.received_credit is not None:
        fail(
            refusals.MONEY_STEP, object="payment", id=before.id, status="received", verb="returned"
        )
    made = await money.put(
        tx,
        before.financial_account,
        before.amount.currency,
        before.amount.value,
        reason=f"{reason_of(before)}_return",
        source_id=before.id,
    )
    announce.transaction(tx, made, "created")
    after = _with(before, tx, "returned", why)
    if after.treasury is not None:
        after.treasury = msgspec.structs.replace(
            after.treasury, returned_transaction=transaction_id(made)
        )
    return await _save(tx, before, after, "returned")


async def track(
    tx: Tx, shape: type[OutboundT], record_id: str, details: dict[str, Any]
) -> OutboundT:
    """The bank says where the money is; v1 alone shows it."""
    before = await _opened(tx, shape, record_id)
    face = msgspec.structs.replace(before.treasury or TreasuryOutbound(), tracking_details=details)
    after = msgspec.structs.replace(before, treasury=face)
    return await _save(tx, before, after, "updated")


async def step(tx: Tx, shape: type[OutboundT], record_id: str) -> None:
    """What the test environment does next with money that goes out."""
    record = await rows.find(tx.connection, shape, tx.account_id, record_id)
    if record is None:
        return
    why = record.outcome_reason or "unknown_failure"
    if record.status == "processing" and record.outcome == "failed":
        await fail_sending(tx, shape, record_id, why)
    elif record.status == "processing":
        await post(tx, shape, record_id)
    elif record.status == "posted" and record.outcome == "returned":
        await return_sent(tx, shape, record_id, why)

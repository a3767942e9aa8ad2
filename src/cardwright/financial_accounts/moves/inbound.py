"""Money that the owner of a financial account pulls in from an own bank account.

It is announced at once and can be spent when the bank has paid. In the test environment that comes
by itself; in live mode when the operator says so.
"""

import msgspec

from cardwright.accounts.record import bank_details
from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.flows import STEP, check_capability, now, schedule_step
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.record.movements import (
    HistoryEntry,
    HistoryType,
    InboundFrom,
    InboundPaymentMethod,
    InboundTo,
    InboundTransfer,
    PayoutMethod,
    TreasuryDestination,
    TreasuryInbound,
)
from cardwright.financial_accounts.views import announce
from cardwright.funding.statements import routes
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import deadlines, gates, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.faces.trees import Tree
from cardwright.wire.given import Given, build
from cardwright.wire.resource import Metadata

ARRIVAL_MS = 2 * clock.SECOND_MS
# The payment methods that the test environment always has, and the bank number each stands for.
TEST_METHODS = {
    "pm_usBankAccount": bank_details.TEST_NUMBER,
    "pm_usBankAccount_success": bank_details.TEST_NUMBER,
    "pm_usBankAccount_accountClosed": "000111111113",
    "pm_usBankAccount_noAccount": "000111111116",
    "pm_usBankAccount_insufficientFunds": "000222222227",
    "pm_usBankAccount_debitNotAuthorized": "000333333335",
    "pm_usBankAccount_invalidCurrency": "000444444440",
}


class MethodAccount(msgspec.Struct, frozen=True):
    """The bank account that is debited."""

    id: str
    country: str
    last4: str
    routing_number: str | None
    bank_name: str | None
    failure: str | None
    currencies: tuple[str, ...]


async def account_behind(tx: Tx, payment_method: str, param: str) -> MethodAccount:
    """The bank account behind a payment method: one that was added as a payout method, or one of
    the test environment."""
    number = None if tx.livemode else TEST_METHODS.get(payment_method)
    if number is not None:
        return MethodAccount(
            payment_method,
            "US",
            number[-4:],
            bank_details.TEST_ROUTING_NUMBER,
            bank_details.TEST_BANK,
            bank_details.PAYOUT_FAILURES.get(number),
            ("usd",),
        )
    method = await rows.find(tx.connection, PayoutMethod, tx.account_id, payment_method)
    bank = method.bank_account if method is not None else msgspec.UNSET
    if method is None or isinstance(bank, msgspec.UnsetType) or method.archived:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param=param,
            object="payment method",
            id=payment_method[:200],
        )
    failure = next(
        (name for name, found in rules.OUTCOMES.items() if found[1] == method.outcome_reason), None
    )
    return MethodAccount(
        method.id,
        bank.country,
        bank.last4,
        bank.routing_number,
        bank.bank_name,
        failure,
        tuple(bank.supported_currencies),
    )


async def create(
    tx: Tx, given: Tree, *, financial_account: str, payment_method: str, treasury: bool = False
) -> InboundTransfer:
    """Pull money from a bank account of the owner; ``given`` are members of the record as they were
    given, the amount among them."""
    currency, amount_minor = given["amount"]["currency"], given["amount"]["value"]
    await registry.lock_open(tx)
    param = "financial_account" if treasury else "to.financial_account"
    account = await rows.lock(tx, FinancialAccount, financial_account, param=param)
    rules.check_open(account)
    rules.check_flows(account, "inbound_flows")
    rules.check_holds(account, currency, "currency" if treasury else "amount.currency")
    if not treasury:
        await check_capability(tx, rules.INBOUND_TRANSFERS)
    at = "origin_payment_method" if treasury else "from.payment_method"
    bank = await account_behind(tx, payment_method, at)
    if currency not in bank.currencies:
        fail(
            refusals.PAYMENT_METHOD_CURRENCY,
            param=at,
            supported=", ".join(bank.currencies),
            currency=currency,
        )
    amount = rules.money(amount_minor, currency)
    american = bank.country == "US"
    debited = InboundPaymentMethod(type="us_bank_account" if american else "bacs_debit")
    setattr(debited, debited.type, bank.id)
    failing = bank.failure is not None
    made = build(
        InboundTransfer,
        Given(InboundTransfer, given),
        id=ids.new_id(InboundTransfer.prefix),
        amount=amount,
        created=now(tx),
        from_=InboundFrom(debited=amount, payment_method=debited),
        livemode=tx.livemode,
        to=InboundTo(credited=amount, financial_account=account.id),
        financial_account=account.id,
        outcome="failed" if failing else "posted",
        outcome_reason=bank.failure,
        payment_method=bank.id,
        treasury=_treasury(bank) if treasury else None,
    )
    made = _history(tx, made, "bank_debit_queued")
    made = _history(tx, made, "bank_debit_processing")
    await money.announce(
        tx, account.id, currency, amount_minor, reason="inbound_transfer", source_id=made.id
    )
    await rows.insert(tx, made)
    await routes.enter_payment(tx, made.id)
    announce.inbound(tx, account, made, "bank_debit_queued")
    announce.inbound(tx, account, made, "bank_debit_processing")
    announce.transaction(tx, made.id, "created")
    if not treasury:
        await schedule_step(tx, made.id, ARRIVAL_MS)
    return made


def _treasury(bank: MethodAccount) -> TreasuryInbound:
    origin = TreasuryDestination(
        bank_name=bank.bank_name,
        last4=bank.last4,
        routing_number=bank.routing_number,
        account_holder_type="company",
        account_type="checking",
    )
    return TreasuryInbound(origin=origin)


def _history(
    tx: Tx, record: InboundTransfer, kind: HistoryType, more: Metadata | None = None
) -> InboundTransfer:
    """The transfer with one more step in its history."""
    entry = HistoryEntry(
        id=ids.new_id("ibthist_"), created=now(tx), effective_at=now(tx), type=kind
    )
    setattr(entry, kind, more or {})
    return msgspec.structs.replace(record, transfer_history=[*record.transfer_history, entry])


async def _opened(tx: Tx, record_id: str) -> tuple[InboundTransfer, FinancialAccount]:
    await gates.lock(tx, tx.account_id)
    record = await rows.lock(tx, InboundTransfer, record_id)
    return record, await rows.get(tx, FinancialAccount, record.financial_account)


def _check(record: InboundTransfer, status: str, verb: str) -> None:
    if record.status != status or record.returned:
        shown = "returned" if record.returned else record.status
        fail(refusals.MONEY_STEP, object="inbound transfer", id=record.id, status=shown, verb=verb)


def _ended(tx: Tx, record: InboundTransfer, status: str) -> InboundTransfer:
    moments = {f"{status}_at": now(tx)}
    return msgspec.structs.replace(
        record,
        status=status,
        status_transitions=msgspec.structs.replace(record.status_transitions, **moments),
    )


async def succeed(tx: Tx, record_id: str) -> InboundTransfer:
    """The bank has paid."""
    before, account = await _opened(tx, record_id)
    _check(before, "processing", "succeeded")
    await money.arrive(
        tx,
        before.financial_account,
        before.amount.currency,
        before.amount.value,
        reason="inbound_transfer",
        source_id=before.id,
    )
    after = _history(tx, _ended(tx, before, "succeeded"), "bank_debit_succeeded")
    await deadlines.cancel(tx, kind=STEP, subject=before.id)
    await rows.save(tx, after)
    announce.inbound(tx, account, after, "bank_debit_succeeded")
    announce.inbound(tx, account, after, "available")
    announce.transaction(tx, before.id, "updated")
    return after


async def fail_pulling(
    tx: Tx, record_id: str, why: str = "could_not_process", status: str = "failed"
) -> InboundTransfer:
    """The bank has not paid; ``why`` is a failure code of v1."""
    before, account = await _opened(tx, record_id)
    _check(before, "processing", status)
    await money.announce(
        tx,
        before.financial_account,
        before.amount.currency,
        -before.amount.value,
        reason="inbound_transfer_failure",
        source_id=before.id,
    )
    after = _ended(tx, before, status)
    after.outcome_reason = why
    if status == "failed":
        words = rules.DEBIT_FAILURES.get(why, "bank_debit_could_not_be_processed")
        after = _history(tx, after, "bank_debit_failed", {"failure_reason": words})
    await deadlines.cancel(tx, kind=STEP, subject=before.id)
    await rows.save(tx, after)
    announce.inbound(tx, account, after, "bank_debit_failed" if status == "failed" else "canceled")
    announce.transaction(tx, before.id, "updated")
    return after


async def cancel(tx: Tx, record_id: str) -> InboundTransfer:
    """The owner does not want to pull the money after all."""
    before, _account = await _opened(tx, record_id)
    if before.status == "canceled":
        fail(refusals.ALREADY_CANCELED, object="inbound transfer", id=before.id)
    if before.status != "processing":
        fail(refusals.NOT_CANCELABLE, object="inbound transfer", id=before.id, status=before.status)
    return await fail_pulling(tx, record_id, status="canceled")


async def return_pulled(tx: Tx, record_id: str, why: str = "insufficient_funds") -> InboundTransfer:
    """The bank has taken the money back, whether or not it is still there."""
    before, account = await _opened(tx, record_id)
    _check(before, "succeeded", "returned")
    made = await money.put(
        tx,
        before.financial_account,
        before.amount.currency,
        -before.amount.value,
        reason="inbound_transfer_return",
        source_id=before.id,
        forced=True,
    )
    words = rules.DEBIT_FAILURES.get(why, "bank_debit_could_not_be_processed")
    after = _history(tx, before, "bank_debit_returned", {"return_reason": words})
    after = msgspec.structs.replace(after, returned=True)
    await rows.save(tx, after)
    announce.inbound(tx, account, after, "bank_debit_returned")
    announce.transaction(tx, made, "created")
    return after


async def step(tx: Tx, record_id: str) -> None:
    """What the test environment does next with money that is pulled in."""
    record = await rows.find(tx.connection, InboundTransfer, tx.account_id, record_id)
    if record is None or record.status != "processing":
        return
    if record.outcome == "failed":
        await fail_pulling(tx, record_id, record.outcome_reason or "could_not_process")
    else:
        await succeed(tx, record_id)

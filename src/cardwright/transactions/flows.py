"""What happens to card transactions: captured, changed."""

import msgspec

from cardwright.authorizations import flows as authorizations
from cardwright.authorizations import lifetime
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.authorizations.real_time import overtaking
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.transactions import amounts, posting, refusals
from cardwright.transactions.model import Transaction, TransactionNetworkData
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, changed, merge
from cardwright.wire.resource import Timestamp


async def capture(
    tx: Tx,
    authorization_id: str,
    *,
    amount_minor: int | None,
    close: bool,
    merchant_amount_minor: int | None = None,
    purchase_details: PurchaseDetails | None = None,
) -> ShownAuthorization:
    """The network settles an approved authorization, for what is still held unless it says
    otherwise: the hold is released (all of it when this closes the authorization) and the amount
    is taken. Neither controls nor the balance can refuse it.

    ``merchant_amount_minor`` is what the merchant gets, in its currency; without ``amount_minor``
    it is converted at the rate of the day."""
    work = await overtaking.opened(tx, authorization_id)
    lifetime.check(work.now, "capture")
    captured = await amounts.of_authorization(
        tx,
        work.now,
        _left(work),
        amount_minor=amount_minor,
        merchant_amount_minor=merchant_amount_minor,
    )
    amount = captured.amount_minor
    if amount <= 0:
        fail(
            wire_refusals.PARAMETER_INTEGER_RANGE,
            param="capture_amount",
            rule="at least 1 (nothing is held any more)",
            value=amount,
        )
    released = work.held_minor if close else min(work.held_minor, amount)
    counted = _counted(work, amount, released)
    await authorizations.release(tx, work, released)
    await authorizations.count(tx, work, counted)
    transaction = _captured(tx, work, captured, purchase_details)
    await posting.enter(tx, transaction, work.book)
    work.now.transactions.append(transaction.id)
    posting.show_treasury(work.now, transaction)
    if close or work.held_minor == 0:
        lifetime.become(work.now, "closed")
    return await authorizations.save(tx, work, "issuing_authorization.updated")


async def change_metadata(tx: Tx, transaction_id: str, given: Given[Transaction]) -> Transaction:
    """The transaction with its metadata changed; nothing is written when nothing changes."""
    before = await rows.lock(tx, Transaction, transaction_id)
    after = merge(before, given)
    if after != before:
        await rows.save(tx, after)
        tx.emit("issuing_transaction.updated", after, previous=changed(before, after))
    return after


@operator_verb(kind="none")
async def record_purchase_details(
    tx: Tx, transaction_id: str, details: PurchaseDetails
) -> Transaction:
    """The merchant tells, after the capture, what was bought; what it told before is replaced.

    A receipt that is new has an event of its own."""
    before = await rows.lock(tx, Transaction, transaction_id)
    if before.type != "capture":
        fail(refusals.PURCHASE_DETAILS_OF_CAPTURE)
    after: Transaction = msgspec.structs.replace(before, purchase_details=details)
    if after == before:
        return after
    await rows.save(tx, after)
    known = before.purchase_details.receipt if before.purchase_details is not None else []
    event = "issuing_transaction.updated"
    if details.receipt != known:
        event = posting.RECEIPT_UPDATED
    tx.emit(event, after, previous=changed(before, after))
    return after


async def name_dispute(tx: Tx, captured: Transaction, dispute_id: str) -> None:
    """Let a transaction that was locked name its dispute."""
    named: Transaction = msgspec.structs.replace(captured, dispute=dispute_id)
    await rows.save(tx, named)
    tx.emit("issuing_transaction.updated", named, previous=changed(captured, named))


def _left(work: Opened) -> int:
    """What there is to capture when the network names no amount: what is held, or of a hold that
    expired what was never captured."""
    if work.now.status != "expired":
        return work.held_minor
    taken: int = sum(-one.amount for one in work.before.transactions if one.type == "capture")
    return max(0, work.now.amount - taken)


def _counted(work: Opened, amount_minor: int, released_minor: int) -> int:
    """What the authorization counts for after a capture: what is still held of it, and all that
    was captured."""
    captured_before = max(0, work.counted_minor - work.held_minor)
    return captured_before + amount_minor + work.held_minor - released_minor


def _code_of(one: Authorization) -> str | None:
    """The code of the last approval: more may have been refused since."""
    codes = (line.authorization_code for line in reversed(one.request_history) if line.approved)
    return next(codes, None)


def _captured(
    tx: Tx,
    work: Opened,
    captured: amounts.CapturedAmounts,
    purchase_details: PurchaseDetails | None,
) -> Transaction:
    one = work.now
    return Transaction(
        id=ids.new_id(Transaction.prefix),
        amount=-captured.amount_minor,
        amount_details=one.amount_details,
        authorization=one.id,
        card=one.card,
        cardholder=one.cardholder,
        created=Timestamp(tx.now),
        currency=one.currency,
        livemode=tx.livemode,
        merchant_amount=-captured.merchant_amount_minor,
        merchant_currency=one.merchant_currency,
        merchant_data=one.merchant_data,
        network_data=TransactionNetworkData(
            authorization_code=_code_of(one),
            processing_date=clock.moment(tx.now_ms).date().isoformat(),
            transaction_id=one.network_data.transaction_id if one.network_data else None,
        ),
        purchase_details=msgspec.structs.replace(purchase_details) if purchase_details else None,
        token=one.token,
        type="capture",
        wallet=one.wallet,
    )

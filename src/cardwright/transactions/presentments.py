"""What merchants present without an authorization, and what they give back.

Nothing is checked but that the card exists: neither its status nor controls nor funds can refuse
what was settled already.
"""

import msgspec

from cardwright.authorizations import flows as authorizations
from cardwright.authorizations.lane import payment_counts
from cardwright.authorizations.model import MerchantData
from cardwright.authorizations.real_time import answering
from cardwright.cards.model import Card
from cardwright.credit import flows as credit
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.transactions import amounts, posting, refusals
from cardwright.transactions.model import Transaction, TransactionNetworkData, Type
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Currency, Timestamp


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchant presents without an authorization.

    ``amount_minor`` is in ``currency`` (None: the card's). In another currency than the card's it
    is what the merchant gets, and the card pays it at the rate of the day.
    """

    card: str
    amount_minor: int
    currency: Currency | None = None
    merchant_data: MerchantData
    purchase_details: PurchaseDetails | None = None


async def force_capture(tx: Tx, presented: Presented) -> Transaction:
    """Take money for a purchase that nobody authorized."""
    made = await _present(tx, presented, "capture")
    await payment_counts.note_payment(tx, made.card)
    return made


async def refund_unlinked(tx: Tx, presented: Presented) -> Transaction:
    """Give money back for no capture in particular; limits are as they were."""
    return await _present(tx, presented, "refund")


async def refund(tx: Tx, transaction_id: str, amount_minor: int | None) -> Transaction:
    """Give back part of a capture, or all that is left of it, to the book that it was taken from.

    The limits of the interval that the capture counted in have that much more room.
    """
    await gates.lock(tx, tx.account_id)
    captured = await rows.lock(tx, Transaction, transaction_id)
    if captured.type != "capture":
        fail(refusals.REFUND_OF_REFUND)
    origin = await posting.origin_of(tx, captured.id)
    remaining = -captured.amount - origin.refunded_minor
    amount = remaining if amount_minor is None else amount_minor
    if not 0 < amount <= remaining:
        fail(refusals.REFUND_TOO_LARGE, param="refund_amount", remaining=remaining, amount=amount)
    merchant_minor = _of_merchant(captured, origin.refunded_minor, amount)
    made: Transaction = msgspec.structs.replace(
        captured,
        id=ids.new_id(Transaction.prefix),
        amount=amount,
        amount_details=None,
        balance_transaction=None,
        created=Timestamp(tx.now),
        dispute=None,
        merchant_amount=merchant_minor,
        metadata={},
        network_data=_network_data(tx, captured),
        purchase_details=None,
        type="refund",
    )
    await posting.enter(tx, made, origin.book)
    await posting.note_refund(tx, captured.id, amount)
    counted_at = captured.created
    if captured.authorization is not None:
        work = await authorizations.opened(tx, captured.authorization)
        counted_at = work.now.created
        work.now.transactions.append(made.id)
        posting.show_treasury(work.now, made)
        await authorizations.save(tx, work, "issuing_authorization.updated")
    await _count(tx, made, counted_at, -amount)
    return made


def _of_merchant(captured: Transaction, refunded_minor: int, amount_minor: int) -> int:
    """What a refund is in the merchant's currency, so that several of them come to the whole."""
    before, after = (
        captured.merchant_amount * part // captured.amount
        for part in (refunded_minor, refunded_minor + amount_minor)
    )
    return after - before


async def _present(tx: Tx, presented: Presented, kind: Type) -> Transaction:
    await gates.lock(tx, tx.account_id)
    card = await rows.get(tx, Card, presented.card, param="card")
    merchant_currency = presented.currency or card.currency
    amount = await amounts.of_card(tx, presented.amount_minor, merchant_currency, card.currency)
    if not amount:
        rule = f"worth at least one minor unit of {card.currency}"
        fail(
            wire_refusals.PARAMETER_INTEGER_RANGE,
            param="amount",
            rule=rule,
            value=presented.amount_minor,
        )
    sign = -1 if kind == "capture" else 1
    made = Transaction(
        id=ids.new_id(Transaction.prefix),
        amount=sign * amount,
        card=card.id,
        cardholder=card.cardholder,
        created=Timestamp(tx.now),
        currency=card.currency,
        livemode=tx.livemode,
        merchant_amount=sign * presented.amount_minor,
        merchant_currency=merchant_currency,
        merchant_data=presented.merchant_data,
        network_data=_network_data(tx),
        purchase_details=presented.purchase_details,
        type=kind,
    )
    book = await credit.book_of(tx, card.financial_account, card.program, card.currency)
    await posting.enter(tx, made, book)
    if kind == "capture":
        await _count(tx, made, made.created, amount)
    return made


async def _count(tx: Tx, made: Transaction, counted_at: int, amount_minor: int) -> None:
    """Count spending in the interval that it belongs to, or (negative) take it out again."""
    standing = await answering.standing_of(tx, made.card)
    await authorizations.count_spending(
        tx,
        (standing.spend_root, str(made.cardholder)),
        made.merchant_data.category,
        made.currency,
        counted_at,
        amount_minor,
    )


def _network_data(tx: Tx, captured: Transaction | None = None) -> TransactionNetworkData:
    """What the network says of a transaction; a refund names the payment that it gives back."""
    of_capture = captured.network_data if captured is not None else None
    return TransactionNetworkData(
        processing_date=clock.moment(tx.now_ms).date().isoformat(),
        transaction_id=of_capture.transaction_id if of_capture is not None else None,
    )

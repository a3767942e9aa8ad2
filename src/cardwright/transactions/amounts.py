"""What a card transaction comes to in the card's currency and in the merchant's.

An authorization that was converted at the rate of its day is captured at the rate of the day it is
captured on. One whose amounts the card network brought keeps their proportion.
"""

from typing import NamedTuple

from cardwright.authorizations.decision import rules
from cardwright.authorizations.model import Authorization
from cardwright.currencies import flows as currencies
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.transactions.model import Transaction
from cardwright.wire.resource import Currency


class CapturedAmounts(NamedTuple):
    """What is taken in the card's currency, and what the merchant gets; minor units."""

    amount_minor: int
    merchant_amount_minor: int


async def of_authorization(
    tx: Tx,
    one: Authorization,
    held_minor: int,
    *,
    amount_minor: int | None,
    merchant_amount_minor: int | None = None,
) -> CapturedAmounts:
    """Both amounts of a capture: those given, or all that is held."""
    requested = one.request_history[0]
    if merchant_amount_minor is not None and amount_minor is not None:
        return CapturedAmounts(amount_minor, merchant_amount_minor)
    if one.merchant_currency == one.currency:
        amount = held_minor if amount_minor is None else amount_minor
        amount = amount if merchant_amount_minor is None else merchant_amount_minor
        return CapturedAmounts(amount, amount)
    if merchant_amount_minor is not None:
        quote = await currencies.quote(tx, one.merchant_currency, one.currency)
        return CapturedAmounts(quote.convert(merchant_amount_minor), merchant_amount_minor)
    then = await currencies.quote(
        tx, one.merchant_currency, one.currency, at_ms=requested.created * clock.SECOND_MS
    )
    now = await currencies.quote(tx, one.merchant_currency, one.currency)
    by_rate = then.convert(requested.merchant_amount) == requested.amount
    if not by_rate or then == now:
        amount = held_minor if amount_minor is None else amount_minor
        return CapturedAmounts(amount, rules.merchant_minor(requested, amount))
    if amount_minor is not None:
        return CapturedAmounts(amount_minor, now.inverse.convert(amount_minor))
    merchant = rules.merchant_minor(requested, held_minor)
    return CapturedAmounts(now.convert(merchant), merchant)


async def of_dispute(tx: Tx, captured: Transaction, amount_minor: int) -> int:
    """What a disputed part of a capture comes to in the card's currency today: the merchant gives
    back its own currency, at the rate of the day when the capture was converted at one."""
    if captured.merchant_currency == captured.currency:
        return amount_minor
    between = (tx, captured.merchant_currency, captured.currency)
    then = await currencies.quote(*between, at_ms=captured.created * clock.SECOND_MS)
    now = await currencies.quote(*between)
    if then == now or then.convert(captured.merchant_amount) != captured.amount:
        return amount_minor
    merchant_minor = captured.merchant_amount * amount_minor // captured.amount
    # Something is left of every amount, because a transfer moves one.
    return max(1, abs(now.convert(merchant_minor)))


async def of_card(tx: Tx, amount_minor: int, currency: str, card_currency: Currency) -> int:
    """An amount of a transaction without an authorization, in the card's currency."""
    if currency == card_currency:
        return amount_minor
    return (await currencies.quote(tx, currency, card_currency)).convert(amount_minor)

"""What a merchant asks in another currency, in that of the card (and the other way round)."""

import msgspec

from cardwright.cards.model import Card
from cardwright.currencies import flows as currencies
from cardwright.kernel.database import Tx
from cardwright.wire import rows
from cardwright.wire.resource import Currency


class RequestedAmounts(msgspec.Struct, frozen=True):
    """An amount in the card's currency and what the merchant asked; minor units."""

    amount_minor: int
    merchant_amount_minor: int


async def in_card_currency(
    tx: Tx,
    card_id: str,
    merchant_currency: Currency,
    *,
    amount_minor: int | None,
    merchant_amount_minor: int | None,
) -> RequestedAmounts:
    """Both amounts of a request, one of them at the rate of the day where it was not given.

    Refuses a card that is not there, and a currency without a rate with
    ``exchange_rate_missing``.
    """
    if amount_minor is not None and merchant_amount_minor is not None:
        return RequestedAmounts(amount_minor, merchant_amount_minor)
    card = await rows.get(tx, Card, card_id, param="card")
    quote = await currencies.quote(tx, merchant_currency, card.currency)
    if amount_minor is None:
        assert merchant_amount_minor is not None, "one of the two amounts is given"
        return RequestedAmounts(quote.convert(merchant_amount_minor), merchant_amount_minor)
    return RequestedAmounts(amount_minor, quote.inverse.convert(amount_minor))

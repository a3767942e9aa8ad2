"""The deadlines of cards: they expire when the month that is printed on them ends."""

from cardwright.cards import flows
from cardwright.kernel.database import Tx
from cardwright.tenancy import deadlines


async def expire(tx: Tx, card_id: str) -> None:
    """Cancel a card that has expired."""
    await flows.cancel(tx, card_id, expired=True)


HANDLERS: dict[str, deadlines.Handler] = {flows.EXPIRY: expire}

"""``cardwright shipping``: what became of a physical card on its way."""

from typing import Any

from cyclopts import App

from cardwright.cards import shipping
from cardwright.cards.model import IssuedCard
from cardwright.cards.shipping_shapes import ShippingReport
from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.transaction import as_owner_of, say, working
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="shipping")


@app.command
@working
async def submitted(*cards: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Say that cards were handed to the bureau that makes them."""
    await _report(cards, installation, status="submitted")


@app.command
@working
async def shipped(
    card: options.Card,
    *,
    carrier: str | None = None,
    tracking_number: str | None = None,
    tracking_url: str | None = None,
    eta: int | None = None,
    installation: Installation = INSTALLATION,
) -> None:
    """Say that a card has left; say it again to tell more about its way.

    Parameters
    ----------
    carrier
        correos, dhl, fedex, royal_mail or usps.
    eta
        When it is expected, in seconds since 1970.
    """
    await _report(
        (card,),
        installation,
        status="shipped",
        carrier=carrier,
        tracking_number=tracking_number,
        tracking_url=tracking_url,
        eta=None if eta is None else str(eta),
    )


@app.command
@working
async def delivered(*cards: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Say that cards arrived."""
    await _report(cards, installation, status="delivered")


@app.command
@working
async def returned(*cards: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Say that cards came back."""
    await _report(cards, installation, status="returned")


@app.command
@working
async def failed(*cards: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Say that cards were lost on their way or, before they left, could not be made."""
    await _report(cards, installation, status="failure")


async def _report(cards: tuple[str, ...], installation: Installation, **words: Any) -> None:
    """Report of one card after the other, each in a transaction of its own."""
    given = {name: text for name, text in words.items() if text is not None}
    report = parser(ShippingReport, "c", "v1", LATEST, form=True)(given).value()
    async with installation.database() as database:
        for card in cards:
            async with as_owner_of(database, shipping.account_of, card, "card") as tx:
                made = await shipping.report(tx, card, report)
            say(line(made))


def line(card: IssuedCard) -> str:
    """A card on its way, on one line."""
    assert card.shipping is not None, "only a card that is shipped is reported"
    parts = [card.id, card.shipping.status, card.shipping.carrier, card.shipping.tracking_number]
    return "  ".join(part for part in parts if part is not None)

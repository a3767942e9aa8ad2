"""``cardwright shipping``: what became of a physical card on its way."""

from typing import Any

from cyclopts import App

from cardwright.cards import shipping
from cardwright.cards.model import IssuedCard
from cardwright.cards.shipping_shapes import ShippingReport
from cardwright.cli import acting, options
from cardwright.kernel.startup import StartError
from cardwright.tenancy import registry
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="shipping")


@app.command
def submitted(
    *cards: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that cards were handed to the bureau that makes them."""
    _report(cards, {"status": "submitted"}, data_dir, database_url)


@app.command
def shipped(
    card: options.Card,
    *,
    carrier: str | None = None,
    tracking_number: str | None = None,
    tracking_url: str | None = None,
    eta: int | None = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that a card has left; say it again to tell more about its way.

    Parameters
    ----------
    carrier
        correos, dhl, fedex, royal_mail or usps.
    eta
        When it is expected, in seconds since 1970.
    """
    told: dict[str, Any] = {
        "status": "shipped",
        "carrier": carrier,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url,
        "eta": None if eta is None else str(eta),
    }
    _report((card,), told, data_dir, database_url)


@app.command
def delivered(
    *cards: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that cards arrived."""
    _report(cards, {"status": "delivered"}, data_dir, database_url)


@app.command
def returned(
    *cards: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that cards came back."""
    _report(cards, {"status": "returned"}, data_dir, database_url)


@app.command
def failed(
    *cards: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that cards were lost on their way or, before they left, could not be made."""
    _report(cards, {"status": "failure"}, data_dir, database_url)


def _report(
    cards: tuple[str, ...],
    told: dict[str, Any],
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> None:
    given = {name: text for name, text in told.items() if text is not None}

    async def work() -> None:
        report = parser(ShippingReport, "c", "v1", LATEST, form=True)(given).value()
        async with acting.database_of(data_dir, database_url) as database:
            for card_id in cards:
                async with database.connection() as connection:
                    owner = await shipping.account_of(connection, card_id)
                if owner is None:
                    raise StartError(f"There is no card {card_id}.")
                async with registry.transaction(database, owner) as tx:
                    print(line(await shipping.report(tx, card_id, report)))

    acting.done(work())


def line(card: IssuedCard) -> str:
    """A card on its way, on one line."""
    assert card.shipping is not None, "only a card that is shipped is reported"
    parts = [card.id, card.shipping.status, card.shipping.carrier, card.shipping.tracking_number]
    return "  ".join(part for part in parts if part is not None)

"""``cardwright cards``: what an operator does with cards on the telephone."""

import asyncio
from collections.abc import Coroutine
from getpass import getpass
from typing import Any

from cyclopts import App

from cardwright.cards import pin_verification
from cardwright.cards.pin_encryption import DIGITS
from cardwright.cli import acting, options
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError

app = App(name="cards")


@app.command
def verify_pin(
    account: str,
    card: str,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Compare a PIN, which is asked for, with that of a card; three wrong ones in a row block it.

    Parameters
    ----------
    account
        The connected account.
    card
        The card.
    """
    try:
        pin = getpass("PIN: ")
    except EOFError:
        raise StartError("No PIN was given.") from None
    if not DIGITS.fullmatch(pin.encode()):
        raise StartError("A PIN is 4 to 12 digits.")

    async def work() -> str:
        async with acting.account(account, data_dir, database_url) as tx:
            found = await pin_verification.verify_pin(tx, card, pin)
        return f"{found.card}: {found.result}, tries left: {found.tries_left}"

    _say(work())


@app.command
def unblock_pin(
    account: str,
    card: str,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Unblock the PIN of a card, and activate the card.

    Parameters
    ----------
    account
        The connected account.
    card
        The card.
    """

    async def work() -> str:
        async with acting.account(account, data_dir, database_url) as tx:
            found = await pin_verification.unblock_pin(tx, card)
        return f"{found.id}: {found.status}, the PIN is unblocked"

    _say(work())


def _say(work: Coroutine[Any, Any, str]) -> None:
    try:
        print(asyncio.run(work))
    except Failure as refused:
        raise StartError(refused.message) from None

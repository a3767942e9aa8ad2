"""``cardwright cards``: what an operator does with cards on the telephone."""

from getpass import getpass

from cyclopts import App

from cardwright.cards import pin_verification
from cardwright.cards.pin_encryption import DIGITS
from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.transaction import Said, as_account, working
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError

app = App(name="cards")


@app.command
@working
async def verify_pin(
    account: options.Account, card: options.Card, *, installation: Installation = INSTALLATION
) -> Said:
    """Compare a PIN, which is asked for, with that of a card; three wrong ones in a row block
    it."""
    try:
        pin = getpass("PIN: ")
    except EOFError:
        raise StartError("No PIN was given.") from None
    if not DIGITS.fullmatch(pin.encode()):
        raise StartError("A PIN is 4 to 12 digits.")
    async with installation.transaction(account) as tx:
        found = await pin_verification.verify_pin(tx, card, pin)
    return f"{found.card}: {found.result}, tries left: {found.tries_left}"


@app.command
@as_account
async def unblock_pin(tx: Tx, card: options.Card) -> Said:
    """Unblock the PIN of a card, and activate the card."""
    found = await pin_verification.unblock_pin(tx, card)
    return f"{found.id}: {found.status}, the PIN is unblocked"

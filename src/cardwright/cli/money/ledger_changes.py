"""``cardwright ledger adjust`` and the like: an operator's hand in the books of an account."""

import getpass
from typing import Annotated

from cyclopts import App, Parameter

from cardwright.bookkeeping import flows
from cardwright.bookkeeping.model import (
    Adjustment,
    Against,
    NewAdjustment,
    NewPendingTransfer,
    NewWriteOff,
)
from cardwright.cli import options
from cardwright.cli.transaction import Said, as_account, as_any_account
from cardwright.kernel.clock import SECOND_MS, parse_rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.ledger.pending import PendingTransfer
from cardwright.wire.resource import Currency, Timestamp

Key = Annotated[str | None, Parameter(help="Makes a repeat of the command do nothing.")]
Reason = Annotated[str, Parameter(help="Why; it stays on record.")]
Amount = Annotated[int, Parameter(help="In minor units: 2500 is 25.00 dollars.")]


def add_to(app: App) -> None:
    """Add the commands that change the books."""
    for command in (adjust, correct, write_off, set_aside, take, give_back):
        app.command(command)


@as_any_account
async def adjust(
    tx: Tx,
    *,
    amount: Amount,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    against: Against = "losses",
    force: options.Flag = False,
    key: Key = None,
) -> Said:
    """Add to a balance, or (a negative amount) take from it.

    Parameters
    ----------
    balance
        issuing, payments, or the id of a financial account.
    against
        Where the money comes from, or goes to.
    force
        Also below zero; the entries are flagged.
    """
    wanted = NewAdjustment(
        against=against,
        amount=amount,
        balance=balance,
        currency=Currency(currency),
        description=reason,
        force=force,
    )
    return _adjusted(await flows.adjust(tx, wanted, requested_by=_person(), key=key))


@as_any_account
async def correct(
    tx: Tx,
    transfer: options.Transfer,
    *,
    reason: Reason,
    force: options.Flag = False,
    key: Key = None,
) -> Said:
    """Take an earlier transfer (txn_...) back with a new one.

    Parameters
    ----------
    force
        Also below zero; the entries are flagged.
    """
    wanted = NewAdjustment(corrects=transfer, description=reason, force=force)
    return _adjusted(await flows.adjust(tx, wanted, requested_by=_person(), key=key))


@as_any_account
async def write_off(
    tx: Tx,
    *,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    key: Key = None,
) -> Said:
    """Bring a balance that is below zero back to zero, as a loss.

    Parameters
    ----------
    balance
        issuing, payments, or the id of a financial account.
    """
    wanted = NewWriteOff(balance=balance, currency=Currency(currency), description=reason)
    return _adjusted(await flows.write_off(tx, wanted, requested_by=_person(), key=key))


@as_account
async def set_aside(
    tx: Tx,
    *,
    amount: Amount,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    destination: Against = "outside",
    expires: str | None = None,
    key: Key = None,
) -> Said:
    """Set money aside for a claim; take it later, or give it back.

    Parameters
    ----------
    balance
        issuing, payments, or the id of a financial account.
    destination
        Where it goes when it is taken.
    expires
        When it is given back by itself, as 2025-06-18T00:48:16Z.
    """
    wanted = NewPendingTransfer(
        amount=amount,
        balance=balance,
        currency=Currency(currency),
        description=reason,
        destination=destination,
        expires_at=_seconds(expires),
    )
    return _pending(await flows.set_aside(tx, wanted, key=key))


@as_account
async def take(
    tx: Tx,
    pending_transfer: options.PendingTransfer,
    *,
    amount: Amount,
    final: options.Flag = False,
    force: options.Flag = False,
    key: Key = None,
) -> Said:
    """Take part or all of what is set aside, or more than that.

    Parameters
    ----------
    final
        Give the rest back.
    force
        Also below zero; the entries are flagged.
    """
    return _pending(
        await flows.take(tx, pending_transfer, amount, final=final, forced=force, key=key)
    )


@as_account
async def give_back(
    tx: Tx,
    pending_transfer: options.PendingTransfer,
    *,
    amount: Amount | None = None,
    key: Key = None,
) -> Said:
    """Give back part or the rest of what is set aside."""
    return _pending(await flows.give_back(tx, pending_transfer, amount, key=key))


def _adjusted(made: Adjustment) -> str:
    amount = f"{decimal_text(made.amount, made.currency)} {made.currency}"
    return f"{made.id}: {amount} to the {made.balance} balance, transfer {made.balance_transaction}"


def _pending(made: PendingTransfer) -> str:
    held, taken, back = (
        decimal_text(amount, made.currency)
        for amount in (made.amount_held, made.amount_captured, made.amount_released)
    )
    return (
        f"{made.id}: {made.status}, {held} {made.currency} set aside, {taken} taken, {back} "
        "given back"
    )


def _person() -> str:
    """Who is at the command line."""
    try:
        return f"command by {getpass.getuser()}"
    except (KeyError, OSError):
        return "command"


def _seconds(text: str | None) -> Timestamp | None:
    if text is None:
        return None
    try:
        return Timestamp(parse_rfc3339(text) // SECOND_MS)
    except ValueError:
        raise StartError(f"'{text}' is no instant such as 2025-06-18T00:48:16Z.") from None

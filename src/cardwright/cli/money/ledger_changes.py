"""``cardwright ledger adjust`` and the like: an operator's hand in the books of an account."""

import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from cyclopts import App, Parameter

from cardwright.bookkeeping import flows
from cardwright.bookkeeping.model import (
    Adjustment,
    Against,
    NewAdjustment,
    NewPendingTransfer,
    NewWriteOff,
)
from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, parse_rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.ledger import pending
from cardwright.ledger.pending import PendingTransfer
from cardwright.wire.resource import Currency, Timestamp

Made = TypeVar("Made")
Key = Annotated[str | None, Parameter(help="Makes a repeat of the command do nothing.")]
Reason = Annotated[str, Parameter(help="Why; it stays on record.")]
Amount = Annotated[int, Parameter(help="In minor units: 2500 is 25.00 dollars.")]


def add_to(app: App) -> None:
    """Add the commands that change the books."""
    for command in (adjust, correct, write_off, set_aside, take, give_back):
        app.command(command)


def adjust(
    account: options.Account,
    *,
    amount: Amount,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    against: Against = "losses",
    force: options.Flag = False,
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    _adjusted(
        account,
        lambda tx: flows.adjust(tx, wanted, requested_by=_person(), key=key),
        data_dir,
        database_url,
    )


def correct(
    account: options.Account,
    transfer: options.Transfer,
    *,
    reason: Reason,
    force: options.Flag = False,
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Take an earlier transfer (txn_...) back with a new one.

    Parameters
    ----------
    force
        Also below zero; the entries are flagged.
    """
    wanted = NewAdjustment(corrects=transfer, description=reason, force=force)
    _adjusted(
        account,
        lambda tx: flows.adjust(tx, wanted, requested_by=_person(), key=key),
        data_dir,
        database_url,
    )


def write_off(
    account: options.Account,
    *,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Bring a balance that is below zero back to zero, as a loss.

    Parameters
    ----------
    balance
        issuing, payments, or the id of a financial account.
    """
    wanted = NewWriteOff(balance=balance, currency=Currency(currency), description=reason)
    _adjusted(
        account,
        lambda tx: flows.write_off(tx, wanted, requested_by=_person(), key=key),
        data_dir,
        database_url,
    )


def set_aside(
    account: options.Account,
    *,
    amount: Amount,
    currency: options.Currency,
    reason: Reason,
    balance: str = "issuing",
    destination: Against = "outside",
    expires: str | None = None,
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    _pending(account, lambda tx: flows.set_aside(tx, wanted, key=key), data_dir, database_url)


def take(
    account: options.Account,
    pending_transfer: options.PendingTransfer,
    *,
    amount: Amount,
    final: options.Flag = False,
    force: options.Flag = False,
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Take part or all of what is set aside, or more than that.

    Parameters
    ----------
    final
        Give the rest back.
    force
        Also below zero; the entries are flagged.
    """
    _pending(
        account,
        lambda tx: pending.capture(
            tx, pending_transfer, amount, final=final, forced=force, key=key
        ),
        data_dir,
        database_url,
    )


def give_back(
    account: options.Account,
    pending_transfer: options.PendingTransfer,
    *,
    amount: Amount | None = None,
    key: Key = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Give back part or the rest of what is set aside."""
    _pending(
        account,
        lambda tx: pending.release(tx, pending_transfer, amount, key=key),
        data_dir,
        database_url,
    )


def _adjusted(
    account: options.Account,
    work: Callable[[Tx], Awaitable[Adjustment]],
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> None:
    made = acting.as_account(work, account, data_dir, database_url, closed=True)
    amount = f"{decimal_text(made.amount, made.currency)} {made.currency}"
    print(f"{made.id}: {amount} to the {made.balance} balance, transfer {made.balance_transaction}")


def _pending(
    account: options.Account,
    work: Callable[[Tx], Awaitable[PendingTransfer]],
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> None:
    made = acting.as_account(work, account, data_dir, database_url)
    held, taken, back = (
        decimal_text(amount, made.currency)
        for amount in (made.amount_held, made.amount_captured, made.amount_released)
    )
    print(
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

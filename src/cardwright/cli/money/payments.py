"""``cardwright payments``: files of payments for a bank, and what became of payments."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App

from cardwright.cli import acting, options
from cardwright.financial_accounts.moves.endings import ARRIVED, FAILED
from cardwright.funding.balance_transfers import flows as balance_transfers
from cardwright.funding.failure_codes import MESSAGES, UNKNOWN
from cardwright.funding.instructions import flows as instructions
from cardwright.funding.instructions.model import OperatorBank
from cardwright.funding.payouts import exporting
from cardwright.funding.payouts import flows as payouts
from cardwright.funding.payouts.payment_file import NewPaymentFile, PaymentFile
from cardwright.funding.statements import routes
from cardwright.funding.topups import flows as topups
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.tenancy import registry
from cardwright.wire.given import Given
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="payments")


@app.command
def bank(
    *,
    currency: str | None = None,
    account_holder_name: str | None = None,
    iban: str | None = None,
    bic: str | None = None,
    account_number: str | None = None,
    routing_number: str | None = None,
    bank_name: str | None = None,
    number_prefix: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show your bank accounts, or (with a currency) set the one for it.

    Parameters
    ----------
    currency
        In three letters, such as gbp.
    account_holder_name
        Whose account it is.
    iban
        The number of an account in euro.
    bic
        The bank of an account in euro.
    account_number
        The number of an account in pounds or dollars.
    routing_number
        The sort code or routing number of its bank.
    bank_name
        The name of the bank.
    number_prefix
        Accounts of live mode send money to numbers of the bank that begin so.
    """
    given = {
        "currency": currency,
        "account_holder_name": account_holder_name,
        "iban": iban,
        "bic": bic,
        "account_number": account_number,
        "routing_number": routing_number,
        "bank_name": bank_name,
        "number_prefix": number_prefix,
    }
    wanted = {name: text for name, text in given.items() if text is not None}

    async def work() -> list[OperatorBank]:
        async with acting.platform(live, data_dir, database_url) as tx:
            if wanted:
                read = parser(OperatorBank, "c", "v1", LATEST, form=True)
                await instructions.set_bank(tx, read(wanted))
            return await instructions.banks_of(tx.connection, tx.account_id)

    for found in acting.done(work()):
        told = msgspec.to_builtins(found)
        print("  ".join(f"{name}: {text}" for name, text in told.items() if text is not None))


@app.command
def export(
    *,
    currency: options.Currency,
    to: Path,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Write the payouts that wait into a new file for your bank; they are in transit then.

    Parameters
    ----------
    to
        Where the file is written: pain.001 in euro, CSV in pounds and dollars.
    """
    if to.exists():
        raise StartError(f"{to} exists already.")

    async def work() -> tuple[PaymentFile, str]:
        async with acting.platform(live, data_dir, database_url) as tx:
            made = await exporting.export(tx, Given(NewPaymentFile, {"currency": currency}))
            return made, await exporting.content_of(tx, made.id)

    made, text = acting.done(work())
    total = decimal_text(made.amount, made.currency)
    print(f"{made.id}: {made.count} payouts, {total} {made.currency}")
    # Only now is it certain that no other file will have the same payouts.
    _write(to, text)


@app.command
def write(
    payment_file: options.PaymentFile,
    *,
    to: Path,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Write a payment file that was made before once more; do not hand it to the bank twice.

    Parameters
    ----------
    to
        Where the file is written.
    """

    async def work() -> str:
        async with acting.platform(live, data_dir, database_url) as tx:
            return await exporting.content_of(tx, payment_file)

    _write(to, acting.done(work()))


@app.command
def paid(
    payment: options.Payment,
    *,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that a payout, top-up, balance transfer or payment of a financial account arrived."""

    async def arrived(tx: Tx, payment_id: str) -> str:
        end = _of_kind(
            payment_id,
            po_=payouts.settle,
            tu_=topups.settle,
            btr_=balance_transfers.settle,
            **ARRIVED,
        )
        ended = await end(tx, payment_id)
        return f"{payment_id}: {getattr(ended, 'status', 'arrived')}"

    print(acting.done(_as_owner(payment, arrived, data_dir, database_url)))


@app.command
def failed(
    payment: options.Payment,
    *,
    code: str = UNKNOWN,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say that a payment failed, or that the bank sent it back.

    Parameters
    ----------
    code
        Why, as no_account or insufficient_funds.
    """
    if code not in MESSAGES:
        raise StartError(f"No such failure code: {code}. Codes are {', '.join(MESSAGES)}.")

    async def ended(tx: Tx, payment_id: str) -> str:
        end = _of_kind(payment_id, po_=payouts.settle, tu_=topups.fail_or_reverse, **FAILED)
        return f"{payment_id}: {(await end(tx, payment_id, code)).status}"

    print(acting.done(_as_owner(payment, ended, data_dir, database_url)))


def _of_kind(payment: str, **endings: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """What is done to a payment of the kind that its id tells."""
    kind = f"{payment.partition('_')[0]}_"
    if kind not in endings:
        raise StartError(f"{payment} is no payment of which the end can be told.")
    return endings[kind]


async def _as_owner(
    payment: str,
    work: Callable[[Tx, str], Awaitable[str]],
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> str:
    """Work in a transaction as the account whose payment it is."""
    async with acting.database_of(data_dir, database_url) as database:
        async with database.connection() as connection:
            owner = await routes.find_payment(connection, payment)
        if owner is None:
            raise StartError(f"There is no payment {payment}.")
        # A bank sends money back whether or not the account is still there.
        async with registry.transaction(database, owner, closed=True) as tx:
            return await work(tx, payment)


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read: it holds account numbers."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as error:
        reason = "The payment file is kept: write it with `cardwright payments write`."
        raise StartError(f"{error}. {reason}") from None

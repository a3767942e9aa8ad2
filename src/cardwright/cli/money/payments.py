"""``cardwright payments``: files of payments for a bank, and what became of payments."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App

from cardwright.cli import local_files, options
from cardwright.cli.installation import INSTALLATION, PLATFORM, Installation, Platform
from cardwright.cli.tables import Columns, Json, table
from cardwright.cli.transaction import Said, as_owner_of, as_platform, say, working
from cardwright.financial_accounts.verbs import ARRIVED, FAILED
from cardwright.funding import verbs
from cardwright.funding.failure_codes import MESSAGES, UNKNOWN
from cardwright.funding.instructions import flows as instructions
from cardwright.funding.instructions.model import OperatorBank
from cardwright.funding.payouts import exporting
from cardwright.funding.payouts.payment_file import NewPaymentFile
from cardwright.funding.statements import routes
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.wire.given import Given
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="payments")

KEPT = "The payment file is kept: write it with `cardwright payments write`."


BANKS: Columns[OperatorBank] = {
    "currency": lambda bank: bank.currency,
    "account_holder_name": lambda bank: bank.account_holder_name,
    "iban": lambda bank: bank.iban,
    "bic": lambda bank: bank.bic,
    "account_number": lambda bank: bank.account_number,
    "routing_number": lambda bank: bank.routing_number,
    "bank_name": lambda bank: bank.bank_name,
    "number_prefix": lambda bank: bank.number_prefix,
}


@app.command
@as_platform
async def bank(
    tx: Tx,
    *,
    currency: str | None = None,
    account_holder_name: str | None = None,
    iban: str | None = None,
    bic: str | None = None,
    account_number: str | None = None,
    routing_number: str | None = None,
    bank_name: str | None = None,
    number_prefix: str | None = None,
    json: Json = False,
) -> Said:
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

    if wanted:
        read = parser(OperatorBank, "c", "v1", LATEST, form=True)
        await instructions.set_bank(tx, read(wanted))
    found = await instructions.banks_of(tx.connection, tx.account_id)
    if not wanted or json:
        return table(found, BANKS, json=json, none="You have no bank account yet.")
    return [
        "  ".join(f"{name}: {text}" for name, text in msgspec.to_builtins(one).items() if text)
        for one in found
    ]


@app.command
@working
async def export(*, currency: options.Currency, to: Path, platform: Platform = PLATFORM) -> None:
    """Write the payouts that wait into a new file for your bank; they are in transit then.

    Parameters
    ----------
    to
        Where the file is written: pain.001 in euro, CSV in pounds and dollars.
    """
    local_files.refuse_existing(to)
    async with platform.transaction() as tx:
        made = await exporting.export(tx, Given(NewPaymentFile, {"currency": currency}))
        text = await exporting.content_of(tx, made.id)
    total = f"{decimal_text(made.amount, made.currency)} {made.currency}"
    say(f"{made.id}: {made.count} payouts, {total}")
    # Only now is it certain that no other file will have the same payouts.
    local_files.write_new(to, text, otherwise=KEPT)


@app.command
@as_platform
async def write(tx: Tx, payment_file: options.PaymentFile, *, to: Path) -> None:
    """Write a payment file that was made before once more; do not hand it to the bank twice.

    Parameters
    ----------
    to
        Where the file is written.
    """
    text = await exporting.content_of(tx, payment_file)
    local_files.write_new(to, text, otherwise=KEPT)


@app.command
@working
async def paid(payment: options.Payment, *, installation: Installation = INSTALLATION) -> Said:
    """Say that a payout, top-up, balance transfer or payment of a financial account arrived."""
    async with _as_owner(installation, payment) as tx:
        end = _of_kind(
            payment,
            po_=verbs.mark_payout_paid,
            tu_=verbs.mark_topup_succeeded,
            btr_=verbs.mark_balance_transfer_arrived,
            **ARRIVED,
        )
        ended = await end(tx, payment)
    return f"{payment}: {getattr(ended, 'status', 'arrived')}"


@app.command
@working
async def failed(
    payment: options.Payment, *, code: str = UNKNOWN, installation: Installation = INSTALLATION
) -> Said:
    """Say that a payment failed, or that the bank sent it back.

    Parameters
    ----------
    code
        Why, as no_account or insufficient_funds.
    """
    if code not in MESSAGES:
        raise StartError(f"No such failure code: {code}. Codes are {', '.join(MESSAGES)}.")
    async with _as_owner(installation, payment) as tx:
        end = _of_kind(payment, po_=verbs.fail_payout, tu_=verbs.fail_or_reverse_topup, **FAILED)
        ended = await end(tx, payment, code)
    return f"{payment}: {ended.status}"


def _of_kind(payment: str, **endings: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """What is done to a payment of the kind that its id tells."""
    kind = f"{payment.partition('_')[0]}_"
    if kind not in endings:
        raise StartError(f"{payment} is no payment of which the end can be told.")
    return endings[kind]


@asynccontextmanager
async def _as_owner(installation: Installation, payment: str) -> AsyncIterator[Tx]:
    """A transaction as the account whose payment it is."""
    find = routes.find_payment
    # A bank sends money back whether or not the account is still there.
    async with (
        installation.database() as database,
        as_owner_of(database, find, payment, "payment", closed=True) as tx,
    ):
        yield tx

"""Money of the live environment leaves in payment files that the operator hands to a bank."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from cardwright.accounts import external_accounts
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.funding import refusals
from cardwright.funding.instructions import flows as instructions
from cardwright.funding.payouts import flows
from cardwright.funding.payouts.model import Payout
from cardwright.funding.payouts.payment_file import (
    HOLDER,
    NewPaymentFile,
    Payment,
    PaymentFile,
    can_name,
    content,
    format_of,
    reference_of,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.kernel.registries import Ordered
from cardwright.tenancy import gates, secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.given import Given
from cardwright.wire.resource import Currency, Timestamp

QUERIES = load(__file__)
# How many payouts one file takes; the rest waits for the next.
FILE_MAX = 500
CONTENT = "content"


class Waiting(msgspec.Struct, frozen=True):
    """A payment that waits for a file."""

    account_id: str
    id: str


class Source(NamedTuple):
    """A kind of payment that leaves in files: what waits (of a platform, in a currency, at most so
    many), and how one is taken, in a transaction as its account."""

    waiting: Callable[[Connection, str, str, int], Awaitable[list[Waiting]]]
    take: Callable[[Tx, str, str], Awaitable[Payment | None]]


SOURCES: Ordered[Source] = Ordered("payments that leave in files")
_WAITING = QUERIES.many("list_waiting", Waiting)


@operator_verb(kind="moves_money")
async def export(tx: Tx, given: Given[NewPaymentFile]) -> PaymentFile:
    """Put the waiting payments in a currency into a new file: they are on their way from then on.

    The transaction acts as the platform. In the test environment payments leave by themselves, so
    a file takes those alone that have not left yet.
    """
    currency = Currency(given.get("currency"))
    bank = await instructions.bank_of(tx, currency)
    if bank is None:
        fail(refusals.BANK_ACCOUNT_SETUP_INCOMPLETE, param="currency", currency=currency)
    waiting = [
        (source, each)
        for source in SOURCES
        for each in await source.waiting(tx.connection, tx.platform_id, currency, FILE_MAX)
    ][:FILE_MAX]
    await gates.lock(tx, tx.account_id, *(each.account_id for _, each in waiting))
    file_id = ids.new_id(PaymentFile.prefix)
    payments = [await _take(tx, source, each, file_id) for source, each in waiting]
    found = [payment for payment in payments if payment is not None]
    if not found:
        fail(refusals.PAYMENT_FILE_EMPTY, param="currency", currency=currency)
    made = PaymentFile(
        id=file_id,
        amount=sum(payment.amount_minor for payment in found),
        count=len(found),
        created=Timestamp(tx.now),
        currency=currency,
        format=format_of(currency),
        livemode=tx.livemode,
        payouts=[payment.reference.replace("-", "_") for payment in found],
    )
    await secrets.put(tx, file_id, CONTENT, content(bank, found, tx.now_ms))
    await rows.insert(tx, made)
    return made


@operator_verb(kind="reveals")
async def content_of(tx: Tx, file_id: str) -> str:
    """What the bank is given."""
    found = await rows.get(tx, PaymentFile, file_id)
    text = await secrets.get(tx.connection, tx.vault, tx.account_id, found.id, CONTENT)
    assert text is not None, f"{file_id} has no content"
    return text


async def _take(tx: Tx, source: Source, waiting: Waiting, file_id: str) -> Payment | None:
    owner = await acting(tx, waiting.account_id, closed=True)
    assert owner is not None, "the platform was asked for its own accounts"
    return await source.take(owner, waiting.id, file_id)


async def waiting_payouts(
    connection: Connection, platform_id: str, currency: str, limit: int
) -> list[Waiting]:
    """The payouts of a platform's accounts that wait for a file."""
    return await _WAITING(connection, platform_id=platform_id, currency=currency, limit=limit)


async def take_payout(owner: Tx, payout_id: str, file_id: str) -> Payment | None:
    """The payment of a payout that waits, which is on its way now; None when it has left."""
    payout = await rows.lock(owner, Payout, payout_id)
    if payout.status != "pending":
        return None
    bank = await rows.find(
        owner.connection, BankAccount, owner.account_id, payout.destination or ""
    )
    if bank is None:
        # Its bank account is gone, so there is nowhere to pay it.
        await flows.conclude(owner, payout.id, "account_closed")
        return None
    number = await secrets.get(
        owner.connection, owner.vault, owner.account_id, bank.id, external_accounts.NUMBER
    )
    assert number is not None, f"{bank.id} has no number"
    if not can_name(payout.currency, number):
        await flows.conclude(owner, payout.id, "invalid_currency")
        return None
    await flows.depart(owner, payout.id, payment_file=file_id)
    return Payment(
        reference_of(payout.id),
        payout.amount,
        bank.account_holder_name or HOLDER,
        number,
        bank.routing_number,
        payout.statement_descriptor or payout.description or reference_of(payout.id),
    )


PAYOUTS = Source(waiting_payouts, take_payout)

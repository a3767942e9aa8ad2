"""What leaves financial accounts in payment files that the operator hands to a bank."""

import msgspec
from msgspec import UnsetType

from cardwright.financial_accounts.moves import outbound, payout_methods
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.record.movements import (
    OutboundPayment,
    OutboundTransfer,
    PayoutMethod,
)
from cardwright.funding.payouts.exporting import Source, Waiting
from cardwright.funding.payouts.payment_file import HOLDER, Payment, can_name, reference_of
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.tenancy import secrets
from cardwright.wire import rows

QUERIES = load(__file__)
_WAITING = QUERIES.many("list_waiting_outbound", Waiting)


async def waiting(
    connection: Connection, platform_id: str, currency: str, limit: int
) -> list[Waiting]:
    """The transfers and payments of a platform's accounts that wait for a file."""
    return await _WAITING(connection, platform_id=platform_id, currency=currency, limit=limit)


async def take(owner: Tx, record_id: str, file_id: str) -> Payment | None:
    """The payment of what waits, which cannot be canceled from now on; None when nothing waits any
    more, or when it does not go to a bank account."""
    kind = OutboundPayment if record_id.startswith(OutboundPayment.prefix) else OutboundTransfer
    record: OutboundPayment | OutboundTransfer = await rows.lock(owner, kind, record_id)
    if record.status != "processing" or record.payment_file is not None:
        return None
    place = await _place(owner, record)
    if place is None:
        return None
    holder, number, routing_number = place
    if not can_name(record.amount.currency, number):
        why = "payout_method_unsupported"
        if isinstance(record, OutboundPayment):
            await outbound.fail_sending(owner, OutboundPayment, record.id, why)
        else:
            await outbound.fail_sending(owner, OutboundTransfer, record.id, why)
        return None
    after = msgspec.structs.replace(record, payment_file=file_id, cancelable=False)
    await rows.save(owner, after)
    return Payment(
        reference_of(record.id),
        record.amount.value,
        holder,
        number,
        routing_number,
        record.description or record.statement_descriptor,
    )


async def _place(
    owner: Tx, record: OutboundPayment | OutboundTransfer
) -> tuple[str, str, str | None] | None:
    """Whose bank account the money goes to, its number, and that of the bank."""
    given = record.treasury.destination if record.treasury is not None else None
    name = (given.billing_details.get("name") if given is not None else None) or HOLDER
    number = await secrets.get(
        owner.connection, owner.vault, owner.account_id, record.id, payout_methods.NUMBER
    )
    if number is not None and given is not None:
        return name, number, given.routing_number
    method_id = record.to.payout_method
    if method_id is None or method_id.startswith(FinancialAccount.prefix):
        return None
    recipient = record.recipient if isinstance(record, OutboundPayment) else None
    for account_id in (recipient, owner.account_id):
        if account_id is None:
            continue
        method = await rows.find(owner.connection, PayoutMethod, account_id, method_id)
        if method is None or isinstance(method.bank_account, UnsetType):
            continue
        number = await secrets.get(
            owner.connection, owner.vault, account_id, method.id, payout_methods.NUMBER
        )
        assert number is not None, f"{method.id} has no number"
        return method.holder_name or name, number, method.bank_account.routing_number
    return None


OUTBOUND = Source(waiting, take)

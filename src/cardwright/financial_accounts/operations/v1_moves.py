"""``/v1/treasury``: what comes in and goes out, as v1 shows it."""

from typing import Any

from cardwright.financial_accounts import treasury
from cardwright.financial_accounts.moves import inbound, outbound
from cardwright.financial_accounts.operations.v1_common import PATH, kind, of_treasury, write
from cardwright.financial_accounts.operations.v1_outbound import payment_order, transfer_order
from cardwright.financial_accounts.operations.v1_shapes import (
    CreditList,
    CreditReversalList,
    DebitReversalList,
    InboundList,
    NewCreditReversal,
    NewDebitReversal,
    NewTreasuryInbound,
    NewTreasuryPayment,
    NewTreasuryTransfer,
    OutboundList,
)
from cardwright.financial_accounts.record.model import ReceivedCredit, ReceivedDebit
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.financial_accounts.views import v1_render
from cardwright.financial_accounts.views.v1_render import (
    TreasuryCredit,
    TreasuryCreditReversal,
    TreasuryDebit,
    TreasuryDebitReversal,
    TreasuryInboundTransfer,
    TreasuryOutboundPayment,
    TreasuryOutboundTransfer,
)
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call


async def create_inbound(tx: Tx, call: Call[NewTreasuryInbound]) -> TreasuryInboundTransfer:
    """Pull money in from an own bank account."""
    wanted = call.given.value()
    await treasury.usable(tx, wanted.financial_account, "inbound_transfers.ach")
    made = await inbound.create(
        tx,
        v1_render.INBOUND.translate(call.given.tree),
        financial_account=wanted.financial_account,
        payment_method=wanted.origin_payment_method,
        treasury=True,
    )
    return v1_render.inbound(made)


async def cancel_inbound(tx: Tx, call: Call[Any]) -> TreasuryInboundTransfer:
    """Cancel an inbound transfer."""
    await of_treasury(tx, call, InboundTransfer)
    return v1_render.inbound(await inbound.cancel(tx, call.path["id"]))


async def create_payment(tx: Tx, call: Call[NewTreasuryPayment]) -> Any:
    """Send money to somebody else."""
    return v1_render.outbound(await payment_order(tx, call.given))


async def create_transfer(tx: Tx, call: Call[NewTreasuryTransfer]) -> Any:
    """Send money to an own account."""
    return v1_render.outbound(await transfer_order(tx, call.given))


async def cancel_payment(tx: Tx, call: Call[Any]) -> Any:
    """Cancel a payment that has not left."""
    await of_treasury(tx, call, OutboundPayment)
    return v1_render.outbound(await outbound.cancel(tx, OutboundPayment, call.path["id"]))


async def cancel_transfer(tx: Tx, call: Call[Any]) -> Any:
    """Cancel a transfer that has not left."""
    await of_treasury(tx, call, OutboundTransfer)
    return v1_render.outbound(await outbound.cancel(tx, OutboundTransfer, call.path["id"]))


async def reverse_credit(tx: Tx, call: Call[NewCreditReversal]) -> TreasuryCreditReversal:
    """Send a received credit back."""
    wanted = call.given.value()
    made = await treasury.reverse_credit(tx, wanted.received_credit, wanted.metadata or {})
    return v1_render.credit_reversal(made)


async def reverse_debit(tx: Tx, call: Call[NewDebitReversal]) -> TreasuryDebitReversal:
    """Take a received debit back."""
    wanted = call.given.value()
    made = await treasury.reverse_debit(tx, wanted.received_debit, wanted.metadata or {})
    return v1_render.debit_reversal(made)


OPERATIONS = (
    *kind("received_credits", ReceivedCredit, TreasuryCredit, v1_render.credit, CreditList),
    *kind("received_debits", ReceivedDebit, TreasuryDebit, v1_render.debit, CreditList),
    *kind(
        "inbound_transfers",
        InboundTransfer,
        TreasuryInboundTransfer,
        v1_render.inbound,
        InboundList,
    ),
    write(f"{PATH}/inbound_transfers", create_inbound, TreasuryInboundTransfer, NewTreasuryInbound),
    write(f"{PATH}/inbound_transfers/{{id}}/cancel", cancel_inbound, TreasuryInboundTransfer),
    *kind(
        "outbound_transfers",
        OutboundTransfer,
        TreasuryOutboundTransfer,
        v1_render.outbound,
        OutboundList,
    ),
    write(
        f"{PATH}/outbound_transfers",
        create_transfer,
        TreasuryOutboundTransfer,
        NewTreasuryTransfer,
    ),
    write(f"{PATH}/outbound_transfers/{{id}}/cancel", cancel_transfer, TreasuryOutboundTransfer),
    *kind(
        "outbound_payments",
        OutboundPayment,
        TreasuryOutboundPayment,
        v1_render.outbound,
        OutboundList,
    ),
    write(f"{PATH}/outbound_payments", create_payment, TreasuryOutboundPayment, NewTreasuryPayment),
    write(f"{PATH}/outbound_payments/{{id}}/cancel", cancel_payment, TreasuryOutboundPayment),
    *kind(
        "credit_reversals",
        CreditReversal,
        TreasuryCreditReversal,
        v1_render.credit_reversal,
        CreditReversalList,
        ("received_credit",),
    ),
    write(f"{PATH}/credit_reversals", reverse_credit, TreasuryCreditReversal, NewCreditReversal),
    *kind(
        "debit_reversals",
        DebitReversal,
        TreasuryDebitReversal,
        v1_render.debit_reversal,
        DebitReversalList,
        ("received_debit",),
    ),
    write(f"{PATH}/debit_reversals", reverse_debit, TreasuryDebitReversal, NewDebitReversal),
)

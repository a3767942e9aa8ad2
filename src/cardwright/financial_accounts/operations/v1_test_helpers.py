"""``/v1/test_helpers/treasury``: what banks would do, in test mode only."""

from typing import Any

import msgspec

from cardwright.financial_accounts import treasury
from cardwright.financial_accounts.moves import inbound, outbound, receiving
from cardwright.financial_accounts.operations.v1_common import check_dollars
from cardwright.financial_accounts.operations.v1_shapes import (
    FailedInbound,
    InitiatingGiven,
    ReturnedOutbound,
    SimulatedCredit,
    SimulatedDebit,
    TrackedOutbound,
)
from cardwright.financial_accounts.record import rules
from cardwright.financial_accounts.record.model import (
    DebitBankAccount,
    FinancialAccount,
    Originator,
)
from cardwright.financial_accounts.record.movements import (
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.financial_accounts.views import v1_render
from cardwright.financial_accounts.views.v1_render import (
    TreasuryCredit,
    TreasuryDebit,
    TreasuryInboundTransfer,
    TreasuryOutboundPayment,
    TreasuryOutboundTransfer,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.operation import Call, Operation

PATH = "/v1/test_helpers/treasury"


def _origin(given: InitiatingGiven | None) -> dict[str, Any]:
    """The bank account at the other end, as far as it was given."""
    bank = given.us_bank_account if given is not None else None
    if bank is None:
        return {}
    number = bank.account_number.reveal() if bank.account_number is not None else None
    return {
        "account_holder_name": bank.account_holder_name,
        "last4": number[-4:] if number else None,
        "routing_number": bank.routing_number,
    }


async def receive_credit(tx: Tx, call: Call[SimulatedCredit]) -> TreasuryCredit:
    """Send money to a financial account, as another bank would."""
    wanted = call.given.value()
    check_dollars(wanted.currency)
    account = await treasury.get(tx, wanted.financial_account, "financial_account")
    origin = Originator(network=wanted.network, **_origin(wanted.initiating_payment_method_details))
    made = await receiving.receive_credit(
        tx,
        account.id,
        wanted.amount,
        wanted.currency,
        network=wanted.network,
        originator=origin,
        description=wanted.description,
    )
    return v1_render.credit(made)


async def receive_debit(tx: Tx, call: Call[SimulatedDebit]) -> TreasuryDebit:
    """Take money from a financial account, as another bank would."""
    wanted = call.given.value()
    check_dollars(wanted.currency)
    account = await treasury.get(tx, wanted.financial_account, "financial_account")
    details = _origin(wanted.initiating_payment_method_details)
    made = await receiving.receive_debit(
        tx,
        account.id,
        wanted.amount,
        wanted.currency,
        network=wanted.network,
        bank=DebitBankAccount(network=wanted.network, **details),
        description=wanted.description,
    )
    return v1_render.debit(made)


async def _check_known(tx: Tx, call: Call[Any], shape: Any) -> None:
    """Refuse a movement of an account that v1 does not know."""
    record = await rows.get(tx, shape, call.path["id"])
    account = await rows.get(tx, FinancialAccount, record.financial_account)
    if not account.is_treasury:
        rows.missing(shape, call.path["id"])


async def succeed_inbound(tx: Tx, call: Call[Any]) -> TreasuryInboundTransfer:
    """The bank has paid."""
    await _check_known(tx, call, InboundTransfer)
    return v1_render.inbound(await inbound.succeed(tx, call.path["id"]))


async def fail_inbound(tx: Tx, call: Call[FailedInbound]) -> TreasuryInboundTransfer:
    """The bank has not paid."""
    await _check_known(tx, call, InboundTransfer)
    details = call.given.value().failure_details
    code = (details.code if details is not None else None) or "other"
    return v1_render.inbound(await inbound.fail_pulling(tx, call.path["id"], code))


async def return_inbound(tx: Tx, call: Call[Any]) -> TreasuryInboundTransfer:
    """The bank has taken the money back."""
    await _check_known(tx, call, InboundTransfer)
    return v1_render.inbound(await inbound.return_pulled(tx, call.path["id"]))


def _outbound(name: str, shape: Any, returns: Any) -> tuple[Operation, ...]:
    """The helpers of transfers or payments."""

    async def post(tx: Tx, call: Call[Any]) -> Any:
        await _check_known(tx, call, shape)
        return v1_render.outbound(await outbound.post(tx, shape, call.path["id"]))

    async def fail_sending(tx: Tx, call: Call[Any]) -> Any:
        await _check_known(tx, call, shape)
        return v1_render.outbound(await outbound.fail_sending(tx, shape, call.path["id"]))

    async def return_sent(tx: Tx, call: Call[ReturnedOutbound]) -> Any:
        await _check_known(tx, call, shape)
        details = call.given.value().returned_details
        code = (details.code if details is not None else None) or "other"
        why = rules.return_reason(code)
        return v1_render.outbound(await outbound.return_sent(tx, shape, call.path["id"], why))

    async def track(tx: Tx, call: Call[TrackedOutbound]) -> Any:
        await _check_known(tx, call, shape)
        given = msgspec.to_builtins(call.given.value().tracking_details)
        kind = given["type"]
        if given[kind] is None:
            fail(wire_refusals.PARAMETER_MISSING, param=f"tracking_details[{kind}]")
        details = {"type": kind, kind: given[kind]}
        return v1_render.outbound(await outbound.track(tx, shape, call.path["id"], details))

    path = f"{PATH}/{name}/{{id}}"
    return (
        _helper(path, track, returns, TrackedOutbound),
        _helper(f"{path}/post", post, returns),
        _helper(f"{path}/fail", fail_sending, returns),
        _helper(f"{path}/return", return_sent, returns, ReturnedOutbound),
    )


def _helper(path: str, handler: Any, returns: Any, takes: Any = None) -> Operation:
    return Operation(
        method="POST", path=path, handler=handler, takes=takes, returns=returns, test_only=True
    )


INBOUND = f"{PATH}/inbound_transfers/{{id}}"

OPERATIONS = (
    _helper(f"{PATH}/received_credits", receive_credit, TreasuryCredit, SimulatedCredit),
    _helper(f"{PATH}/received_debits", receive_debit, TreasuryDebit, SimulatedDebit),
    _helper(f"{INBOUND}/succeed", succeed_inbound, TreasuryInboundTransfer),
    _helper(f"{INBOUND}/fail", fail_inbound, TreasuryInboundTransfer, FailedInbound),
    _helper(f"{INBOUND}/return", return_inbound, TreasuryInboundTransfer),
    *_outbound("outbound_payments", OutboundPayment, TreasuryOutboundPayment),
    *_outbound("outbound_transfers", OutboundTransfer, TreasuryOutboundTransfer),
)

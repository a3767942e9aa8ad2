"""What v1 wants to be sent, as an order."""

from typing import Any

import msgspec

from cardwright.accounts.record import bank_details
from cardwright.financial_accounts import treasury
from cardwright.financial_accounts.moves import inbound, outbound
from cardwright.financial_accounts.moves.outbound import Order, OutboundT
from cardwright.financial_accounts.operations.v1_common import check_dollars
from cardwright.financial_accounts.operations.v1_shapes import (
    DestinationData,
    NewTreasuryPayment,
    NewTreasuryTransfer,
)
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.record.movements import (
    OutboundPayment,
    OutboundTransfer,
    TreasuryDestination,
    TreasuryOutbound,
)
from cardwright.financial_accounts.views.v1_render import PAYMENT, TRANSFER
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import secrets
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.faces.trees import Tree
from cardwright.wire.given import Given, build

NUMBER = "account_number"
WITHIN = "intra_stripe_flows"
DESCRIBED = "destination_payment_method_data[financial_account]"


def _billing(data: DestinationData | None) -> dict[str, Any]:
    """Who is paid, every member named."""
    empty = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    given: dict[str, Any] = {}
    if data is not None and data.billing_details is not None:
        given = msgspec.to_builtins(data.billing_details)
    return {
        "address": empty | (given.get("address") or {}),
        "email": given.get("email"),
        "name": given.get("name"),
    }


def _network(wanted: NewTreasuryPayment | NewTreasuryTransfer) -> str:
    options = wanted.destination_payment_method_options
    bank = options.us_bank_account if options is not None else None
    return (bank.network if bank is not None else None) or "ach"


def _one_of(wanted: NewTreasuryPayment | NewTreasuryTransfer) -> None:
    """A destination is named or described, not both."""
    named, data = wanted.destination_payment_method, wanted.destination_payment_method_data
    if named is None and data is None:
        fail(wire_refusals.PARAMETER_MISSING, param="destination_payment_method")
    if named is not None and data is not None:
        params = "destination_payment_method, destination_payment_method_data"
        fail(wire_refusals.PARAMETER_EXCLUSIVE, param="destination_payment_method", params=params)


async def _named(tx: Tx, method: str, network: str, billing: dict[str, Any]) -> TreasuryDestination:
    """A destination that has an id: a bank account that was added, or one of the test
    environment."""
    bank = await inbound.account_behind(tx, method, "destination_payment_method")
    return TreasuryDestination(
        account_holder_type="individual",
        account_type="checking",
        bank_name=bank.bank_name,
        billing_details=billing,
        last4=bank.last4,
        network=network,
        routing_number=bank.routing_number,
    )


async def _within(tx: Tx, order: Order, shape: type[OutboundT], param: str) -> OutboundT:
    """Send money to another financial account of the account, which ``param`` names in v1."""
    try:
        return await outbound.create_treasury_within(tx, order, shape)
    except Failure as refused:
        if refused.param != "to.payout_method":
            raise
        raise Failure(refused.refusal, param=param, hint=refused.hint, **refused.words) from refused


def _order(given: Tree, *, to: str | None, source: str, place: TreasuryDestination) -> Order:
    """The order of what was given in the words of the record; ``to`` is the id of where the money
    goes, where that has one."""
    face = Given(TreasuryOutbound, given.get("treasury") or {})
    return Order(
        financial_account=source,
        given=given,
        payout_method=to,
        treasury=build(TreasuryOutbound, face, destination=place),
    )


async def payment_order(tx: Tx, given: Given[NewTreasuryPayment]) -> OutboundPayment:
    """Send a payment of v1."""
    check_dollars(given.get("currency"))
    wanted, tree = given.value(), PAYMENT.translate(given.tree)
    _one_of(wanted)
    source, to = wanted.financial_account, wanted.destination_payment_method
    network, data = _network(wanted), wanted.destination_payment_method_data
    if data is not None and data.type == "financial_account":
        if data.financial_account is None:
            fail(wire_refusals.PARAMETER_MISSING, param=DESCRIBED)
        await treasury.usable(tx, source, WITHIN)
        place = TreasuryDestination(billing_details=_billing(data), network="stripe")
        order = _order(tree, to=data.financial_account, source=source, place=place)
        return await _within(tx, order, OutboundPayment, DESCRIBED)
    await treasury.usable(tx, source, f"outbound_payments.{network}")
    sealed = None
    if to is not None:
        place = await _named(tx, to, network, _billing(data))
    else:
        assert data is not None, "one of the two was given"
        place, sealed = _described(data, network)
    order = _order(tree, to=to, source=source, place=place)
    made = await outbound.create_treasury(tx, order, OutboundPayment)
    if sealed is not None:
        await secrets.put(tx, made.id, NUMBER, sealed)
    return made


def _described(data: DestinationData, network: str) -> tuple[TreasuryDestination, str]:
    """A bank account that is given whole, and its number."""
    bank, param = data.us_bank_account, "destination_payment_method_data[us_bank_account]"
    if bank is None:
        fail(wire_refusals.PARAMETER_MISSING, param=param)
    if bank.account_number is None:
        fail(wire_refusals.PARAMETER_MISSING, param=f"{param}[account_number]")
    numbers = bank_details.checked(
        country="US",
        currency="usd",
        number=bank.account_number.reveal(),
        routing_number=bank.routing_number,
        param=param,
    )
    destination = TreasuryDestination(
        account_holder_type=bank.account_holder_type,
        account_type=bank.account_type or "checking",
        bank_name=numbers.bank_name or bank_details.TEST_BANK,
        billing_details=_billing(data),
        last4=numbers.number[-4:],
        network=network,
        routing_number=numbers.routing_number,
    )
    return destination, numbers.number


async def transfer_order(tx: Tx, given: Given[NewTreasuryTransfer]) -> OutboundTransfer:
    """Send a transfer of v1."""
    check_dollars(given.get("currency"))
    wanted, tree = given.value(), TRANSFER.translate(given.tree)
    _one_of(wanted)
    source, to = wanted.financial_account, wanted.destination_payment_method
    network, data = _network(wanted), wanted.destination_payment_method_data
    if data is not None:
        to = data.financial_account
        if to is None:
            fail(wire_refusals.PARAMETER_MISSING, param=DESCRIBED)
    assert to is not None, "one of the two was given"
    if to.startswith(FinancialAccount.prefix):
        await treasury.usable(tx, source, WITHIN)
        place = TreasuryDestination(billing_details=_billing(None), network="stripe")
        order = _order(tree, to=to, source=source, place=place)
        named = "destination_payment_method" if data is None else DESCRIBED
        return await _within(tx, order, OutboundTransfer, named)
    await treasury.usable(tx, source, f"outbound_transfers.{network}")
    place = await _named(tx, to, network, _billing(None))
    order = _order(tree, to=to, source=source, place=place)
    return await outbound.create_treasury(tx, order, OutboundTransfer)

"""What an operator says banks did with financial accounts, where no bank statement says it.

The acting account is the one that the money belongs to.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.financial_accounts import flows, treasury
from cardwright.financial_accounts.moves import inbound, outbound, receiving
from cardwright.financial_accounts.record import rules
from cardwright.financial_accounts.record.model import (
    DebitBankAccount,
    FinancialAddress,
    Originator,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows

# Addresses.


@operator_verb(kind="widens_risk")
async def activate_address(
    tx: Tx,
    address_id: str,
    *,
    number: str,
    routing_number: str | None = None,
    bank_name: str = "",
    bic: str | None = None,
) -> FinancialAddress:
    """Give an address the bank account that money is sent to."""
    return await flows.activate_address(
        tx,
        address_id,
        number=number,
        routing_number=routing_number,
        bank_name=bank_name,
        bic=bic,
    )


@operator_verb(kind="none")
async def fail_address(tx: Tx, address_id: str) -> FinancialAddress:
    """The bank gives an address no account."""
    return await flows.fail_address(tx, address_id)


# What others send and take.


@operator_verb(kind="moves_money")
async def record_credit(
    tx: Tx,
    financial_account: str,
    amount_minor: int,
    currency: str,
    *,
    network: str,
    counterparty: str | None = None,
    description: str | None = None,
) -> ReceivedCredit:
    """Money has arrived for a financial account."""
    _check_network(network, receiving.CREDIT_NETWORKS, currency)
    return await receiving.receive_credit(
        tx,
        financial_account,
        amount_minor,
        currency,
        network=network,
        originator=Originator(network=network, account_holder_name=counterparty),
        description=description,
    )


@operator_verb(kind="moves_money")
async def record_debit(
    tx: Tx,
    financial_account: str,
    amount_minor: int,
    currency: str,
    *,
    network: str,
    counterparty: str | None = None,
    description: str | None = None,
) -> ReceivedDebit:
    """Another bank has taken money from a financial account."""
    _check_network(network, receiving.DEBIT_NETWORKS, currency)
    return await receiving.receive_debit(
        tx,
        financial_account,
        amount_minor,
        currency,
        network=network,
        bank=DebitBankAccount(network=network, account_holder_name=counterparty),
        description=description,
    )


def _check_network(network: str, networks: dict[str, set[str]], currency: str) -> None:
    known = networks.get(currency, set())
    if network not in known:
        values = ", ".join(sorted(known)) or "none for this currency"
        fail(wire_refusals.PARAMETER_ENUM, param="network", values=values)


# What becomes of money under way.


@operator_verb(kind="moves_money")
async def post_outbound(tx: Tx, shape: Any, record_id: str) -> Any:
    """The bank has the money of a payment or transfer."""
    return await outbound.post(tx, shape, record_id)


@operator_verb(kind="moves_money")
async def fail_outbound(tx: Tx, shape: Any, record_id: str, why: str) -> Any:
    """The bank did not take the money of a payment or transfer."""
    return await outbound.fail_sending(tx, shape, record_id, why)


@operator_verb(kind="moves_money")
async def return_outbound(tx: Tx, shape: Any, record_id: str, why: str) -> Any:
    """The money of a payment or transfer came back."""
    return await outbound.return_sent(tx, shape, record_id, why)


@operator_verb(kind="moves_money")
async def succeed_inbound(tx: Tx, record_id: str) -> InboundTransfer:
    """The bank has paid what was pulled."""
    return await inbound.succeed(tx, record_id)


@operator_verb(kind="moves_money")
async def fail_inbound(tx: Tx, record_id: str, failure_code: str) -> InboundTransfer:
    """The bank has not paid what was pulled."""
    return await inbound.fail_pulling(tx, record_id, failure_code)


@operator_verb(kind="moves_money")
async def return_inbound(tx: Tx, record_id: str, failure_code: str) -> InboundTransfer:
    """The bank has taken back what was pulled."""
    return await inbound.return_pulled(tx, record_id, failure_code)


@operator_verb(kind="moves_money")
async def post_credit_reversal(tx: Tx, reversal_id: str) -> CreditReversal:
    """The other bank has its money back."""
    return await treasury.post_credit_reversal(tx, reversal_id)


@operator_verb(kind="moves_money")
async def complete_debit_reversal(tx: Tx, reversal_id: str) -> DebitReversal:
    """The other bank has given the money back."""
    return await treasury.complete_debit_reversal(tx, reversal_id)


# The same by the kind of payment that an id tells, with the failure codes of v1.


async def payment_arrived(tx: Tx, record_id: str) -> OutboundPayment:
    """The bank has the money of a payment."""
    done: OutboundPayment = await post_outbound(tx, OutboundPayment, record_id)
    return done


async def transfer_arrived(tx: Tx, record_id: str) -> OutboundTransfer:
    """The bank has the money of a transfer."""
    done: OutboundTransfer = await post_outbound(tx, OutboundTransfer, record_id)
    return done


async def payment_failed(tx: Tx, record_id: str, failure_code: str) -> Any:
    """A payment failed or came back."""
    return await _outbound_failed(tx, OutboundPayment, record_id, failure_code)


async def transfer_failed(tx: Tx, record_id: str, failure_code: str) -> Any:
    """A transfer failed or came back."""
    return await _outbound_failed(tx, OutboundTransfer, record_id, failure_code)


async def pull_failed(tx: Tx, record_id: str, failure_code: str) -> InboundTransfer:
    """The bank has not paid, or has taken the money back."""
    record = await rows.get(tx, InboundTransfer, record_id)
    end = return_inbound if record.status == "succeeded" else fail_inbound
    return await end(tx, record_id, failure_code)


async def _outbound_failed(tx: Tx, shape: Any, record_id: str, failure_code: str) -> Any:
    record = await rows.get(tx, shape, record_id)
    why = rules.return_reason(failure_code)
    end = return_outbound if record.status == "posted" else fail_outbound
    return await end(tx, shape, record_id, why)


ARRIVED: dict[str, Callable[..., Awaitable[Any]]] = {
    "ibt_": succeed_inbound,
    "obp_": payment_arrived,
    "obt_": transfer_arrived,
}
FAILED: dict[str, Callable[..., Awaitable[Any]]] = {
    "ibt_": pull_failed,
    "obp_": payment_failed,
    "obt_": transfer_failed,
}

"""``/_cardwright``: how an operator says what banks did, where the test environment has helpers.

The calls act as the account that the money belongs to. In live mode nothing moves on by itself: a
bank statement, or one of these, says that it did.
"""

from typing import Annotated, Any, Literal

from cardwright.financial_accounts import flows, treasury
from cardwright.financial_accounts.moves import inbound, outbound, receiving
from cardwright.financial_accounts.record.model import (
    DebitBankAccount,
    FinancialAddress,
    Originator,
)
from cardwright.financial_accounts.record.movements import OutboundPayment, OutboundTransfer
from cardwright.financial_accounts.views import v1_render
from cardwright.funding.failure_codes import MESSAGES
from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Currency, Mark, Parameters
from cardwright.wire.versions import LATEST, Body

PATH = "/_cardwright"
FAILURES = frozenset(
    {
        "payout_method_amount_limit_exceeded",
        "payout_method_declined",
        "payout_method_does_not_exist",
        "payout_method_expired",
        "payout_method_unsupported",
        "review_rejected",
        "unknown_failure",
    }
)
RETURNS = frozenset(
    {
        "payout_method_canceled_by_customer",
        "payout_method_closed",
        "payout_method_currency_unsupported",
        "payout_method_does_not_exist",
        "payout_method_holder_address_incorrect",
        "payout_method_holder_details_incorrect",
        "payout_method_holder_name_incorrect",
        "payout_method_invalid_account_number",
        "payout_method_restricted",
        "recalled",
        "unknown_failure",
    }
)


class Numbers(Parameters):
    """The bank account that the operator's bank gives an address."""

    account_number: Annotated[str, Mark(need="c", longest=50)]
    bank_name: Annotated[str | None, Mark(longest=200)] = None
    bic: Annotated[str | None, Mark(longest=11)] = None
    routing_number: Annotated[str | None, Mark(longest=9)] = None


class FailedSending(Parameters):
    """Why the bank did not take the money."""

    reason: Annotated[str, Mark(choices=FAILURES)] = "unknown_failure"


class ReturnedSending(Parameters):
    """Why the money came back."""

    reason: Annotated[str, Mark(choices=RETURNS)] = "unknown_failure"


class FailedPulling(Parameters):
    """Why the bank has not paid, or has taken the money back."""

    failure_code: Annotated[str, Mark(choices=frozenset(MESSAGES))] = "could_not_process"


class Received(Parameters):
    """Money that another bank sent or took."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    counterparty: Annotated[str | None, Mark(longest=200)] = None
    currency: Annotated[Currency, Mark(need="c")]
    description: Annotated[str | None, Mark(longest=500)] = None
    network: Annotated[
        Literal[
            "ach",
            "bacs",
            "chaps",
            "fps",
            "rtp",
            "sepa_credit_transfer",
            "swift",
            "us_domestic_wire",
        ],
        Mark(need="c"),
    ]


# Addresses.


async def activate_address(tx: Tx, call: Call[Numbers]) -> Body:
    """Give an address the bank account that money is sent to."""
    wanted = call.given.value()
    address = await flows.activate_address(
        tx,
        call.path["id"],
        number=wanted.account_number,
        routing_number=wanted.routing_number,
        bank_name=wanted.bank_name or "",
        bic=wanted.bic,
    )
    return render(address, LATEST)


async def fail_address(tx: Tx, call: Call[Any]) -> Body:
    """Say that the bank gives an address no account."""
    failed: FinancialAddress = await flows.fail_address(tx, call.path["id"])
    return render(failed, LATEST)


# What others send and take.


def _check_network(wanted: Received, networks: dict[str, set[str]]) -> None:
    known = networks.get(wanted.currency, set())
    if wanted.network not in known:
        values = ", ".join(sorted(known)) or "none for this currency"
        fail(wire_refusals.PARAMETER_ENUM, param="network", values=values)


async def credit(tx: Tx, call: Call[Received]) -> Body:
    """Record money that has arrived for a financial account."""
    wanted = call.given.value()
    _check_network(wanted, receiving.CREDIT_NETWORKS)
    origin = Originator(network=wanted.network, account_holder_name=wanted.counterparty)
    made = await receiving.receive_credit(
        tx,
        call.path["id"],
        wanted.amount,
        wanted.currency,
        network=wanted.network,
        originator=origin,
        description=wanted.description,
    )
    return render(made, LATEST)


async def debit(tx: Tx, call: Call[Received]) -> Body:
    """Record money that another bank has taken from a financial account."""
    wanted = call.given.value()
    _check_network(wanted, receiving.DEBIT_NETWORKS)
    bank = DebitBankAccount(network=wanted.network, account_holder_name=wanted.counterparty)
    made = await receiving.receive_debit(
        tx,
        call.path["id"],
        wanted.amount,
        wanted.currency,
        network=wanted.network,
        bank=bank,
        description=wanted.description,
    )
    return render(made, LATEST)


# What becomes of money under way.


def _outbound(name: str, shape: Any) -> tuple[Operation, ...]:
    async def post(tx: Tx, call: Call[Any]) -> Body:
        """The bank has the money."""
        return render(await outbound.post(tx, shape, call.path["id"]), LATEST)

    async def fail_sending(tx: Tx, call: Call[FailedSending]) -> Body:
        """The bank did not take the money."""
        why = call.given.value().reason
        return render(await outbound.fail_sending(tx, shape, call.path["id"], why), LATEST)

    async def return_sent(tx: Tx, call: Call[ReturnedSending]) -> Body:
        """The money came back."""
        why = call.given.value().reason
        return render(await outbound.return_sent(tx, shape, call.path["id"], why), LATEST)

    path = f"{PATH}/{name}/{{id}}"
    return (
        Operation(method="POST", path=f"{path}/post", handler=post),
        Operation(method="POST", path=f"{path}/fail", handler=fail_sending, takes=FailedSending),
        Operation(method="POST", path=f"{path}/return", handler=return_sent, takes=ReturnedSending),
    )


async def succeed_inbound(tx: Tx, call: Call[Any]) -> Body:
    """The bank has paid."""
    return render(await inbound.succeed(tx, call.path["id"]), LATEST)


async def fail_inbound(tx: Tx, call: Call[FailedPulling]) -> Body:
    """The bank has not paid."""
    why = call.given.value().failure_code
    return render(await inbound.fail_pulling(tx, call.path["id"], why), LATEST)


async def return_inbound(tx: Tx, call: Call[FailedPulling]) -> Body:
    """The bank has taken the money back."""
    why = call.given.value().failure_code
    return render(await inbound.return_pulled(tx, call.path["id"], why), LATEST)


async def post_credit_reversal(tx: Tx, call: Call[Any]) -> Body:
    """The other bank has its money back."""
    done = await treasury.post_credit_reversal(tx, call.path["id"])
    return render(v1_render.credit_reversal(done), LATEST)


async def complete_debit_reversal(tx: Tx, call: Call[Any]) -> Body:
    """The other bank has given the money back."""
    done = await treasury.complete_debit_reversal(tx, call.path["id"])
    return render(v1_render.debit_reversal(done), LATEST)


def _post(path: str, handler: Any, takes: Any = None) -> Operation:
    return Operation(method="POST", path=f"{PATH}/{path}", handler=handler, takes=takes)


OPERATIONS = (
    _post("financial_addresses/{id}/activate", activate_address, Numbers),
    _post("financial_addresses/{id}/fail", fail_address),
    _post("financial_accounts/{id}/credit", credit, Received),
    _post("financial_accounts/{id}/debit", debit, Received),
    *_outbound("outbound_payments", OutboundPayment),
    *_outbound("outbound_transfers", OutboundTransfer),
    _post("inbound_transfers/{id}/succeed", succeed_inbound),
    _post("inbound_transfers/{id}/fail", fail_inbound, FailedPulling),
    _post("inbound_transfers/{id}/return", return_inbound, FailedPulling),
    _post("credit_reversals/{id}/post", post_credit_reversal),
    _post("debit_reversals/{id}/complete", complete_debit_reversal),
)

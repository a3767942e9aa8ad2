"""``/_cardwright``: how an operator says what banks did, where the test environment has helpers.

The calls act as the account that the money belongs to. In live mode nothing moves on by itself: a
bank statement, or one of these, says that it did.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from cardwright.financial_accounts import verbs
from cardwright.financial_accounts.record.movements import OutboundPayment, OutboundTransfer
from cardwright.financial_accounts.views import v1_render
from cardwright.funding.failure_codes import MESSAGES
from cardwright.kernel.database import Tx
from cardwright.kernel.money import AMOUNT_MINOR_MAX
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
    address = await verbs.activate_address(
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
    return render(await verbs.fail_address(tx, call.path["id"]), LATEST)


# What others send and take.


async def credit(tx: Tx, call: Call[Received]) -> Body:
    """Record money that has arrived for a financial account."""
    return await _received(verbs.record_credit, tx, call)


async def debit(tx: Tx, call: Call[Received]) -> Body:
    """Record money that another bank has taken from a financial account."""
    return await _received(verbs.record_debit, tx, call)


async def _received(verb: Callable[..., Awaitable[Any]], tx: Tx, call: Call[Received]) -> Body:
    wanted = call.given.value()
    made = await verb(
        tx,
        call.path["id"],
        wanted.amount,
        wanted.currency,
        network=wanted.network,
        counterparty=wanted.counterparty,
        description=wanted.description,
    )
    return render(made, LATEST)


# What becomes of money under way.


def _outbound(name: str, shape: Any) -> tuple[Operation, ...]:
    async def post(tx: Tx, call: Call[Any]) -> Body:
        """The bank has the money."""
        return render(await verbs.post_outbound(tx, shape, call.path["id"]), LATEST)

    async def fail_sending(tx: Tx, call: Call[FailedSending]) -> Body:
        """The bank did not take the money."""
        why = call.given.value().reason
        return render(await verbs.fail_outbound(tx, shape, call.path["id"], why), LATEST)

    async def return_sent(tx: Tx, call: Call[ReturnedSending]) -> Body:
        """The money came back."""
        why = call.given.value().reason
        return render(await verbs.return_outbound(tx, shape, call.path["id"], why), LATEST)

    path = f"{PATH}/{name}/{{id}}"
    return (
        Operation(method="POST", path=f"{path}/post", handler=post),
        Operation(method="POST", path=f"{path}/fail", handler=fail_sending, takes=FailedSending),
        Operation(method="POST", path=f"{path}/return", handler=return_sent, takes=ReturnedSending),
    )


async def succeed_inbound(tx: Tx, call: Call[Any]) -> Body:
    """The bank has paid."""
    return render(await verbs.succeed_inbound(tx, call.path["id"]), LATEST)


async def fail_inbound(tx: Tx, call: Call[FailedPulling]) -> Body:
    """The bank has not paid."""
    why = call.given.value().failure_code
    return render(await verbs.fail_inbound(tx, call.path["id"], why), LATEST)


async def return_inbound(tx: Tx, call: Call[FailedPulling]) -> Body:
    """The bank has taken the money back."""
    why = call.given.value().failure_code
    return render(await verbs.return_inbound(tx, call.path["id"], why), LATEST)


async def post_credit_reversal(tx: Tx, call: Call[Any]) -> Body:
    """The other bank has its money back."""
    done = await verbs.post_credit_reversal(tx, call.path["id"])
    return render(v1_render.credit_reversal(done), LATEST)


async def complete_debit_reversal(tx: Tx, call: Call[Any]) -> Body:
    """The other bank has given the money back."""
    done = await verbs.complete_debit_reversal(tx, call.path["id"])
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

"""The payout, said once (source: Payouts API)."""

from typing import Annotated, ClassVar, Literal

from msgspec import field

from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import (
    Currency,
    Mark,
    Metadata,
    Parameters,
    Resource,
    Shape,
    Timestamp,
)

PayoutStatus = Literal["pending", "in_transit", "paid", "failed", "canceled"]
PayoutMethod = Literal["instant", "standard"]
SourceBalance = Literal["issuing", "payments"]


class TraceId(Shape):
    """What the banks call the payment."""

    status: Literal["pending", "supported", "unsupported"] = "pending"
    value: str | None = None


class Payout(Resource, tag="payout"):
    """Money that leaves a balance to the account's own bank; a negative amount comes back."""

    prefix: ClassVar[str] = "po_"
    table: ClassVar[str] = "payouts"

    amount: Annotated[int, Mark("", column=True)]
    application_fee: Annotated[str | None, Mark("", expand="application_fee")] = None
    application_fee_amount: int | None = None
    arrival_date: Annotated[Timestamp, Mark("l", column=True)]
    automatic: bool = False
    balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("", column=True)]
    description: str | None = None
    destination: Annotated[
        str | None, Mark("l", expand="bank_account", column=True, longest=255)
    ] = None
    failure_balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = (
        None
    )
    failure_code: str | None = None
    failure_message: str | None = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    method: PayoutMethod = "standard"
    original_payout: Annotated[str | None, Mark("", expand="payout")] = None
    # The file that took it to the bank.
    payment_file: Annotated[str | None, Mark("", hidden=True)] = None
    reconciliation_status: Literal["not_applicable"] = "not_applicable"
    reversed_by: Annotated[str | None, Mark("", expand="payout")] = None
    source_balance: Annotated[SourceBalance, Mark("", hidden=True)] = "payments"
    source_type: Literal["bank_account", "card", "fpx"] = "card"
    statement_descriptor: str | None = None
    status: Annotated[PayoutStatus, Mark("l", column=True)] = "pending"
    trace_id: TraceId = field(default_factory=TraceId)
    type: Literal["bank_account"] = "bank_account"

    @property
    def is_return(self) -> bool:
        """Whether it brings the money of another payout back."""
        return self.amount < 0


class NewPayout(Parameters):
    """``POST /v1/payouts``."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]
    description: str | None = None
    destination: Annotated[str | None, Mark(longest=255)] = None
    metadata: Metadata | None = None
    method: PayoutMethod | None = None
    source_balance: SourceBalance | None = None
    source_type: Literal["bank_account", "card", "fpx"] | None = None
    statement_descriptor: Annotated[
        str | None, Mark(longest=22, pattern=r"[^<>\\'\"*\x00-\x1f]+")
    ] = None


class PayoutReversal(Parameters):
    """``POST /v1/payouts/:id/reverse``."""

    metadata: Metadata | None = None

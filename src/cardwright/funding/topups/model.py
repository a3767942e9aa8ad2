"""The top-up, said once (source: Top-ups API)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.funding.bank_sources.model import BankSource
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import Currency, Mark, Metadata, Parameters, Resource, Timestamp

# The balance that money comes into; without one it is the payments balance.
Destination = Literal["issuing", "payments"]
TopupStatus = Literal["pending", "succeeded", "failed", "canceled", "reversed"]


class Topup(Resource, tag="topup"):
    """Money that an account brings in from its own bank."""

    prefix: ClassVar[str] = "tu_"
    table: ClassVar[str] = "topups"

    amount: Annotated[int, Mark("l", column=True)]
    balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("", column=True)]
    description: Annotated[str | None, Mark("u")] = None
    destination_balance: Annotated[Destination | None, Mark("")] = None
    expected_availability_date: Timestamp | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    payment_method: Annotated[str | UnsetType, Mark("", expand="payment_method")] = UNSET
    source: BankSource | None = None
    statement_descriptor: str | None = None
    status: Annotated[TopupStatus, Mark("l", column=True)] = "pending"
    transfer_group: str | None = None

    @property
    def book(self) -> str:
        """Where its money comes in."""
        return self.destination_balance or "payments"


class NewTopup(Parameters):
    """``POST /v1/topups``."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]
    description: str | None = None
    destination_balance: Destination | None = None
    metadata: Metadata | None = None
    source: Annotated[str | None, Mark(longest=255)] = None
    statement_descriptor: Annotated[
        str | None, Mark(longest=15, pattern=r"[^<>\\'\"*\x00-\x1f]+")
    ] = None
    transfer_group: Annotated[str | None, Mark(longest=255)] = None

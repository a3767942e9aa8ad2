"""Transfers and their reversals, said once (source: Transfers and Transfer Reversals APIs)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

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

# How many reversals are shown inside a transfer.
REVERSALS_SHOWN = 10


class TransferReversal(Resource, tag="transfer_reversal"):
    """Money of a transfer that went back to the platform."""

    prefix: ClassVar[str] = "trr_"
    table: ClassVar[str] = "transfer_reversals"

    amount: int
    balance_transaction: Annotated[str, Mark("", expand="balance_transaction")]
    created: Annotated[Timestamp, Mark("", column=True)]
    currency: Currency
    description: Annotated[str | None, Mark("", hidden=True)] = None
    destination_payment_refund: Annotated[str, Mark("", expand="refund")]
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    source_refund: Annotated[str | None, Mark("", expand="refund")] = None
    transfer: Annotated[str, Mark("", expand="transfer", column=True)]


class Reversals(Shape, tag_field="object", tag="list"):
    """The newest reversals of a transfer."""

    data: list[TransferReversal] = field(default_factory=list)
    has_more: bool = False
    total_count: int = 0
    url: str


class Transfer(Resource, tag="transfer"):
    """Money that a platform moves into the payments balance of a connected account."""

    prefix: ClassVar[str] = "tr_"
    table: ClassVar[str] = "transfers"

    amount: int
    amount_reversed: int = 0
    application_fee: Annotated[str | UnsetType, Mark("", expand="application_fee")] = UNSET
    balance_transaction: Annotated[str, Mark("", expand="balance_transaction")]
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Currency
    description: Annotated[str | None, Mark("u")] = None
    destination: Annotated[str, Mark("l", column=True, expand="account", longest=255)]
    destination_payment: Annotated[str, Mark("", expand="charge")]
    livemode: bool
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    reversals: Reversals
    reversed: bool = False
    source_transaction: Annotated[str | None, Mark("", expand="charge")] = None
    source_type: Literal["bank_account", "card", "fpx"] = "card"
    transfer_group: Annotated[str | None, Mark("l", column=True)] = None

    @property
    def left(self) -> int:
        """How much of it can still be reversed."""
        return self.amount - self.amount_reversed


class NewTransfer(Parameters):
    """``POST /v1/transfers``."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]
    description: str | None = None
    destination: Annotated[str, Mark(need="c", longest=255)]
    metadata: Metadata | None = None
    source_transaction: Annotated[str | None, Mark(longest=255)] = None
    source_type: Literal["bank_account", "card", "fpx"] | None = None
    transfer_group: Annotated[str | None, Mark(longest=255)] = None


class NewReversal(Parameters):
    """``POST /v1/transfers/:id/reversals``; without an amount all that is left."""

    amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None
    description: str | None = None
    metadata: Metadata | None = None
    refund_application_fee: bool | None = None

"""The balance transfer, said once (source: Balance Transfers API)."""

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

Side = Literal["issuing", "payments"]


class Arrived(Shape):
    """What the transfer did to the balance that it goes to; null while the money is under way."""

    balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = None


class Left(Shape):
    """What the transfer did to the payments balance that it comes from."""

    balance_transaction: Annotated[str, Mark("", expand="balance_transaction")]
    source_type: Literal["card"] = "card"


class DestinationBalance(Shape):
    """Where the money goes."""

    issuing: Arrived | UnsetType = UNSET
    payments: Arrived | UnsetType = UNSET
    type: Side


class SourceBalance(Shape):
    """Where the money comes from."""

    issuing: Arrived | UnsetType = UNSET
    payments: Left | UnsetType = UNSET
    type: Side


class BalanceTransfer(Resource, tag="balance_transfer"):
    """Money between the payments and the Issuing balance of an account."""

    prefix: ClassVar[str] = "btr_"
    table: ClassVar[str] = "balance_transfers"

    amount: int
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Currency
    destination_balance: DestinationBalance
    hosted_regulatory_receipt_url: str | None = None
    livemode: bool
    metadata: Metadata = field(default_factory=dict)
    source_balance: SourceBalance

    @property
    def has_arrived(self) -> bool:
        """Whether the money is in the balance that it goes to."""
        shown = getattr(self.destination_balance, self.destination_balance.type)
        return shown.balance_transaction is not None


class Balance(Shape):
    """A balance by its name."""

    type: Annotated[Side, Mark(need="c")]


class NewBalanceTransfer(Parameters):
    """``POST /v1/balance_transfers``."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    currency: Annotated[Currency, Mark(need="c")]
    destination_balance: Annotated[Balance, Mark(need="c")]
    metadata: Metadata | None = None
    source_balance: Annotated[Balance, Mark(need="c")]

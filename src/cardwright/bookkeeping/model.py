"""What an operator changes by hand, said once."""

from typing import Annotated, ClassVar, Literal

from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.wire.resource import Currency, Mark, Parameters, Resource, Timestamp

# Where an adjustment takes the money from, or puts it.
Against = Literal["fees", "losses", "outside"]


class Adjustment(Resource, tag="ledger_adjustment"):
    """A change of a balance by hand: a transfer of its own, with its reason and who asked for it.

    ``amount`` is what it did to the balance. A correction takes an earlier transfer back, a
    write-off takes what a balance lacks from the losses.
    """

    prefix: ClassVar[str] = "ladj_"
    table: ClassVar[str] = "ledger_adjustments"

    against: Against | None = None
    amount: Annotated[int, Mark("", column=True)]
    balance: Annotated[str, Mark("l", column=True)]
    balance_transaction: Annotated[str, Mark("", expand="balance_transaction")]
    corrects: str | None = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("l", column=True)]
    description: str
    forced: bool = False
    livemode: bool
    requested_by: str
    type: Annotated[Literal["adjustment", "correction", "write_off"], Mark("l", column=True)]


class ReconciliationOf(Parameters):
    """Which day (UTC), and in which form."""

    date: Annotated[str, Mark(need="c", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]
    format: Literal["csv", "json"] = "json"


class NewAdjustment(Parameters):
    """What to adjust, or (``corrects``) which transfer to take back, and why.

    ``force`` may take the balance below zero.
    """

    against: Against = "losses"
    amount: Annotated[int | None, Mark(low=-AMOUNT_MINOR_MAX, high=AMOUNT_MINOR_MAX)] = None
    balance: str = "issuing"
    corrects: str | None = None
    currency: Currency | None = None
    description: Annotated[str, Mark(need="c", longest=500)]
    force: bool = False


class NewWriteOff(Parameters):
    """Which balance below zero to write off, and why."""

    balance: str = "issuing"
    currency: Annotated[Currency, Mark(need="c")]
    description: Annotated[str, Mark(need="c", longest=500)]


class NewPendingTransfer(Parameters):
    """What to set aside, and where it will go."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    balance: str = "issuing"
    currency: Annotated[Currency, Mark(need="c")]
    description: Annotated[str, Mark(need="c", longest=500)]
    destination: Against = "outside"
    expires_at: Timestamp | None = None


class Taking(Parameters):
    """How much to take of what is set aside; ``final`` gives the rest back, ``force`` may take the
    balance below zero."""

    amount: Annotated[int, Mark(need="c", low=1, high=AMOUNT_MINOR_MAX)]
    final: bool = False
    force: bool = False


class GivingBack(Parameters):
    """How much to give back; the rest when it is left out."""

    amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None

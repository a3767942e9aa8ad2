"""Credit policies and funding obligations, said once.

The public API shows these objects to invited platforms only. The names that it does not publish
were chosen here; docs/reference/credit.md says which.
"""

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

Interval = Literal["day", "month", "week"]
# The balance that a repayment is taken from.
RepaymentSource = Literal["issuing", "payments"]


class CreditBalance(Shape):
    """What an account has on credit, in minor units: what its cards can spend now, what is held
    for authorizations, and what is owed."""

    available: int
    held: int
    owed: int


class CreditPolicy(Resource, tag="issuing.credit_policy"):
    """The credit that a platform gives one of its connected accounts in one currency."""

    prefix: ClassVar[str] = "icrp_"
    table: ClassVar[str] = "credit_policies"

    # Looked up whenever the policy is shown; nothing is stored.
    balance: CreditBalance | None = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    credit_limit_amount: Annotated[int, Mark("cu", need="c", low=0, high=AMOUNT_MINOR_MAX)]
    credit_limit_currency: Annotated[Currency, Mark("cl", need="c", column=True)]
    credit_period_interval: Annotated[Interval, Mark("cu")] = "month"
    credit_period_interval_count: Annotated[int, Mark("cu", low=1, high=12)] = 1
    days_until_due: Annotated[int, Mark("cu", low=0, high=90)] = 30
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    # Programs of the account that spend on credit although their cards are no charge cards.
    programs: Annotated[list[str], Mark("cu", column=True)] = field(default_factory=list)
    status: Annotated[Literal["active", "inactive"], Mark("cul", column=True)] = "active"


class Repayment(Shape):
    """Money that was paid back."""

    amount: int
    balance_transaction: str
    created: Timestamp
    source: RepaymentSource


class FundingObligation(Resource, tag="issuing.funding_obligation"):
    """What was spent on credit within one period, what of it was paid back, and by when the rest
    is due. ``pending`` until the period ends."""

    prefix: ClassVar[str] = "ifo_"
    table: ClassVar[str] = "funding_obligations"

    amount_outstanding: int = 0
    amount_paid: int = 0
    amount_total: int = 0
    created: Annotated[Timestamp, Mark("l", column=True)]
    credit_period_ends_at: Annotated[Timestamp, Mark("", column=True)]
    credit_period_starts_at: Timestamp
    credit_policy: Annotated[str, Mark("", expand="issuing.credit_policy")]
    currency: Annotated[Currency, Mark("l", column=True)]
    due_at: Timestamp
    livemode: bool
    paid_at: Timestamp | None = None
    repayments: list[Repayment] = field(default_factory=list)
    status: Annotated[Literal["pending", "unpaid", "past_due", "paid"], Mark("l", column=True)] = (
        "pending"
    )


class Payment(Parameters):
    """How much is paid back, all of it unless an amount is given, and from which balance."""

    amount: Annotated[int | None, Mark(low=1, high=AMOUNT_MINOR_MAX)] = None
    source: RepaymentSource = "issuing"

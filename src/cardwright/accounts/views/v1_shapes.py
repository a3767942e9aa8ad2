"""What the v1 calls take about accounts that the record does not have as it is; see ``v1_account``.

Nothing is built from these shapes, so an optional member needs no default: one that may be unset
with an empty value is nullable.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from cardwright.accounts.record.v1_capabilities import V1_CAPABILITIES
from cardwright.accounts.views.v1_forms import TEXT, Files
from cardwright.wire.resource import (
    Currency,
    KeywordOnly,
    Mark,
    Parameters,
    Resource,
    Shape,
    Timestamp,
)

OwnerGroup = Literal[
    "lgbtqi_owned_business",
    "minority_owned_business",
    "none_of_these_apply",
    "prefer_not_to_answer",
    "women_owned_business",
]
RejectReason = Literal[
    "credit",
    "fraud",
    "fraud_no_intent_to_fulfill",
    "fraud_other",
    "fraud_payment_method_casher",
    "fraud_payment_method_tester",
    "other",
    "terms_of_service",
]


class Revenue(Shape):
    """Revenue of a financial year, in minor units."""

    amount: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]
    fiscal_year_end: Annotated[str, Mark(need="cu", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class MonthlyRevenue(Shape):
    """Revenue expected in a month, in minor units."""

    amount: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]


class Signer(Shape):
    """The person who signed a document."""

    person: Annotated[str, Mark(need="cu", longest=255)]


class SignedFiles(Files):
    """A document that a person of the account signed."""

    signer: Signer | None


class Groups(Shape):
    """Groups that the account is in."""

    payments_pricing: Annotated[str | None, TEXT]


class CapabilityRequest(Shape):
    """Whether a capability is asked for."""

    requested: bool


if TYPE_CHECKING:
    Capabilities: TypeAlias = Shape
else:
    # Its members come from capabilities.csv.
    Capabilities = KeywordOnly(
        "Capabilities",
        (Shape,),
        {
            "__module__": __name__,
            "__annotations__": dict.fromkeys(V1_CAPABILITIES, CapabilityRequest),
        },
    )


class PayoutSchedule(Shape):
    """When money is paid out; ``delay_days`` is a number or ``minimum``."""

    delay_days: Annotated[str | None, Mark(pattern="minimum|[0-9]{1,3}")]
    interval: Literal["daily", "manual", "monthly", "weekly"]
    monthly_anchor: Annotated[int | None, Mark(low=1, high=31)]
    monthly_payout_days: Annotated[list[int] | None, Mark(low=1, high=31)]
    weekly_anchor: (
        Literal["friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"] | None
    )
    weekly_payout_days: list[Literal["friday", "monday", "thursday", "tuesday", "wednesday"]] | None


class PayoutsSettings(Shape):
    """Settings of payouts."""

    debit_negative_balances: bool | None
    schedule: PayoutSchedule
    statement_descriptor: Annotated[str | None, Mark(longest=22)]


class AccountListParameters(Parameters):
    """``GET /v1/accounts``."""

    created: Timestamp


class ShownCapability(Resource, tag="capability"):
    """A capability of an account."""

    owned_by: ClassVar[str] = "account"

    account: Annotated[str, Mark("", expand="account")]


class CapabilityList(Shape, tag_field="object", tag="list"):
    """All the capabilities of an account."""

    data: list[ShownCapability]


class CapabilityParameters(Parameters):
    """``POST /v1/accounts/:id/capabilities/:c``."""

    requested: bool


class RejectParameters(Parameters):
    """``POST /v1/accounts/:id/reject``."""

    payouts_action: Literal["none", "pause"] | None = None
    reason: Annotated[RejectReason, Mark(need="c")]

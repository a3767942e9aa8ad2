"""What compliance keeps: how far issuing is for an account, and cases to look at."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import field

from cardwright.wire.resource import Mark, Resource, Shape, Timestamp

CaseKind = Literal["cross_border", "prohibited_business"]
CaseStatus = Literal["acted_on", "dismissed", "open"]
Application = Literal["open", "rejected", "verified"]


class Record(msgspec.Struct, frozen=True):
    """How far issuing is for an account.

    An ``open`` application was complete at ``completed_ms`` and is rejected at ``due_ms``. Cards
    were switched on at ``active_since_ms``; an account that does not use them was warned at
    ``warned_ms`` by ``requirement`` and is closed for issuing at ``closes_ms``.
    """

    application: Application | None = None
    completed_ms: int | None = None
    due_ms: int | None = None
    active_since_ms: int | None = None
    warned_ms: int | None = None
    closes_ms: int | None = None
    requirement: str | None = None


class CategorySpend(Shape):
    """What was spent in one merchant category, in minor units of a currency."""

    amount: int
    category_code: str
    currency: str
    kind: str
    payments: int


class Abroad(Shape):
    """How much of the spend in a currency was outside the account's country."""

    amount: int
    currency: str
    payments: int
    percent: int
    total: int


class Evidence(Shape):
    """Why a case is open: what was found in the payments since an instant, and the newest of the
    payments it was found in."""

    abroad: list[Abroad] = field(default_factory=list)
    categories: list[CategorySpend] = field(default_factory=list)
    since: Timestamp
    transactions: list[str] = field(default_factory=list)


class ComplianceCase(Resource, tag="compliance_case"):
    """Spend that a person has to look at; nothing follows from it by itself."""

    prefix: ClassVar[str] = "ccase_"
    table: ClassVar[str] = "compliance_cases"

    created: Annotated[Timestamp, Mark("l", column=True)]
    account: Annotated[str, Mark("l", column=True)]
    closed: Timestamp | None = None
    closure: str | None = None
    evidence: Evidence
    kind: Annotated[CaseKind, Mark("l", column=True)]
    livemode: bool
    note: str | None = None
    platform_id: Annotated[str, Mark("", hidden=True, column=True)]
    status: Annotated[CaseStatus, Mark("l", column=True)] = "open"

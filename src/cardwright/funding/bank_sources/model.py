"""A bank account that can be debited, said once (source: Sources API, ``ach_debit``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import field

from cardwright.wire.resource import (
    Country,
    Currency,
    Mark,
    Metadata,
    Parameters,
    Resource,
    Shape,
    Timestamp,
)

SourceStatus = Literal["pending", "chargeable", "failed", "canceled"]


class AchDebit(Shape):
    """The bank account, as much of it as is shown."""

    bank_name: str | None = None
    country: Country
    fingerprint: str
    last4: str
    routing_number: str
    type: Literal["company", "individual"] | None = None


class CodeVerification(Shape):
    """How far it is proved that the bank account is the account's own."""

    attempts_remaining: int = 10
    status: Literal["pending", "succeeded", "failed"] = "pending"


class Owner(Shape):
    """Whose bank account it is."""

    email: Annotated[str | None, Mark(longest=800)] = None
    name: Annotated[str | None, Mark(longest=200)] = None
    phone: Annotated[str | None, Mark(longest=50)] = None


class BankSource(Resource, tag="source"):
    """A bank account that top-ups can be pulled from."""

    prefix: ClassVar[str] = "src_"
    table: ClassVar[str] = "bank_sources"

    ach_debit: AchDebit
    amount: int | None = None
    client_secret: str
    code_verification: CodeVerification = field(default_factory=CodeVerification)
    created: Timestamp
    currency: Currency
    flow: Literal["code_verification"] = "code_verification"
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    owner: Annotated[Owner, Mark("cu")] = field(default_factory=Owner)
    statement_descriptor: str | None = None
    status: Annotated[SourceStatus, Mark("", column=True)] = "pending"
    # What a debit ends with that the test environment fails on purpose.
    debit_failure_code: Annotated[str | None, Mark("", hidden=True)] = None
    type: Literal["ach_debit"] = "ach_debit"
    usage: Literal["reusable"] = "reusable"


class NewSource(Parameters):
    """``POST /v1/sources``."""

    currency: Currency | None = None
    metadata: Metadata | None = None
    owner: Owner | None = None
    token: Annotated[str, Mark(need="c", longest=100)]
    type: Annotated[Literal["ach_debit"], Mark(need="c")]
    usage: Literal["reusable"] | None = None


class Verification(Parameters):
    """``POST /v1/sources/:id/verify``: the two amounts that were sent, in minor units."""

    values: Annotated[list[str], Mark(need="c", longest=10)]

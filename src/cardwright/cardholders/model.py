"""The cardholder, said once (source: Issuing API, ``issuing.cardholder``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.cardholders.spending_controls import CardholderSpendingControls
from cardwright.wire.resource import (
    Country,
    IpAddress,
    Mark,
    Metadata,
    Resource,
    Sealed,
    Shape,
    Timestamp,
)

Status = Literal["active", "inactive", "blocked"]
Type = Literal["individual", "company"]
Locale = Literal["da", "de", "en", "es", "fr", "hu", "it", "pl", "ro", "sv"]
DisabledReason = Literal["listed", "rejected.listed", "requirements.past_due", "under_review"]


class Address(Shape):
    """A postal address; an update replaces it whole."""

    line1: Annotated[str, Mark(need="cu", longest=200)]
    line2: Annotated[str | None, Mark(longest=200)] = None
    city: Annotated[str, Mark(need="cu", longest=200)]
    state: Annotated[str | None, Mark(longest=200)] = None
    postal_code: Annotated[str, Mark(need="cu", longest=30)]
    country: Annotated[Country, Mark(need="cu")]


class Billing(Shape):
    """Where the cardholder is billed; cards are shipped elsewhere if they say so."""

    address: Annotated[Address, Mark(need="cu", replace=True)]


class Company(Shape):
    """A company cardholder; the tax id is kept sealed and never shown."""

    tax_id: Annotated[Sealed | UnsetType, Mark(longest=50)] = UNSET
    tax_id_provided: Annotated[bool, Mark("")] = False


class DateOfBirth(Shape):
    """A calendar date in three numbers."""

    day: Annotated[int, Mark(need="cu", low=1, high=31)]
    month: Annotated[int, Mark(need="cu", low=1, high=12)]
    year: Annotated[int, Mark(need="cu", low=1800, high=9999)]


class Acceptance(Shape):
    """When and from where terms were accepted."""

    date: Timestamp | None = None
    ip: IpAddress | None = None
    user_agent: str | None = None


class CardIssuing(Shape):
    """What the card programme needs of a person."""

    user_terms_acceptance: Acceptance | None = None


class Document(Shape):
    """Both sides of an identity document, as file ids."""

    front: Annotated[str | None, Mark(expand="file")] = None
    back: Annotated[str | None, Mark(expand="file")] = None


class Verification(Shape):
    """Documents that prove who the cardholder is."""

    document: Document | None = None


class Individual(Shape):
    """A person who holds cards."""

    first_name: Annotated[str | None, Mark(longest=100)] = None
    last_name: Annotated[str | None, Mark(longest=100)] = None
    dob: Annotated[DateOfBirth | None, Mark(replace=True)] = None
    card_issuing: CardIssuing | None = None
    verification: Verification | None = None


class Requirements(Shape):
    """Why the cardholder cannot use cards, and what is missing."""

    disabled_reason: DisabledReason | None = None
    past_due: list[str] = field(default_factory=list)


class Cardholder(Resource, tag="issuing.cardholder"):
    """An individual or company that cards are issued to."""

    prefix: ClassVar[str] = "ich_"
    table: ClassVar[str] = "cardholders"

    billing: Annotated[Billing, Mark("cu", need="c")]
    company: Annotated[Company | None, Mark("cu")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    email: Annotated[str | None, Mark("cul", column=True, longest=800)] = None
    individual: Annotated[Individual | None, Mark("cu")] = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    name: Annotated[str, Mark("c", need="c")]
    phone_number: Annotated[str | None, Mark("cul", column=True, longest=50)] = None
    preferred_locales: Annotated[list[Locale], Mark("cu")] = field(default_factory=list)
    requirements: Requirements = field(default_factory=Requirements)
    spending_controls: Annotated[CardholderSpendingControls, Mark("cu")] = field(
        default_factory=CardholderSpendingControls
    )
    status: Annotated[Status, Mark("cul", column=True)] = "active"
    type: Annotated[Type, Mark("cl", column=True)] = "individual"

"""What the v1 calls take: the parameters of accounts, persons and capabilities.

The record behind them speaks the v2 vocabulary; ``v1_translate`` turns what is given here into it.
Nothing is built from these shapes, so an optional member needs no default: one that may be unset
with an empty value is nullable.
"""

from typing import Annotated, Literal

from cardwright.accounts.bank_account import BankAccountGiven
from cardwright.accounts.identity import Structure
from cardwright.wire.resource import (
    Country,
    Currency,
    DecimalText,
    IpAddress,
    Mark,
    Metadata,
    Moment,
    Parameters,
    Sealed,
    Shape,
    Timestamp,
)

BusinessType = Literal["company", "government_entity", "individual", "non_profit"]

_TEXT = Mark(longest=500)
_LONG = Mark(longest=5000)
_DIGITS = Mark(longest=50)


class Address(Shape):
    """A postal address; members that are not given stay as they are."""

    line1: Annotated[str | None, _TEXT]
    line2: Annotated[str | None, _TEXT]
    city: Annotated[str | None, _TEXT]
    state: Annotated[str | None, _TEXT]
    postal_code: Annotated[str | None, Mark(longest=50)]
    town: Annotated[str | None, _TEXT]
    country: Country | None


class Acceptance(Shape):
    """When (seconds), from where and with what somebody accepted or declared something."""

    date: Moment | None
    ip: IpAddress | None
    user_agent: Annotated[str | None, _LONG]


class AccountAcceptance(Acceptance):
    """Acceptance of the account terms."""

    service_agreement: Literal["full", "recipient"] | None


class DateOfBirth(Shape):
    """A calendar date in three numbers."""

    day: Annotated[int, Mark(need="cu", low=1, high=31)]
    month: Annotated[int, Mark(need="cu", low=1, high=12)]
    year: Annotated[int, Mark(need="cu", low=1800, high=9999)]


class Document(Shape):
    """Both sides of a document, as file ids."""

    front: Annotated[str | None, Mark(longest=500)]
    back: Annotated[str | None, Mark(longest=500)]


class CompanyVerification(Shape):
    """A document about the company."""

    document: Document


class PersonVerification(Shape):
    """Documents about a person."""

    document: Document
    additional_document: Document


class Relationship(Shape):
    """What a person is to the business; the share is a number as text, as it was sent."""

    authorizer: bool
    director: bool
    executive: bool
    legal_guardian: bool
    owner: bool
    percent_ownership: DecimalText | None
    representative: bool
    title: Annotated[str | None, _LONG]


class Individual(Shape):
    """The person who is the account holder."""

    address: Address
    dob: Annotated[DateOfBirth | None, Mark(replace=True)]
    email: Annotated[str | None, Mark(longest=800)]
    first_name: Annotated[str | None, Mark(longest=100)]
    id_number: Annotated[Sealed, _DIGITS]
    last_name: Annotated[str | None, Mark(longest=100)]
    metadata: Metadata | None
    phone: Annotated[str | None, _DIGITS]
    political_exposure: Literal["existing", "none"] | None
    relationship: Relationship
    ssn_last_4: Annotated[Sealed, Mark(pattern=r"[0-9]{4}")]
    verification: PersonVerification


class PersonParameters(Parameters):
    """``/v1/accounts/:id/persons``: create and update."""

    account: Annotated[str, Mark("")]
    address: Address
    dob: Annotated[DateOfBirth | None, Mark(replace=True)]
    email: Annotated[str | None, Mark(longest=800)]
    first_name: Annotated[str | None, Mark(longest=100)]
    id_number: Annotated[Sealed, _DIGITS]
    last_name: Annotated[str | None, Mark(longest=100)]
    metadata: Metadata | None
    nationality: Country | None
    phone: Annotated[str | None, _DIGITS]
    political_exposure: Literal["existing", "none"] | None
    relationship: Relationship
    ssn_last_4: Annotated[Sealed, Mark(pattern=r"[0-9]{4}")]
    verification: PersonVerification


class RelationshipFilter(Shape):
    """Which persons a list shows."""

    authorizer: bool
    director: bool
    executive: bool
    legal_guardian: bool
    owner: bool
    representative: bool


class PersonListParameters(Parameters):
    """``GET /v1/accounts/:id/persons``."""

    relationship: RelationshipFilter


class Revenue(Shape):
    """Revenue of a financial year, in minor units."""

    amount: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]
    fiscal_year_end: Annotated[str, Mark(need="cu", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class BusinessProfile(Shape):
    """What the business does and how its customers reach it."""

    annual_revenue: Annotated[Revenue | None, Mark(replace=True)]
    estimated_worker_count: Annotated[int | None, Mark(low=0)]
    mcc: Annotated[str | None, Mark(pattern=r"[0-9]{4}")]
    name: Annotated[str | None, _LONG]
    product_description: Annotated[str | None, Mark(longest=40000)]
    support_address: Address
    support_email: Annotated[str | None, Mark(longest=800)]
    support_phone: Annotated[str | None, _DIGITS]
    support_url: Annotated[str | None, _LONG]
    url: Annotated[str | None, _LONG]


class Company(Shape):
    """The company behind the account."""

    address: Address
    directors_provided: bool
    executives_provided: bool
    name: Annotated[str | None, Mark(longest=100)]
    owners_provided: bool
    ownership_declaration: Acceptance
    phone: Annotated[str | None, _DIGITS]
    structure: Structure | None
    tax_id: Annotated[Sealed, _DIGITS]
    verification: CompanyVerification


class TermsSettings(Shape):
    """Acceptance of the terms of a product."""

    tos_acceptance: Acceptance


class PaymentsSettings(Shape):
    """How the account is named on statements."""

    statement_descriptor: Annotated[str | None, Mark(longest=22)]


class Settings(Shape):
    """Settings that belong to products."""

    card_issuing: TermsSettings
    payments: PaymentsSettings
    treasury: TermsSettings


class CapabilityRequest(Shape):
    """Whether a capability is asked for."""

    requested: bool


class Capabilities(Shape):
    """The capabilities of v1 that stand for configurations of the record."""

    card_issuing: CapabilityRequest
    card_issuing_charge_card: CapabilityRequest
    card_payments: CapabilityRequest
    transfers: CapabilityRequest
    treasury: CapabilityRequest


class Fees(Shape):
    """Who pays the fees."""

    payer: Literal["account", "application"]


class Losses(Shape):
    """Who bears the losses."""

    payments: Literal["application", "stripe"]


class DashboardAccess(Shape):
    """Which dashboard the account holder has."""

    type: Literal["express", "full", "none"]


class Controller(Shape):
    """Who controls the account."""

    fees: Fees
    losses: Losses
    requirement_collection: Literal["application", "stripe"]
    stripe_dashboard: DashboardAccess


class AccountParameters(Parameters):
    """``/v1/accounts``: create and update."""

    business_profile: BusinessProfile
    business_type: BusinessType | None
    capabilities: Capabilities
    company: Company
    controller: Annotated[Controller, Mark("c")]
    country: Annotated[Country, Mark("c")]
    default_currency: Currency | None
    email: Annotated[str | None, Mark(longest=800)]
    external_account: Annotated[BankAccountGiven | None, Mark(shorthand="token")]
    individual: Individual
    metadata: Metadata | None
    settings: Settings
    tos_acceptance: AccountAcceptance
    type: Annotated[Literal["custom", "express", "standard"], Mark("c")]


class AccountListParameters(Parameters):
    """``GET /v1/accounts``."""

    created: Timestamp


class CapabilityParameters(Parameters):
    """``POST /v1/accounts/:id/capabilities/:c``."""

    requested: bool

"""What the v1 calls take: the parameters of accounts and capabilities.

The record behind them speaks the v2 vocabulary; ``v1_translate`` turns what is given here into it.
Nothing is built from these shapes, so an optional member needs no default: one that may be unset
with an empty value is nullable.
"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cardwright.accounts.record.bank_account import BankAccountGiven
from cardwright.accounts.record.identity import CalendarDate, OwnershipExemption, Structure
from cardwright.accounts.views.v1_forms import Acceptance, Address, Document, Files
from cardwright.accounts.views.v1_paths import V1_CAPABILITIES
from cardwright.accounts.views.v1_person import Individual
from cardwright.accounts.views.v1_settings_shapes import Settings
from cardwright.wire.resource import (
    Country,
    Currency,
    KeywordOnly,
    Mark,
    Metadata,
    Parameters,
    Sealed,
    Shape,
    Timestamp,
)

BusinessType = Literal["company", "government_entity", "individual", "non_profit"]
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

_TEXT = Mark(longest=500)
_LONG = Mark(longest=5000)
_DIGITS = Mark(longest=50)


class AccountAcceptance(Acceptance):
    """Acceptance of the account terms."""

    service_agreement: Literal["full", "recipient"] | None


class CompanyVerification(Shape):
    """A document about the company."""

    document: Document


class Revenue(Shape):
    """Revenue of a financial year, in minor units."""

    amount: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]
    fiscal_year_end: Annotated[str, Mark(need="cu", pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class MonthlyRevenue(Shape):
    """Revenue expected in a month, in minor units."""

    amount: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]


class BusinessProfile(Shape):
    """What the business does and how its customers reach it."""

    annual_revenue: Annotated[Revenue | None, Mark(replace=True)]
    estimated_worker_count: Annotated[int | None, Mark(low=0)]
    mcc: Annotated[str | None, Mark(pattern=r"[0-9]{4}")]
    minority_owned_business_designation: list[OwnerGroup] | None
    monthly_estimated_revenue: Annotated[MonthlyRevenue | None, Mark(replace=True)]
    name: Annotated[str | None, _LONG]
    product_description: Annotated[str | None, Mark(longest=40000)]
    specified_commercial_transactions_act_url: Annotated[str | None, _LONG]
    support_address: Address
    support_email: Annotated[str | None, Mark(longest=800)]
    support_phone: Annotated[str | None, _DIGITS]
    support_url: Annotated[str | None, _LONG]
    url: Annotated[str | None, _LONG]


class Company(Shape):
    """The company behind the account."""

    address: Address
    address_kana: Address
    address_kanji: Address
    administrative_address: Address
    directors_provided: bool
    directorship_declaration: Acceptance
    executives_provided: bool
    export_license_id: Annotated[str | None, _LONG]
    export_purpose_code: Annotated[str | None, _LONG]
    name: Annotated[str | None, Mark(longest=100)]
    name_kana: Annotated[str | None, Mark(longest=100)]
    name_kanji: Annotated[str | None, Mark(longest=100)]
    owners_provided: bool
    ownership_declaration: Acceptance
    ownership_exemption_reason: OwnershipExemption | None
    phone: Annotated[str | None, _DIGITS]
    physical_address: Address
    principal_place_of_business: Address
    registration_date: Annotated[CalendarDate | None, Mark(replace=True)]
    registration_number: Annotated[str | None, _DIGITS]
    representative_declaration: Acceptance
    structure: Structure | None
    tax_id: Annotated[Sealed, _DIGITS]
    tax_id_registrar: Annotated[str | None, _TEXT]
    vat_id: Annotated[Sealed, _DIGITS]
    verification: CompanyVerification


class Signer(Shape):
    """The person who signed a document."""

    person: Annotated[str, Mark(need="cu", longest=255)]


class SignedFiles(Files):
    """A document that a person of the account signed."""

    signer: Signer | None


class AccountDocuments(Shape):
    """Documents about the business."""

    bank_account_ownership_verification: Files
    company_license: Files
    company_memorandum_of_association: Files
    company_ministerial_decree: Files
    company_registration_verification: Files
    company_tax_id_verification: Files
    proof_of_address: Files
    proof_of_registration: SignedFiles
    proof_of_ultimate_beneficial_ownership: SignedFiles


class Groups(Shape):
    """Groups that the account is in."""

    payments_pricing: Annotated[str | None, _TEXT]


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

    account_token: Annotated[str, _TEXT]
    business_profile: BusinessProfile
    business_type: BusinessType | None
    capabilities: Capabilities
    company: Company
    controller: Annotated[Controller, Mark("c")]
    country: Annotated[Country, Mark("c")]
    default_currency: Currency | None
    documents: AccountDocuments
    email: Annotated[str | None, Mark(longest=800)]
    external_account: Annotated[BankAccountGiven | None, Mark(shorthand="token")]
    groups: Groups
    individual: Individual
    metadata: Metadata | None
    settings: Settings
    test_clock: Annotated[str | None, Mark("c", longest=255)]
    tos_acceptance: AccountAcceptance
    type: Annotated[Literal["custom", "express", "standard"], Mark("c")]


class AccountListParameters(Parameters):
    """``GET /v1/accounts``."""

    created: Timestamp


class CapabilityParameters(Parameters):
    """``POST /v1/accounts/:id/capabilities/:c``."""

    requested: bool


class RejectParameters(Parameters):
    """``POST /v1/accounts/:id/reject``."""

    payouts_action: Literal["none", "pause"] | None = None
    reason: Annotated[RejectReason, Mark(need="c")]

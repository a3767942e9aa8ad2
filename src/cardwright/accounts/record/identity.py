"""Who an account is: legal entity, persons, attestations (source: Accounts v2 API).

An ``individual`` account's person has the same members as the persons of a company, so there is
one declaration for both.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.wire.resource import (
    Country,
    Currency,
    DecimalText,
    IpAddress,
    Mark,
    Metadata,
    Moment,
    Resource,
    Sealed,
    Shape,
)

EntityType = Literal["company", "government_entity", "individual", "non_profit"]
Structure = Literal[
    "cooperative",
    "free_zone_establishment",
    "free_zone_llc",
    "government_instrumentality",
    "governmental_unit",
    "incorporated_association",
    "incorporated_non_profit",
    "incorporated_partnership",
    "limited_liability_partnership",
    "llc",
    "multi_member_llc",
    "private_company",
    "private_corporation",
    "private_partnership",
    "public_company",
    "public_corporation",
    "public_listed_corporation",
    "public_partnership",
    "registered_charity",
    "single_member_llc",
    "sole_establishment",
    "sole_proprietorship",
    "tax_exempt_government_instrumentality",
    "trust",
    "unincorporated_association",
    "unincorporated_non_profit",
    "unincorporated_partnership",
]
OwnershipExemption = Literal[
    "qualified_entity_exceeds_ownership_threshold", "qualifies_as_financial_institution"
]


@cache
def id_number_types(holder: str) -> frozenset[str]:
    """The kinds of id numbers that a ``business`` or an ``individual`` can have."""
    with Path(__file__).with_name("id_numbers.csv").open(newline="") as file:
        return frozenset(row["type"] for row in csv.DictReader(file) if row["holder"] == holder)


class Address(Shape):
    """A postal address; what a country needs of it is said by its requirements."""

    line1: Annotated[str | None, Mark(longest=200)] = None
    line2: Annotated[str | None, Mark(longest=200)] = None
    city: Annotated[str | None, Mark(longest=100)] = None
    state: Annotated[str | None, Mark(longest=100)] = None
    postal_code: Annotated[str | None, Mark(longest=30)] = None
    town: Annotated[str | None, Mark(longest=100)] = None
    country: Country | None = None


class Amount(Shape):
    """Money: minor units and a currency."""

    value: Annotated[int, Mark(need="cu", low=0)]
    currency: Annotated[Currency, Mark(need="cu")]


class CalendarDate(Shape):
    """A date in three numbers."""

    day: Annotated[int, Mark(need="cu", low=1, high=31)]
    month: Annotated[int, Mark(need="cu", low=1, high=12)]
    year: Annotated[int, Mark(need="cu", low=1800, high=9999)]


class FrontBack(Shape):
    """Both sides of a document, as file ids."""

    front: Annotated[str | None, Mark(longest=255)] = None
    back: Annotated[str | None, Mark(longest=255)] = None


class TwoSidedDocument(Shape):
    """A document photographed on both sides."""

    type: Literal["front_back"] = "front_back"
    front_back: FrontBack = field(default_factory=FrontBack)


class FilesDocument(Shape):
    """A document of one or more files."""

    type: Literal["files"] = "files"
    files: list[str] = field(default_factory=list)


class Acceptance(Shape):
    """When, from where and with what program something was accepted or declared."""

    date: Moment | None = None
    ip: IpAddress | None = None
    url: Annotated[str | None, Mark(longest=2048)] = None
    user_agent: str | None = None


class ScriptAddresses(Shape):
    """The same address in other writings."""

    kana: Address | None = None
    kanji: Address | None = None


class PersonName(Shape):
    """A person's name in another writing."""

    given_name: Annotated[str | None, Mark(longest=100)] = None
    surname: Annotated[str | None, Mark(longest=100)] = None


class PersonScriptNames(Shape):
    """A person's name in other writings."""

    kana: PersonName | None = None
    kanji: PersonName | None = None


class AdditionalName(Shape):
    """A further name of a person."""

    purpose: Annotated[Literal["alias", "maiden"], Mark(need="cu")]
    full_name: Annotated[str | None, Mark(longest=200)] = None
    given_name: Annotated[str | None, Mark(longest=100)] = None
    surname: Annotated[str | None, Mark(longest=100)] = None


class AdditionalPersonAddress(Address):
    """A further address of a person."""

    purpose: Annotated[Literal["birthplace", "registered"], Mark(need="cu")]


class AdditionalBusinessAddress(Address):
    """A further address of a legal entity."""

    purpose: Annotated[Literal["administrative", "principal_place_of_business"], Mark(need="cu")]


class AdditionalTermsOfService(Shape):
    """Terms that a person accepted beside the account."""

    account: Acceptance | None = None


class PersonIdNumber(Shape):
    """A person's id number: the value is kept sealed, its kind is shown."""

    type: Annotated[str, Mark(need="cu", choices=id_number_types("individual"))]
    value: Annotated[Sealed | UnsetType, Mark(need="cu", longest=100)] = UNSET


class PersonDocuments(Shape):
    """Documents that prove who a person is and where they live."""

    company_authorization: FilesDocument | None = None
    passport: FilesDocument | None = None
    primary_verification: TwoSidedDocument | None = None
    secondary_verification: TwoSidedDocument | None = None
    visa: FilesDocument | None = None


class Relationship(Shape):
    """What a person is to the account."""

    authorizer: bool | None = None
    director: bool | None = None
    executive: bool | None = None
    legal_guardian: bool | None = None
    owner: bool | None = None
    percent_ownership: DecimalText | None = None
    representative: bool | None = None
    title: Annotated[str | None, Mark(longest=5000)] = None


class Person(Resource, tag="v2.core.account_person"):
    """A person of an account; ``identity.individual`` is one too."""

    prefix: ClassVar[str] = "person_"
    table: ClassVar[str] = "account_persons"

    # A person inside ``identity.individual`` gets these when it is first written.
    id: Annotated[str, Mark("")] = ""
    account: Annotated[str, Mark("")] = ""
    created: Annotated[Moment, Mark("", column=True)] = Moment("")
    updated: Annotated[Moment, Mark("")] = Moment("")
    livemode: Annotated[bool, Mark("")] = False

    additional_addresses: Annotated[list[AdditionalPersonAddress], Mark("cu")] = field(
        default_factory=list
    )
    additional_names: Annotated[list[AdditionalName], Mark("cu")] = field(default_factory=list)
    additional_terms_of_service: Annotated[AdditionalTermsOfService | None, Mark("cu")] = None
    address: Annotated[Address | None, Mark("cu")] = None
    date_of_birth: Annotated[CalendarDate | None, Mark("cu", replace=True)] = None
    documents: Annotated[PersonDocuments | None, Mark("cu")] = None
    email: Annotated[str | None, Mark("cu", longest=800)] = None
    given_name: Annotated[str | None, Mark("cu", longest=100)] = None
    id_numbers: Annotated[list[PersonIdNumber], Mark("cu")] = field(default_factory=list)
    legal_gender: Annotated[Literal["female", "male"] | None, Mark("cu")] = None
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    nationalities: Annotated[list[Country] | None, Mark("cu")] = None
    phone: Annotated[str | None, Mark("cu", longest=50)] = None
    political_exposure: Annotated[Literal["existing", "none"] | None, Mark("cu")] = None
    relationship: Annotated[Relationship | None, Mark("cu")] = None
    script_addresses: Annotated[ScriptAddresses | None, Mark("cu")] = None
    script_names: Annotated[PersonScriptNames | None, Mark("cu")] = None
    surname: Annotated[str | None, Mark("cu", longest=100)] = None

    # What only v1 says, by the names of v1.
    v1: Annotated[dict[str, Any], Mark("", hidden=True)] = field(default_factory=dict)


class AnnualRevenue(Shape):
    """Revenue of a fiscal year that ended on a day (``2023-12-31``)."""

    amount: Amount | None = None
    fiscal_year_end: Annotated[str | None, Mark(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}")] = None


class MonthlyEstimatedRevenue(Shape):
    """Revenue expected in a month."""

    amount: Amount | None = None


class BusinessIdNumber(Shape):
    """A company's id number: the value is kept sealed, its kind is shown."""

    type: Annotated[str, Mark(need="cu", choices=id_number_types("business"))]
    registrar: Annotated[str | None, Mark(longest=200)] = None
    value: Annotated[Sealed | UnsetType, Mark(need="cu", longest=100)] = UNSET


class Signer(Shape):
    """The person who signed a document."""

    person: Annotated[str, Mark(need="cu", longest=255)]


class SignedDocument(FilesDocument):
    """A document of one or more files that somebody signed."""

    signer: Signer | None = None


class BusinessScriptName(Shape):
    """A legal entity's name in another writing."""

    registered_name: Annotated[str | None, Mark(longest=200)] = None


class BusinessScriptNames(Shape):
    """A legal entity's name in other writings."""

    kana: BusinessScriptName | None = None
    kanji: BusinessScriptName | None = None


class BusinessDocuments(Shape):
    """Documents about the legal entity."""

    bank_account_ownership_verification: FilesDocument | None = None
    company_license: FilesDocument | None = None
    company_memorandum_of_association: FilesDocument | None = None
    company_ministerial_decree: FilesDocument | None = None
    company_registration_verification: FilesDocument | None = None
    company_tax_id_verification: FilesDocument | None = None
    primary_verification: TwoSidedDocument | None = None
    proof_of_address: FilesDocument | None = None
    proof_of_registration: SignedDocument | None = None
    proof_of_ultimate_beneficial_ownership: SignedDocument | None = None


class BusinessDetails(Shape):
    """The legal entity behind the account; some of it is asked of individuals too."""

    additional_addresses: list[AdditionalBusinessAddress] = field(default_factory=list)
    address: Address | None = None
    annual_revenue: AnnualRevenue | None = None
    compliance_screening_description: str | None = None
    documents: BusinessDocuments | None = None
    estimated_worker_count: Annotated[int | None, Mark(low=0)] = None
    id_numbers: list[BusinessIdNumber] = field(default_factory=list)
    monthly_estimated_revenue: MonthlyEstimatedRevenue | None = None
    phone: Annotated[str | None, Mark(longest=50)] = None
    registered_name: Annotated[str | None, Mark(longest=200)] = None
    registration_date: Annotated[CalendarDate | None, Mark(replace=True)] = None
    script_addresses: ScriptAddresses | None = None
    script_names: BusinessScriptNames | None = None
    structure: Structure | None = None


class PersonsProvided(Shape):
    """Which kinds of persons have all been listed."""

    directors: bool | None = None
    executives: bool | None = None
    owners: bool | None = None
    ownership_exemption_reason: OwnershipExemption | None = None


class ProductTerms(Shape):
    """Terms of one kind of card of one bank."""

    bank_terms: Acceptance | None = None
    platform: Acceptance | None = None


class FinancedProductTerms(ProductTerms):
    """Terms of a kind of card that is paid for on credit."""

    financing_disclosures: Acceptance | None = None


class DisclosedProductTerms(Shape):
    """Terms of a kind of card of one bank that the platform has no terms of its own for."""

    bank_terms: Acceptance | None = None
    financing_disclosures: Acceptance | None = None


class CelticTerms(Shape):
    """Terms of commercial cards of Celtic Bank."""

    apple_pay: Acceptance | None = None
    charge_card: ProductTerms | None = None
    spend_card: FinancedProductTerms | None = None


class CrossRiverBankTerms(Shape):
    """Terms of commercial cards of Cross River Bank."""

    apple_pay: Acceptance | None = None
    charge_card: FinancedProductTerms | None = None
    prepaid_card: ProductTerms | None = None
    spend_card: DisclosedProductTerms | None = None


class FifthThirdTerms(Shape):
    """Terms of commercial cards of Fifth Third Bank."""

    apple_pay: Acceptance | None = None
    charge_card: FinancedProductTerms | None = None


class LeadTerms(Shape):
    """Terms of commercial cards of Lead Bank."""

    apple_pay: Acceptance | None = None
    prepaid_card: ProductTerms | None = None


class CommercialTerms(Shape):
    """Terms of commercial cards, of the programme's operator and of its banks."""

    account_holder: Acceptance | None = None
    celtic: CelticTerms | None = None
    cross_river_bank: CrossRiverBankTerms | None = None
    fifth_third: FifthThirdTerms | None = None
    global_account_holder: Acceptance | None = None
    lead: LeadTerms | None = None


class ConsumerCelticTerms(Shape):
    """Terms of consumer cards of Celtic Bank."""

    apple_pay: Acceptance | None = None
    revolving_credit_card: FinancedProductTerms | None = None


class ConsumerCrossRiverBankTerms(Shape):
    """Terms of consumer cards of Cross River Bank."""

    prepaid_card: FinancedProductTerms | None = None


class ConsumerLeadTerms(Shape):
    """Terms of consumer cards of Lead Bank."""

    apple_pay: Acceptance | None = None
    debit_card: FinancedProductTerms | None = None
    prepaid_card: FinancedProductTerms | None = None


class ConsumerTerms(Shape):
    """Terms of consumer cards, of the programme's operator and of its banks."""

    account_holder: Acceptance | None = None
    celtic: ConsumerCelticTerms | None = None
    cross_river_bank: ConsumerCrossRiverBankTerms | None = None
    global_account_holder: Acceptance | None = None
    lead: ConsumerLeadTerms | None = None


class CardCreatorTerms(Shape):
    """Terms of commercial and of consumer cards."""

    commercial: CommercialTerms | None = None
    consumer: ConsumerTerms | None = None


class TermsOfService(Shape):
    """Terms that the account accepted."""

    account: Acceptance | None = None
    card_creator: Annotated[CardCreatorTerms | None, Mark(preview=True)] = None
    consumer_money_manager: Annotated[Acceptance | None, Mark(preview=True)] = None
    consumer_privacy_disclosures: Annotated[Acceptance | None, Mark(preview=True)] = None
    crypto_money_manager: Annotated[Acceptance | None, Mark(preview=True)] = None
    money_manager: Annotated[
        Acceptance | None, Mark(preview=True, earlier=(("storer", "2026-06-24"),))
    ] = None


class Attestations(Shape):
    """What the account declared about itself."""

    directorship_declaration: Acceptance | None = None
    ownership_declaration: Acceptance | None = None
    persons_provided: PersonsProvided | None = None
    representative_declaration: Acceptance | None = None
    terms_of_service: TermsOfService | None = None


class Identity(Shape):
    """Who the account is."""

    attestations: Attestations | None = None
    business_details: BusinessDetails | None = None
    country: Country | None = None
    entity_type: EntityType | None = None
    individual: Person | None = None

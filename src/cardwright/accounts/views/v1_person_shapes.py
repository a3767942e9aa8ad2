"""What the v1 calls take about persons; see ``v1_shapes``."""

from typing import Annotated, Literal

from cardwright.wire.resource import (
    Country,
    DecimalText,
    IpAddress,
    Mark,
    Metadata,
    Moment,
    Parameters,
    Sealed,
    Shape,
)

EthnicityAnswer = Literal[
    "cuban",
    "hispanic_or_latino",
    "mexican",
    "not_hispanic_or_latino",
    "other_hispanic_or_latino",
    "prefer_not_to_answer",
    "puerto_rican",
]
RaceAnswer = Literal[
    "african_american",
    "american_indian_or_alaska_native",
    "asian",
    "asian_indian",
    "black_or_african_american",
    "chinese",
    "ethiopian",
    "filipino",
    "guamanian_or_chamorro",
    "haitian",
    "jamaican",
    "japanese",
    "korean",
    "native_hawaiian",
    "native_hawaiian_or_other_pacific_islander",
    "nigerian",
    "other_asian",
    "other_black_or_african_american",
    "other_pacific_islander",
    "prefer_not_to_answer",
    "samoan",
    "somali",
    "vietnamese",
    "white",
]
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


class DateOfBirth(Shape):
    """A calendar date in three numbers."""

    day: Annotated[int, Mark(need="cu", low=1, high=31)]
    month: Annotated[int, Mark(need="cu", low=1, high=12)]
    year: Annotated[int, Mark(need="cu", low=1800, high=9999)]


class Files(Shape):
    """A document of some files, by their ids."""

    files: Annotated[list[str] | None, Mark(longest=500)]


class Document(Shape):
    """Both sides of a document, as file ids."""

    front: Annotated[str | None, Mark(longest=500)]
    back: Annotated[str | None, Mark(longest=500)]


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


class PersonDocuments(Shape):
    """Further documents about a person."""

    company_authorization: Files
    passport: Files
    visa: Files


class AdditionalAcceptances(Shape):
    """Terms that a person accepts beside the account."""

    account: Acceptance


class Individual(Shape):
    """The person who is the account holder."""

    address: Address
    address_kana: Address
    address_kanji: Address
    dob: Annotated[DateOfBirth | None, Mark(replace=True)]
    email: Annotated[str | None, Mark(longest=800)]
    first_name: Annotated[str | None, Mark(longest=100)]
    first_name_kana: Annotated[str | None, Mark(longest=100)]
    first_name_kanji: Annotated[str | None, Mark(longest=100)]
    full_name_aliases: Annotated[list[str] | None, Mark(longest=200)]
    gender: Literal["female", "male"] | None
    id_number: Annotated[Sealed, _DIGITS]
    last_name: Annotated[str | None, Mark(longest=100)]
    last_name_kana: Annotated[str | None, Mark(longest=100)]
    last_name_kanji: Annotated[str | None, Mark(longest=100)]
    maiden_name: Annotated[str | None, Mark(longest=100)]
    metadata: Metadata | None
    phone: Annotated[str | None, _DIGITS]
    political_exposure: Literal["existing", "none"] | None
    registered_address: Address
    relationship: Relationship
    ssn_last_4: Annotated[Sealed, Mark(pattern=r"[0-9]{4}")]
    verification: PersonVerification


class Ethnicity(Shape):
    """How a person describes their ethnicity."""

    ethnicity: list[EthnicityAnswer] | None
    ethnicity_other: Annotated[str | None, _TEXT]


class Race(Shape):
    """How a person describes their race."""

    race: list[RaceAnswer] | None
    race_other: Annotated[str | None, _TEXT]


class CfpbData(Shape):
    """What American lenders must ask and nobody must answer."""

    ethnicity_details: Ethnicity
    race_details: Race
    self_identified_gender: Annotated[str | None, _TEXT]


class PersonParameters(Parameters):
    """``/v1/accounts/:id/persons``: create and update."""

    account: Annotated[str, Mark("")]
    additional_tos_acceptances: AdditionalAcceptances
    address: Address
    address_kana: Address
    address_kanji: Address
    documents: PersonDocuments
    dob: Annotated[DateOfBirth | None, Mark(replace=True)]
    email: Annotated[str | None, Mark(longest=800)]
    first_name: Annotated[str | None, Mark(longest=100)]
    first_name_kana: Annotated[str | None, Mark(longest=100)]
    first_name_kanji: Annotated[str | None, Mark(longest=100)]
    full_name_aliases: Annotated[list[str] | None, Mark(longest=200)]
    gender: Literal["female", "male"] | None
    id_number: Annotated[Sealed, _DIGITS]
    last_name: Annotated[str | None, Mark(longest=100)]
    last_name_kana: Annotated[str | None, Mark(longest=100)]
    last_name_kanji: Annotated[str | None, Mark(longest=100)]
    maiden_name: Annotated[str | None, Mark(longest=100)]
    metadata: Metadata | None
    nationality: Country | None
    person_token: Annotated[str, _TEXT]
    phone: Annotated[str | None, _DIGITS]
    political_exposure: Literal["existing", "none"] | None
    registered_address: Address
    relationship: Relationship
    ssn_last_4: Annotated[Sealed, Mark(pattern=r"[0-9]{4}")]
    us_cfpb_data: CfpbData | None
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

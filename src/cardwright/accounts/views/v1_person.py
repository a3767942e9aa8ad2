"""A person's v1 face as a table over the record, and what the v1 calls take about persons."""

from typing import Annotated, ClassVar, Literal, NamedTuple

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.views import v1_lists, v1_verification
from cardwright.accounts.views.v1_forms import (
    DIGITS,
    FORMS,
    TEXT,
    Address,
    Body,
    address,
)
from cardwright.wire.faces.face import Computed, Face, Form, Kept, Member, seconds
from cardwright.wire.resource import Country, Mark, Parameters, Resource, Sealed, Shape

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
# The kind of number that a person's id_number means, by the account's country.
ID_NUMBER_TYPES = {
    "AT": "at_stn",
    "BE": "be_nrn",
    "CY": "cy_tic",
    "DE": "de_stn",
    "EE": "ee_ik",
    "ES": "es_nif",
    "FI": "fi_hetu",
    "FR": "fr_nir",
    "GB": "gb_nino",
    "GR": "gr_afm",
    "HR": "hr_oib",
    "IE": "ie_ppsn",
    "IT": "it_cf",
    "LT": "lt_ak",
    "LU": "lu_nif",
    "LV": "lv_pk",
    "NL": "nl_bsn",
    "PT": "pt_nif",
    "SK": "sk_dic",
    "US": "us_ssn",
}
SSN_LAST_4 = "us_ssn_last_4"
# Further addresses, which the record has in one list, by purpose.
ADDRESSES = (("registered_address", "registered"),)


class Ethnicity(Shape):
    """How a person describes their ethnicity."""

    ethnicity: list[EthnicityAnswer] | None
    ethnicity_other: Annotated[str | None, TEXT]


class Race(Shape):
    """How a person describes their race."""

    race: list[RaceAnswer] | None
    race_other: Annotated[str | None, TEXT]


class CfpbData(Shape):
    """What American lenders must ask and nobody must answer."""

    ethnicity_details: Ethnicity
    race_details: Race
    self_identified_gender: Annotated[str | None, TEXT]


class PersonSeen(NamedTuple):
    """A person of an account, with what v1 requires of them now and later, and the kinds of
    id numbers that they gave."""

    state: AccountState
    person: Person
    due: Body
    later: Body
    numbers: set[str]


FIRST = Form(
    takes=Country,
    give=lambda country: [country],
    show=lambda countries: countries[0] if countries else None,
)
PERSON: Face[PersonSeen, Body] = Face(
    Person,
    Member("id", "id"),
    Computed("object", lambda _: "person"),
    Computed("account", lambda seen: seen.state.account.id),
    Member("additional_tos_acceptances.account", "additional_terms_of_service.account"),
    Member("address", "address"),
    Computed(
        "created",
        lambda seen: seconds(seen.person.created) or seconds(seen.state.account.created),
    ),
    Member("dob", "date_of_birth", asked=("day", "month", "year")),
    Member("documents.company_authorization", "documents.company_authorization"),
    Member("documents.passport", "documents.passport"),
    Member("documents.visa", "documents.visa"),
    Member("email", "email"),
    Member("first_name", "given_name"),
    Computed(
        "full_name_aliases",
        lambda seen: v1_lists.aliases_of(seen.person.additional_names),
        takes=Annotated[list[str] | None, Mark(longest=200)],
        at=("additional_names",),
    ),
    Computed("future_requirements", lambda seen: seen.later),
    Member("gender", "legal_gender"),
    Computed("id_number", takes=Annotated[Sealed, DIGITS], at=("id_numbers",)),
    Computed("id_number_provided", lambda seen: bool(seen.numbers - {SSN_LAST_4})),
    Computed("id_number_secondary_provided", lambda _: False),
    Member("last_name", "surname"),
    Computed(
        "maiden_name",
        lambda seen: v1_lists.maiden_name_of(seen.person.additional_names),
        takes=Annotated[str | None, Mark(longest=100)],
    ),
    Member("metadata", "metadata"),
    Member("nationality", "nationalities", FIRST),
    Member("phone", "phone"),
    Member("political_exposure", "political_exposure", said=True),
    Computed(
        "registered_address",
        lambda seen: address(v1_lists.address_of(seen.person.additional_addresses, "registered")),
        takes=Address,
        at=("additional_addresses",),
    ),
    Member("relationship", "relationship"),
    Computed("requirements", lambda seen: seen.due),
    Computed(
        "ssn_last_4",
        takes=Annotated[Sealed, Mark(pattern=r"[0-9]{4}")],
        at=(f"id_numbers.{SSN_LAST_4}",),
    ),
    Computed("ssn_last_4_provided", lambda seen: bool(seen.numbers & {SSN_LAST_4, "us_ssn"})),
    Computed(
        "verification",
        lambda seen: v1_verification.of_person(seen.state, seen.person, seen.due),
        type=v1_verification.PersonVerification,
    ),
    Member("verification.document", "documents.primary_verification"),
    Member("verification.additional_document", "documents.secondary_verification"),
    # What is asked for in some countries alone.
    Member("first_name_kana", "script_names.kana.given_name", said=True),
    Member("last_name_kana", "script_names.kana.surname", said=True),
    Member("first_name_kanji", "script_names.kanji.given_name", said=True),
    Member("last_name_kanji", "script_names.kanji.surname", said=True),
    Member("address_kana", "script_addresses.kana", said=True),
    Member("address_kanji", "script_addresses.kanji", said=True),
    Kept("us_cfpb_data", CfpbData | None),
    forms=FORMS,
)


@PERSON.describes
class ShownPerson(Resource, tag="person"):
    """A person of an account."""

    owned_by: ClassVar[str] = "account"


@PERSON.takes(without={"additional_tos_acceptances", "documents", "nationality", "us_cfpb_data"})
class Individual(Shape):
    """The person who is the account holder."""


@PERSON.takes()
class PersonParameters(Parameters):
    """``/v1/accounts/:id/persons``: create and update."""

    person_token: Annotated[str, TEXT]


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

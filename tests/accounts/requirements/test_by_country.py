"""What a blank account is asked for, for every country and kind of entity.

The lists are written out by hand from the documentation of the API (what issuing needs of a legal
entity, of its representative and of its owners), not taken from the catalogue.
"""

from typing import Any

import pytest

from cardwright.accounts.requirements.catalogue import countries
from tests.accounts.calls import CHARGE_CARD
from tests.accounts.requirements.evaluating import account, asked, evaluated, person

SPEND_CARD = "card_creator.commercial.celtic.spend_card"

GB_COMPANY = """
identity.business_details.registered_name
identity.business_details.address.line1
identity.business_details.address.city
identity.business_details.address.postal_code
identity.business_details.phone
identity.business_details.id_numbers.gb_crn
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
representative.given_name
representative.surname
representative.date_of_birth
representative.address.line1
representative.address.city
representative.address.postal_code
representative.email
representative.phone
representative.relationship.title
identity.attestations.persons_provided.directors
identity.attestations.persons_provided.executives
identity.attestations.persons_provided.owners
identity.attestations.ownership_declaration
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
# As a company, without owners.
GB_NON_PROFIT = """
identity.business_details.registered_name
identity.business_details.address.line1
identity.business_details.address.city
identity.business_details.address.postal_code
identity.business_details.phone
identity.business_details.id_numbers.gb_crn
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
representative.given_name
representative.surname
representative.date_of_birth
representative.address.line1
representative.address.city
representative.address.postal_code
representative.email
representative.phone
representative.relationship.title
identity.attestations.persons_provided.directors
identity.attestations.persons_provided.executives
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
# A representative; no directors, executives or owners.
GB_GOVERNMENT = """
identity.business_details.registered_name
identity.business_details.address.line1
identity.business_details.address.city
identity.business_details.address.postal_code
identity.business_details.phone
identity.business_details.id_numbers.gb_crn
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
representative.given_name
representative.surname
representative.date_of_birth
representative.address.line1
representative.address.city
representative.address.postal_code
representative.email
representative.phone
representative.relationship.title
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
# No national id number, and nobody beside the individual.
GB_INDIVIDUAL = """
identity.individual.given_name
identity.individual.surname
identity.individual.date_of_birth
identity.individual.address.line1
identity.individual.address.city
identity.individual.address.postal_code
identity.individual.email
identity.individual.phone
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
# States, the end of the representative's number, and no attestations about people.
US_COMPANY = """
identity.business_details.registered_name
identity.business_details.address.line1
identity.business_details.address.city
identity.business_details.address.state
identity.business_details.address.postal_code
identity.business_details.phone
identity.business_details.id_numbers.us_ein
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
representative.given_name
representative.surname
representative.date_of_birth
representative.address.line1
representative.address.city
representative.address.state
representative.address.postal_code
representative.email
representative.phone
representative.relationship.title
representative.id_numbers.us_ssn_last_4
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
US_INDIVIDUAL = """
identity.individual.given_name
identity.individual.surname
identity.individual.date_of_birth
identity.individual.address.line1
identity.individual.address.city
identity.individual.address.state
identity.individual.address.postal_code
identity.individual.email
identity.individual.phone
identity.individual.id_numbers.us_ssn_last_4
identity.business_details.annual_revenue.amount
identity.business_details.annual_revenue.fiscal_year_end
identity.business_details.estimated_worker_count
configuration.merchant.mcc
defaults.profile.business_url
identity.attestations.terms_of_service.account
identity.attestations.terms_of_service.card_creator.commercial.account_holder
"""
# What is asked of the others in the United States is asked of a company, whose owners have their
# own entries as soon as there are any.
US_NON_PROFIT = US_GOVERNMENT = US_COMPANY

EXPECTED = {
    ("GB", "company"): GB_COMPANY,
    ("GB", "government_entity"): GB_GOVERNMENT,
    ("GB", "individual"): GB_INDIVIDUAL,
    ("GB", "non_profit"): GB_NON_PROFIT,
    ("US", "company"): US_COMPANY,
    ("US", "government_entity"): US_GOVERNMENT,
    ("US", "individual"): US_INDIVIDUAL,
    ("US", "non_profit"): US_NON_PROFIT,
}
# The euro countries ask for the same things and call their companies' number otherwise.
REGISTRIES = {
    "AT": "at_fn",
    "BE": "be_cbe",
    "CY": "cy_he",
    "DE": "de_hrn",
    "EE": "ee_rk",
    "ES": "es_cif",
    "FI": "fi_yt",
    "FR": "fr_siren",
    "GR": "gr_gemi",
    "HR": "hr_mbs",
    "IE": "ie_crn",
    "IT": "it_rea",
    "LT": "lt_ccrn",
    "LU": "lu_rcs",
    "LV": "lv_urn",
    "MT": "mt_crn",
    "NL": "nl_kvk",
    "PT": "pt_vat",
    "SI": "si_msp",
    "SK": "sk_ico",
}
for euro_country, number in REGISTRIES.items():
    for (_, kind), listed in list(EXPECTED.items())[:4]:
        EXPECTED[euro_country, kind] = listed.replace("gb_crn", number)

# What is asked for later, from a volume of card spend on.
LATER = {("US", "individual"): {"identity.individual.id_numbers.us_ssn"}}


def lines(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(("country", "entity_type"), EXPECTED)
def test_a_blank_account_is_asked_for_everything(country: str, entity_type: str) -> None:
    capability = SPEND_CARD if country == "US" else CHARGE_CARD
    found = evaluated(account(country, entity_type), paths=(capability,))
    expected = lines(EXPECTED[country, entity_type])
    assert sorted(asked(found, "past_due")) == sorted(expected)
    assert set(asked(found, "eventually_due")) == LATER.get((country, entity_type), set())
    assert asked(found, "currently_due") == []
    for entry in found.requirements.entries:
        (held,) = entry.impact.restricts_capabilities
        assert f"{held.configuration}.{held.capability}" == capability
        assert held.deadline == entry.minimum_deadline
    assert found.standings[capability].status == "restricted"


def test_the_four_differ() -> None:
    four = [
        set(lines(EXPECTED[key]))
        for key in (("GB", "company"), ("GB", "individual"), ("US", "company"), ("DE", "company"))
    ]
    for place, one in enumerate(four):
        assert all(one != other for other in four[:place])


def test_every_country_has_its_lists() -> None:
    assert sorted({country for country, _ in EXPECTED}) == countries()
    assert len(EXPECTED) == 22 * 4


# Beside issuing.
TRANSFERS_OF_A_GB_INDIVIDUAL = {
    "identity.individual.given_name",
    "identity.individual.surname",
    "identity.individual.date_of_birth",
    "identity.individual.address.line1",
    "identity.individual.address.city",
    "identity.individual.address.postal_code",
    "identity.individual.email",
    "identity.individual.phone",
    "identity.attestations.terms_of_service.account",
}
DESTINATION = "configuration.recipient.default_outbound_destination"
MERCHANT = {"configuration.merchant.mcc", "defaults.profile.business_url"}


@pytest.mark.parametrize(
    ("capability", "expected"),
    [
        ("recipient.stripe_balance.stripe_transfers", TRANSFERS_OF_A_GB_INDIVIDUAL),
        ("recipient.stripe_balance.payouts", TRANSFERS_OF_A_GB_INDIVIDUAL | {DESTINATION}),
        ("merchant.card_payments", TRANSFERS_OF_A_GB_INDIVIDUAL | MERCHANT),
        (
            "merchant.stripe_balance.payouts",
            TRANSFERS_OF_A_GB_INDIVIDUAL | MERCHANT | {DESTINATION},
        ),
        (
            "money_manager.received_credits.bank_accounts",
            TRANSFERS_OF_A_GB_INDIVIDUAL | {"identity.attestations.terms_of_service.money_manager"},
        ),
        ("customer.automatic_indirect_tax", set()),
    ],
)
def test_what_other_capabilities_need(capability: str, expected: set[str]) -> None:
    found = evaluated(account("GB", "individual"), paths=(capability,))
    assert set(asked(found, "past_due")) == expected
    assert found.standings[capability].status == ("restricted" if expected else "active")


CONSUMER = "identity.attestations.terms_of_service.card_creator.consumer.account_holder"


def test_consumer_cards_have_terms_of_their_own() -> None:
    found = evaluated(account("US", "individual"), paths=("card_creator.consumer.lead.debit_card",))
    terms = [name for name in asked(found, "past_due") if "card_creator" in name]
    assert terms == [CONSUMER]


PEOPLE: dict[str, dict[str, Any]] = {
    "person_r": {"representative": True, "owner": True, "director": True},
    "person_o": {"owner": True, "percent_ownership": "0.3", "director": True},
    "person_q": {"owner": True, "percent_ownership": "25"},
    "person_s": {"owner": True, "percent_ownership": "20"},
    "person_d": {"director": True},
    "person_e": {"executive": True},
}
NAMES = ["given_name", "surname", "date_of_birth"]
PLACE = ["address.line1", "address.city", "address.postal_code"]
STATED = [*PLACE, "address.state"]
# By country, entity type and person: the head of the path and what stands behind it.
OF_PEOPLE: dict[tuple[str, str], dict[str, tuple[str, list[str]]]] = {
    ("GB", "company"): {
        "person_r": (
            "representative",
            [*NAMES, *PLACE, "email", "phone", "relationship.title"],
        ),
        "person_o": ("owners", [*NAMES, *PLACE, "email", "phone"]),
        "person_d": ("directors", NAMES),
        "person_e": ("executives", [*NAMES, *PLACE, "email"]),
    },
    ("GB", "non_profit"): {
        "person_r": (
            "representative",
            [*NAMES, *PLACE, "email", "phone", "relationship.title"],
        ),
        "person_d": ("directors", NAMES),
        "person_e": ("executives", [*NAMES, *PLACE, "email"]),
    },
    ("GB", "government_entity"): {
        "person_r": (
            "representative",
            [*NAMES, *PLACE, "email", "phone", "relationship.title"],
        ),
    },
    ("US", "company"): {
        "person_r": (
            "representative",
            [
                *NAMES,
                *STATED,
                "email",
                "phone",
                "relationship.title",
                "id_numbers.us_ssn_last_4",
                "id_numbers.us_ssn",
            ],
        ),
        "person_o": (
            "owners",
            [
                *NAMES,
                *STATED,
                "email",
                "phone",
                "id_numbers.us_ssn_last_4",
                "id_numbers.us_ssn",
            ],
        ),
    },
    ("US", "non_profit"): {
        "person_r": (
            "representative",
            [
                *NAMES,
                *STATED,
                "email",
                "phone",
                "relationship.title",
                "id_numbers.us_ssn_last_4",
                "id_numbers.us_ssn",
            ],
        ),
    },
}
OF_PEOPLE["DE", "company"] = OF_PEOPLE["GB", "company"]


@pytest.mark.parametrize(("country", "entity_type"), OF_PEOPLE)
def test_persons_are_asked_by_their_role(country: str, entity_type: str) -> None:
    capability = SPEND_CARD if country == "US" else CHARGE_CARD
    people = [person(name, relationship=relation) for name, relation in PEOPLE.items()]
    found = evaluated(account(country, entity_type), people, paths=(capability,))
    shown: dict[str, set[str]] = {}
    for entry in found.requirements.entries:
        if entry.reference is not None:
            assert entry.reference.type == "person"
            shown.setdefault(entry.reference.resource, set()).add(entry.description)
    expected = OF_PEOPLE[country, entity_type]
    assert shown == {
        name: {f"{head}.{member}" for member in asked_for}
        for name, (head, asked_for) in expected.items()
    }


NUMBER = "identity.business_details.id_numbers"
DECLARATION = "identity.attestations.ownership_declaration"
TITLE = "representative.relationship.title"


@pytest.mark.parametrize(
    ("country", "structure", "absent"),
    [
        ("US", "sole_proprietorship", {f"{NUMBER}.us_ein", TITLE}),
        ("GB", "unincorporated_partnership", {f"{NUMBER}.gb_crn"}),
        (
            "GB",
            "public_company",
            {DECLARATION, "identity.attestations.persons_provided.owners"},
        ),
        ("DE", "private_company", set()),
        ("US", "single_member_llc", set()),
    ],
)
def test_structures_that_matter(country: str, structure: str, absent: set[str]) -> None:
    capability = SPEND_CARD if country == "US" else CHARGE_CARD
    shaped = account(country, "company", business_details={"structure": structure})
    found = evaluated(shaped, paths=(capability,))
    assert set(lines(EXPECTED[country, "company"])) - set(asked(found)) == absent


def test_owners_of_a_listed_company_are_not_asked() -> None:
    listed = account("GB", "company", business_details={"structure": "public_company"})
    owner = person("person_o", relationship={"owner": True, "percent_ownership": "80"})
    found = evaluated(listed, [owner])
    assert [entry for entry in found.requirements.entries if entry.reference is not None] == []

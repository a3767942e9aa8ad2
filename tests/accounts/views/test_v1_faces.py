"""The v1 face as pure data: translated into the record, and viewed from it again."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec
import pytest

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import (
    Account,
    AccountState,
    Capability,
    Deadline,
    Entry,
    Impact,
    Reference,
    RequestedReason,
    RequirementError,
    Requirements,
    RestrictsCapability,
    StatusDetail,
)
from cardwright.accounts.views import v1_render, v1_requirements, v1_translate
from cardwright.accounts.views.v1_account import AccountParameters
from cardwright.accounts.views.v1_person import PersonParameters
from cardwright.wire.content import brackets
from cardwright.wire.given import Given, build, merge
from cardwright.wire.parameters import parser
from cardwright.wire.resource import Moment, members
from cardwright.wire.versions import LATEST

CREATED = Moment("2025-06-18T00:48:16.000Z")
COMPANY = "&".join(
    (
        "type=custom",
        "business_type=company",
        "email=test@example.com",
        "business_profile[mcc]=5999",
        "business_profile[url]=https://www.wesellsocks.com",
        "business_profile[name]=Rocket Rides",
        "business_profile[product_description]=Rides",
        "business_profile[support_phone]=7325460697",
        "business_profile[estimated_worker_count]=100",
        "business_profile[annual_revenue][amount]=1000000",
        "business_profile[annual_revenue][currency]=usd",
        "business_profile[annual_revenue][fiscal_year_end]=2023-12-31",
        "company[name]=Rocket Rides",
        "company[tax_id]=11-3456789",
        "company[phone]=0000000000",
        "company[structure]=private_corporation",
        "company[owners_provided]=true",
        "company[address][line1]=123 Main St",
        "company[address][city]=San Francisco",
        "company[address][state]=CA",
        "company[address][postal_code]=94111",
        "company[address][country]=US",
        "company[verification][document][front]=file_identity_document_success",
        "settings[card_issuing][tos_acceptance][ip]=192.168.123.132",
        "settings[card_issuing][tos_acceptance][date]=1696634647",
        "settings[treasury][tos_acceptance][ip]=192.168.123.132",
        "settings[treasury][tos_acceptance][date]=1696634648",
        "tos_acceptance[ip]=192.168.123.132",
        "tos_acceptance[date]=1696634649",
        "tos_acceptance[service_agreement]=full",
        "default_currency=usd",
        "metadata[order]=1",
    )
)
PERSON = "&".join(
    (
        "first_name=Jenny",
        "last_name=Rosen",
        "dob[day]=12",
        "dob[month]=11",
        "dob[year]=1978",
        "address[line1]=510 Townsend Street",
        "address[city]=San Francisco",
        "address[state]=CA",
        "address[postal_code]=94111",
        "address[country]=US",
        "id_number=123456789",
        "email=jenny.rosen@example.com",
        "nationality=US",
        "relationship[representative]=true",
        "relationship[owner]=true",
        "relationship[percent_ownership]=0.75",
        "relationship[title]=CEO",
        "verification[document][front]=file_identity_document_success",
    )
)


def given_account(form: str) -> dict[str, Any]:
    read = parser(AccountParameters, "c", "v1", LATEST, form=True)
    return read(brackets.read(form.encode())).tree


def given_person(form: str) -> dict[str, Any]:
    read = parser(PersonParameters, "c", "v1", LATEST, form=True)
    return read(brackets.read(form.encode())).tree


def new_account(form: str, country: str = "US") -> Account:
    tree = v1_translate.new_account_tree(given_account(form), country)
    return build(
        Account, Given(Account, tree, "v1"), id="acct_test", created=CREATED, livemode=False
    )


def new_person(form: str, country: str = "US") -> Person:
    tree = v1_translate.person_tree(given_person(form), country, None)
    server = {"id": "person_test", "account": "acct_test", "created": CREATED}
    return build(Person, Given(Person, tree, "v1"), **server)


def leaf(body: dict[str, Any], name: str) -> Any:
    """The member at a bracket path."""
    found: Any = body
    for step in brackets.split(name):
        found = found[step]
    return found


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_an_account_shows_every_member_it_was_given() -> None:
    body = v1_render.account_body(AccountState(new_account(COMPANY), [], {}))
    for field in COMPANY.split("&"):
        name, _, value = field.partition("=")
        if name == "company[tax_id]":
            assert body["company"]["tax_id_provided"] is True
        else:
            assert as_text(leaf(body, name)) == value, name
    assert "11-3456789" not in str(body)


def test_a_person_shows_every_member_they_were_given() -> None:
    body = v1_render.person_body(AccountState(new_account(COMPANY), [], {}), new_person(PERSON))
    for field in PERSON.split("&"):
        name, _, value = field.partition("=")
        if name == "id_number":
            assert body["id_number_provided"] is True
        else:
            assert as_text(leaf(body, name)) == value, name
    assert "123456789" not in str(body)


def test_the_record_speaks_v2() -> None:
    account = new_account(COMPANY)
    details, terms = account.identity.business_details, account.identity.attestations
    assert details is not None
    assert terms is not None
    assert terms.terms_of_service is not None
    assert details.registered_name == "Rocket Rides"
    assert [number.type for number in details.id_numbers] == ["us_ein"]
    assert details.annual_revenue is not None
    assert details.annual_revenue.amount is not None
    assert details.annual_revenue.amount.value == 1000000
    card_creator = terms.terms_of_service.card_creator
    assert card_creator is not None
    assert card_creator.commercial is not None
    assert card_creator.commercial.account_holder is not None
    assert card_creator.commercial.account_holder.date == "2023-10-06T23:24:07.000Z"
    assert account.configuration.merchant is not None
    assert account.configuration.merchant.mcc == "5999"


def test_a_second_id_number_does_not_drop_the_first() -> None:
    person = new_person("ssn_last_4=0000")
    tree = v1_translate.person_tree(given_person("id_number=000000000"), "US", person)
    after = merge(person, Given(Person, tree, "v1"))
    assert {number.type for number in after.id_numbers} == {"us_ssn", "us_ssn_last_4"}


@pytest.mark.parametrize(
    ("form", "kind", "collection"),
    [
        ("", "standard", "stripe"),
        ("type=custom", "custom", "application"),
        ("type=express", "express", "stripe"),
        (
            "controller[stripe_dashboard][type]=none&controller[losses][payments]=application"
            "&controller[requirement_collection]=application&controller[fees][payer]=application",
            "custom",
            "application",
        ),
        ("controller[stripe_dashboard][type]=none", "none", "stripe"),
    ],
)
def test_the_type_follows_from_who_controls_the_account(
    form: str, kind: str, collection: str
) -> None:
    body = v1_render.account_body(AccountState(new_account(form), [], {}))
    assert body["type"] == kind
    assert body["controller"]["requirement_collection"] == collection


@pytest.mark.parametrize(
    ("path", "v1"),
    [
        ("identity[business_details][address][line1]", "company[address][line1]"),
        ("identity.individual.given_name", "individual[first_name]"),
        ("identity.individual.date_of_birth.day", "individual[dob][day]"),
        ("configuration.card_creator.capabilities.commercial", "capabilities[card_issuing]"),
        ("dashboard", "controller[stripe_dashboard][type]"),
        ("elsewhere", "elsewhere"),
        (None, None),
    ],
)
def test_errors_name_the_parameter_of_v1(path: str | None, v1: str | None) -> None:
    assert v1_translate.v1_param(path) == v1


def entry(
    path: str,
    status: Any = "past_due",
    person: str | None = None,
    code: str | None = None,
    awaiting: Any = "user",
) -> Entry:
    deadline = Deadline(status=status)
    held = RestrictsCapability(
        capability="commercial.celtic.spend_card", configuration="card_creator", deadline=deadline
    )
    return Entry(
        awaiting_action_from=awaiting,
        description=path,
        errors=[RequirementError(code=code, description="words")] if code else [],
        impact=Impact(restricts_capabilities=[held]),
        minimum_deadline=deadline,
        reference=Reference(type="person", resource=person) if person else None,
        requested_reasons=[RequestedReason(code="routine_onboarding")],
    )


@pytest.mark.parametrize(
    ("needed", "names"),
    [
        (entry("identity.business_details.registered_name"), ["company.name"]),
        (entry("identity.business_details.id_numbers.us_ein"), ["company.tax_id"]),
        (
            entry("identity.business_details.annual_revenue.amount"),
            ["business_profile.annual_revenue.amount", "business_profile.annual_revenue.currency"],
        ),
        (entry("defaults.profile.business_url"), ["business_profile.url"]),
        (
            entry("identity.attestations.terms_of_service.card_creator.commercial.account_holder"),
            [
                "settings.card_issuing.tos_acceptance.date",
                "settings.card_issuing.tos_acceptance.ip",
            ],
        ),
        (
            entry("identity.attestations.persons_provided.executives"),
            ["company.executives_provided"],
        ),
        (
            entry("identity.individual.date_of_birth"),
            ["individual.dob.day", "individual.dob.month", "individual.dob.year"],
        ),
        (entry("representative.given_name"), ["representative.first_name"]),
        (entry("owners.address.line1", person="person_1"), ["person_1.address.line1"]),
        (
            entry("representative.id_numbers.us_ssn_last_4", person="person_1"),
            ["person_1.ssn_last_4"],
        ),
        (entry("representative.id_numbers.us_ssn", person="person_1"), ["person_1.id_number"]),
        (
            entry("representative.documents.primary_verification", person="person_1"),
            ["person_1.verification.document"],
        ),
        (entry("identity.business_details.documents"), ["company.verification.document"]),
    ],
)
def test_requirements_have_their_v1_names(needed: Entry, names: list[str]) -> None:
    assert v1_requirements.names(needed) == names


def test_lists_hold_the_more_pressing_ones_too() -> None:
    found = v1_requirements.lists(
        [
            entry("identity.business_details.phone"),
            entry("configuration.merchant.mcc", "currently_due", code="invalid_value_other"),
            entry("identity.business_details.structure", "eventually_due"),
            entry("identity.business_details.id_numbers.us_ein", awaiting="stripe"),
        ]
    )
    assert found["past_due"] == ["company.phone"]
    assert found["currently_due"] == ["company.phone", "business_profile.mcc"]
    assert found["eventually_due"][-1] == "company.structure"
    assert found["pending_verification"] == ["company.tax_id"]
    assert found["errors"] == [
        {"code": "invalid_value_other", "reason": "words", "requirement": "business_profile.mcc"}
    ]


def capability(path: str, status: str) -> Capability:
    details = [StatusDetail(code="x", resolution="provide_info")] if status != "active" else []
    return Capability(path, True, status, details, 1_750_000_000_000)


def state(*capabilities: Capability, entries: list[Entry] | None = None) -> AccountState:
    account = new_account(COMPANY)
    account.requirements = Requirements(entries=entries or [])
    return AccountState(account, [], {found.path: found for found in capabilities})


def test_a_v1_capability_stands_for_any_commercial_card() -> None:
    celtic = capability("card_creator.commercial.celtic.charge_card", "restricted")
    own = capability("card_creator.commercial.stripe.prepaid_card", "active")
    body = v1_render.account_body(state(celtic, own))
    assert body["capabilities"] == {
        "card_issuing": "active",
        "card_issuing_charge_card": "inactive",
    }
    shown = v1_render.capability_body(state(celtic), "card_issuing")
    assert (shown["status"], shown["requested"], shown["requested_at"]) == (
        "inactive",
        True,
        1_750_000_000,
    )
    assert v1_render.capability_body(state(), "transfers")["status"] == "unrequested"


def places(shape: type[msgspec.Struct], path: str = "") -> Iterator[str]:
    """The dotted path of every member of the record, and of the first element of a list."""
    for name, member in members(shape).items():
        here = f"{path}.{name}".removeprefix(".")
        yield here
        is_list = get_origin(member.type) is list
        inner = get_args(member.type)[0] if is_list else member.type
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from places(inner, f"{here}.0" if is_list else here)


def takes(shape: type[msgspec.Struct], param: str) -> bool:
    """Whether there is such a parameter."""
    kind: Any = shape
    for step in brackets.split(param):
        if get_origin(kind) is list:
            (kind,) = get_args(kind)
        else:
            if not isinstance(kind, type) or step not in members(kind):
                return False
            kind = members(kind)[step].type
    return True


@pytest.mark.parametrize(
    ("record", "parameters", "person"),
    [(Account, AccountParameters, False), (Person, PersonParameters, True)],
)
def test_a_rule_can_name_only_what_v1_takes(
    record: type[msgspec.Struct], parameters: type[msgspec.Struct], person: bool
) -> None:
    """Wherever in the record something is wrong, v1 names a parameter of its own, or, where it has
    none, says the path as it is."""
    named = {path: v1_translate.v1_param(path, person=person) for path in places(record)}
    changed = {path: param for path, param in named.items() if param != path}
    assert len(changed) > 40
    # Whom the account is can have all that another person can.
    wrong = [
        (path, param)
        for path, param in changed.items()
        if not (takes(parameters, str(param)) or str(param).startswith("individual["))
    ]
    assert not wrong


def test_what_v1_alone_says_leaves_no_trace_in_the_words_of_v2() -> None:
    account = new_account("tos_acceptance[service_agreement]=recipient")
    assert account.v1 == {"service_agreement": "recipient"}
    assert account.identity.attestations is None
    body = v1_render.account_body(AccountState(account, [], {}))
    assert body["tos_acceptance"] == {
        "date": None,
        "ip": None,
        "user_agent": None,
        "service_agreement": "recipient",
    }

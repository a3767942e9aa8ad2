"""The refusals of accounts and persons, each by the call that earns it: nothing is stored."""

import copy
from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.accounts.calls import ACCOUNTS, CREATE, LATER_PREVIEW, WANTED
from tests.accounts.operations.test_external_accounts import US_BANK, attach
from tests.support.server import Platform

KANA = "identity.business_details.script_names"
ADDRESS = {"line1": "1 Main Street", "city": "London", "postal_code": "WC1N 3AX", "country": "gb"}
COMPANY: dict[str, Any] = {
    **copy.deepcopy(CREATE),
    "identity": {"country": "gb", "entity_type": "company"},
    "include": [],
}


def planted(wanted: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The call with one member set."""
    made = copy.deepcopy(wanted)
    *branches, leaf = path.split(".")
    node = made
    for branch in branches:
        node = node.setdefault(branch, {})
    node[leaf] = value
    return made


async def post(platform: Platform, path: str, wanted: Any, **more: Any) -> tuple[int, Any]:
    return await platform.call("POST", path, json=wanted, version=LATER_PREVIEW, **more)


async def made(platform: Platform, wanted: Any = COMPANY) -> str:
    status, body = await post(platform, ACCOUNTS, wanted)
    assert status == 200, body
    return f"{ACCOUNTS}/{body['id']}"


STRIPES = {"fees_collector": "stripe", "losses_collector": "stripe"}
TOPUP = {"amount": "500", "currency": "gbp", "destination_balance": "issuing"}
DETAILS = "identity.business_details"
CREATIONS: list[tuple[str, Any, str, str | None]] = [
    (
        "defaults.responsibilities",
        {"fees_collector": "stripe", "losses_collector": "application"},
        "account_controller_stripe_pricing_platform_liable",
        "defaults.responsibilities.fees_collector",
    ),
    ("contact_phone", "abc", "phone_invalid", "contact_phone"),
    ("defaults.currency", "inr", "account_country_unsupported_currency", "defaults.currency"),
    ("defaults.timezone", "Europe/Atlantis", "invalid_timezone", "defaults.timezone"),
    (
        f"{DETAILS}.address",
        {**ADDRESS, "line1": "<script>"},
        "address_characters_invalid",
        f"{DETAILS}.address.line1",
    ),
    (
        f"{DETAILS}.address",
        {**ADDRESS, "postal_code": "94111"},
        "address_postal_code_invalid",
        f"{DETAILS}.address.postal_code",
    ),
    (
        f"{DETAILS}.address",
        {**ADDRESS, "country": "us", "postal_code": "94111"},
        "address_country_identity_country_mismatch",
        f"{DETAILS}.address.country",
    ),
    (
        f"{DETAILS}.registration_date",
        {"day": 31, "month": 2, "year": 2020},
        "registration_date_invalid",
        f"{DETAILS}.registration_date",
    ),
    (
        f"{DETAILS}.registration_date",
        {"day": 1, "month": 2, "year": 2900},
        "registration_date_invalid",
        f"{DETAILS}.registration_date",
    ),
    (
        f"{DETAILS}.structure",
        "governmental_unit",
        "structure_incompatible_for_entity_type_country",
        f"{DETAILS}.structure",
    ),
    (
        f"{DETAILS}.id_numbers",
        [{"type": "gb_crn", "value": "00000000", "registrar": "Somewhere"}],
        "invalid_id_number_registrar",
        f"{DETAILS}.id_numbers.0.registrar",
    ),
    (
        f"{DETAILS}.id_numbers",
        [{"type": "us_ein", "value": "000000000"}],
        "incorrect_id_number_for_country",
        f"{DETAILS}.id_numbers.0",
    ),
    (KANA, {"kana": {"registered_name": "漢字"}}, "script_characters_invalid", None),
    (
        "identity.entity_type",
        "government_entity",
        "entity_type_not_supported_in_country",
        "identity.entity_type",
    ),
    (
        "identity.attestations.terms_of_service.account",
        {"date": "2026-01-01T00:00:00Z", "ip": "somewhere"},
        "ip_address_invalid",
        "identity.attestations.terms_of_service.account.ip",
    ),
    (
        "configuration.customer.shipping",
        {"name": "Jenny Rosen"},
        "shipping_address_required",
        "configuration.customer.shipping.address",
    ),
    (
        "configuration.customer.shipping",
        {"address": ADDRESS},
        "shipping_name_required",
        "configuration.customer.shipping.name",
    ),
    (
        "configuration.merchant.statement_descriptor",
        {"descriptor": "1234567"},
        "statement_descriptor_invalid",
        "configuration.merchant.statement_descriptor.descriptor",
    ),
    (
        "configuration.customer.test_clock",
        "clock_of_nobody",
        "test_clock_invalid",
        "test_clock",
    ),
    (
        "configuration.money_manager.high_risk_activities",
        ["none", "gambling"],
        "high_risk_activities_none_cant_be_combined_with_other_options",
        "configuration.money_manager.high_risk_activities",
    ),
    (
        "identity.attestations.directorship_declaration",
        {"date": "2026-01-01T00:00:00Z", "ip": "192.0.2.1"},
        "directorship_declaration_not_allowed_during_account_creation",
        "identity.attestations.directorship_declaration",
    ),
]


@pytest.mark.parametrize(("path", "value", "code", "param"), CREATIONS)
async def test_creations_are_refused_whole(
    platform: Platform, path: str, value: Any, code: str, param: str | None
) -> None:
    status, body = await post(platform, ACCOUNTS, planted(COMPANY, path, value))
    assert (status, body["error"]["code"]) == (400, code), body
    if param is not None:
        assert body["error"]["param"] == param
    _, listed = await platform.call("GET", ACCOUNTS, version=LATER_PREVIEW)
    assert listed["data"] == []


async def test_who_bears_what_fits_the_dashboard(platform: Platform) -> None:
    wanted = {
        "identity": {"country": "gb"},
        "dashboard": "express",
        "defaults": {
            "responsibilities": {"fees_collector": "application", "losses_collector": "stripe"}
        },
    }
    status, body = await post(platform, ACCOUNTS, wanted)
    code = "account_controller_express_dash_without_application_losses_or_fees"
    assert (status, body["error"]["code"]) == (400, code)
    param = "defaults.responsibilities.losses_collector"
    assert body["error"]["param"] == param


async def test_an_address_needs_a_country_somewhere(platform: Platform) -> None:
    address = {name: value for name, value in ADDRESS.items() if name != "country"}
    wanted = {"identity": {"business_details": {"address": address}}}
    status, body = await post(platform, ACCOUNTS, wanted)
    assert (status, body["error"]["code"]) == (400, "address_country_required")
    # The account's is enough.
    status, body = await post(platform, ACCOUNTS, planted(wanted, "identity.country", "gb"))
    assert status == 200, body


async def test_a_state_is_one_of_the_country(platform: Platform) -> None:
    address = {"line1": "1 Main Street", "city": "Boston", "postal_code": "02108", "country": "us"}
    wanted = {"identity": {"country": "us", "business_details": {"address": address}}}
    path = "identity.business_details.address.state"
    status, body = await post(platform, ACCOUNTS, planted(wanted, path, "Bavaria"))
    assert (status, body["error"]["code"]) == (400, "address_state_invalid")
    for state in ("MA", "Massachusetts"):
        status, body = await post(platform, ACCOUNTS, planted(wanted, path, state))
        assert status == 200, body


async def test_terms_are_not_accepted_for_whom_the_platform_does_not_collect(
    platform: Platform,
) -> None:
    accepted = {"date": "2026-01-01T00:00:00Z", "ip": "192.0.2.1"}
    wanted = {
        "identity": {
            "country": "gb",
            "attestations": {"terms_of_service": {"account": accepted}},
        },
        "dashboard": "full",
        "defaults": {
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
        },
    }
    status, body = await post(platform, ACCOUNTS, wanted)
    assert (status, body["error"]["code"]) == (400, "tos_acceptance_on_behalf_not_allowed")
    status, body = await platform.call(
        "POST",
        "/v1/accounts",
        form={
            "type": "express",
            "tos_acceptance[date]": "1700000000",
            "tos_acceptance[ip]": "192.0.2.1",
        },
    )
    assert (status, body["error"]["code"]) == (400, "tos_acceptance_on_behalf_not_allowed")
    assert body["error"]["param"] == "tos_acceptance"


@pytest.mark.parametrize(
    "capability", ["money_manager.received_credits.bank_accounts", "treasury", "storer"]
)
async def test_governments_issue_cards_and_keep_no_money(
    platform: Platform, capability: str
) -> None:
    """Cards are theirs to issue; money management of any name is refused and nothing is kept."""
    wanted = copy.deepcopy(COMPANY)
    wanted["identity"] = {"country": "us", "entity_type": "government_entity"}
    wanted["defaults"]["currency"] = "usd"
    keeping = {"capabilities": {"received_credits": {"bank_accounts": WANTED}}}
    code = "capability_not_available_for_entity_type_in_country"
    if capability == "treasury":
        form = {
            "type": "custom",
            "country": "US",
            "business_type": "government_entity",
            "capabilities[treasury][requested]": "true",
        }
        status, body = await platform.call("POST", "/v1/accounts", form=form)
    else:
        version = "2025-09-30.preview" if capability == "storer" else LATER_PREVIEW
        name = "storer" if capability == "storer" else "money_manager"
        refused = planted(wanted, f"configuration.{name}", keeping)
        status, body = await platform.call("POST", ACCOUNTS, json=refused, version=version)
    assert (status, body["error"]["code"]) == (400, code), body
    _, listed = await platform.call("GET", ACCOUNTS, version=LATER_PREVIEW)
    assert listed["data"] == []
    path = await made(platform, wanted)
    status, body = await post(platform, path, {"configuration": {"money_manager": keeping}})
    assert (status, body["error"]["code"]) == (400, code)
    shown = f"{path}?include[0]=configuration.card_creator&include[1]=configuration.money_manager"
    _, body = await platform.call("GET", shown, version=LATER_PREVIEW)
    assert body["configuration"]["money_manager"] is None
    cards = body["configuration"]["card_creator"]["capabilities"]["commercial"]["stripe"]
    assert cards["charge_card"]["status"] in ("restricted", "pending", "active")


JENNY: dict[str, Any] = {
    "given_name": "Jenny",
    "surname": "Rosen",
    "date_of_birth": {"day": 1, "month": 1, "year": 1980},
}
REPRESENTATIVE = {"relationship": {"representative": True}}
GUARDIAN = {"relationship": {"legal_guardian": True}}
TERMS = {"additional_terms_of_service": {"account": {"ip": "192.0.2.1"}}}


@pytest.mark.parametrize(
    ("first", "second", "code", "members"),
    [
        (JENNY, JENNY, "duplicate_person_not_allowed", ["duplicate_person_id"]),
        (JENNY, {**JENNY, "given_name": "JENNY"}, "duplicate_person_not_allowed", []),
        (REPRESENTATIVE, REPRESENTATIVE, "additional_representative_not_allowed", []),
        (
            {"relationship": {"authorizer": True}},
            {"relationship": {"authorizer": True}},
            "authorizer_duplicate",
            [],
        ),
        (
            {"relationship": {"owner": True, "percent_ownership": "60"}},
            {"relationship": {"owner": True, "percent_ownership": "60"}},
            "total_person_ownership_exceeded",
            [],
        ),
        (
            None,
            {"relationship": {"owner": True, "percent_ownership": "0"}},
            "person_percent_ownership_invalid",
            [],
        ),
        (
            None,
            {"relationship": {"representative": True, "authorizer": True}},
            "authorizer_relationship_invalid_for_representative",
            [],
        ),
        (
            None,
            {"relationship": {"representative": True, "legal_guardian": True}},
            "legal_guardian_representative_not_allowed",
            [],
        ),
        (None, GUARDIAN, "legal_guardian_requires_existing_representative", []),
        (None, TERMS, "additional_tos_only_allowed_for_legal_guardian", []),
        (
            None,
            {"date_of_birth": {"day": 1, "month": 1, "year": 2020}},
            "date_of_birth_age_restriction",
            ["age_limit"],
        ),
        (
            None,
            {"date_of_birth": {"day": 1, "month": 1, "year": 2900}},
            "date_of_birth_invalid",
            [],
        ),
        (None, {"address": {**ADDRESS, "postal_code": "1"}}, "address_postal_code_invalid", []),
        (
            None,
            {"script_names": {"kana": {"given_name": "漢字"}}},
            "script_characters_invalid",
            [],
        ),
    ],
)
async def test_persons_are_refused_whole(
    platform: Platform, first: Any, second: Any, code: str, members: list[str]
) -> None:
    path = f"{await made(platform)}/persons"
    if first is not None:
        status, body = await post(platform, path, first)
        assert status == 200, body
    status, body = await post(platform, path, second)
    assert (status, body["error"]["code"]) == (400, code), body
    for member in members:
        assert body["error"][member]
    _, listed = await platform.call("GET", path, version=LATER_PREVIEW)
    assert len(listed["data"]) == (first is not None)


async def test_a_second_legal_guardian_is_refused(platform: Platform) -> None:
    path = f"{await made(platform)}/persons"
    for person in (REPRESENTATIVE, {**GUARDIAN, **TERMS}):
        status, body = await post(platform, path, person)
        assert status == 200, body
    status, body = await post(platform, path, GUARDIAN)
    assert (status, body["error"]["code"]) == (400, "additional_legal_guardian_not_allowed")


async def test_an_individual_is_old_enough(platform: Platform) -> None:
    wanted = {
        "identity": {
            "country": "gb",
            "entity_type": "individual",
            "individual": {"date_of_birth": {"day": 1, "month": 1, "year": 2020}},
        }
    }
    status, body = await post(platform, ACCOUNTS, wanted)
    assert (status, body["error"]["code"]) == (400, "date_of_birth_age_restriction")
    assert body["error"]["age_limit"] == 13
    assert body["error"]["param"] == "identity.individual.date_of_birth"


async def test_nobody_owns_a_government(platform: Platform) -> None:
    wanted = {"identity": {"country": "us", "entity_type": "government_entity"}}
    path = f"{await made(platform, wanted)}/persons"
    owner = {"relationship": {"owner": True, "percent_ownership": "50"}}
    status, body = await post(platform, path, owner)
    code = "invalid_relationship_for_identity_type_structure_and_country"
    assert (status, body["error"]["code"]) == (400, code)


async def test_updates_are_refused_whole(platform: Platform) -> None:
    path = await made(platform)
    configuration = "configuration"
    for wanted, code in (
        ({configuration: {"customer": {"applied": False}}}, "configuration_cannot_be_deactivated"),
        (
            {configuration: {"recipient": {"default_outbound_destination": "ba_of_nobody"}}},
            "default_outbound_destination_invalid",
        ),
        (
            {configuration: {"customer": {"billing": {"default_payment_method": "pm_1"}}}},
            "default_payment_method_invalid",
        ),
        ({"defaults": {"currency": "eur"}}, "default_currency_immutable"),
        ({"identity": {"country": "de"}}, "immutable_identity_param"),
    ):
        status, body = await post(platform, path, wanted)
        assert (status, body["error"]["code"]) == (400, code), body


async def test_what_is_out_of_force_is_not_changed(platform: Platform) -> None:
    path = await made(platform)
    of = "configuration"
    shown = f"{path}?include[0]={of}.money_manager"
    for wanted in ({"applied": True, "purpose_of_funds": "payroll"}, {"applied": False}):
        status, body = await post(platform, path, {of: {"money_manager": wanted}})
        assert status == 200, body
    status, body = await post(
        platform, path, {of: {"money_manager": {"purpose_of_funds": "other"}}}
    )
    code = "configuration_cannot_be_updated_while_deactivated"
    assert (status, body["error"]["code"]) == (400, code)
    assert body["error"]["param"] == "configuration.money_manager"
    _, body = await platform.call("GET", shown, version=LATER_PREVIEW)
    assert body[of]["money_manager"]["purpose_of_funds"] == "payroll"
    both = {"applied": True, "purpose_of_funds": "other"}
    status, body = await post(platform, path, {of: {"money_manager": both}})
    assert status == 200, body


async def test_a_bank_account_becomes_the_destination(platform: Platform) -> None:
    path = await made(platform)
    account = path.rpartition("/")[2]
    bank = await attach(platform, account, US_BANK)
    wanted = {
        "configuration": {"recipient": {"default_outbound_destination": bank["id"]}},
        "include": ["configuration.recipient"],
    }
    status, body = await post(platform, path, wanted)
    assert status == 200, body
    shown = body["configuration"]["recipient"]["default_outbound_destination"]
    assert shown == {"id": bank["id"], "type": "us_bank_account"}


async def test_a_customer_is_no_account(platform: Platform) -> None:
    status, body = await platform.call("GET", f"{ACCOUNTS}/cus_1", version=LATER_PREVIEW)
    assert (status, body["error"]["code"]) == (400, "v1_customer_instead_of_v2_account")


async def test_a_live_platform_closes_only_what_it_is_liable_for(platform: Platform) -> None:
    keys = await create_platform(platform.live.application.database, livemode=True)
    live = Platform(platform.live, keys)
    clocked = planted(COMPANY, "configuration.customer.test_clock", "clock_1")
    status, body = await post(live, ACCOUNTS, clocked)
    assert (status, body["error"]["code"]) == (400, "test_clock_disallowed_on_live_mode")
    wanted = {
        "identity": {"country": "gb"},
        "dashboard": "full",
        "defaults": {
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
        },
    }
    path = await made(live, wanted)
    status, body = await post(live, f"{path}/close", {"applied_configurations": []})
    assert (status, body["error"]["code"]) == (400, "stripe_loss_liable_cannot_be_deleted")
    mine = await made(live)
    status, body = await post(live, f"{mine}/close", {"applied_configurations": ["recipient"]})
    assert (status, body["error"]["code"]) == (400, "configs_must_match_to_close")
    held = ["card_creator", "recipient", "merchant"]
    assert body["error"]["applied_configurations"] == held
    named = ["card_creator", "recipient", "merchant"]
    status, body = await post(live, f"{mine}/close", {"applied_configurations": named})
    assert (status, body["closed"]) == (200, True)

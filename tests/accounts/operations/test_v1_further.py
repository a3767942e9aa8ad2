"""Members of v1 beyond the documented calls: each is kept, shown again and read by v2."""

from typing import Any

import pytest

from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.v1_capabilities import V1_CAPABILITIES
from cardwright.accounts.views import v1_render, v1_translate
from cardwright.wire.given import Given, merge
from tests.accounts.operations.test_v1 import PREVIEW, at, new_account, read_v2
from tests.accounts.views.test_v1_faces import as_text, given_account, leaf, new_person
from tests.accounts.views.test_v1_faces import new_account as built
from tests.support.server import Platform

# What is sent, and where v2 has it (None: v1 alone knows it, or it is not shown as it was sent).
ACCOUNT: list[tuple[str, str, str | None]] = [
    ("business_profile[monthly_estimated_revenue][amount]", "2000", None),
    ("business_profile[monthly_estimated_revenue][currency]", "usd", None),
    ("business_profile[minority_owned_business_designation][0]", "women_owned_business", None),
    ("business_profile[support_email]", "help@example.com", "configuration.merchant.support.email"),
    ("business_profile[support_url]", "https://example.com/help", None),
    ("business_profile[support_address][city]", "Berlin", None),
    (
        "company[name_kana]",
        "ロケット",
        "identity.business_details.script_names.kana.registered_name",
    ),
    ("company[name_kanji]", "会社", "identity.business_details.script_names.kanji.registered_name"),
    (
        "company[address_kana][line1]",
        "チョウ",
        "identity.business_details.script_addresses.kana.line1",
    ),
    ("company[administrative_address][line1]", "1 Main Street", None),
    ("company[principal_place_of_business][city]", "Boston", None),
    ("company[physical_address][city]", "Austin", None),
    ("company[export_license_id]", "ABC", None),
    ("company[registration_date][day]", "3", "identity.business_details.registration_date.day"),
    ("company[registration_date][month]", "4", None),
    ("company[registration_date][year]", "2001", None),
    (
        "company[ownership_exemption_reason]",
        "qualifies_as_financial_institution",
        "identity.attestations.persons_provided.ownership_exemption_reason",
    ),
    ("company[representative_declaration][ip]", "192.0.2.1", None),
    ("company[directorship_declaration][date]", "1700000000", None),
    ("groups[payments_pricing]", "grp_1", None),
    (
        "settings[branding][primary_color]",
        "#112233",
        "configuration.merchant.branding.primary_color",
    ),
    (
        "settings[card_payments][decline_on][avs_failure]",
        "true",
        "configuration.merchant.card_payments.decline_on.avs_failure",
    ),
    (
        "settings[card_payments][statement_descriptor_prefix]",
        "RIDES",
        "configuration.merchant.statement_descriptor.prefix",
    ),
    (
        "settings[card_payments][statement_descriptor_prefix_kana]",
        "ロケ",
        "configuration.merchant.script_statement_descriptor.kana.prefix",
    ),
    (
        "settings[payments][statement_descriptor_kanji]",
        "会社",
        "configuration.merchant.script_statement_descriptor.kanji.descriptor",
    ),
    (
        "settings[bacs_debit_payments][display_name]",
        "Rocket Rides",
        "configuration.merchant.bacs_debit_payments.display_name",
    ),
    (
        "settings[sepa_debit_payments][creditor_id]",
        "creditor",
        "configuration.merchant.sepa_debit_payments.creditor_id",
    ),
    ("settings[invoices][hosted_payment_method_save]", "never", None),
    ("settings[payouts][debit_negative_balances]", "true", None),
    ("settings[payouts][schedule][delay_days]", "7", None),
    ("settings[payouts][schedule][interval]", "weekly", None),
    ("settings[payouts][schedule][weekly_anchor]", "friday", None),
    ("settings[payouts][statement_descriptor]", "PAYOUT", None),
]
PERSON = [
    ("first_name_kana", "ジェニー"),
    ("last_name_kanji", "薔薇"),
    ("address_kanji[city]", "東京"),
    ("full_name_aliases[0]", "Jen Rosen"),
    ("full_name_aliases[1]", "Jenny R."),
    ("gender", "female"),
    ("maiden_name", "Garden"),
    ("registered_address[line1]", "1 Other Street"),
    ("registered_address[country]", "US"),
    ("additional_tos_acceptances[account][ip]", "192.0.2.1"),
    ("us_cfpb_data[race_details][race][0]", "white"),
    ("us_cfpb_data[self_identified_gender]", "woman"),
    ("political_exposure", "none"),
]


def place(body: Any, name: str) -> Any:
    """The member at a bracket path; numbers are places in lists."""
    found = body
    for step in name.replace("]", "").split("["):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def test_an_account_keeps_every_further_member() -> None:
    form = "&".join(f"{name}={value.replace('#', '%23')}" for name, value, _ in ACCOUNT)
    account = built(form)
    body = v1_render.account_body(AccountState(account, [], {}))
    for name, value, _ in ACCOUNT:
        assert as_text(place(body, name)) == value, name


def test_a_person_keeps_every_further_member() -> None:
    person = new_person("&".join(f"{name}={value}" for name, value in PERSON))
    body = v1_render.person_body(AccountState(built("type=custom"), [], {}), person)
    for name, value in PERSON:
        assert as_text(place(body, name)) == value, name
    assert [name.purpose for name in person.additional_names] == ["alias", "alias", "maiden"]
    assert person.additional_addresses[0].purpose == "registered"


def updated(account: Account, form: str) -> Account:
    state = AccountState(account, [], {})
    tree = v1_translate.account_tree(given_account(form), "US", state)
    return merge(account, Given(Account, tree, "v1"))


def test_further_members_merge_and_go() -> None:
    account = built(
        "settings[payouts][schedule][interval]=weekly&settings[payouts][statement_descriptor]=A"
        "&tos_acceptance[service_agreement]=full&company[export_license_id]=X"
        "&company[administrative_address][line1]=1 Main Street"
        "&company[administrative_address][city]=Boston"
    )
    account = updated(
        account,
        "settings[payouts][schedule][delay_days]=minimum&company[export_license_id]="
        "&company[administrative_address][city]=Austin&tos_acceptance[service_agreement]=recipient"
        "&settings[payouts][statement_descriptor]=",
    )
    body = v1_render.account_body(AccountState(account, [], {}))
    assert body["settings"]["payouts"] == {
        "debit_negative_balances": False,
        "schedule": {"delay_days": 2, "interval": "weekly"},
        "statement_descriptor": None,
    }
    assert "export_license_id" not in body["company"]
    assert body["tos_acceptance"]["service_agreement"] == "recipient"
    address = leaf(body, "company[administrative_address]")
    assert (address["line1"], address["city"]) == ("1 Main Street", "Austin")
    account = updated(
        account, "company[administrative_address][line1]=&company[administrative_address][city]="
    )
    assert details_of(account).additional_addresses == []


def details_of(account: Account) -> Any:
    assert account.identity.business_details is not None
    return account.identity.business_details


def test_numbers_of_a_company_stand_beside_each_other() -> None:
    account = built(
        "company[tax_id]=HRB 1234&company[tax_id_registrar]=Berlin (Charlottenburg)", "DE"
    )
    tree = v1_translate.account_tree(
        given_account("company[vat_id]=DE123456789"), "DE", AccountState(account, [], {})
    )
    after = merge(account, Given(Account, tree, "v1"))
    shown = v1_render.account_body(AccountState(after, [], {}))["company"]
    assert [number.type for number in details_of(after).id_numbers] == ["de_hrn", "de_vat"]
    assert (shown["tax_id_provided"], shown["vat_id_provided"]) == (True, True)
    assert shown["tax_id_registrar"] == "Berlin (Charlottenburg)"


async def test_v2_reads_the_further_members(platform: Platform) -> None:
    form = {name: value for name, value, _ in ACCOUNT}
    account = await new_account(platform, **form)
    body = await read_v2(platform, account)
    for name, value, path in ACCOUNT:
        if path is not None:
            assert as_text(at(body, path)) == value, name
    details = body["identity"]["business_details"]
    assert [one["purpose"] for one in details["additional_addresses"]] == [
        "administrative",
        "principal_place_of_business",
    ]
    assert details["monthly_estimated_revenue"] == {"amount": {"value": 2000, "currency": "usd"}}
    # Facts of a business do not make it a merchant.
    assert "merchant" not in body["applied_configurations"]


async def signed_by_a_person(platform: Platform, account: str) -> str:
    """The id of a new person of the account, who signed its proof of registration."""
    path = f"/v1/accounts/{account}"
    _, person = await platform.call("POST", f"{path}/persons", form={"first_name": "Jenny"})
    form = {"documents[proof_of_registration][signer][person]": person["id"]}
    status, body = await platform.call("POST", path, form=form)
    assert status == 200, body
    signer: str = person["id"]
    return signer


async def test_documents_are_the_same_in_both_faces(platform: Platform) -> None:
    success = "file_identity_document_success"
    form = {
        "documents[company_license][files][0]": success,
        "documents[proof_of_registration][files][0]": success,
    }
    account = await new_account(platform, **form)
    signer = await signed_by_a_person(platform, account)
    documents = (await read_v2(platform, account))["identity"]["business_details"]["documents"]
    assert documents["company_license"] == {"type": "files", "files": [success]}
    assert documents["proof_of_registration"]["signer"] == {"person": signer}
    status, person = await platform.call(
        "POST",
        f"/v1/accounts/{account}/persons",
        form={"first_name": "Jenny", "documents[passport][files][0]": success},
    )
    assert status == 200, person
    path = f"/v2/core/accounts/{account}/persons/{person['id']}"
    _, shown = await platform.call("GET", path, version=PREVIEW)
    assert shown["documents"]["passport"] == {"type": "files", "files": [success]}
    assert "v1" not in shown
    status, body = await platform.call(
        "POST",
        f"/v1/accounts/{account}",
        form={"documents[company_license][files][0]": "file_of_nobody"},
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert body["error"]["param"].startswith("documents[company_license]")


@pytest.mark.parametrize("name", V1_CAPABILITIES)
async def test_every_capability_can_be_asked_for_and_given_back(
    platform: Platform, name: str
) -> None:
    if name.startswith("card_issuing_consumer"):
        more = {"business_type": "individual"}
    else:
        more = {"business_type": "company"}
    account = await new_account(platform, **more)
    path = f"/v1/accounts/{account}/capabilities/{name}"
    status, body = await platform.call("POST", path, form={"requested": "true"})
    assert status == 200, body
    assert (body["id"], body["requested"]) == (name, True)
    assert body["status"] in ("active", "inactive", "pending")
    _, shown = await platform.call("GET", f"/v1/accounts/{account}")
    assert shown["capabilities"][name] == body["status"]
    _, listed = await platform.call("GET", f"/v1/accounts/{account}/capabilities")
    assert body in listed["data"]


@pytest.mark.parametrize(
    ("reason", "disabled"),
    [
        ("fraud", "rejected.platform_fraud"),
        ("fraud_other", "rejected.platform_fraud"),
        ("terms_of_service", "rejected.platform_terms_of_service"),
        ("other", "rejected.platform_other"),
        ("credit", "rejected.platform_other"),
    ],
)
async def test_a_platform_rejects_its_account(
    platform: Platform, reason: str, disabled: str
) -> None:
    account = await new_account(platform)
    path = f"/v1/accounts/{account}"
    status, body = await platform.call("POST", f"{path}/reject", form={"reason": reason})
    assert status == 200, body
    assert body["requirements"]["disabled_reason"] == disabled
    assert set(body["capabilities"].values()) == {"inactive"}
    shown = await read_v2(platform, account)
    detail = shown["configuration"]["recipient"]["capabilities"]["stripe_balance"]
    assert detail["stripe_transfers"]["status_details"] == [
        {"code": disabled.replace(".", "_"), "resolution": "contact_stripe"}
    ]
    _, told = await platform.call("GET", "/v1/events?type=account.updated", account=account)
    previous = told["data"][0]["data"]["previous_attributes"]["requirements"]
    assert "disabled_reason" in previous


async def test_rejecting_needs_a_reason_and_an_account_of_ones_own(platform: Platform) -> None:
    account = await new_account(platform)
    path = f"/v1/accounts/{account}/reject"
    status, body = await platform.call("POST", path)
    assert (status, body["error"]["param"]) == (400, "reason")
    status, body = await platform.call("POST", path, form={"reason": "because"})
    assert (status, body["error"]["param"]) == (400, "reason")
    status, body = await platform.call(
        "POST", f"/v1/accounts/{platform.keys.account_id}/reject", form={"reason": "fraud"}
    )
    assert status == 400, body
    status, body = await platform.call(
        "POST", "/v1/accounts/acct_nobody/reject", form={"reason": "fraud"}
    )
    assert status == 403, body

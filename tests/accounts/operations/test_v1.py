"""The v1 face on a live port: what one face writes the other reads, and the SDK's own calls."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.roles.provisioning import create_platform
from tests.accounts.views.v1_members import COMPANY, CREATION, CUSTOM, IN_V1, PERSON
from tests.support.server import Platform

PREVIEW = "2025-09-30.preview"
INCLUDED = "&".join(
    f"include[{index}]={name}"
    for index, name in enumerate(
        (
            "configuration.merchant",
            "configuration.recipient",
            "configuration.card_creator",
            "defaults",
            "identity",
            "requirements",
        )
    )
)


def at(body: Any, path: str) -> Any:
    for step in path.split("."):
        body = body[step]
    return body


async def new_account(platform: Platform, **more: str) -> str:
    status, body = await platform.call("POST", "/v1/accounts", form={**CUSTOM, **more})
    assert status == 200, body
    return str(body["id"])


async def read_v2(platform: Platform, account: str, path: str = "") -> Any:
    status, body = await platform.call(
        "GET", f"/v2/core/accounts/{account}{path}?{INCLUDED}", version=PREVIEW
    )
    assert status == 200, body
    return body


async def test_v2_reads_what_v1_wrote_of_an_account(platform: Platform) -> None:
    account = await new_account(platform)
    form = {name: value for name, value, _, _ in COMPANY}
    status, _ = await platform.call("POST", f"/v1/accounts/{account}", form=form)
    assert status == 200
    body = await read_v2(platform, account)
    for name, _, path, shown in COMPANY:
        assert at(body, path) == shown, name


async def test_v2_reads_what_v1_wrote_of_a_person(platform: Platform) -> None:
    account = await new_account(platform, business_type="company")
    form = {name: value for name, value, _, _ in PERSON}
    status, person = await platform.call("POST", f"/v1/accounts/{account}/persons", form=form)
    assert status == 200, person
    status, body = await platform.call(
        "GET", f"/v2/core/accounts/{account}/persons/{person['id']}", version=PREVIEW
    )
    assert status == 200
    for name, _, path, shown in PERSON:
        assert at(body, path) == shown, name


async def test_v1_reads_what_v2_created(platform: Platform) -> None:
    status, created = await platform.call(
        "POST", "/v2/core/accounts", json=CREATION, version=PREVIEW
    )
    assert status == 200, created
    status, body = await platform.call("GET", f"/v1/accounts/{created['id']}")
    assert status == 200
    for path, shown in IN_V1.items():
        assert at(body, path) == shown, path
    assert body["id"] == created["id"]


async def test_v1_reads_what_v2_wrote_of_company_and_person(platform: Platform) -> None:
    """The members of the v1 calls again, written by v2 this time."""
    account = await new_account(platform)
    details = {"id_numbers": [{"type": "us_ein", "value": "11-3456789"}]}
    tree: Any = {"identity": {"business_details": details}}
    for _, _, path, value in COMPANY:
        if not path.endswith("id_numbers"):
            plant(tree, path, value)
    status, body = await platform.call(
        "POST", f"/v2/core/accounts/{account}", json=tree, version=PREVIEW
    )
    assert status == 200, body
    _, v1 = await platform.call("GET", f"/v1/accounts/{account}")
    for name, value, _, _ in COMPANY:
        shown = at(
            v1,
            name.replace("][", ".")
            .replace("[", ".")
            .replace("]", "")
            .replace("company.tax_id", "company.tax_id_provided"),
        )
        assert shown is True if name == "company[tax_id]" else str(shown) == value, name
    person: Any = {"id_numbers": [{"type": "us_ssn", "value": "123456789"}]}
    for _, _, path, value in PERSON:
        if path != "id_numbers":
            plant(person, path, value)
    status, made = await platform.call(
        "POST", f"/v2/core/accounts/{account}/persons", json=person, version=PREVIEW
    )
    assert status == 200, made
    _, v1 = await platform.call("GET", f"/v1/accounts/{account}/persons/{made['id']}")
    for name, value, _, _ in PERSON:
        path = name.replace("][", ".").replace("[", ".").replace("]", "")
        shown = at(v1, path.replace("id_number", "id_number_provided"))
        text = str(shown).lower() if isinstance(shown, bool) else str(shown)
        assert shown is True if name == "id_number" else text == value, name


def plant(tree: Any, path: str, value: Any) -> None:
    *branches, leaf = path.split(".")
    for step in branches:
        tree = tree.setdefault(step, {})
    tree[leaf] = value


async def test_an_empty_body_makes_an_account(platform: Platform) -> None:
    status, body = await platform.call("POST", "/v1/accounts")
    assert status == 200, body
    assert body["type"] == "standard"
    assert body["business_type"] is None
    assert body["country"] == "US"
    assert body["capabilities"] == {}
    assert body["requirements"]["currently_due"] == []


async def test_an_account_without_a_business_type_is_asked_for_it(platform: Platform) -> None:
    account = await new_account(platform)
    status, body = await platform.call("GET", f"/v1/accounts/{account}")
    assert status == 200
    assert "business_type" in body["requirements"]["currently_due"]
    assert body["capabilities"] == {"card_issuing": "inactive", "transfers": "inactive"}


async def test_facts_of_a_business_do_not_make_it_a_merchant(platform: Platform) -> None:
    account = await new_account(platform, **{"business_profile[mcc]": "5999"})
    body = await read_v2(platform, account)
    assert body["applied_configurations"] == ["card_creator", "recipient"]
    assert body["configuration"]["merchant"]["mcc"] == "5999"
    status, body = await platform.call(
        "POST",
        f"/v1/accounts/{account}/capabilities/card_payments",
        form={"requested": "true"},
    )
    assert (status, body["status"]) == (200, "inactive"), body
    body = await read_v2(platform, account)
    assert "merchant" in body["applied_configurations"]
    assert body["configuration"]["merchant"]["mcc"] == "5999"


async def test_capabilities_are_requested_and_taken_back(platform: Platform) -> None:
    account = await new_account(platform)
    path = f"/v1/accounts/{account}/capabilities"
    status, listed = await platform.call("GET", path)
    assert status == 200
    requested = {one["id"]: one["requested"] for one in listed["data"]}
    assert requested["card_issuing"] is True
    assert requested["card_payments"] is False
    status, body = await platform.call("POST", f"{path}/card_issuing", form={"requested": "false"})
    assert (status, body["status"], body["requested"]) == (200, "unrequested", False)
    status, body = await platform.call("POST", f"{path}/card_issuing", form={"requested": "true"})
    assert (status, body["status"]) == (200, "inactive")
    assert body["requirements"]["disabled_reason"] == "requirements.fields_needed"
    assert body["account"] == account
    status, body = await platform.call("GET", f"{path}/teleportation")
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_persons_are_listed_changed_and_deleted(platform: Platform) -> None:
    account = await new_account(platform, business_type="company")
    path = f"/v1/accounts/{account}/persons"
    people = []
    for name, role in (("Jenny", "representative"), ("Jenny", "director"), ("Jenny", "owner")):
        form = {"first_name": name, f"relationship[{role}]": "true"}
        status, person = await platform.call("POST", path, form=form)
        assert status == 200, person
        people.append(person["id"])
    _, listed = await platform.call("GET", path)
    assert [one["id"] for one in listed["data"]] == people[::-1]
    _, listed = await platform.call("GET", f"{path}?limit=1&starting_after={people[2]}")
    assert [one["id"] for one in listed["data"]] == [people[1]]
    assert listed["has_more"] is True
    _, listed = await platform.call("GET", f"{path}?relationship[owner]=true")
    assert [one["id"] for one in listed["data"]] == [people[2]]
    form = {"last_name": "Rosen", "first_name": "", "metadata[order]": "1"}
    status, body = await platform.call("POST", f"{path}/{people[1]}", form=form)
    assert (body["first_name"], body["last_name"]) == (None, "Rosen")
    assert body["metadata"] == {"order": "1"}
    assert body["relationship"]["director"] is True
    status, body = await platform.call("DELETE", f"{path}/{people[1]}")
    assert (status, body) == (200, {"id": people[1], "object": "person", "deleted": True})
    status, body = await platform.call("GET", f"{path}/{people[1]}")
    assert (status, body["error"]["message"]) == (404, f"No such person: '{people[1]}'")


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"company[color]": "red"}, "company[color]", "parameter_unknown"),
        (
            {"settings[card_issuing][tos_acceptance][time]": "1"},
            "settings[card_issuing][tos_acceptance][time]",
            "parameter_unknown",
        ),
        ({"business_type": "club"}, "business_type", None),
        (
            {"business_profile[annual_revenue][amount]": "1"},
            "business_profile[annual_revenue][currency]",
            "parameter_missing",
        ),
        ({"email": "nobody"}, "email", "email_invalid"),
        ({"email": ".a@example.com"}, "email", "email_invalid"),
        ({"email": "a..b@example.com"}, "email", "email_invalid"),
        ({"email": "a.@example.com"}, "email", "email_invalid"),
        ({"company[phone]": "call me"}, "company[phone]", None),
        (
            {"company[address][country]": "GB"},
            "company[address][country]",
            "address_country_identity_country_mismatch",
        ),
        ({"type": "custom"}, "type", "parameter_unknown"),
    ],
)
async def test_refusals_name_the_parameter_of_v1(
    platform: Platform, form: dict[str, str], param: str, code: str | None
) -> None:
    account = await new_account(platform)
    _, before = await platform.call("GET", f"/v1/accounts/{account}")
    status, body = await platform.call("POST", f"/v1/accounts/{account}", form=form)
    assert (status, body["error"].get("param"), body["error"].get("code")) == (400, param, code)
    assert (await platform.call("GET", f"/v1/accounts/{account}"))[1] == before


async def test_a_capability_that_is_refused_is_named(platform: Platform) -> None:
    form = {"type": "custom", "capabilities[card_issuing][requested]": "true"}
    status, body = await platform.call("POST", "/v1/accounts", form=form)
    assert status == 400
    assert body["error"]["param"] == "capabilities[card_issuing]"
    status, body = await platform.call(
        "POST", "/v1/accounts", form={"type": "custom", "controller[fees][payer]": "account"}
    )
    assert (status, body["error"]["param"]) == (400, "type")


async def test_accounts_are_listed_newest_first(platform: Platform) -> None:
    made = [await new_account(platform) for _ in range(3)]
    _, listed = await platform.call("GET", "/v1/accounts?limit=2")
    assert [one["id"] for one in listed["data"]] == made[:0:-1]
    assert listed["has_more"] is True
    _, listed = await platform.call("GET", f"/v1/accounts?starting_after={made[1]}")
    assert [one["id"] for one in listed["data"]] == [made[0]]
    created = listed["data"][0]["created"]
    _, listed = await platform.call("GET", f"/v1/accounts?created[lt]={created}")
    assert listed["data"] == []
    _, listed = await platform.call("GET", f"/v1/accounts?created[gte]={created}")
    assert len(listed["data"]) == 3


async def test_an_account_out_of_reach_is_refused_alike_everywhere(platform: Platform) -> None:
    """Unknown, another platform's or deleted, in the path or in the header: 403."""
    other = Platform(platform.live, await create_platform(platform.live.application.database))
    account = await new_account(platform)
    gone = await new_account(other)
    status, body = await other.call("DELETE", f"/v1/accounts/{gone}")
    assert (status, body) == (200, {"id": gone, "object": "account", "deleted": True})
    under = "/persons /capabilities /capabilities/transfers /external_accounts".split()
    calls = [("GET", f"/v1/accounts/{{}}{path}", False) for path in ("", *under)]
    calls += [("POST", "/v1/accounts/{}", False), ("DELETE", "/v1/accounts/{}", False)]
    calls += [("POST", "/v1/accounts/{}/persons", False), ("GET", "/v1/balance", True)]
    calls += [("GET", "/v1/issuing/cards", True), ("POST", "/v1/issuing/cardholders", True)]
    calls += [("POST", "/v1/test_helpers/issuing/authorizations", True)]
    for method, path, by_header in calls:
        for found in (account, gone, "acct_none"):
            status, body = await other.call(
                method, path.format(found), account=found if by_header else None
            )
            assert (status, body["error"].get("code")) == (403, "account_invalid"), path
            assert found in body["error"]["message"]
    listed = await other.call("GET", "/v1/accounts")
    assert listed[1]["data"] == []


async def test_the_caller_reads_its_own_account(platform: Platform) -> None:
    status, body = await platform.call("GET", "/v1/account")
    assert (status, body["id"]) == (200, platform.keys.account_id)
    account = await new_account(platform)
    status, body = await platform.call("GET", "/v1/account", account=account)
    assert (status, body["id"]) == (200, account)


async def test_deleting_closes_the_account(platform: Platform) -> None:
    account = await new_account(platform)
    status, body = await platform.call("DELETE", f"/v1/accounts/{account}")
    assert (status, body) == (200, {"id": account, "object": "account", "deleted": True})
    _, listed = await platform.call("GET", "/v1/accounts")
    assert listed["data"] == []


async def test_events_are_snapshots_in_the_words_of_v1(platform: Platform) -> None:
    account = await new_account(platform, business_type="company")
    form = {"company[name]": "Rocket Rides"}
    await platform.call("POST", f"/v1/accounts/{account}", form=form)
    form = {"first_name": "Jenny", "relationship[representative]": "true"}
    _, person = await platform.call("POST", f"/v1/accounts/{account}/persons", form=form)
    await platform.call("DELETE", f"/v1/accounts/{account}/persons/{person['id']}")
    rows = await platform.live.application.database.pool.fetch(
        "select type, snapshot::jsonb ->> 'object' as object, snapshot::jsonb -> 'company' ->> "
        "'name' as name from events where account_id = $1 and type not like 'v2%' order by id",
        account,
    )
    types = {row["type"]: row["object"] for row in rows}
    assert types["account.updated"] == "account"
    assert types["person.created"] == types["person.deleted"] == "person"
    assert types["capability.updated"] == "capability"
    assert "Rocket Rides" in {row["name"] for row in rows}


def individual(birth_year: str, **changes: str) -> dict[str, str]:
    """An account of an individual with everything that is needed."""
    return {
        **CUSTOM,
        "country": "GB",
        "business_type": "individual",
        "individual[first_name]": "Jenny",
        "individual[last_name]": "Rosen",
        "individual[dob][day]": "1",
        "individual[dob][month]": "1",
        "individual[dob][year]": birth_year,
        "individual[address][line1]": "address_full_match",
        "individual[address][city]": "London",
        "individual[address][postal_code]": "WC1N 3AX",
        "individual[address][country]": "GB",
        "individual[email]": "jenny.rosen@example.com",
        "individual[phone]": "0000000000",
        "business_profile[mcc]": "5999",
        "business_profile[url]": "https://accessible.stripe.com",
        "business_profile[estimated_worker_count]": "1",
        "business_profile[annual_revenue][amount]": "0",
        "business_profile[annual_revenue][currency]": "gbp",
        "business_profile[annual_revenue][fiscal_year_end]": "2023-12-31",
        "tos_acceptance[date]": "1696634647",
        "tos_acceptance[ip]": "192.168.123.132",
        "settings[card_issuing][tos_acceptance][date]": "1696634647",
        "settings[card_issuing][tos_acceptance][ip]": "192.168.123.132",
        **changes,
    }


async def verified(platform: Platform, account: str) -> Any:
    """The account once nothing of it is being verified."""
    for _ in range(100):
        _, body = await platform.call("GET", f"/v1/accounts/{account}")
        if not body["requirements"]["pending_verification"]:
            return body
        await asyncio.sleep(0.1)
    raise AssertionError(f"still being verified: {body['requirements']}")


async def test_an_individual_on_the_sanctions_list_is_rejected(platform: Platform) -> None:
    """Nothing is asked, the reason is given, and the setup page says whom to turn to."""
    _, made = await platform.call("POST", "/v1/accounts", form=individual("1900"))
    assert made["capabilities"]["card_issuing"] == "pending"
    body = await verified(platform, made["id"])
    assert body["requirements"]["disabled_reason"] == "rejected.listed"
    assert body["requirements"]["currently_due"] == []
    assert body["capabilities"]["card_issuing"] == "inactive"
    assert body["individual"]["verification"]["status"] == "unverified"
    path = f"/v1/accounts/{made['id']}/capabilities/card_issuing"
    _, capability = await platform.call("GET", path)
    assert capability["requirements"]["disabled_reason"] == "rejected.other"
    form = {"account": made["id"], "type": "account_onboarding"}
    form |= {"refresh_url": "https://example.com/", "return_url": "https://example.com/"}
    _, link = await platform.call("POST", "/v1/account_links", form=form)
    async with platform.live.http.get(link["url"]) as response:
        page = await response.text()
    assert "This account cannot be used." in page
    assert "contact the platform" in page
    assert "Nothing is needed" not in page


async def test_a_dormant_business_is_paused(platform: Platform) -> None:
    """The documented website of an inactive business."""
    form = individual("1902", **{"business_profile[url]": "https://inactivity.stripe.com"})
    _, made = await platform.call("POST", "/v1/accounts", form=form)
    path = f"/v1/accounts/{made['id']}/capabilities/card_issuing"
    _, capability = await platform.call("GET", path)
    assert capability["requirements"]["disabled_reason"] == "paused.inactivity"


async def test_an_individual_becomes_active_within_one_call(platform: Platform) -> None:
    """Documented test values that answer at once, sent with the creation itself."""
    status, body = await platform.call("POST", "/v1/accounts", form=individual("1902"))
    assert status == 200, body
    assert body["capabilities"]["card_issuing"] == "active", body["requirements"]
    assert body["capabilities"]["transfers"] == "active"
    assert body["individual"]["verification"]["status"] == "verified"
    assert body["individual"]["id"].startswith("person_")
    assert body["details_submitted"] is True
    path = f"/v1/accounts/{body['id']}/persons"
    _, listed = await platform.call("GET", path)
    assert [one["id"] for one in listed["data"]] == [body["individual"]["id"]]
    status, refused = await platform.call("POST", path, form={"first_name": "Jenny"})
    assert (status, refused["error"]["code"]) == (400, "individual_additional_person_not_allowed")


async def test_the_official_sdk_onboards_an_account(platform: Platform) -> None:
    client = platform.sdk.v1

    def journey() -> tuple[stripe.Account, stripe.Person]:
        account = client.accounts.create(
            {
                "type": "custom",
                "country": "US",
                "business_type": "company",
                "capabilities": {
                    "transfers": {"requested": True},
                    "card_issuing": {"requested": True},
                },
                "company": {"name": "Rocket Rides", "tax_id": "000000000"},
                "business_profile": {"mcc": "5999", "url": "https://accessible.stripe.com"},
            }
        )
        person = client.accounts.persons.create(
            account.id,
            {
                "first_name": "Jenny",
                "last_name": "Rosen",
                "dob": {"day": 1, "month": 1, "year": 1902},
                "relationship": {"representative": True, "percent_ownership": 75},
            },
        )
        link = client.account_links.create(
            {
                "account": account.id,
                "type": "account_onboarding",
                "refresh_url": "https://example.com/reauth",
                "return_url": "https://example.com/return",
            }
        )
        assert link.url.startswith(platform.base)
        client.accounts.capabilities.update(account.id, "card_payments", {"requested": True})
        assert len(client.accounts.persons.list(account.id).data) == 1
        return client.accounts.retrieve(account.id), person

    account, person = await asyncio.to_thread(journey)
    assert account.capabilities is not None
    assert account.capabilities["card_payments"] == "inactive"
    assert account.requirements is not None
    assert f"{person.id}.address.line1" in (account.requirements.currently_due or [])
    assert person.relationship is not None
    assert person.relationship.percent_ownership == 75

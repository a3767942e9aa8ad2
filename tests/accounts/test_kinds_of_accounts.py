"""Accounts that turn out to be of another kind, and what no account of a kind can have."""

from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.accounts.calls import ACCOUNTS, PREVIEW, creation
from tests.files.uploads import uploaded
from tests.support.server import Platform

SUCCESS = "file_identity_document_success"


async def new_account(platform: Platform, **form: str) -> str:
    wanted = {"type": "custom", "country": "US", **form}
    status, body = await platform.call("POST", "/v1/accounts", form=wanted)
    assert status == 200, body
    return f"/v1/accounts/{body['id']}"


async def given(platform: Platform, path: str, **form: str) -> Any:
    status, body = await platform.call("POST", path, form=form)
    assert status == 200, body
    return body


INDIVIDUAL = {"individual[first_name]": "Jenny", "individual[id_number]": "000000000"}


@pytest.mark.parametrize("kind", ["individual", None])
async def test_an_individual_that_is_a_company(
    platform: Platform, pool: Any, kind: str | None
) -> None:
    known = {} if kind is None else {"business_type": kind}
    path = await new_account(platform, **known, **INDIVIDUAL)
    _, persons = await platform.call("GET", f"{path}/persons")
    person_id = persons["data"][0]["id"]
    named = {"business_type": "company", "company[name]": "Rocket Rides"}
    account = await given(platform, path, **named)
    assert (account["business_type"], account.get("individual")) == ("company", None)
    assert (await platform.call("GET", f"{path}/persons"))[1]["data"] == []
    left = await pool.fetchval("select count(*) from secrets where subject = $1", person_id)
    assert left == 0


async def test_what_is_said_of_an_individual_is_not_dropped(platform: Platform) -> None:
    path = await new_account(platform, business_type="individual", **INDIVIDUAL)
    form = {"business_type": "company", "individual[first_name]": "John"}
    status, body = await platform.call("POST", path, form=form)
    assert (status, body["error"]["code"]) == (400, "unsupported_identity_field_for_configs")


async def test_a_company_with_persons_is_no_individual(platform: Platform) -> None:
    path = await new_account(platform, business_type="company")
    person = await given(platform, f"{path}/persons", first_name="Jenny")
    status, body = await platform.call("POST", path, form={"business_type": "individual"})
    assert (status, body["error"]["code"]) == (400, "individual_additional_person_not_allowed")
    assert body["error"]["param"] == "business_type"
    await platform.call("DELETE", f"{path}/persons/{person['id']}")
    account = await given(platform, path, business_type="individual")
    assert account["business_type"] == "individual"


async def test_the_person_of_an_individual_stays(platform: Platform) -> None:
    path = await new_account(platform, business_type="individual", **INDIVIDUAL)
    _, persons = await platform.call("GET", f"{path}/persons")
    one = f"{path}/persons/{persons['data'][0]['id']}"
    status, body = await platform.call("DELETE", one)
    assert (status, "cannot be deleted" in body["error"]["message"]) == (400, True)
    same = one.replace("/v1/accounts", ACCOUNTS)
    status, body = await platform.call("DELETE", same, version=PREVIEW)
    assert (status, body["error"]["code"]) == (400, "individual_person_kept")
    assert (await platform.call("GET", one))[0] == 200


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("company", "identity.individual"),
        ("company", "identity.individual.documents.primary_verification"),
        ("individual", "representative.documents.primary_verification"),
    ],
)
async def test_nobody_is_asked_for_what_a_kind_has_not(
    platform: Platform, kind: str, path: str
) -> None:
    wanted = creation("gb", kind, "gbp")
    _, account = await platform.call("POST", ACCOUNTS, json=wanted, version=PREVIEW)
    form = {"requirement": path, "deadline": "1900000000"}
    call = f"/_cardwright/accounts/{account['id']}/requirements"
    status, body = await platform.call("POST", call, form=form)
    assert (status, body["error"]["param"]) == (400, "requirement")
    assert kind in body["error"]["message"]


async def test_what_an_individual_was_asked_for_goes_with_it(platform: Platform) -> None:
    wanted = creation("gb", "individual", "gbp")
    _, account = await platform.call("POST", ACCOUNTS, json=wanted, version=PREVIEW)
    path = f"/v1/accounts/{account['id']}"
    document = "individual.verification.document"
    form = {
        "requirement": "identity.individual.documents.primary_verification",
        "deadline": "1900000000",
    }
    await given(platform, f"/_cardwright/accounts/{account['id']}/requirements", **form)
    assert document in (await given(platform, path))["requirements"]["eventually_due"]
    after = await given(platform, path, business_type="company")
    assert document not in after["requirements"]["eventually_due"]


@pytest.mark.parametrize("name", ["icon", "logo"])
async def test_branding_is_a_file_of_ones_own(platform: Platform, name: str) -> None:
    other = Platform(platform.live, await create_platform(platform.live.application.database))
    path = await new_account(platform)
    param = f"settings[branding][{name}]"
    strange = await uploaded(other, purpose="business_logo")
    unfit = await uploaded(platform, purpose="identity_document")
    for file, code in (
        (strange["id"], "resource_missing"),
        ("file_x", "resource_missing"),
        (unfit["id"], "document_purpose_invalid"),
    ):
        status, body = await platform.call("POST", path, form={param: file})
        assert (status, body["error"]["param"]) == (404 if "miss" in code else 400, param), body
    fitting = await uploaded(platform, purpose=f"business_{name}")
    account = await given(platform, path, **{param: fitting["id"]})
    assert account["settings"]["branding"][name] == fitting["id"]


async def test_a_signer_is_a_person_of_the_account(platform: Platform) -> None:
    path = await new_account(platform, business_type="company")
    elsewhere = await new_account(platform, business_type="company")
    stranger = await given(platform, f"{elsewhere}/persons", first_name="John")
    person = await given(platform, f"{path}/persons", first_name="Jenny")
    place = "documents[proof_of_registration]"
    form = {f"{place}[files][0]": SUCCESS, f"{place}[signer][person]": stranger["id"]}
    status, body = await platform.call("POST", path, form=form)
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert body["error"]["param"] == f"{place}[signer][person]"
    signed = {f"{place}[signer][person]": person["id"]}
    await given(platform, path, **{f"{place}[files][0]": SUCCESS})
    await given(platform, path, **signed)
    account = path.rpartition("/")[2]
    seen = f"{ACCOUNTS}/{account}?include[0]=identity"
    _, body = await platform.call("GET", seen, version=PREVIEW)
    document = body["identity"]["business_details"]["documents"]["proof_of_registration"]
    assert document == {"type": "files", "files": [SUCCESS], "signer": {"person": person["id"]}}

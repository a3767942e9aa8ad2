"""A document that an account, a person or a cardholder names is a file of theirs that fits."""

from typing import Any

import pytest

from cardwright.files.documents import TEST_DOCUMENTS, Document, check_documents
from cardwright.kernel.refusal import Failure
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import registry
from tests.files.uploads import uploaded
from tests.support.server import Live, Platform

VERSION = "2025-09-30.preview"
ACCOUNTS = "/v2/core/accounts"
CREATION = {
    "contact_email": "jenny.rosen@example.com",
    "dashboard": "none",
    "identity": {"country": "gb", "entity_type": "company"},
    "defaults": {
        "currency": "gbp",
        "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
    },
}
CARDHOLDER = {
    "name": "Jenny Rosen",
    "billing[address][line1]": "10 Downing Street",
    "billing[address][city]": "London",
    "billing[address][postal_code]": "SW1A 2AA",
    "billing[address][country]": "GB",
}


async def v2(platform: Platform, path: str, wanted: Any) -> tuple[int, Any]:
    return await platform.call("POST", f"{ACCOUNTS}{path}", json=wanted, version=VERSION)


async def company(platform: Platform) -> str:
    status, body = await v2(platform, "", CREATION)
    assert status == 200, body
    return str(body["id"])


def sided(front: str, back: str | None = None) -> dict[str, Any]:
    return {"type": "front_back", "front_back": {"front": front, "back": back}}


def listed(*files: str) -> dict[str, Any]:
    return {"type": "files", "files": list(files)}


FITTING = [
    ("person", "primary_verification", "identity_document"),
    ("person", "secondary_verification", "additional_verification"),
    ("person", "passport", "account_requirement"),
    ("business", "primary_verification", "additional_verification"),
    ("business", "company_license", "account_requirement"),
]


@pytest.mark.parametrize(("whose", "name", "purpose"), FITTING)
async def test_a_fitting_file_is_taken(
    platform: Platform, whose: str, name: str, purpose: str
) -> None:
    account = await company(platform)
    theirs = await uploaded(platform, account, purpose=purpose)
    of_platform = await uploaded(platform, purpose=purpose)
    if name.endswith("verification"):
        document = sided(theirs["id"], of_platform["id"])
    else:
        document = listed(theirs["id"], of_platform["id"])
    if whose == "person":
        status, body = await v2(platform, f"/{account}/persons", {"documents": {name: document}})
    else:
        details = {"documents": {name: document}}
        wanted = {"identity": {"business_details": details}, "include": ["identity"]}
        status, body = await v2(platform, f"/{account}", wanted)
    assert status == 200, body


UNFIT = [
    (
        {"primary_verification": sided("file_none")},
        "document_invalid",
        "documents.primary_verification.front_back.front",
    ),
    (
        {"primary_verification": sided("{fitting}", "{stranger}")},
        "document_invalid",
        "documents.primary_verification.front_back.back",
    ),
    (
        {"primary_verification": sided("{logo}")},
        "document_purpose_invalid",
        "documents.primary_verification.front_back.front",
    ),
    ({"visa": listed("{fitting}")}, "document_purpose_invalid", "documents.visa.files.0"),
    (
        {"visa": listed("file_identity_document_success", "file_none")},
        "document_invalid",
        "documents.visa.files.1",
    ),
]


def filled(tree: Any, ids: dict[str, str]) -> Any:
    if isinstance(tree, dict):
        return {name: filled(value, ids) for name, value in tree.items()}
    if isinstance(tree, list):
        return [filled(value, ids) for value in tree]
    return tree.format(**ids) if isinstance(tree, str) else tree


@pytest.mark.parametrize(("documents", "code", "param"), UNFIT)
async def test_an_unfit_file_is_refused_in_v2(
    platform: Platform, live: Live, documents: Any, code: str, param: str
) -> None:
    account = await company(platform)
    stranger = Platform(live, await create_platform(live.application.database))
    ids = {
        "fitting": (await uploaded(platform, account))["id"],
        "logo": (await uploaded(platform, account, purpose="business_logo"))["id"],
        "stranger": (await uploaded(stranger))["id"],
    }
    wanted = filled(documents, ids)
    status, body = await v2(platform, f"/{account}/persons", {"documents": wanted})
    assert (status, body["error"]["code"]) == (400, code), body
    assert body["error"]["param"] == param
    _, persons = await platform.call("GET", f"{ACCOUNTS}/{account}/persons", version=VERSION)
    assert persons["data"] == []


async def test_a_file_of_a_sister_account_is_refused(platform: Platform) -> None:
    account, sister = await company(platform), await company(platform)
    file = await uploaded(platform, sister)
    wanted = {"documents": {"primary_verification": sided(file["id"])}}
    status, body = await v2(platform, f"/{account}/persons", wanted)
    assert (status, body["error"]["code"]) == (400, "document_invalid")


async def test_v1_says_it_in_its_own_words(platform: Platform) -> None:
    account = await company(platform)
    logo = await uploaded(platform, account, purpose="business_logo")
    cases = [
        ("/persons", "verification[document][front]"),
        ("/persons", "verification[additional_document][back]"),
        ("", "company[verification][document][front]"),
    ]
    for path, param in cases:
        status, body = await platform.call(
            "POST", f"/v1/accounts/{account}{path}", form={param: "file_none"}
        )
        error = body["error"]
        assert (status, error["code"], error["param"]) == (404, "resource_missing", param)
        assert error["message"] == "No such file: 'file_none'"
        status, body = await platform.call(
            "POST", f"/v1/accounts/{account}{path}", form={param: logo["id"]}
        )
        error = body["error"]
        assert (status, error["code"], error["param"]) == (400, "document_purpose_invalid", param)


async def test_an_individual_is_checked_by_every_door(platform: Platform) -> None:
    form = {"type": "custom", "country": "GB", "business_type": "individual"}
    member = "individual[verification][document][front]"
    status, body = await platform.call("POST", "/v1/accounts", form={**form, member: "file_none"})
    assert (status, body["error"]["param"]) == (404, member)
    _, account = await platform.call(
        "POST", "/v1/accounts", form={**form, "individual[first_name]": "Jenny"}
    )
    path = f"/v1/accounts/{account['id']}"
    status, body = await platform.call("POST", path, form={member: "file_none"})
    assert (status, body["error"]["param"]) == (404, member)
    person = f"{path}/persons/{account['individual']['id']}"
    status, body = await platform.call(
        "POST", person, form={"verification[document][front]": "file_none"}
    )
    assert (status, body["error"]["param"]) == (404, "verification[document][front]")
    file = await uploaded(platform, account["id"])
    status, body = await platform.call("POST", path, form={member: file["id"]})
    assert status == 200, body
    # What the account names already is not looked at again.
    status, body = await platform.call("POST", path, form={"email": "jenny@example.com"})
    assert status == 200, body
    assert body["individual"]["verification"]["document"]["front"] == file["id"]


async def test_a_cardholder_names_documents_too(platform: Platform) -> None:
    member = "individual[verification][document][front]"
    path = "/v1/issuing/cardholders"
    status, body = await platform.call("POST", path, form={**CARDHOLDER, member: "file_none"})
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert body["error"]["param"] == member
    file = await uploaded(platform)
    status, holder = await platform.call("POST", path, form={**CARDHOLDER, member: file["id"]})
    assert status == 200, holder
    logo = await uploaded(platform, purpose="business_logo")
    back = "individual[verification][document][back]"
    status, body = await platform.call("POST", f"{path}/{holder['id']}", form={back: logo["id"]})
    assert (status, body["error"]["code"]) == (400, "document_purpose_invalid")
    success = "file_identity_document_success"
    status, body = await platform.call("POST", f"{path}/{holder['id']}", form={back: success})
    assert status == 200, body


async def test_test_documents_are_for_the_test_environment(live: Live, platform: Platform) -> None:
    database = live.application.database
    keys = await create_platform(database, livemode=True)
    for file_id in sorted(TEST_DOCUMENTS):
        document = Document("front", file_id, ("identity_document",))
        async with registry.transaction(database, platform.keys.account_id) as tx:
            await check_documents(tx, [document])
        async with registry.transaction(database, keys.account_id) as tx:
            with pytest.raises(Failure, match="No such file"):
                await check_documents(tx, [document])

"""Files and accounts in place of their ids, wherever v1 shows an account, a person or what an
account has."""

from typing import Any

import pytest

from tests.accounts.operations.test_v1 import at, new_account
from tests.files.uploads import uploaded
from tests.funding.steps import add_bank
from tests.support.server import Platform

PERSON = {"first_name": "Jenny", "relationship[representative]": "true"}


async def done(platform: Platform, method: str, path: str, form: Any = None) -> Any:
    status, body = await platform.call(method, path, form=form)
    assert status == 200, body
    return body


def query(*paths: str) -> str:
    return "?" + "&".join(f"expand[]={path}" for path in paths)


@pytest.mark.parametrize("by_account", [True, False])
async def test_documents_of_a_person(platform: Platform, by_account: bool) -> None:
    """They may be files of the account or of its platform."""
    account = await new_account(platform, business_type="company")
    owner = account if by_account else None
    sides = {side: await uploaded(platform, owner) for side in ("front", "back")}
    form = dict(PERSON)
    for document in ("document", "additional_document"):
        for side, file in sides.items():
            form[f"verification[{document}][{side}]"] = file["id"]
    path = f"/v1/accounts/{account}/persons"
    paths = [
        f"verification.{each}.{side}"
        for each in ("document", "additional_document")
        for side in sides
    ]
    made = await done(platform, "POST", path + query(*paths), form)
    read = await done(platform, "GET", f"{path}/{made['id']}{query(*paths)}")
    listed = await done(platform, "GET", path + query(*(f"data.{each}" for each in paths)))
    for person in (made, read, *listed["data"]):
        for each in paths:
            shown = at(person, each)
            assert shown["object"] == "file"
            assert shown["id"] == sides[each.rpartition(".")[2]]["id"]
    plain = await done(platform, "GET", f"{path}/{made['id']}")
    assert at(plain, paths[0]) == sides["front"]["id"]


async def test_documents_of_accounts(platform: Platform) -> None:
    account = await new_account(platform, business_type="company")
    front = await uploaded(platform, account, purpose="additional_verification")
    logo = await uploaded(platform, None, purpose="business_logo")
    form = {
        "company[verification][document][front]": front["id"],
        "settings[branding][logo]": logo["id"],
    }
    wanted = {
        "company.verification.document.front": front["id"],
        "settings.branding.logo": logo["id"],
    }
    nothing = (
        "company.verification.document.back",
        "settings.branding.icon",
        "settings.invoices.default_account_tax_ids",
    )
    one = f"/v1/accounts/{account}"
    changed = await done(platform, "POST", one + query(*wanted, *nothing), form)
    read = await done(platform, "GET", one + query(*wanted, *nothing))
    paths = query(*(f"data.{path}" for path in wanted))
    [listed] = [
        each
        for each in (await done(platform, "GET", "/v1/accounts" + paths))["data"]
        if each["id"] == account
    ]
    for body in (changed, read, listed):
        assert {path: at(body, path)["id"] for path in wanted} == wanted
    assert [at(read, path) for path in nothing] == [None, None, None]


async def test_the_person_whom_an_account_is(platform: Platform) -> None:
    account = await new_account(platform, business_type="individual")
    file = await uploaded(platform, account)
    form = {"individual[first_name]": "Jenny"}
    form["individual[verification][document][front]"] = file["id"]
    path = "individual.verification.document.front"
    body = await done(platform, "POST", f"/v1/accounts/{account}{query(path)}", form)
    assert at(body, path)["id"] == file["id"]
    assert body["individual"]["account"] == account


async def test_the_account_of_what_it_has(platform: Platform) -> None:
    account = await new_account(platform, **{"capabilities[transfers][requested]": "true"})
    logo = await uploaded(platform, account, purpose="business_logo")
    one = f"/v1/accounts/{account}"
    await done(platform, "POST", one, {"settings[branding][logo]": logo["id"]})
    bank = await add_bank(platform, account, "usd")
    deep = "account.settings.branding.logo"
    capability = await done(platform, "GET", f"{one}/capabilities/transfers{query(deep)}")
    banked = await done(platform, "GET", f"{one}/external_accounts/{bank}{query(deep)}")
    path = f"{one}/external_accounts{query('data.account', 'data.customer')}"
    [listed] = (await done(platform, "GET", path))["data"]
    path = f"{one}/capabilities{query('data.account')}"
    capabilities = (await done(platform, "GET", path))["data"]
    nested = await done(platform, "GET", one + query("external_accounts.data.account"))
    shown = nested["external_accounts"]["data"]
    for each in (capability, banked, listed, *capabilities, *shown):
        assert (each["account"]["object"], each["account"]["id"]) == ("account", account)
    for each in (capability, banked):
        assert at(each, deep)["id"] == logo["id"]
    assert "customer" not in listed


async def test_what_does_not_expand(platform: Platform) -> None:
    account = await new_account(platform)
    for path in ("email", "company.nonsense", "settings.branding.primary_color", "data.email"):
        status, body = await platform.call("GET", f"/v1/accounts/{account}{query(path)}")
        assert (status, body["error"]["param"]) == (400, path)

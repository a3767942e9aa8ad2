"""A valid and an invalid call of every operation on accounts, in both faces."""

from typing import Any

from tests.conformance.walk import Walk

CORE, V1 = "/v2/core/accounts", "/v1/accounts"
INCLUDED = (
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "identity",
    "requirements",
    "future_requirements",
)
COMPANY = {
    "type": "custom",
    "country": "US",
    "business_type": "company",
    "company[structure]": "llc",
    "company[address][line1]": "123 Main Street",
    "capabilities[card_issuing][requested]": "true",
    "capabilities[transfers][requested]": "true",
}
BANK = {
    "external_account[object]": "bank_account",
    "external_account[country]": "US",
    "external_account[currency]": "usd",
    "external_account[routing_number]": "110000000",
    "external_account[account_number]": "000123456789",
}
LINK = {
    "type": "account_onboarding",
    "refresh_url": "https://example.com/reauth",
    "return_url": "https://example.com/return",
}


async def walk(walk: Walk, verified: str) -> None:
    """Both faces, of accounts, persons, capabilities, bank accounts and links."""
    await v2(walk, verified)
    await v1(walk, verified)


async def v2(walk: Walk, verified: str) -> None:
    """The richer face."""
    query = "&".join(f"include[{index}]={name}" for index, name in enumerate(INCLUDED))
    made = await walk.done("POST", CORE, json={"identity": {"country": "us"}})
    await walk.refused("POST", CORE, json={"identity": {"country": "atlantis"}})
    one = f"{CORE}/{made['id']}"
    await walk.done("GET", f"{CORE}?limit=2")
    await walk.refused("GET", f"{CORE}?limit=x")
    for account in (made["id"], verified):
        await walk.done("GET", f"{CORE}/{account}?{query}")
    await walk.refused("GET", f"{CORE}/acct_no")
    await walk.done("POST", one, json={"display_name": "Rocket Rides"})
    await walk.refused("POST", one, json={"nonsense": 1})
    await walk.done("POST", one, json={"identity": {"entity_type": "company"}})
    person = await walk.done("POST", f"{one}/persons", json={"given_name": "Jenny"})
    await walk.refused("POST", f"{one}/persons", json={"email": 7})
    await walk.done("GET", f"{one}/persons")
    await walk.refused("GET", f"{one}/persons?limit=x")
    at = f"{one}/persons/{person['id']}"
    await walk.done("GET", at)
    await walk.refused("GET", f"{one}/persons/person_no")
    await walk.done("POST", at, json={"surname": "Rosen"})
    await walk.refused("POST", at, json={"nonsense": 1})
    await walk.done("DELETE", at)
    await walk.refused("DELETE", at)
    recipient = {"configuration": {"recipient": {}}, "identity": {"country": "us"}}
    linked = await walk.done("POST", CORE, json=recipient)
    onboarding = {"configurations": ["recipient"], "refresh_url": LINK["refresh_url"]}
    case = {"type": "account_onboarding", "account_onboarding": onboarding}
    wanted = {"account": linked["id"], "use_case": case}
    await walk.done("POST", "/v2/core/account_links", json=wanted)
    await walk.refused("POST", "/v2/core/account_links", json={"account": verified})
    await walk.done("POST", f"{one}/close", json={})
    await walk.refused("POST", f"{CORE}/acct_no/close", json={})


async def v1(walk: Walk, verified: str) -> None:
    """The older face."""
    made = await walk.done("POST", V1, form=COMPANY)
    await walk.refused("POST", V1, form={"type": "custom", "country": "XX"})
    one = f"{V1}/{made['id']}"
    await walk.done("GET", f"{V1}?limit=3")
    await walk.refused("GET", f"{V1}?limit=1000")
    await walk.done("GET", f"{V1}/{verified}")
    await walk.refused("GET", f"{V1}/acct_no")
    await walk.done("GET", "/v1/account")
    await walk.refused("GET", "/v1/account?nonsense=1")
    await walk.done("POST", one, form={"business_profile[name]": "Rocket Rides"})
    await walk.refused("POST", one, form={"nonsense": "1"})
    await capabilities(walk, one)
    await banks(walk, one)
    await persons(walk, one)
    await walk.done("POST", "/v1/account_links", form={**LINK, "account": verified})
    await walk.refused("POST", "/v1/account_links", form=LINK)
    if walk.answers("POST", "/v1/account_sessions"):
        form = {"account": verified, "components[issuing_card][enabled]": "true"}
        await walk.done("POST", "/v1/account_sessions", form=form)
        await walk.refused("POST", "/v1/account_sessions", form={"account": verified})
    await walk.done("POST", f"{one}/reject", form={"reason": "fraud"})
    await walk.refused("POST", f"{one}/reject", form={"reason": "boredom"})
    await walk.done("DELETE", one)
    await walk.refused("DELETE", f"{V1}/acct_no")


async def capabilities(walk: Walk, one: str) -> None:
    """Listed, read, asked for."""
    path = f"{one}/capabilities"
    await walk.done("GET", path)
    await walk.refused("GET", f"{path}?nonsense=1")
    await walk.done("GET", f"{path}/transfers")
    await walk.refused("GET", f"{path}/flying")
    await walk.done("POST", f"{path}/transfers", form={"requested": "true"})
    await walk.refused("POST", f"{path}/transfers", form={"requested": "perhaps"})


async def banks(walk: Walk, one: str) -> None:
    """The account's own bank accounts."""
    path = f"{one}/external_accounts"
    first = await walk.done("POST", path, form=BANK)
    await walk.refused("POST", path)
    number = {"external_account[account_number]": "000111111116"}
    bank = await walk.done("POST", path, form={**BANK, **number})
    assert bank["id"] != first["id"]
    await walk.done("GET", path)
    await walk.refused("GET", f"{path}?limit=1000")
    at = f"{path}/{bank['id']}"
    await walk.done("GET", at)
    await walk.refused("GET", f"{path}/ba_no")
    await walk.done("POST", at, form={"metadata[a]": "b"})
    await walk.refused("POST", at, form={"nonsense": "1"})
    await walk.done("DELETE", at)
    await walk.refused("DELETE", at)


async def persons(walk: Walk, one: str) -> None:
    """The people of a company."""
    path = f"{one}/persons"
    form = {"first_name": "Jenny", "relationship[owner]": "true"}
    person = await walk.done("POST", path, form=form)
    await walk.refused("POST", path, form={"dob[day]": "41"})
    await walk.done("GET", path)
    await walk.refused("GET", f"{path}?limit=1000")
    at = f"{path}/{person['id']}"
    await walk.done("GET", at)
    await walk.refused("GET", f"{path}/person_no")
    await walk.done("POST", at, form={"last_name": "Rosen"})
    await walk.refused("POST", at, form={"nonsense": "1"})
    await walk.done("DELETE", at)
    await walk.refused("DELETE", at)


async def notices(walk: Walk, at: dict[str, Any]) -> None:
    """The account has some already: its dispute was submitted."""
    path = "/v1/account_notices"
    [notice, *_] = (await walk.done("GET", path, **at))["data"]
    await walk.refused("GET", f"{path}?limit=1000", **at)
    one = f"{path}/{notice['id']}"
    await walk.done("GET", one, **at)
    await walk.refused("GET", f"{path}/notice_no", **at)
    form = {
        "email[plain_text]": "We have submitted your dispute.",
        "email[recipient]": "jenny.rosen@example.com",
        "email[subject]": "Your dispute",
        "sent_at": str(notice["created"]),
    }
    await walk.done("POST", one, form=form, **at)
    await walk.refused("POST", one, form={"sent_at": "1"}, **at)

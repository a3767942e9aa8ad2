"""The documented integration, command by command: connected accounts from creation to active.

Two accounts make the journey: an individual in the United Kingdom and a company in the United
States. Every command is sent as it is printed, with only host, key and ids filled in.
"""

import asyncio
from typing import Any

from tests.journeys import commands
from tests.journeys.curl import Answer, run
from tests.support.server import Platform

PREVIEW = "2025-09-30.preview"
PROGRAMS = "2026-05-27.preview; issuing_program_beta=v2"
CARD_CREATOR = "include[0]=configuration.card_creator"
PAST_DUE = {
    "requested": True,
    "status": "restricted",
    "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
}
NEW_COMPANY = {
    "display_name": "Rocket Rides",
    "contact_email": "test@example.com",
    "dashboard": "none",
    "identity": {"country": "us", "entity_type": "company"},
    "configuration": {
        "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
    },
    "defaults": {
        "currency": "usd",
        "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
    },
}
ADDRESS = {"line1": "address_full_match", "city": "London", "postal_code": "SW1A 1AA"}
ACCEPTED = {"date": "2025-06-18T00:48:16.000Z", "ip": "192.168.123.132"}


async def send(platform: Platform, command: str, **ids: str) -> Answer:
    """Fill in a documented command and send it."""
    filled = {"base": platform.base, "key": platform.keys.secret, **ids}
    for name, value in filled.items():
        command = command.replace(f"%{name.upper()}%", value)
    return await run(platform.live.http, command.strip())


async def program_of(platform: Platform, region: str) -> str:
    """The platform's own program for a region."""
    status, listed = await platform.call("GET", "/v1/issuing/programs", version=PROGRAMS)
    assert status == 200
    return str(next(one["id"] for one in listed["data"] if one["metadata"]["region"] == region))


async def read(platform: Platform, account: str, *include: str) -> Any:
    """The v2 account with the named parts."""
    query = "&".join(f"include[{index}]={name}" for index, name in enumerate(include))
    status, body = await platform.call(
        "GET", f"/v2/core/accounts/{account}?{query}", version=PREVIEW
    )
    assert status == 200, body
    return body


async def verified(platform: Platform, account: str, *path: str) -> Any:
    """The capability, once its verification has come to an end."""
    for _ in range(100):
        found = (await read(platform, account, "configuration.card_creator"))["configuration"]
        for step in ("card_creator", "capabilities", *path):
            found = found[step]
        if found["status"] != "pending":
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"still being verified: {found}")


async def test_an_individual_in_the_united_kingdom(platform: Platform) -> None:
    created = await send(platform, commands.CREATE_ACCOUNT)
    assert created.status == 200, created.body
    account = created.body["id"]
    assert created.body == {
        "id": account,
        "object": "v2.core.account",
        "applied_configurations": ["card_creator", "recipient", "merchant"],
        "configuration": {
            "customer": None,
            "merchant": None,
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": PAST_DUE}}},
            "card_creator": {"capabilities": {"commercial": {"stripe": {"charge_card": PAST_DUE}}}},
            "storer": None,
        },
        "contact_email": "test@example.com",
        "created": created.body["created"],
        "dashboard": "none",
        "identity": None,
        "defaults": None,
        "display_name": "John Smith",
        "metadata": {},
        "requirements": None,
        "livemode": False,
    }
    await the_program_is_attached(platform, account, "GB")
    await the_account_is_read(platform, account)
    await the_capability_is_requested_again(platform, account)
    await the_link_is_made(platform, account)
    await the_requirements_are_read(platform, account)
    await the_individual_becomes_active(platform, account)


async def the_program_is_attached(platform: Platform, account: str, region: str) -> None:
    program = await program_of(platform, region)
    answer = await send(platform, commands.CREATE_PROGRAM, account=account, program=program)
    assert answer.status == 200, answer.body
    assert answer.body == {
        "id": answer.body["id"],
        "object": "issuing.program",
        "created": answer.body["created"],
        "is_default": True,
        "metadata": {},
        "platform_program": program,
    }
    assert answer.body["id"].startswith("iprg_")


async def the_account_is_read(platform: Platform, account: str) -> None:
    answer = await send(platform, commands.RETRIEVE_ACCOUNT, account=account)
    assert answer.status == 200, answer.body
    assert answer.body["identity"]["country"] == "GB"
    assert answer.body["identity"]["entity_type"] == "individual"
    card_creator = answer.body["configuration"]["card_creator"]
    assert card_creator["capabilities"]["commercial"]["stripe"]["charge_card"] == PAST_DUE
    assert answer.body["configuration"]["recipient"] is None
    assert answer.body["requirements"] is None


async def the_capability_is_requested_again(platform: Platform, account: str) -> None:
    answer = await send(platform, commands.REQUEST_CAPABILITY, account=account)
    assert answer.status == 200, answer.body
    assert answer.body["id"] == account
    assert answer.body["configuration"] is None


async def the_link_is_made(platform: Platform, account: str) -> None:
    answer = await send(platform, commands.CREATE_LINK, account=account)
    assert answer.status == 200, answer.body
    assert sorted(answer.body) == ["created", "expires_at", "object", "url"]
    assert answer.body["object"] == "account_link"
    assert answer.body["expires_at"] == answer.body["created"] + 300
    assert answer.body["url"].startswith(f"{platform.base}/setup/s/")


async def the_requirements_are_read(platform: Platform, account: str) -> None:
    answer = await send(platform, commands.READ_REQUIREMENTS, account=account)
    assert answer.status == 200, answer.body
    card_creator = answer.body["configuration"]["card_creator"]
    assert card_creator["capabilities"]["commercial"]["stripe"]["charge_card"] == PAST_DUE
    assert answer.body["requirements"]["collector"] == "application"
    entries = answer.body["requirements"]["entries"]
    named = next(
        entry for entry in entries if entry["description"] == "identity.individual.given_name"
    )
    held = {
        "capability": "commercial.stripe.charge_card",
        "configuration": "card_creator",
        "deadline": {"status": "past_due"},
    }
    assert held in named["impact"]["restricts_capabilities"]
    del named["impact"]
    assert named == {
        "awaiting_action_from": "user",
        "description": "identity.individual.given_name",
        "errors": [],
        "minimum_deadline": {"status": "past_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


async def the_individual_becomes_active(platform: Platform, account: str) -> None:
    """Documented test values fulfil everything; the date of birth is verified a moment later."""
    status, body = await platform.call(
        "POST",
        f"/v2/core/accounts/{account}",
        version=PREVIEW,
        json={
            "identity": {
                "individual": {
                    "given_name": "Jenny",
                    "surname": "Rosen",
                    "date_of_birth": {"day": 1, "month": 1, "year": 1901},
                    "address": {**ADDRESS, "country": "gb"},
                    "email": "jenny.rosen@example.com",
                    "phone": "0000000000",
                },
                "business_details": {
                    "annual_revenue": {
                        "amount": {"value": 1000000, "currency": "gbp"},
                        "fiscal_year_end": "2023-12-31",
                    },
                    "estimated_worker_count": 1,
                },
                "attestations": {
                    "terms_of_service": {
                        "account": ACCEPTED,
                        "card_creator": {"commercial": {"account_holder": ACCEPTED}},
                    }
                },
            },
            "defaults": {"profile": {"business_url": "https://accessible.stripe.com"}},
        },
    )
    assert status == 200, body
    charge_card = await verified(platform, account, "commercial", "stripe", "charge_card")
    shown = await read(platform, account, "requirements")
    assert charge_card == {"requested": True, "status": "active", "status_details": []}, shown
    assert shown["requirements"]["entries"] == []
    status, v1 = await platform.call("GET", f"/v1/accounts/{account}")
    assert status == 200
    assert v1["capabilities"]["card_issuing"] == "active"
    assert v1["individual"]["first_name"] == "Jenny"
    assert v1["individual"]["verification"]["status"] == "verified"


async def test_a_company_in_the_united_states(platform: Platform) -> None:
    status, created = await platform.call(
        "POST", "/v2/core/accounts", version=PREVIEW, json=NEW_COMPANY
    )
    assert status == 200, created
    account = created["id"]
    await the_program_is_attached(platform, account, "US")
    await the_link_is_made(platform, account)
    updated = await send(platform, commands.UPDATE_ACCOUNT, account=account)
    assert updated.status == 200, updated.body
    the_company_is_shown(updated.body)
    person = await send(platform, commands.CREATE_PERSON, account=account)
    assert person.status == 200, person.body
    the_person_is_shown(person.body, account)
    await the_company_is_not_verified(platform, account, person.body["id"])
    await the_company_becomes_active(platform, account, person.body["id"])


def the_company_is_shown(body: Any) -> None:
    """Every member of the command, as v1 shows it."""
    assert body["object"] == "account"
    assert body["business_type"] == "company"
    profile = body["business_profile"]
    assert profile["mcc"] == "5999"
    assert profile["url"] == "https://www.wesellsocks.com"
    assert profile["estimated_worker_count"] == 100
    assert profile["annual_revenue"] == {
        "amount": 1000000,
        "currency": "usd",
        "fiscal_year_end": "2023-12-31",
    }
    company = body["company"]
    assert company["name"] == "Rocket Rides"
    assert company["tax_id_provided"] is True
    assert company["address"] == {
        "line1": "123 Main St",
        "line2": None,
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    }
    accepted = body["settings"]["card_issuing"]["tos_acceptance"]
    assert accepted == {"date": 1696634647, "ip": "192.168.123.132"}


def the_person_is_shown(body: Any, account: str) -> None:
    """Every member of the command, as v1 shows it."""
    assert body["object"] == "person"
    assert body["id"].startswith("person_")
    assert body["account"] == account
    assert (body["first_name"], body["last_name"]) == ("Jenny", "Rosen")
    assert body["dob"] == {"day": 12, "month": 11, "year": 1978}
    assert body["address"] == {
        "line1": "510 Townsend Street",
        "line2": None,
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    }
    assert body["email"] == "jenny.rosen@example.com"
    assert body["id_number_provided"] is True
    assert "123456789" not in str(body)
    relationship = body["relationship"]
    assert relationship["representative"] is True
    assert relationship["owner"] is True
    assert relationship["percent_ownership"] == 0.75


async def the_company_is_not_verified(platform: Platform, account: str, person: str) -> None:
    """The values of the commands are no test values: they come back with the right errors."""
    for _ in range(100):
        status, v1 = await platform.call("GET", f"/v1/accounts/{account}")
        assert status == 200
        if not v1["requirements"]["pending_verification"]:
            break
        await asyncio.sleep(0.1)
    assert v1["capabilities"]["card_issuing"] == "inactive"
    codes = {(found["code"], found["requirement"]) for found in v1["requirements"]["errors"]}
    assert ("verification_failed_tax_id_match", "company.tax_id") in codes
    assert ("verification_failed_address_match", "company.address.line1") in codes
    assert ("verification_failed_keyed_identity", f"{person}.verification.document") in codes
    assert ("verification_failed_id_number_match", f"{person}.id_number") in codes
    assert (
        "verification_failed_address_match",
        f"{person}.verification.additional_document",
    ) in codes
    due = v1["requirements"]["currently_due"]
    for missing in ("company.phone", f"{person}.phone", f"{person}.relationship.title"):
        assert missing in due
    assert v1["requirements"]["disabled_reason"] == "requirements.past_due"
    status, shown = await platform.call("GET", f"/v1/accounts/{account}/persons/{person}")
    assert status == 200
    assert shown["verification"]["status"] == "unverified"


async def the_company_becomes_active(platform: Platform, account: str, person: str) -> None:
    """Documented test values, sent through the same v1 calls, activate the capability."""
    status, body = await platform.call(
        "POST",
        f"/v1/accounts/{account}",
        form={
            "company[tax_id]": "000000000",
            "company[phone]": "0000000000",
            "company[address][line1]": "address_full_match",
            "business_profile[url]": "https://accessible.stripe.com",
            "tos_acceptance[date]": "1696634647",
            "tos_acceptance[ip]": "192.168.123.132",
        },
    )
    assert status == 200, body
    status, body = await platform.call(
        "POST",
        f"/v1/accounts/{account}/persons/{person}",
        form={
            "dob[day]": "1",
            "dob[month]": "1",
            "dob[year]": "1901",
            "address[line1]": "address_full_match",
            "id_number": "000000000",
            "phone": "0000000000",
            "relationship[title]": "CEO",
        },
    )
    assert status == 200, body
    spend_card = await verified(platform, account, "commercial", "celtic", "spend_card")
    shown = await read(platform, account, "requirements")
    assert spend_card["status"] == "active", shown["requirements"]
    status, v1 = await platform.call("GET", f"/v1/accounts/{account}")
    assert v1["capabilities"]["card_issuing"] == "active"
    assert v1["requirements"]["currently_due"] == []
    status, shown = await platform.call("GET", f"/v1/accounts/{account}/persons/{person}")
    assert shown["verification"]["status"] == "verified"

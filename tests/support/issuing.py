"""Connected accounts that can issue, brought there as a platform brings them: through the API."""

from typing import Any

from cardwright.kernel import ids
from cardwright.programs.offerings import OFFERINGS
from tests.support.server import Platform

ACCOUNTS = "2025-09-30.preview"
PROGRAMS = "2026-05-27.preview; issuing_program_beta=v2"
ACCEPTED = {"date": "2025-06-18T00:48:16.000Z", "ip": "192.168.123.132"}
COUNTRIES = {"GB": "gb", "US": "us", "EU": "ie"}
ANOTHER_PROGRAM = """
insert into programs (account_id, id, created, is_default, platform_program, offering, body)
values ($1, $2, 1, false, $3, $4, '{"metadata": {}}')
"""


def _individual(country: str) -> dict[str, Any]:
    """A person whose documented test values verify at once."""
    person: dict[str, Any] = {
        "given_name": "Jenny",
        "surname": "Rosen",
        "date_of_birth": {"day": 1, "month": 1, "year": 1902},
        "address": {
            "line1": "address_full_match",
            "city": "London",
            "postal_code": {"us": "94111", "gb": "SW1A 1AA"}.get(country, "D02 X285"),
            "country": country,
        },
        "email": "jenny.rosen@example.com",
        "phone": "0000000000",
    }
    if country == "us":
        person["address"] |= {"city": "San Francisco", "state": "CA"}
        person["id_numbers"] = [{"type": "us_ssn", "value": "222222222"}]
    return person


def _account(country: str, currency: str, kind: str = "commercial") -> dict[str, Any]:
    """Everything that issuing needs, in one creation."""
    revenue = {"amount": {"value": 1_000_000, "currency": currency}}
    terms = {"account": ACCEPTED, "card_creator": {kind: {"account_holder": ACCEPTED}}}
    return {
        "display_name": "Jenny Rosen",
        "contact_email": "jenny.rosen@example.com",
        "dashboard": "none",
        "identity": {
            "country": country,
            "entity_type": "individual",
            "individual": _individual(country),
            "business_details": {
                "annual_revenue": {**revenue, "fiscal_year_end": "2023-12-31"},
                "estimated_worker_count": 1,
            },
            "attestations": {"terms_of_service": terms},
        },
        "configuration": {
            "merchant": {"mcc": "5045"},
            "recipient": {
                "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
            },
        },
        "defaults": {
            "currency": currency,
            "profile": {"business_url": "https://accessible.stripe.com"},
            "responsibilities": {
                "fees_collector": "application",
                "losses_collector": "application",
            },
        },
    }


async def issuing_account(
    platform: Platform,
    offering: str = "gb_charge_card",
    *,
    verified: bool = True,
    program: bool = True,
    test_clock: str | None = None,
) -> str:
    """An individual's account with a default program; one that is not ``verified`` lacks a date of
    birth, so its capability is restricted."""
    terms = OFFERINGS[offering]
    kind = terms.capability.split(".")[1]
    wanted = _account(COUNTRIES[terms.region], terms.currency, kind)
    if test_clock is not None:
        wanted["test_clock"] = test_clock
    if not verified:
        del wanted["identity"]["individual"]["date_of_birth"]
    made = await _done(platform, "POST", "/v2/core/accounts", version=ACCOUNTS, json=wanted)
    account_id: str = made["id"]
    if program:
        await attach_program(platform, account_id, terms.region, terms.capability)
    return account_id


async def attach_program(
    platform: Platform, account_id: str, region: str, capability: str | None = None
) -> str:
    """Attach the platform's own program of the region (and capability) to the account, as its
    default."""
    listed = await _done(platform, "GET", "/v1/issuing/programs?limit=100", version=PROGRAMS)
    own = next(
        one["id"]
        for one in listed["data"]
        if one["metadata"]["region"] == region
        and capability in (None, one["metadata"]["capability"])
    )
    made = await _done(
        platform,
        "POST",
        "/v1/issuing/programs",
        version=PROGRAMS,
        form={"platform_program": own, "is_default": "true"},
        account=account_id,
    )
    return str(made["id"])


async def add_program(platform: Platform, account_id: str, offering: str) -> str:
    """Another program on the account, one whose capability nobody asked for; a platform cannot
    attach such a program itself, because attaching it asks for the capability."""
    program_id = ids.new_id("iprg_")
    await platform.live.application.database.pool.execute(
        ANOTHER_PROGRAM, account_id, program_id, ids.new_id("iprg_"), offering
    )
    return program_id


async def _done(platform: Platform, method: str, path: str, **given: Any) -> Any:
    """The body of a call that succeeds."""
    status, body = await platform.call(method, path, **given)
    assert status == 200, body
    return body

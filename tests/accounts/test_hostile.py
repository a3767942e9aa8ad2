"""What an account cannot be, and what happens to it at once: refusals, and no half of a change."""

import asyncio
import os
import subprocess
import sys
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account
from cardwright.accounts.views.v1_account import ACCOUNT, AccountParameters
from cardwright.accounts.views.v1_person import PERSON, PersonParameters
from cardwright.ledger import audit
from cardwright.ledger import flows as ledger
from cardwright.wire.resource import members
from tests.accounts.calls import ACCOUNTS, PREVIEW, individual
from tests.support.issuing import issuing_account
from tests.support.server import Platform

CONFIGURATIONS = ["card_creator", "recipient", "merchant"]


def type_at(shape: type[msgspec.Struct], path: str) -> Any:
    """The bare type of the member at a dotted path."""
    kind: Any = shape
    for step in path.split("."):
        kind = members(kind)[step].type
    return kind


@pytest.mark.parametrize(
    ("given", "record", "paths"),
    [
        (AccountParameters, Account, ACCOUNT.moves),
        (PersonParameters, Person, PERSON.moves),
    ],
)
def test_v1_takes_no_word_that_the_record_cannot_hold(
    given: type[msgspec.Struct], record: type[msgspec.Struct], paths: tuple[tuple[str, str], ...]
) -> None:
    compared = 0
    for source, target in paths:
        kind = type_at(record, target)
        if get_origin(kind) is Literal:
            compared += 1
            assert set(get_args(type_at(given, source))) <= set(get_args(kind)), source
    assert compared


async def made(platform: Platform, given: dict[str, Any] | None = None) -> tuple[int, Any]:
    """A new account through v2."""
    wanted = {"identity": {"country": "gb", "entity_type": "individual"}, **(given or {})}
    return await platform.call("POST", ACCOUNTS, version=PREVIEW, json=wanted)


async def test_a_structure_that_is_none_breaks_nothing(platform: Platform) -> None:
    path = f"/v1/accounts/{(await made(platform))[1]['id']}"
    form = {"company[structure]": "nonsense"}
    status, answer = await platform.call("POST", path, form=form)
    assert (status, answer["error"]["param"]) == (400, "company[structure]")
    assert (await platform.call("GET", path))[0] == 200


def terms(**acceptance: Any) -> dict[str, Any]:
    """The acceptance of the account terms, otherwise in order."""
    whole = {"date": "2026-01-01T00:00:00Z", "ip": "192.0.2.1", **acceptance}
    return {"identity": {"country": "gb", "attestations": {"terms_of_service": {"account": whole}}}}


def details(**given: Any) -> dict[str, Any]:
    """Facts of a business in the United Kingdom."""
    return {"identity": {"country": "gb", "business_details": given}}


REVENUE = {"amount": {"value": 1, "currency": "gbp"}, "fiscal_year_end": "2023-13-45"}
TWICE = [{"type": "gb_crn", "value": "00000000"}, {"type": "gb_crn", "value": "11111111"}]
UNBORN = {"day": 1, "month": 1, "year": 2999}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        (terms(date="0001-01-01T00:00:00Z"), "date"),
        (terms(date="9999-12-31T23:59:59Z"), "date"),
        (terms(date="2008-12-31T23:59:59Z"), "date"),
        (terms(date="2100-01-01T00:00:00Z"), "date"),
        (terms(date="2026-W01-1T00:00:00Z"), "date"),
        (terms(date="20260101T000000Z"), "date"),
        (terms(ip="nowhere"), "ip"),
        (terms(ip="1"), "ip"),
        (terms(ip="fe80::1%<script>"), "ip"),
        (details(annual_revenue=REVENUE), "fiscal_year_end"),
        (details(registration_date={"day": 31, "month": 2, "year": 2020}), "registration_date"),
        (details(id_numbers=TWICE), "id_numbers.1.type"),
        (individual(date_of_birth=UNBORN), "date_of_birth"),
        ({"identity": {"country": "zz"}}, "identity.country"),
        ({"identity": {"country": "\u00df"}}, "identity.country"),
        ({"defaults": {"currency": "zzz"}}, "defaults.currency"),
        ({"defaults": {"currency": "\u212arw"}}, "defaults.currency"),
        ({"defaults": {"locales": ["en", "\U0001f600"]}}, "defaults.locales.1"),
        ({"defaults": {"timezone": "../../etc"}}, "defaults.timezone"),
        ({"defaults": {"profile": {"business_url": "https://<script>.com"}}}, "business_url"),
        ({"defaults": {"profile": {"business_url": "javascript:alert(1)"}}}, "business_url"),
        ({"contact_email": "a\u202eb@example.com"}, "contact_email"),
    ],
)
async def test_facts_that_cannot_be(platform: Platform, given: dict[str, Any], param: str) -> None:
    if "identity" in given:
        given["identity"].setdefault("country", "gb")
    status, answer = await platform.call("POST", ACCOUNTS, version=PREVIEW, json=given)
    assert status == 400, answer
    assert answer["error"]["param"].endswith(param), answer


async def test_refusals_name_what_a_v1_caller_gave(platform: Platform) -> None:
    form = {"type": "custom", "country": "US", "business_type": "company"}
    _, account = await platform.call("POST", "/v1/accounts", form=form)
    path = f"/v1/accounts/{account['id']}"
    for call, name, value in (
        (path, "company[tax_id]", "none"),
        (path, "individual[first_name]", "Jenny"),
        (f"{path}/persons", "id_number", "none"),
    ):
        status, answer = await platform.call("POST", call, form={name: value})
        assert (status, answer["error"]["param"]) == (400, name.partition("[first")[0])
        assert "identity." not in answer["error"]["message"]


async def test_metadata_is_cleared_by_an_empty_value(platform: Platform) -> None:
    path = f"/v1/accounts/{(await made(platform, {'metadata': {'a': 'b'}}))[1]['id']}"
    status, account = await platform.call("POST", path, form={"metadata": ""})
    assert (status, account["metadata"]) == (200, {})


async def test_money_that_reaches_an_account_as_it_closes_is_in_its_books(
    platform: Platform,
) -> None:
    for _ in range(3):
        account_id = await issuing_account(platform)
        close = platform.call(
            "POST",
            f"{ACCOUNTS}/{account_id}/close",
            version=PREVIEW,
            json={"applied_configurations": CONFIGURATIONS},
        )
        funding = [
            platform.call(
                "POST",
                "/v1/test_helpers/issuing/fund_balance",
                form={"amount": "500", "currency": "gbp"},
                account=account_id,
            )
            for _ in range(7)
        ]
        closed, *funded = await asyncio.gather(close, *funding)
        assert {status for status, _ in funded} <= {200, 403}
        arrived = sum(status == 200 for status, _ in funded)
        assert closed[0] == 200, closed
        async with platform.live.application.database.connection() as connection:
            held = await ledger.balance_of(connection, account_id, "issuing", "gbp")
            assert held.available_minor == 500 * arrived
            assert await audit.verify(connection, account_id) == []


async def test_twenty_changes_at_once_all_count(platform: Platform) -> None:
    account_id = (await made(platform))[1]["id"]
    v1, v2 = f"/v1/accounts/{account_id}", f"{ACCOUNTS}/{account_id}"
    await asyncio.gather(
        *(platform.call("POST", v1, form={f"metadata[one{turn}]": "v"}) for turn in range(10)),
        *(
            platform.call("POST", v2, version=PREVIEW, json={"metadata": {f"two{turn}": "v"}})
            for turn in range(10)
        ),
    )
    _, account = await platform.call("GET", v1)
    assert len(account["metadata"]) == 20


async def test_owners_and_representatives_at_once(platform: Platform) -> None:
    company = {"identity": {"country": "gb", "entity_type": "company"}}
    path = f"{ACCOUNTS}/{(await made(platform, company))[1]['id']}/persons"
    tenth = {"relationship": {"owner": True, "percent_ownership": "10"}}
    spokesman = {"relationship": {"representative": True}}

    async def succeeded(person: dict[str, Any], times: int) -> int:
        answers = await asyncio.gather(
            *(platform.call("POST", path, version=PREVIEW, json=person) for _ in range(times))
        )
        assert {status for status, _ in answers} == {200, 400}
        return sum(status == 200 for status, _ in answers)

    assert await succeeded(tenth, 14) == 10
    assert await succeeded(spokesman, 6) == 1


async def test_a_platform_does_not_close_itself(platform: Platform) -> None:
    path = f"/v1/accounts/{platform.keys.account_id}"
    status, answer = await platform.call("DELETE", path)
    assert status == 400
    assert "platform itself" in answer["error"]["message"]


def test_time_zones_are_known_where_the_machine_has_none() -> None:
    command = "from cardwright.accounts.record.value_rules import check_timezone as check"
    for zone in ("Europe/London", "US/Pacific", "Etc/UTC"):
        command += f"; check({zone!r}, 'timezone')"
    bare = os.environ | {"PYTHONTZPATH": ""}
    subprocess.run([sys.executable, "-c", command], env=bare, check=True)
